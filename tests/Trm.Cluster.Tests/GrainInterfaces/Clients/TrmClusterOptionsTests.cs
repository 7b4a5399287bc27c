using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Trm.GrainInterfaces;
using Trm.GrainInterfaces.Clients;

namespace Trm.Cluster.Tests.GrainInterfaces.Clients;

public sealed class TrmClusterOptionsTests
{
    [Fact]
    public void A_first_run_needs_no_setting() => Assert.Null(new TrmClusterOptions().Fault());

    [Theory]
    [InlineData("ClusterId", " ", "Trm:Cluster:ClusterId is empty; name the cluster")]
    [InlineData("ServiceId", "", "Trm:Cluster:ServiceId is empty; name the service")]
    [InlineData("Streams", "kafka", "Trm:Cluster:Streams is 'kafka'; use memory or adonet")]
    [InlineData("Streams", "adonet", "Trm:Cluster:Streams is adonet, which needs Trm:Cluster:Connection")]
    [InlineData("LocalGatewayPorts", "", "Trm:Cluster:LocalGatewayPorts is ''; give ports from 1 to 65535, separated by commas")]
    [InlineData("LocalGatewayPorts", "30000,0", "Trm:Cluster:LocalGatewayPorts is '30000,0'; give ports from 1 to 65535, separated by commas")]
    [InlineData("LocalGatewayPorts", "30000,x", "Trm:Cluster:LocalGatewayPorts is '30000,x'; give ports from 1 to 65535, separated by commas")]
    [InlineData("LocalGatewayPorts", "65536", "Trm:Cluster:LocalGatewayPorts is '65536'; give ports from 1 to 65535, separated by commas")]
    [InlineData("StreamQueues", "0", "Trm:Cluster:StreamQueues is 0; it must be from 1 to 256")]
    [InlineData("StreamQueues", "257", "Trm:Cluster:StreamQueues is 257; it must be from 1 to 256")]
    [InlineData("StreamPolling", "00:00:00", "Trm:Cluster:StreamPolling is 0 seconds; it must be from 0.001 to 10 seconds")]
    [InlineData("StreamPolling", "00:00:10.1", "Trm:Cluster:StreamPolling is 10.1 seconds; it must be from 0.001 to 10 seconds")]
    [InlineData("ClientResponseTimeout", "00:00:00.4", "Trm:Cluster:ClientResponseTimeout is 0.4 seconds; it must be from 0.5 to 300 seconds")]
    [InlineData("ClientResponseTimeout", "00:05:01", "Trm:Cluster:ClientResponseTimeout is 301 seconds; it must be from 0.5 to 300 seconds")]
    [InlineData("GatewayRefresh", "00:00:00.4", "Trm:Cluster:GatewayRefresh is 0.4 seconds; it must be from 0.5 to 300 seconds")]
    [InlineData("Tls:Authority", "ca.pem", "Trm:Cluster:Tls has a key or an authority but no Certificate; name its PEM file")]
    [InlineData("Tls:Key", "key.pem", "Trm:Cluster:Tls has a key or an authority but no Certificate; name its PEM file")]
    [InlineData("Tls:Certificate", "nowhere.pem", "Trm:Cluster:Tls:Authority is missing; name the PEM file of the authority that signs the members' certificates")]
    public void A_bad_value_is_one_line_that_names_its_key(string key, string value, string fault)
    {
        var options = Read((key, value));
        Assert.Equal(fault, options.Fault());
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public void A_certificate_that_is_not_there_is_named()
    {
        var options = Read(("Tls:Certificate", "nowhere.pem"), ("Tls:Authority", "elsewhere.pem"));
        Assert.Equal("Trm:Cluster:Tls: file nowhere.pem does not exist", options.Fault());
    }

    [Theory]
    [InlineData("30000", new[] { 30_000 })]
    [InlineData(" 1 , 65535,", new[] { 1, 65_535 })]
    public void Gateway_ports_are_read_in_order(string text, int[] ports)
    {
        Assert.True(new TrmClusterOptions { LocalGatewayPorts = text }.TryLocalGateways(out var read));
        Assert.Equal(ports, read);
    }

    [Fact]
    public void Ports_of_this_machine_do_not_matter_to_a_cluster_with_a_database() =>
        Assert.Null(new TrmClusterOptions { Connection = "Host=db", LocalGatewayPorts = "" }.Fault());

    [Fact]
    public void A_client_with_a_bad_value_is_not_built()
    {
        var error = Assert.Throws<ClusterException>(() => Host.CreateEmptyApplicationBuilder(null)
            .UseOrleansClient(client => client.UseTrmCluster(new TrmClusterOptions { ClusterId = "" })));
        Assert.Equal(("cluster_options", "Trm:Cluster:ClusterId is empty; name the cluster"), (error.Code, error.Message));
    }

    private static TrmClusterOptions Read(params (string Key, string Value)[] values)
    {
        var options = new TrmClusterOptions();
        new ConfigurationBuilder().AddInMemoryCollection(values.ToDictionary(v => $"{TrmClusterOptions.Section}:{v.Key}", v => (string?)v.Value))
            .Build().GetSection(TrmClusterOptions.Section).Bind(options);
        return options;
    }
}
