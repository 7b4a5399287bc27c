namespace Trm.Cli.Cluster;

/// <summary>The environment that silos and gateways are configured by.</summary>
internal static class ClusterKeys
{
    public const string ClusterId = "TRM__CLUSTER__CLUSTERID";
    public const string ServiceId = "TRM__CLUSTER__SERVICEID";
    public const string Connection = "TRM__CLUSTER__CONNECTION";
    public const string Streams = "TRM__CLUSTER__STREAMS";
    public const string SiloPort = "TRM__CLUSTER__SILOPORT";
    public const string GatewayPort = "TRM__CLUSTER__GATEWAYPORT";
    public const string SiloName = "TRM__CLUSTER__SILONAME";
    public const string OperatorUrls = "TRM__CLUSTER__OPERATORURLS";
    public const string Urls = "TRM__URLS";
    public const string KeysFile = "TRM__ACCESS__KEYSFILE";

    /// <summary>Settings begin with it; a node gets those that the cluster remembers and not those of whoever starts it again.</summary>
    public const string Prefix = "TRM__";
}
