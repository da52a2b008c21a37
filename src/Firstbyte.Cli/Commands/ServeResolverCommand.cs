using System.CommandLine;
using System.CommandLine.Parsing;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Validating;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte serve resolver</c>: a recursive server on this machine's network.</summary>
internal static class ServeResolverCommand
{
    private const string CacheSize = "--cache-size", TrustAnchorFile = "--trust-anchor-file";

    /// <summary>More memory than any resolver of today has (own choice).</summary>
    private const int MostMegabytes = 1 << 20;

    public static Command Create(CommandIo io)
    {
        var listen = ServeCommand.Listen(io.Language);
        var hints = new Option<string?>("--root-hints") { Description = io.Language.Help.ServeHints, HelpName = "FILE" };
        var port = new Option<ushort>(
            "--port-upstream")
        { Description = io.Language.Help.ServeUpstream, DefaultValueFactory = _ => (ushort)53, HelpName = "N" };
        var anchors = new Option<string?>("--trust-anchor") { Description = io.Language.Help.ServeAnchors, HelpName = "FILE" };
        var anchorFile = new Option<string?>(TrustAnchorFile) { Description = io.Language.Help.ServeTrustAnchorFile, HelpName = "FILE" };
        var forward = new Option<string[]>("--forward")
        {
            Description = io.Language.Help.ServeForward,
            HelpName = "SERVER",
            CustomParser = result => [.. result.Tokens.Select(token => CheckForwarder(result, io.Language, token.Value))],
            AllowMultipleArgumentsPerToken = false,
        };
        var roots = new Option<string?>("--forward-ca") { Description = io.Language.Help.ServeForwardCa, HelpName = "FILE" };
        var minimise = new Option<string>("--qname-minimisation")
        { Description = io.Language.Help.ServeMinimise, DefaultValueFactory = _ => "off", HelpName = "off|a|ns" };
        minimise.AcceptOnlyFromAmong("off", "a", "ns");
        var special = new Option<string?>("--special-names") { Description = io.Language.Help.ServeSpecialNames, HelpName = "on|off" };
        special.AcceptOnlyFromAmong("on", "off");
        var priming = new Option<string?>("--priming") { Description = io.Language.Help.ServePriming, HelpName = "on|off" };
        priming.AcceptOnlyFromAmong("on", "off");
        var family = new Option<string?>("--prefer-family") { Description = io.Language.Help.ServePreferFamily, HelpName = "4|6" };
        family.AcceptOnlyFromAmong("4", "6");
        var hardenGlue = new Option<bool>("--harden-glue") { Description = io.Language.Help.ServeHardenGlue };
        var privateAddresses = new Option<IpPrefix[]>("--private-address")
        {
            Description = io.Language.Help.ServePrivateAddress,
            HelpName = "NETWORK",
            CustomParser = result => [.. result.Tokens.Select(token => ReadNetwork(result, io.Language, "--private-address", token.Value))],
            AllowMultipleArgumentsPerToken = false,
        };
        var privateDomains = new Option<DnsName[]>("--private-domain")
        {
            Description = io.Language.Help.ServePrivateDomain,
            HelpName = "NAME",
            CustomParser = result => [.. result.Tokens.Select(token => ReadName(result, io.Language, token.Value))],
            AllowMultipleArgumentsPerToken = false,
        };
        var sentinel = new Option<string>("--key-sentinel")
        { Description = io.Language.Help.ServeKeySentinel, DefaultValueFactory = _ => "on", HelpName = "on|off" };
        sentinel.AcceptOnlyFromAmong("on", "off");
        var stale = new Option<string>("--serve-stale")
        { Description = io.Language.Help.ServeStale, DefaultValueFactory = _ => "off", HelpName = "on|off" };
        stale.AcceptOnlyFromAmong("on", "off");
        var prefetch = new Option<string>("--prefetch")
        { Description = io.Language.Help.ServePrefetch, DefaultValueFactory = _ => "off", HelpName = "on|off" };
        prefetch.AcceptOnlyFromAmong("on", "off");
        var policies = new Option<string[]>("--rpz")
        { Description = io.Language.Help.ServePolicy, HelpName = "FILE[=NAME]", AllowMultipleArgumentsPerToken = false };
        var allow = new Option<IpPrefix[]>("--allow")
        {
            Description = io.Language.Help.ServeAllow,
            HelpName = "NETWORK",
            CustomParser = result => [.. result.Tokens.Select(token => ReadNetwork(result, io.Language, "--allow", token.Value))],
            AllowMultipleArgumentsPerToken = false,
        };
        var dns64 = new Option<IpPrefix?>("--dns64")
        {
            Description = io.Language.Help.ServeDns64,
            HelpName = "PREFIX",
            CustomParser = result => ReadTranslator(result, io.Language, result.Tokens[0].Value),
        };
        var minTtl = new Option<uint>("--min-ttl") { Description = io.Language.Help.ServeMinTtl, HelpName = "SECONDS" };
        var maxTtl = new Option<uint>("--max-ttl")
        { Description = io.Language.Help.ServeMaxTtl, DefaultValueFactory = _ => ResolutionLimits.MaxTtl, HelpName = "SECONDS" };
        var cacheSize = new Option<int>(CacheSize)
        { Description = io.Language.Help.ServeCacheSize, DefaultValueFactory = _ => (int)(DnsCache.DefaultBytes >> 20), HelpName = "MB" };
        var metrics = new Option<string?>(ServeCommand.Metrics) { Description = io.Language.Help.ServeMetrics, HelpName = "ADDR:PORT" };
        var tapped = new Option<string?>("--dnstap") { Description = io.Language.Help.ServeDnstap, HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = io.Language.Help.ServeResolverJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = io.Language.Help.ServeResolverVerbose };
        var command = new Command("resolver", io.Language.Help.ServeResolver)
        {
            listen, hints, port, anchors, anchorFile, forward, roots, minimise, special, priming, family, hardenGlue,
            privateAddresses, privateDomains, sentinel, stale, prefetch, policies, allow, dns64, minTtl, maxTtl, cacheSize, metrics, tapped, json, verbose,
        };
        command.SetAction(async (parsed, _) =>
        {
            using var large = io.Signals.OutliveFileSize();
            var network = new OsNetwork();
            var sockets = new ListeningSockets(io, network);
            var megabytes = parsed.GetValue(cacheSize);
            if (megabytes is < 1 or > MostMegabytes) { throw new UsageException(io.Language.Usage.WantsNumberBetween(CacheSize, 1, MostMegabytes)); }
            var given = parsed.GetValue(anchors) is { } file ? ZoneFiles.Anchors(io, file) : null;
            var isLab = parsed.GetValue(hints) is not null || parsed.GetValue(port) != StubResolver.Port;
            var changes = new Tracer(new ChangeLog(io)).Root(network);
            var policy = parsed.GetValue(policies) is { Length: > 0 } lists ? PolicyFiles.Open(io, lists) : null;
            using var tap = parsed.GetValue(tapped) is { } tapFile ? new DnsTap(network, OpenTap(io, network, tapFile)) : null;
            using var service = await RecursiveService.OpenAsync(
                network,
                new RecursiveServiceOptions
                {
                    Hints = parsed.GetValue(hints) is { } hintFile ? ZoneFiles.Hints(io, hintFile) : null,
                    Forwarders = [.. (parsed.GetValue(forward) ?? []).Select(text => ReadForwarder(text, parsed.GetValue(port)))],
                    Transports = new UpstreamTransports(new SslStreamTlsProvider(network))
                    {
                        TrustAnchors = parsed.GetValue(roots) is { } rootFile ? TlsSettings.ReadCertificates(io, "--forward-ca", rootFile, null) : null,
                    },
                    UpstreamPort = parsed.GetValue(port),
                    Anchors = given,
                    Followed = parsed.GetValue(anchorFile) is { } followed ? (ReadFollowed(io, network, followed, given, isLab), io.PathOf(followed)) : null,
                    Changes = changes,
                    Minimisation = parsed.GetValue(minimise) switch
                    {
                        "a" => MinimisationMode.Addresses,
                        "ns" => MinimisationMode.Servers,
                        _ => MinimisationMode.Off,
                    },
                    MinTtl = parsed.GetValue(minTtl),
                    MaxTtl = parsed.GetValue(maxTtl),
                    CacheBytes = (long)megabytes << 20,
                    Dns64 = parsed.GetValue(dns64),
                    AnswersSpecialNames = parsed.GetValue(special) is { } word ? word == "on" : null,
                    Primes = parsed.GetValue(priming) is { } primes ? primes == "on" : null,
                    Preferred = parsed.GetValue(family) switch { "4" => IpVersion.V4, "6" => IpVersion.V6, _ => IpVersion.None },
                    HardensGlue = parsed.GetValue(hardenGlue),
                    PrivateAddresses = new PrivateAddresses(parsed.GetValue(privateAddresses) ?? [], parsed.GetValue(privateDomains) ?? []),
                    TellsRootKeys = parsed.GetValue(sentinel) == "on",
                    ServesStale = parsed.GetValue(stale) == "on",
                    Prefetches = parsed.GetValue(prefetch) == "on",
                    Policy = policy?.InForce,
                    Tap = tap,
                    Clients = parsed.GetValue(allow) ?? [],
                },
                OsNetwork.GetNetworks());
            var counters = parsed.GetValue(metrics) is null ? null : new DnsServerCounters(countsTypes: true);
            string Metrics() => DnsMetricsText.Of(counters!, MetricsPage.Transports, service);
            using var page = parsed.GetValue(metrics) is { } at ? ServeCommand.OpenMetrics(io, network, at, new MetricsPage(Metrics)) : null;
            if (service.Keeper is { } keeper)
            {
                // What cannot be written is better told before a key is rolled over than after.
                try { keeper.Save(); }
                catch (NetworkException failure) { throw new FileException(parsed.GetValue(anchorFile)!, isWriting: true, failure); }
            }
            using var log = new ServerLog(io, parsed.GetValue(json), parsed.GetValue(verbose));
            // Without lists there is nothing to read again; a supervisor's habit of sending it shall not end the service.
            using var hangup = io.Signals.HandleReload(() => policy is null || policy.Reload());
            // Those that wait have their own limit, above which the greediest gives way: what is known must not wait behind them.
            var plain = new DnsServerOptions
            {
                Troubles = changes,
                MaxDatagramsInFlight = 4_000,
                DatagramThreads = Environment.ProcessorCount,
                Counters = counters,
                Tap = tap,
            };
            // The usual address is not for a server that was given sockets.
            var listening = sockets.AreInherited && parsed.GetResult(listen) is not { Implicit: false } ? [] : parsed.GetValue(listen)!;
            var places = sockets.Places(listening.Select(text => (new Said(text), plain)), plain, overTls: null);
            Func<CancellationToken, Task>? following = service.Keeper is null ? null : service.Keeper.RunAsync;
            var exitCode = await ServeCommand.ServeAsync(io, network, service.Responder, places, log.NewTracer(), new ServiceManager(io, network), following);
            tap?.Dispose();
            if (tap is { Dropped: > 0 and var lost }) { io.Errors.Complain(io.Language.Servers.TapMessagesLost(lost)); }
            return exitCode;
        });
        return command;
    }

    /// <summary>The keys as the file has them; where there is none yet, those that it is to begin with.</summary>
    /// <exception cref="UsageException">It is faulty, or there is nothing to begin with.</exception>
    private static ManagedAnchor ReadFollowed(CommandIo io, OsNetwork network, string file, TrustAnchors? given, bool isLab)
    {
        var now = network.Time.GetUtcNow().ToUnixTimeSeconds();
        var text = io.Exists(file) ? io.ReadText(file) : null;
        return ResolverFiles.ReadFollowed(text, given, isLab, now, out var fault, out var flaw, out var line) ?? throw new UsageException(fault switch
        {
            FollowedKeysFault.Nothing => io.Language.Changes.NothingToFollow(Printable.Text(file)),
            _ => io.Language.Changes.NoFollowedKeys(Printable.Text(file), line, flaw),
        });
    }

    private static Stream OpenTap(CommandIo io, OsNetwork network, string place)
    {
        if (!place.StartsWith(DnsTap.SocketPrefix, StringComparison.Ordinal)) { return io.OpenGrowing(place, io.Patience); }
        var path = io.PathOf(place[DnsTap.SocketPrefix.Length..]);
        try { return new TapStream(network, () => LocalStream.Connect(path, DnsTap.Patience)); }
        catch (IOException e) { throw new FileException(place, isWriting: true, e); }
    }

    private static string CheckForwarder(ArgumentResult result, Language language, string text)
    {
        if (!UpstreamTransports.TryParse(text, StubResolver.Port, out _)) { result.AddError(language.Usage.NoForwarder(text).ToString()); }
        return text;
    }

    private static UpstreamServer ReadForwarder(string text, ushort clearPort) =>
        UpstreamTransports.TryParse(text, clearPort, out var server) ? server : throw new ArgumentException("checked before", nameof(text));

    private static DnsName ReadName(ArgumentResult result, Language language, string text)
    {
        if (DnsName.TryParse(text, out var name)) { return name; }
        result.AddError(language.Usage.NoDomainName(text).ToString());
        return default;
    }

    private static IpPrefix ReadTranslator(ArgumentResult result, Language language, string text)
    {
        if (IpPrefix.TryParse(text, out var prefix) && Dns64Resolver.Takes(prefix)) { return prefix; }
        result.AddError(language.Usage.NoTranslator(text).ToString());
        return default;
    }

    private static IpPrefix ReadNetwork(ArgumentResult result, Language language, string option, string text)
    {
        if (IpPrefix.TryParse(text, out var prefix)) { return prefix; }
        result.AddError(language.Usage.NoNetwork(option, text).ToString());
        return default;
    }
}
