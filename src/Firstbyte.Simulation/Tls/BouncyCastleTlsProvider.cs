using System.Security.Cryptography;
using System.Text;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Org.BouncyCastle.Tls;
using TlsSession = Firstbyte.Tls.TlsSession;

namespace Firstbyte.Simulation.Tls;

/// <summary>TLS for simulated hosts, and wherever the platform has none: the same bytes for the same randomness.</summary>
/// <remarks>
/// Theory of operation. BouncyCastle's engine runs without blocking: bytes from the transport are offered to it, what it wants sent is taken from it, and
/// nothing in it waits. Its randomness is the host's (<see cref="INetwork.Random"/>), so a world's handshakes are the same bytes for the same seed, keys
/// included. The roots that a host trusts stand in its file <see cref="TrustedRoots"/>, as on a Debian host.
/// </remarks>
public sealed class BouncyCastleTlsProvider(INetwork network) : ITlsProvider
{
    /// <summary>The host's file of trusted roots in PEM, read when the client's options name none.</summary>
    public const string TrustedRoots = "/etc/ssl/certs/ca-certificates.crt";

    /// <summary>Where the secrets of sessions are collected, if anywhere. One end is enough: both would log the same lines.</summary>
    public TlsKeyLog? KeyLog { get; set; }

    /// <inheritdoc/>
    public async ValueTask<TlsResult> AuthenticateAsClientAsync(
        IByteStream transport, TlsClientOptions options, TraceSpan span, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var telling = TlsTelling.Start(network, span, options.ServerName);
        var judgement = new CertificateJudgement(options.ServerName, NetworkClock.Now(network));
        var verdict = new CertificateVerdict(judgement, options.TrustAnchors ?? ReadTrustedRoots(), options.AllowFaults, options.RevocationLists);
        var client = new SeededTlsClient(new SeededTlsCrypto(network.Random, KeyLog), options, verdict);
        var protocol = new HalfClosingClientProtocol();
        var stream = new SeededTlsStream(transport, protocol, protocol);
        var failure = await stream.HandshakeAsync(() => protocol.Connect(client), cancellationToken);
        telling.Faults(judgement.Faults, options.AllowFaults);
        return telling.End(failure is null
            ? Session(stream, client.Agreed!, judgement) with { ClientCertificate = client.Use }
            : Failure(failure, client.AlertRaised, options.AllowFaults ? null : judgement, client));
    }

    /// <inheritdoc/>
    public async ValueTask<TlsResult> AuthenticateAsServerAsync(
        IByteStream transport, TlsServerOptions options, TraceSpan span, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var telling = TlsTelling.Start(network, span, "");
        var judgement = options.ClientAnchors is null ? null : new CertificateJudgement(null, NetworkClock.Now(network));
        var verdict = judgement is null ? null : new CertificateVerdict(judgement, options.ClientAnchors!, allowFaults: false, isOfClient: true);
        var server = new SeededTlsServer(new SeededTlsCrypto(network.Random, KeyLog), options, verdict);
        var protocol = new HalfClosingServerProtocol();
        var stream = new SeededTlsStream(transport, protocol, protocol);
        var failure = await stream.HandshakeAsync(() => protocol.Accept(server), cancellationToken);
        return telling.End(failure is null ? Session(stream, server.Agreed!, null) : Failure(failure, server.AlertRaised, judgement, null));
    }

    private static TlsSession Session(SeededTlsStream stream, AgreedParameters agreed, CertificateJudgement? judgement) =>
        new(stream, agreed.Version, agreed.Suite, agreed.Alpn, agreed.ServerName, judgement?.Chain ?? [], judgement?.Faults ?? [])
        { AlertSince = () => stream.Alert };

    private static TlsFailure Failure(IOException failure, TlsAlert? raised, CertificateJudgement? judgement, SeededTlsClient? client)
    {
        var chain = judgement?.Chain ?? [];
        if (judgement is { Faults.Count: > 0 }) { return new TlsFailure(TlsFailureReason.CertificateRejected, judgement.Faults, chain, raised, null); }
        if (client?.OtherKey is { } other) { return new TlsFailure(TlsFailureReason.KeyNotPinned, [], chain, null, null) { Pin = other }; }
        var said = failure is TlsFatalAlertReceived { AlertDescription: var description } ? (TlsAlert?)description : null;
        if (TlsFailureReasons.OfClientCertificate(client?.Use ?? default, said) is { } own) { return new TlsFailure(own, [], chain, said, null); }
        return failure switch
        {
            NetworkException broken => new TlsFailure(TlsFailureReason.TransportFailed, [], chain, null, broken.Error),
            TlsFatalAlertReceived received => new TlsFailure(TlsFailureReason.AlertReceived, [], chain, (TlsAlert)received.AlertDescription, null),
            EndOfStreamException => new TlsFailure(TlsFailureReason.ConnectionEnded, [], chain, null, null),
            _ => new TlsFailure(TlsFailureReason.ProtocolError, [], chain, raised, null),
        };
    }

    private List<byte[]> ReadTrustedRoots()
    {
        var roots = new List<byte[]>();
        ReadOnlySpan<char> text = Encoding.ASCII.GetString(network.Files.Read(TrustedRoots) ?? []);
        while (PemEncoding.TryFind(text, out var found))
        {
            if (text[found.Label] is "CERTIFICATE") { roots.Add(Convert.FromBase64String(text[found.Base64Data].ToString())); }
            text = text[found.Location.End..];
        }
        return roots;
    }
}
