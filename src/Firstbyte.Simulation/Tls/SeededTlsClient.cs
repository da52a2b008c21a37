using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Tls;
using Org.BouncyCastle.Tls;
using Bc = Org.BouncyCastle.Tls;

namespace Firstbyte.Simulation.Tls;

/// <summary>What a client of the simulated world offers and accepts: one handshake's decisions.</summary>
internal sealed class SeededTlsClient(SeededTlsCrypto crypto, TlsClientOptions options, CertificateVerdict verdict)
    : AbstractTlsClient(crypto), TlsAuthentication
{
    /// <summary>The alert that the own side raised.</summary>
    public TlsAlert? AlertRaised { get; private set; }

    /// <summary>What was agreed on, once the handshake is complete; read before the library wipes it.</summary>
    public AgreedParameters? Agreed { get; private set; }

    protected override ProtocolVersion[] GetSupportedVersions() => SeededTlsSuites.Versions(options.MinimumVersion, options.MaximumVersion);

    protected override int[] GetSupportedCipherSuites() =>
        SeededTlsSuites.Offer(options.MinimumVersion, options.MaximumVersion, curveKeys: true, rsaKeys: true)
            .Where(suite => options.Suites is null || options.Suites.Contains(SeededTlsSuites.NameOf(suite))).ToArray();

    protected override IList<int> GetSupportedGroups(IList<int> namedGroupRoles) => [.. SeededTlsSuites.Groups];

    public override IList<int> GetEarlyKeyShareGroups() => [SeededTlsSuites.Groups[0]];

    /// <summary>SNI carries DNS names only (RFC 6066 section 3).</summary>
    protected override IList<ServerName>? GetSniServerNames() => IpAddress.TryParse(options.ServerName, out _)
        ? null
        : [new ServerName(NameType.host_name, Encoding.ASCII.GetBytes(options.ServerName.TrimEnd('.')))];

    protected override IList<ProtocolName>? GetProtocolNames() =>
        options.Alpn.Count == 0 ? null : [.. options.Alpn.Select(ProtocolName.AsUtf8Encoding)];

    public override TlsAuthentication GetAuthentication() => this;

    /// <summary>What became of the own certificate.</summary>
    public ClientCertificateUse Use { get; private set; }

    /// <summary>The fingerprint of the server's key, where it is none of the pinned ones.</summary>
    public string? OtherKey { get; private set; }

    public TlsCredentials? GetClientCredentials(CertificateRequest certificateRequest)
    {
        Use = options.Certificate is null ? ClientCertificateUse.Missing : ClientCertificateUse.Shown;
        return options.Certificate is { } shown
            ? SeededCredentials.Of(m_context, crypto, shown.Chain, shown.PrivateKey, certificateRequest.GetCertificateRequestContext()) : null;
    }

    public void NotifyServerCertificate(Bc.TlsServerCertificate serverCertificate)
    {
        var chain = serverCertificate.Certificate.GetCertificateList().Select(certificate => certificate.GetEncoded()).ToArray();
        if (verdict.Judge(chain) is { } alert) { throw new TlsFatalAlert(alert); }
        if (options.PinnedKeys.Count == 0 || chain.Length == 0 || PinnedKey.IsAmong(options.PinnedKeys, chain[0])) { return; }
        OtherKey = PinnedKey.Of(chain[0]) is { } key ? PinnedKey.Text(key) : "";
        throw new TlsFatalAlert(AlertDescription.bad_certificate);
    }

    public override void NotifyAlertRaised(short alertLevel, short alertDescription, string message, Exception cause)
    {
        if (alertLevel == AlertLevel.fatal) { AlertRaised = (TlsAlert)alertDescription; }
    }

    public override void NotifyHandshakeComplete()
    {
        base.NotifyHandshakeComplete();
        Agreed = AgreedParameters.Read(m_context.SecurityParameters, options.ServerName);
    }

    /// <summary>The end of a connection without close_notify is the HTTP client's to judge, as with the platform's TLS.</summary>
    public override bool RequiresCloseNotify() => false;
}
