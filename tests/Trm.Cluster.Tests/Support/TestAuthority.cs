using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Trm.GrainInterfaces.Clients;

namespace Trm.Cluster.Tests.Support;

/// <summary>An authority, and the certificates it signs, as PEM files in a folder.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly string folder;
    private readonly string name;
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 certificate;

    public TestAuthority(string folder, string name)
    {
        (this.folder, this.name) = (folder, name);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        certificate = request.CreateSelfSigned(Now.AddDays(-1), Now.AddDays(1));
        File.WriteAllText(Pem, certificate.ExportCertificatePem());
    }

    /// <summary>The authority's file.</summary>
    public string Pem => Path.Combine(folder, $"{name}.pem");

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>The settings of a member with a certificate of this authority.</summary>
    /// <param name="file">Name of its file.</param>
    /// <param name="host">The name it is for.</param>
    /// <param name="trusts">The authority it trusts; this one when null.</param>
    /// <param name="isOver">It was good until yesterday.</param>
    public ClusterTls Member(string file, string host = "trm-cluster", TestAuthority? trusts = null, bool isOver = false)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={host}", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var until = isOver ? Now.AddMinutes(-1) : Now.AddHours(12);
        using var signed = request.Create(certificate, Now.AddHours(-12), until, RandomNumberGenerator.GetBytes(8));
        var path = Path.Combine(folder, $"{name}-{file}");
        File.WriteAllText($"{path}.crt", signed.ExportCertificatePem());
        File.WriteAllText($"{path}.key", own.ExportPkcs8PrivateKeyPem());
        return new ClusterTls { Certificate = $"{path}.crt", Key = $"{path}.key", Authority = (trusts ?? this).Pem };
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }
}
