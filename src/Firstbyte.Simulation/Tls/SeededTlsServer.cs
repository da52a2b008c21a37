using System.Text;
using Firstbyte.Tls;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.Tls;
using Org.BouncyCastle.X509;
using Certificate = Org.BouncyCastle.Tls.Certificate;

namespace Firstbyte.Simulation.Tls;

/// <summary>What a server of the simulated world offers and accepts: one handshake's decisions.</summary>
/// <param name="crypto">By what everything is made.</param>
/// <param name="options">What it brings.</param>
/// <param name="verdict">What it thinks of its client's certificate; null where it wants none.</param>
internal sealed class SeededTlsServer(SeededTlsCrypto crypto, TlsServerOptions options, CertificateVerdict? verdict = null) : AbstractTlsServer(crypto)
{
    private readonly SeededTlsCrypto _crypto = crypto;

    /// <summary>The alert that the own side raised.</summary>
    public TlsAlert? AlertRaised { get; private set; }

    /// <summary>What was agreed on, once the handshake is complete.</summary>
    public AgreedParameters? Agreed { get; private set; }

    protected override ProtocolVersion[] GetSupportedVersions() => SeededTlsSuites.Versions(options.MinimumVersion, options.MaximumVersion);

    /// <summary>TLS 1.2 ties the suite to the kind of key: only suites for which the server has a certificate (RFC 8422 section 2).</summary>
    protected override int[] GetSupportedCipherSuites()
    {
        var keys = options.Certificates.Select(certificate => PrivateKeyFactory.CreateKey(certificate.PrivateKey)).ToArray();
        return SeededTlsSuites.Offer(options.MinimumVersion, options.MaximumVersion,
            curveKeys: keys.Any(key => key is ECPrivateKeyParameters), rsaKeys: keys.Any(key => key is RsaKeyParameters));
    }

    public override int[] GetSupportedGroups() => SeededTlsSuites.Groups;

    protected override IList<ProtocolName>? GetProtocolNames() =>
        options.Alpn.Count == 0 ? null : [.. options.Alpn.Select(ProtocolName.AsUtf8Encoding)];

    public override TlsCredentials GetCredentials()
    {
        var shown = options.Select(AgreedParameters.ServerNameOf(m_context.SecurityParameters));
        // RFC 8446 section 4.4.2: the context is empty for a server.
        return SeededCredentials.Of(m_context, _crypto, shown.Chain, shown.PrivateKey, []);
    }

    /// <summary>Asks for a certificate, and says whose it takes (RFC 8446 section 4.3.2 and 4.2.4, RFC 5246 section 7.4.4).</summary>
    public override CertificateRequest? GetCertificateRequest()
    {
        if (options.ClientAnchors is not { } anchors) { return null; }
        var authorities = anchors.Select(static anchor => X509Name.GetInstance(new X509Certificate(anchor).SubjectDN)).ToList();
        var algorithms = TlsUtilities.GetDefaultSupportedSignatureAlgorithms(m_context);
        return TlsUtilities.IsTlsV13(m_context)
            ? new CertificateRequest([], algorithms, null, authorities)
            : new CertificateRequest([ClientCertificateType.ecdsa_sign, ClientCertificateType.rsa_sign], algorithms, authorities);
    }

    public override void NotifyClientCertificate(Certificate clientCertificate)
    {
        if (verdict is null) { return; }
        var chain = clientCertificate.GetCertificateList().Select(static certificate => certificate.GetEncoded()).ToArray();
        if (verdict.Judge(chain) is not { } alert) { return; }
        // Version 1.2 has no word for a certificate that is not there (RFC 5246 section 7.4.6).
        throw new TlsFatalAlert(chain.Length > 0 ? alert
            : TlsUtilities.IsTlsV13(m_context) ? AlertDescription.certificate_required : AlertDescription.handshake_failure);
    }

    public override void NotifyAlertRaised(short alertLevel, short alertDescription, string message, Exception cause)
    {
        if (alertLevel == AlertLevel.fatal) { AlertRaised = (TlsAlert)alertDescription; }
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        Agreed = AgreedParameters.Read(m_context.SecurityParameters, AgreedParameters.ServerNameOf(m_context.SecurityParameters));
    }

    public override bool RequiresCloseNotify() => false;
}

/// <summary>What both ends agreed on.</summary>
internal sealed record AgreedParameters(TlsVersion Version, string Suite, string? Alpn, string? ServerName)
{
    public static AgreedParameters Read(SecurityParameters parameters, string? serverName) => new(
        (TlsVersion)parameters.NegotiatedVersion.FullVersion,
        SeededTlsSuites.NameOf(parameters.CipherSuite),
        parameters.IsApplicationProtocolSet ? parameters.ApplicationProtocol?.GetUtf8Decoding() : null,
        serverName);

    public static string? ServerNameOf(SecurityParameters parameters)
    {
        foreach (var name in parameters.ClientServerNames ?? [])
        {
            if (name.NameType == NameType.host_name) { return Encoding.ASCII.GetString(name.NameData); }
        }
        return null;
    }
}
