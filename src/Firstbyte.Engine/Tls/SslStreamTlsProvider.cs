using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tls;

/// <summary>The platform's TLS, for real networks: its work may leave the caller's thread.</summary>
/// <remarks>
/// Nothing is downloaded: no intermediate certificates, no revocation lists. A chain's validity is judged at the network's clock. The
/// platform checks signatures, constraints and trust; names and dates are judged by <see cref="CertificateJudgement"/>, as in every provider.
/// </remarks>
public sealed class SslStreamTlsProvider(INetwork network) : ITlsProvider
{
    // id-kp-serverAuth and id-kp-clientAuth, RFC 5280 section 4.2.1.12.
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1", ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    /// <inheritdoc/>
    public async ValueTask<TlsResult> AuthenticateAsClientAsync(
        IByteStream transport, TlsClientOptions options, TraceSpan span, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var telling = TlsTelling.Start(network, span, options.ServerName);
        var judgement = new CertificateJudgement(options.ServerName, NetworkClock.Now(network));
        var adapter = new TransportStream(transport);
        var stream = new SslStream(adapter, leaveInnerStreamOpen: true);
        var use = ClientCertificateUse.NotAsked;
        string? otherKey = null;
        var settings = new SslClientAuthenticationOptions
        {
            CipherSuitesPolicy = PolicyOf(options.Suites),
            TargetHost = options.ServerName,
            EnabledSslProtocols = Protocols(options.MinimumVersion, options.MaximumVersion),
            ApplicationProtocols = Alpn(options.Alpn),
            CertificateChainPolicy = ChainPolicy(options.TrustAnchors),
            RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
            {
                Judge(judgement, certificate, chain);
                judgement.CheckRevocation(options.RevocationLists);
                if (options.PinnedKeys.Count > 0 && certificate is X509Certificate2 seen && !PinnedKey.IsAmong(options.PinnedKeys, seen.RawDataMemory))
                {
                    otherKey = PinnedKey.Of(seen.RawDataMemory) is { } key ? PinnedKey.Text(key) : "";
                }
                telling.Faults(judgement.Faults, options.AllowFaults);
                return otherKey is null && (judgement.Faults.Count == 0 || options.AllowFaults);
            },
        };
        if (options.Certificate is { } own)
        {
            settings.ClientCertificateContext = ContextOf(own.Chain, own.PrivateKey);
            // Whether it is asked for shows only afterwards; an alert about a certificate is about this one.
            use = ClientCertificateUse.Shown;
        }
        // The platform keeps no session where it would have to ask which certificate goes along: there the question is seen as it passes, where it can be read.
        else if (options.ResumesSession) { use = ClientCertificateUse.Unknown; }
        else
        {
            settings.LocalCertificateSelectionCallback = (_, _, _, remote, _) =>
            {
                // Called once before the server has said anything, and again when it asks.
                if (remote is not null) { use = ClientCertificateUse.Missing; }
                return null!;
            };
        }
        try
        {
            await stream.AuthenticateAsClientAsync(settings, cancellationToken);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            await stream.DisposeAsync();
            if (adapter.AsksForCertificate && use == ClientCertificateUse.Unknown) { use = ClientCertificateUse.Missing; }
            return telling.End(Failure(failure, adapter, options.AllowFaults ? null : judgement, use, otherKey));
        }
        if (adapter.AsksForCertificate && use == ClientCertificateUse.Unknown) { use = ClientCertificateUse.Missing; }
        if (options.Certificate is not null && !stream.IsMutuallyAuthenticated) { use = ClientCertificateUse.NotAsked; }
        return telling.End(
            Session(stream, transport, IpAddress.TryParse(options.ServerName, out _) ? null : options.ServerName, judgement) with { ClientCertificate = use });
    }

    /// <inheritdoc/>
    public async ValueTask<TlsResult> AuthenticateAsServerAsync(
        IByteStream transport, TlsServerOptions options, TraceSpan span, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(transport);
        ArgumentNullException.ThrowIfNull(options);
        var telling = TlsTelling.Start(network, span, "");
        var adapter = new TransportStream(transport);
        var stream = new SslStream(adapter, leaveInnerStreamOpen: true);
        string? asked = null;
        try
        {
            await stream.AuthenticateAsServerAsync((_, hello, _, _) =>
            {
                asked = hello.ServerName is { Length: > 0 } name ? name : null;
                return ValueTask.FromResult(new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = ContextOf(options.Select(asked).Chain, options.Select(asked).PrivateKey),
                    EnabledSslProtocols = Protocols(options.MinimumVersion, options.MaximumVersion),
                    ApplicationProtocols = Alpn(options.Alpn),
                    ClientCertificateRequired = options.ClientAnchors is not null,
                    CertificateChainPolicy = options.ClientAnchors is { } anchors ? ChainPolicy(anchors, ClientAuthentication) : null,
                    RemoteCertificateValidationCallback = (_, certificate, _, errors) =>
                        options.ClientAnchors is null
                        || (certificate is not null && (errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) == SslPolicyErrors.None),
                });
            }, null, cancellationToken);
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException)
        {
            await stream.DisposeAsync();
            return telling.End(Failure(failure, adapter, null, ClientCertificateUse.NotAsked, null));
        }
        return telling.End(Session(stream, transport, asked, null));
    }

    private static SslProtocols Protocols(TlsVersion minimum, TlsVersion maximum)
    {
        var protocols = SslProtocols.None;
        if (minimum <= TlsVersion.Tls12 && maximum >= TlsVersion.Tls12) { protocols |= SslProtocols.Tls12; }
        if (minimum <= TlsVersion.Tls13 && maximum >= TlsVersion.Tls13) { protocols |= SslProtocols.Tls13; }
        return protocols;
    }

    private static List<SslApplicationProtocol>? Alpn(IReadOnlyList<string> names) =>
        names.Count == 0 ? null : names.Select(name => new SslApplicationProtocol(name)).ToList();

    // On a system whose TLS chooses its suites by itself, a wish for some cannot be heard.
    private static CipherSuitesPolicy? PolicyOf(IReadOnlyList<string>? names)
    {
        if (names is null || OperatingSystem.IsWindows() || OperatingSystem.IsAndroid()) { return null; }
        return new CipherSuitesPolicy(names.Select(CipherSuiteNames.Find).OfType<TlsCipherSuite>());
    }

    private X509ChainPolicy ChainPolicy(IReadOnlyList<byte[]>? anchors, string usage = ServerAuthentication)
    {
        var policy = new X509ChainPolicy
        {
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTime = network.Time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.ApplicationPolicy.Add(new Oid(usage));
        if (anchors is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            foreach (var anchor in anchors) { policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(anchor)); }
        }
        return policy;
    }

    private static void Judge(CertificateJudgement judgement, X509Certificate? shown, X509Chain? chain)
    {
        if (shown is not X509Certificate2 own || chain is null)
        {
            judgement.AddMissing();
            return;
        }
        // A chain that could not be built at all still has the server's own certificate to speak of.
        if (chain.ChainElements.Count == 0) { judgement.Examine(own.RawDataMemory); }
        foreach (var element in chain.ChainElements)
        {
            judgement.Examine(element.Certificate.RawDataMemory);
            foreach (var status in element.ChainElementStatus) { Add(judgement, status.Status, judgement.Chain.Count - 1); }
        }
        // What the platform says of the whole chain but of no element (a missing issuer, above all) is said of the last one.
        foreach (var status in chain.ChainStatus) { Add(judgement, status.Status & X509ChainStatusFlags.PartialChain, judgement.Chain.Count - 1); }
    }

    private static void Add(CertificateJudgement judgement, X509ChainStatusFlags flags, int position)
    {
        const X509ChainStatusFlags Dates = X509ChainStatusFlags.NotTimeValid | X509ChainStatusFlags.NotTimeNested; // judged by us already
        const X509ChainStatusFlags Untrusted = X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.ExplicitDistrust;
        const X509ChainStatusFlags Usage = X509ChainStatusFlags.NotValidForUsage | X509ChainStatusFlags.CtlNotValidForUsage;
        const X509ChainStatusFlags Signature = X509ChainStatusFlags.NotSignatureValid | X509ChainStatusFlags.CtlNotSignatureValid;
        const X509ChainStatusFlags Known = Dates | Untrusted | Usage | Signature | X509ChainStatusFlags.InvalidBasicConstraints
            | X509ChainStatusFlags.HasWeakSignature | X509ChainStatusFlags.Revoked;
        if ((flags & Untrusted) != X509ChainStatusFlags.NoError)
        {
            var alone = position == 0 && judgement.Chain[0].IsSelfIssued;
            judgement.Add(alone ? CertificateFaultKind.SelfSigned : CertificateFaultKind.UnknownIssuer, position);
        }
        // The platform says it of every certificate above the one that does not allow the use.
        var isToldBelow = judgement.Faults.Any(fault => fault.Kind == CertificateFaultKind.BadUsage);
        if ((flags & Usage) != X509ChainStatusFlags.NoError && !isToldBelow) { judgement.Add(CertificateFaultKind.BadUsage, position); }
        if ((flags & Signature) != X509ChainStatusFlags.NoError) { judgement.Add(CertificateFaultKind.BadSignature, position); }
        if (flags.HasFlag(X509ChainStatusFlags.InvalidBasicConstraints)) { judgement.Add(CertificateFaultKind.NotAnAuthority, position); }
        if (flags.HasFlag(X509ChainStatusFlags.HasWeakSignature)) { judgement.Add(CertificateFaultKind.WeakSignature, position); }
        if (flags.HasFlag(X509ChainStatusFlags.Revoked)) { judgement.Add(CertificateFaultKind.Revoked, position); }
        if ((flags & ~Known) != X509ChainStatusFlags.NoError) { judgement.Add(CertificateFaultKind.Malformed, position); }
    }

    private static TlsFailure Failure(
        Exception failure, TransportStream adapter, CertificateJudgement? judgement, ClientCertificateUse use, string? otherKey)
    {
        var faults = judgement?.Faults ?? [];
        var chain = judgement?.Chain ?? [];
        if (faults.Count > 0) { return new TlsFailure(TlsFailureReason.CertificateRejected, faults, chain, null, null); }
        if (otherKey is not null) { return new TlsFailure(TlsFailureReason.KeyNotPinned, [], chain, null, null) { Pin = otherKey }; }
        var alert = adapter.AlertReceived ?? TransportStream.AlertOf(failure);
        if (TlsFailureReasons.OfClientCertificate(use, alert) is { } own) { return new TlsFailure(own, [], chain, alert, null); }
        if (alert is not null) { return new TlsFailure(TlsFailureReason.AlertReceived, [], chain, alert, null); }
        if (adapter.Broken is { } broken) { return new TlsFailure(TlsFailureReason.TransportFailed, [], chain, null, broken.Error); }
        var reason = adapter.Ended && failure is IOException ? TlsFailureReason.ConnectionEnded : TlsFailureReason.ProtocolError;
        return new TlsFailure(reason, [], chain, null, null);
    }

    private static TlsSession Session(SslStream stream, IByteStream transport, string? serverName, CertificateJudgement? judgement)
    {
        var alpn = stream.NegotiatedApplicationProtocol.Protocol.Length > 0 ? stream.NegotiatedApplicationProtocol.ToString() : null;
        var version = stream.SslProtocol == SslProtocols.Tls13 ? TlsVersion.Tls13 : TlsVersion.Tls12;
        var bytes = new SslByteStream(stream, transport);
        return new TlsSession(bytes, version, stream.NegotiatedCipherSuite.ToString(), alpn, serverName,
            judgement?.Chain ?? [], judgement?.Faults ?? [])
        {
            AlertSince = () => bytes.Alert,
        };
    }

    private static SslStreamCertificateContext ContextOf(IReadOnlyList<byte[]> chain, byte[] privateKey)
    {
        var own = X509CertificateLoader.LoadCertificate(chain[0]);
        var others = new X509Certificate2Collection();
        foreach (var der in chain.Skip(1)) { others.Add(X509CertificateLoader.LoadCertificate(der)); }
        return SslStreamCertificateContext.Create(SystemCertificate.WithKey(own, privateKey), others, offline: true);
    }
}
