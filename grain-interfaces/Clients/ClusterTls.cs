using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Trm.GrainInterfaces.Clients;

/// <summary>
/// TLS between silos, and between clients and silos; section <c>Trm:Cluster:Tls</c>. Both sides show a certificate, and each
/// trusts what the authority signed: a stranger on the network can neither read nor join.
/// </summary>
public sealed class ClusterTls
{
    /// <summary>PEM file of this process's certificate; null is no TLS.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM file of its key; null when it is in the certificate's file.</summary>
    public string? Key { get; set; }

    /// <summary>PEM file of the authority (or authorities) that signs every member's certificate.</summary>
    public string? Authority { get; set; }

    /// <summary>The name that members' certificates are for.</summary>
    public string HostName { get; set; } = "trm-cluster";

    /// <summary>Whether connections are encrypted.</summary>
    public bool IsOn => Certificate is not null;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Fault()
    {
        if (!IsOn) return Key is null && Authority is null ? null : $"{TrmClusterOptions.Section}:Tls has a key or an authority but no {nameof(Certificate)}; name its PEM file";
        if (Authority is null) return $"{TrmClusterOptions.Section}:Tls:{nameof(Authority)} is missing; name the PEM file of the authority that signs the members' certificates";
        var missing = new[] { Certificate!, Key ?? Certificate!, Authority }.FirstOrDefault(file => !File.Exists(file));
        return missing is null ? null : $"{TrmClusterOptions.Section}:Tls: file {missing} does not exist";
    }

    /// <summary>Puts it into Orleans' options.</summary>
    public void Configure(TlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(Authority!);
        using var pem = X509Certificate2.CreateFromPemFile(Certificate!, Key);
        // Windows cannot use a key that was never stored.
        options.LocalCertificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        options.OnAuthenticateAsClient = (_, client) => client.TargetHost = HostName;
        options.RemoteCertificateValidation = (certificate, _, errors) => Trusts(authorities, certificate, errors);
    }

    private static bool Trusts(X509Certificate2Collection authorities, X509Certificate2 certificate, SslPolicyErrors errors)
    {
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNotAvailable) || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        try
        {
            return chain.Build(certificate);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
