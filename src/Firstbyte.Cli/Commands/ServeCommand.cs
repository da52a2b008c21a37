using System.CommandLine;
using System.CommandLine.Parsing;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte serve dns | resolver</c>: DNS servers on this machine's network.</summary>
internal static class ServeCommand
{
    /// <summary>Exit code of a server that cannot take its address (curl's "could not connect" is the nearest).</summary>
    internal const int CannotListen = ExitCodes.ConnectFailed;

    internal const string AllowUpdate = "--allow-update", SecondaryOf = "--secondary";

    private const string AllowTransfer = "--allow-transfer", Notify = "--notify", RateLimit = "--rate-limit", RateSlip = "--rate-slip";
    private const string ListenTls = "--listen-tls", Identity = "--nsid", Version = "--version-string", Metrics = "--metrics";

    private const string CacheSize = "--cache-size";

    /// <summary>More memory than any resolver of today has (own choice).</summary>
    private const int MostMegabytes = 1 << 20;

    private const string UsualAddress = "127.0.0.1:5300";

    /// <summary>Who fetches what is counted (own choice): a Prometheus or two, and somebody with curl.</summary>
    private const int MaxScrapers = 16;

    public static Command Create(CommandIo io)
    {
        var command = new Command("serve", io.Language.Help.Serve);
        command.Subcommands.Add(CreateDns(io));
        command.Subcommands.Add(CreateResolver(io));
        return command;
    }

    private static Option<string[]> Listen(Language language) => new("--listen")
    {
        Description = language.Help.ServeListen,
        DefaultValueFactory = _ => [UsualAddress],
        HelpName = "ADDR:PORT",
        AllowMultipleArgumentsPerToken = false,
    };

    private static Command CreateDns(CommandIo io)
    {
        var words = io.Language.Help;
        var config = new Option<string?>("--config") { Description = words.ServeConfig, HelpName = "FILE" };
        var zones = new Option<string[]>("--zone") { Description = words.ServeZone, HelpName = "ORIGIN=FILE" };
        var listen = Listen(io.Language);
        var secure = new Option<string[]>(ListenTls) { Description = words.ServeListenTls, HelpName = "ADDR:PORT" };
        var certificate = new Option<string?>("--tls-cert") { Description = words.ServeTlsCertificate, HelpName = "FILE" };
        var privateKey = new Option<string?>("--tls-key") { Description = words.ServeTlsKey, HelpName = "FILE" };
        var keyFiles = new Option<string[]>("--tsig-key") { Description = words.ServeTsigKey, HelpName = "FILE" };
        var allowsMd5 = new Option<bool>("--tsig-md5") { Description = words.ServeTsigMd5 };
        var copying = new Option<string[]>(AllowTransfer) { Description = words.ServeAllowTransfer, HelpName = "WHO" };
        var changing = new Option<string[]>(AllowUpdate) { Description = words.ServeAllowUpdate, HelpName = "WHO" };
        var compacts = new Option<bool>("--compact") { Description = words.ServeCompact };
        var notified = new Option<string[]>(Notify) { Description = words.ServeNotify, HelpName = "ADDR[#PORT][,key=NAME]" };
        var secondaries = new Option<string[]>(SecondaryOf) { Description = words.ServeSecondary, HelpName = "ORIGIN=ADDR[#PORT][,key=NAME],file=FILE" };
        var nsid = new Option<string?>(Identity) { Description = words.ServeNsid, HelpName = "TEXT" };
        var version = new Option<string?>(Version) { Description = words.ServeVersion, HelpName = "TEXT" };
        var rate = new Option<uint?>(RateLimit) { Description = words.ServeRateLimit, HelpName = "N" };
        var slip = new Option<uint>(RateSlip) { Description = words.ServeRateSlip, DefaultValueFactory = static _ => ServeSettings.UsualSlip, HelpName = "N" };
        var metrics = new Option<string?>(Metrics) { Description = words.ServeMetrics, HelpName = "ADDR:PORT" };
        var json = new Option<bool>("--json") { Description = words.ServeDnsJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = words.ServeDnsVerbose };
        var strict = new Option<bool>("--strict") { Description = words.ZoneStrict };
        var command = new Command("dns", words.ServeDns)
        {
            config, zones, secondaries, listen, secure, certificate, privateKey, keyFiles, allowsMd5, copying, notified, changing, compacts, nsid, version,
            rate, slip, metrics, strict, json, verbose,
        };
        Needs.OneOf(command, "Option '--zone' is required.", config, zones, secondaries);
        command.SetAction((parsed, _) =>
        {
            IReadOnlyList<Said> Texts(Option<string[]> option) => [.. (parsed.GetValue(option) ?? []).Select(static text => new Said(text))];
            Said? Text(Option<string?> option) => parsed.GetValue(option) is { } text ? new Said(text) : default(Said?);
            bool IsGiven(Option option) => parsed.GetResult(option) is { Implicit: false };
            var line = new ServeSettings
            {
                Zones = Texts(zones),
                Secondaries = Texts(secondaries),
                Listen = IsGiven(listen) ? Texts(listen) : [],
                ListenTls = Texts(secure),
                Certificate = Text(certificate),
                PrivateKey = Text(privateKey),
                Keys = Texts(keyFiles),
                AllowsMd5 = parsed.GetValue(allowsMd5),
                AllowTransfer = Texts(copying),
                AllowUpdate = Texts(changing),
                Notify = Texts(notified),
                Compacts = parsed.GetValue(compacts),
                Identity = Text(nsid),
                Version = Text(version),
                Rate = parsed.GetValue(rate),
                Slip = IsGiven(slip) ? parsed.GetValue(slip) : null,
                Metrics = Text(metrics),
                IsStrict = parsed.GetValue(strict),
                IsJson = parsed.GetValue(json),
                IsVerbose = parsed.GetValue(verbose),
            };
            var file = parsed.GetValue(config);
            return ServeDnsAsync(io, () => file is null ? line : ServeSettings.Read(io, file).With(line));
        });
        return command;
    }

    private static async Task<int> ServeDnsAsync(CommandIo io, Func<ServeSettings> readSettings)
    {
        // Who reads files again must have read them before.
        var reloads = new ReloadRequests();
        using var hangup = io.Signals.HandleReload(reloads.Ask);
        // Until the server runs another signal ends the process as any other: reading long zones is nothing to be kept up.
        using var reading = io.Signals.BeforeTheEnd(() => io.Errors.Complain(io.Language.Servers.EndedWhileReadingZones));
        var settings = readSettings();
        if (settings.Zones.Count + settings.Secondaries.Count == 0) { throw new UsageException(io.Language.Usage.Wants("serve dns", "--zone ORIGIN=FILE")); }
        var network = new OsNetwork();
        var sockets = new ListeningSockets(io, network);
        var shown = Certificate(io, settings, sockets.HaveTls);
        var keys = TransactionKeys.Read(io, settings.Keys, settings.AllowsMd5);
        var changes = new ZoneChanges(io, keys);
        using var log = new ServerLog(io, settings.IsJson, settings.IsVerbose);
        var tracer = log.NewTracer();
        // Who copies and changes zones is told in any case.
        var span = (log.Sink is SilentSink ? new Tracer(new ChangeLog(io)) : tracer).Root(network);
        var keeper = new ZoneKeeper(network, [.. settings.Notify.Select(said => said.Read(text => changes.Peer(Notify, text)))], span);
        using var served = new ServedZones(io, settings, readSettings, keeper, changes, shown);
        var options = new AuthoritativeServerOptions
        {
            CookieSecret = NewSecret(network),
            Identity = Text(io, Identity, settings.Identity),
            Version = Text(io, Version, settings.Version),
            RateLimit = Rate(io, network, settings.Rate, settings.Slip ?? ServeSettings.UsualSlip),
            Keys = keys,
            TransferRules = changes.Rules(AllowTransfer, settings.AllowTransfer, needsKey: false),
            Keeper = keeper,
        };
        served.Load();
        var server = new AuthoritativeServer(new ZoneSet(), options);
        keeper.Attach(server);
        reading.Dispose();
        var manager = new ServiceManager(io, network);
        reloads.Begin(
            () =>
            {
                manager.Reloading();
                served.Reload();
                manager.Ready();
            },
            served.Reload);
        var counters = settings.Metrics is null ? null : new DnsServerCounters();
        var plain = new DnsServerOptions
        {
            DatagramThreads = Environment.ProcessorCount,
            Troubles = new Tracer(new ChangeLog(io)).Root(network),
            Counters = counters,
        };
        using var page = counters is null ? null : settings.Metrics!.Value.Read(text => OpenMetrics(io, network, text, new MetricsPage(counters, server)));
        var over = shown is null ? null : plain with { Tls = shown.Open(network) };
        IReadOnlyList<Said> listen = settings.Listen.Count > 0 || sockets.AreInherited ? settings.Listen : [UsualAddress];
        var places = sockets.Places([.. listen.Select(text => (text, plain)), .. settings.ListenTls.Select(text => (text, over!))], plain, over);
        return await ServeAsync(io, network, new AuthoritativeResponder(server, network.Time), places, tracer, manager, keeper);
    }

    /// <summary>A text that a server says of itself (RFC 4892): one character-string.</summary>
    /// <exception cref="UsageException">It is longer than one has room for.</exception>
    private static string? Text(CommandIo io, string option, Said? said) => said?.Read(
        text => System.Text.Encoding.UTF8.GetByteCount(text) is > 0 and <= byte.MaxValue
            ? text
            : throw new UsageException(io.Language.Usage.NoSuchValue(option, text)));

    /// <exception cref="UsageException">A number is none that a rate can have.</exception>
    private static ResponseRateLimit? Rate(CommandIo io, OsNetwork network, uint? perSecond, uint slip)
    {
        const int most = (int)ServeSettings.MostPerSecond;
        if (perSecond is null) { return null; }
        if (perSecond is 0 or > most) { throw new UsageException(io.Language.Usage.WantsNumberBetween(RateLimit, 1, most)); }
        if (slip > most) { throw new UsageException(io.Language.Usage.WantsNumberBetween(RateSlip, 0, most)); }
        return new ResponseRateLimit((int)perSecond, (int)slip, NewSecret(network));
    }

    /// <summary>Lets Prometheus fetch what is counted, until the result is disposed.</summary>
    /// <exception cref="UsageException">The address is none, or cannot be had.</exception>
    private static HttpServer OpenMetrics(CommandIo io, OsNetwork network, string text, MetricsPage page)
    {
        if (!Endpoint.TryParse(text, out var endpoint)) { throw new UsageException(io.Language.Usage.NoSuchValue(Metrics, text)); }
        var server = new HttpServer(network, page, new HttpServerOptions { MaximumConnections = MaxScrapers });
        try
        {
            io.Errors.Say(io.Language.Servers.MetricsAt($"http://{server.Start(endpoint)}{MetricsPage.Path}"));
            _ = server.RunAsync();
            return server;
        }
        catch (NetworkException e)
        {
            server.Dispose();
            throw new UsageException(io.Language.Servers.CannotListen(endpoint, e.Error), CannotListen);
        }
    }

    /// <summary>What a server over TLS shows; null where there is none.</summary>
    /// <exception cref="UsageException">One of the three options lacks the others.</exception>
    private static ServerCertificate? Certificate(CommandIo io, ServeSettings settings, bool inheritsTls)
    {
        var (certificate, key) = (settings.Certificate?.Text, settings.PrivateKey?.Text);
        if ((settings.ListenTls.Count > 0 || inheritsTls) && certificate is not null && key is not null) { return new ServerCertificate(io, certificate, key); }
        if (settings.ListenTls.Count > 0)
        {
            throw new UsageException(io.Language.Usage.Wants(ListenTls, certificate is null ? "--tls-cert FILE" : "--tls-key FILE"));
        }
        if (inheritsTls)
        {
            throw new UsageException(io.Language.Usage.Wants("LISTEN_FDNAMES=tls", certificate is null ? "--tls-cert FILE" : "--tls-key FILE"));
        }
        if ((certificate ?? key) is not null)
        {
            throw new UsageException(io.Language.Usage.Wants(certificate is null ? "--tls-key" : "--tls-cert", $"{ListenTls} ADDR:PORT"));
        }
        return null;
    }

    private static SipKey NewSecret(OsNetwork network)
    {
        Span<byte> secret = stackalloc byte[16];
        network.Random.Fill(secret);
        return SipKey.FromBytes(secret);
    }

    private static Command CreateResolver(CommandIo io)
    {
        var listen = Listen(io.Language);
        var hints = new Option<string?>("--root-hints") { Description = io.Language.Help.ServeHints, HelpName = "FILE" };
        var port = new Option<ushort>(
            "--port-upstream")
        { Description = io.Language.Help.ServeUpstream, DefaultValueFactory = _ => (ushort)53, HelpName = "N" };
        var anchors = new Option<string?>("--trust-anchor") { Description = io.Language.Help.ServeAnchors, HelpName = "FILE" };
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
            CustomParser = result => ReadNetwork(result, io.Language, "--dns64", result.Tokens[0].Value),
        };
        var minTtl = new Option<uint>("--min-ttl") { Description = io.Language.Help.ServeMinTtl, HelpName = "SECONDS" };
        var maxTtl = new Option<uint>("--max-ttl")
        { Description = io.Language.Help.ServeMaxTtl, DefaultValueFactory = _ => ResolutionLimits.MaxTtl, HelpName = "SECONDS" };
        var cacheSize = new Option<int>(CacheSize)
        { Description = io.Language.Help.ServeCacheSize, DefaultValueFactory = _ => (int)(DnsCache.DefaultBytes >> 20), HelpName = "MB" };
        var json = new Option<bool>("--json") { Description = io.Language.Help.ServeResolverJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = io.Language.Help.ServeResolverVerbose };
        var command = new Command("resolver", io.Language.Help.ServeResolver)
        {
            listen, hints, port, anchors, forward, roots, minimise, special, priming, family, hardenGlue,
            privateAddresses, privateDomains, sentinel, stale, prefetch, allow, dns64, minTtl, maxTtl, cacheSize, json, verbose,
        };
        command.SetAction(async (parsed, _) =>
        {
            var network = new OsNetwork();
            var sockets = new ListeningSockets(io, network);
            var megabytes = parsed.GetValue(cacheSize);
            if (megabytes is < 1 or > MostMegabytes) { throw new UsageException(io.Language.Usage.WantsNumberBetween(CacheSize, 1, MostMegabytes)); }
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
                    Anchors = parsed.GetValue(anchors) is { } anchorFile ? ZoneFiles.Anchors(io, anchorFile) : null,
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
                    Clients = parsed.GetValue(allow) ?? [],
                },
                OsNetwork.GetNetworks());
            using var log = new ServerLog(io, parsed.GetValue(json), parsed.GetValue(verbose));
            // There is nothing to read again; a supervisor's habit of sending it shall not end the service.
            using var hangup = io.Signals.HandleReload(static () => true);
            // Those that wait have their own limit, above which the greediest gives way: what is known must not wait behind them.
            var plain = new DnsServerOptions
            {
                Troubles = new Tracer(new ChangeLog(io)).Root(network),
                MaxDatagramsInFlight = 4_000,
                DatagramThreads = Environment.ProcessorCount,
            };
            // The usual address is not for a server that was given sockets.
            var given = sockets.AreInherited && parsed.GetResult(listen) is not { Implicit: false } ? [] : parsed.GetValue(listen)!;
            var places = sockets.Places(given.Select(text => (new Said(text), plain)), plain, overTls: null);
            return await ServeAsync(io, network, service.Responder, places, log.NewTracer(), new ServiceManager(io, network));
        });
        return command;
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

    private static IpPrefix ReadNetwork(ArgumentResult result, Language language, string option, string text)
    {
        if (IpPrefix.TryParse(text, out var prefix)) { return prefix; }
        result.AddError(language.Usage.NoNetwork(option, text).ToString());
        return default;
    }

    private static async Task<int> ServeAsync(
        CommandIo io, INetwork network, IDnsResponder responder, IReadOnlyList<ListeningPlace> places, Tracer tracer, ServiceManager manager,
        ZoneKeeper? keeper = null)
    {
        var servers = new List<DnsServer>();
        var stopping = io.Signals.Stopping;
        try
        {
            foreach (var place in places)
            {
                var server = new DnsServer(network, responder, place.Options, tracer.Root(network));
                servers.Add(server);
                // Scripts wait for this line: it says the port where :0 was asked for.
                io.Errors.Say(place.Told(place.Open(server)));
            }
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            Task[] all = [.. servers.Select(server => server.RunAsync(ending.Token)), .. keeper is null ? (Task[])[] : [keeper.RunAsync(ending.Token)]];
            manager.Ready();
            // When one of them breaks the others must end too.
            try { await await Task.WhenAny(all); }
            finally
            {
                manager.Stopping();
                ending.Cancel();
                await Task.WhenAll(all);
            }
            return io.Signals.ExitCode;
        }
        finally
        {
            foreach (var server in servers) { server.Dispose(); }
        }
    }
}
