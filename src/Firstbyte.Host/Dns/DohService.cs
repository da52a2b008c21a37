using System.Security.Cryptography.X509Certificates;
using Firstbyte.Dns;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;
using Firstbyte.Host.Settings;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;

namespace Firstbyte.Host.Dns;

/// <summary>What answers over HTTPS: zones or a resolver, with the certificate that is shown; read again when somebody asks for it.</summary>
internal sealed class DohService : IDisposable
{
    private readonly HostSettings _settings;
    private readonly Language _language;
    private readonly Action<string> _say;
    private readonly INetwork _network;
    private readonly AuthoritativeResponder? _zones;
    private readonly RecursiveService? _resolver;
    private volatile X509Certificate2? _certificate;

    private DohService(HostSettings settings, INetwork network, Language language, Action<string> say, RecursiveService? resolver)
    {
        (_settings, _network, _language, _say, _resolver) = (settings, network, language, say, resolver);
        _certificate = ReadCertificate();
        if (resolver is not null)
        {
            Responder = resolver.Responder;
            return;
        }
        Span<byte> secret = stackalloc byte[16];
        network.Random.Fill(secret);
        _zones = new AuthoritativeResponder(
            new AuthoritativeServer(ReadZones(), new AuthoritativeServerOptions { CookieSecret = SipKey.FromBytes(secret) }), network.Time);
        Responder = _zones;
    }

    /// <summary>Knows the answers.</summary>
    public IDnsResponder Responder { get; }

    /// <summary>What was asked and answered.</summary>
    public DnsServerCounters Counters { get; } = new(countsTypes: true);

    /// <summary>What it has done, for Prometheus.</summary>
    public string Metrics => _resolver is not null
        ? DnsMetricsText.Of(Counters, [DnsTransport.Https], _resolver)
        : DnsMetricsText.Of(Counters, [DnsTransport.Https], [.. _zones?.Zones.Zones ?? []]);

    /// <summary>The certificate that the next connection is shown; null without TLS.</summary>
    public X509Certificate2? Certificate => _certificate;

    /// <summary>Whether it speaks TLS.</summary>
    public bool HasTls => _certificate is not null;

    /// <summary>Reads what is served.</summary>
    /// <exception cref="HostException">Something of it is faulty; the message says where.</exception>
    public static async Task<DohService> OpenAsync(HostSettings settings, INetwork network, Language language, Action<string> say, ReloadSignal reloading)
    {
        if (!settings.Resolver)
        {
            var zones = new DohService(settings, network, language, say, null);
            reloading.Add(zones.Reload);
            return zones;
        }
        var policy = settings.Policies.Count > 0 ? new PolicyFiles(settings.Policies, language, say) : null;
        var tap = settings.Tap is { } file ? OpenTap(network, file, language) : null;
        try
        {
            var resolver = await new ResolverOpening(settings, network, language, say).OpenAsync(policy, tap);
            var service = new DohService(settings, network, language, say, resolver) { Tap = tap };
            reloading.Add(service.Reload);
            if (policy is not null) { reloading.Add(policy.Reload); }
            return service;
        }
        catch (HostException)
        {
            tap?.Dispose();
            throw;
        }
    }

    /// <summary>Where messages are written down; null for nowhere.</summary>
    public DnsTap? Tap { get; private init; }

    /// <summary>Follows the keys that are believed, once it is run; null where nobody does.</summary>
    public TrustAnchorKeeper? Keeper => _resolver?.Keeper;

    /// <inheritdoc/>
    public void Dispose()
    {
        _resolver?.Dispose();
        Tap?.Dispose();
        if (Tap is { Dropped: > 0 and var lost }) { _say($"{_language.Servers.TapMessagesLost(lost)}"); }
    }

    private static DnsTap OpenTap(INetwork network, string file, Language language)
    {
        // No buffer of its own: a block is one write, so that what a broken run leaves behind is whole.
        try
        {
            return new DnsTap(network, file.StartsWith(DnsTap.SocketPrefix, StringComparison.Ordinal)
                ? new TapStream(network, () => LocalStream.Connect(file[DnsTap.SocketPrefix.Length..], DnsTap.Patience))
                : new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostException(language.Files.Unusable(file, true, IoErrors.ToErrno(e)), ExitCodes.WriteFailed);
        }
    }

    // What is faulty stays as it was; the other is renewed all the same.
    private void Reload()
    {
        // The old certificate is not disposed: a handshake may be under way with it.
        try { _certificate = ReadCertificate(); }
        catch (HostException e) { _say($"{_language.Host.CertificateKept(e.Complaint)}"); }
        if (_zones is null) { return; }
        try { _zones.Zones = ReadZones(); }
        catch (HostException e) { _say($"{_language.Servers.ZonesKept(e.Complaint)}"); }
    }

    private ZoneSet ReadZones()
    {
        var zones = new List<Zone>();
        foreach (var argument in _settings.Zones)
        {
            var zone = ZoneFileSource.Load(argument, _network.Files, _language, _say);
            if (zones.Exists(other => other.Origin == zone.Origin)) { throw new HostException(_language.Changes.ZoneTwice($"{zone.Origin}")); }
            zones.Add(zone);
        }
        return new ZoneSet(zones);
    }

    private X509Certificate2? ReadCertificate()
    {
        if (_settings is not { TlsCertificate: { } file, TlsKey: { } keyFile }) { return null; }
        var (certificates, key) = (ZoneFileSource.ReadText(file, _language), ZoneFileSource.ReadText(keyFile, _language));
        return PemCertificate.TryRead(certificates, key, out _, out var flaw)
            ? X509Certificate2.CreateFromPem(certificates, key)
            : throw new HostException(_language.Servers.CertificateRefused(file, keyFile, flaw), ExitCodes.Usage);
    }

    /// <summary>The certificates between the one that is shown and its root, as the file has them.</summary>
    public X509Certificate2Collection ReadChain()
    {
        var chain = new X509Certificate2Collection();
        if (_settings.TlsCertificate is { } file) { chain.ImportFromPem(ZoneFileSource.ReadText(file, _language)); }
        return chain;
    }
}
