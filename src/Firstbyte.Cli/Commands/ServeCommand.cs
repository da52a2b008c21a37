using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte serve dns | resolver</c>: DNS servers on this machine's network.</summary>
internal static class ServeCommand
{
    /// <summary>Exit code of a server that cannot take its address (curl's "could not connect" is the nearest).</summary>
    internal const int CannotListen = ExitCodes.ConnectFailed;

    internal const string AllowUpdate = "--allow-update", SecondaryOf = "--secondary", Metrics = "--metrics";

    private const string AllowTransfer = "--allow-transfer", Notify = "--notify", RateLimit = "--rate-limit", RateSlip = "--rate-slip";
    private const string ListenTls = "--listen-tls", Identity = "--nsid", Version = "--version-string";

    private const string UsualAddress = "127.0.0.1:5300";

    /// <summary>Who fetches what is counted (own choice): a Prometheus or two, and somebody with curl.</summary>
    private const int MaxScrapers = 16;

    public static Command Create(CommandIo io)
    {
        var command = new Command("serve", io.Language.Help.Serve);
        command.Subcommands.Add(CreateDns(io));
        command.Subcommands.Add(ServeResolverCommand.Create(io));
        return command;
    }

    /// <summary>Where a server listens.</summary>
    internal static Option<string[]> Listen(Language language) => new("--listen")
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
        var schema = new Option<bool>("--config-schema") { Description = words.ServeConfigSchema };
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
            config, schema, zones, secondaries, listen, secure, certificate, privateKey, keyFiles, allowsMd5, copying, notified, changing, compacts, nsid,
            version, rate, slip, metrics, strict, json, verbose,
        };
        Needs.OneOf(command, "Option '--zone' is required.", config, zones, secondaries, schema);
        command.SetAction((parsed, _) =>
        {
            if (parsed.GetValue(schema)) { return PrintSchemaAsync(io); }
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

    /// <summary>The schema is with the command, for who has nothing else of it.</summary>
    private static async Task<int> PrintSchemaAsync(CommandIo io)
    {
        await using var schema = typeof(ServeCommand).Assembly.GetManifestResourceStream("serve-dns.schema.json")!;
        using var text = new StreamReader(schema);
        io.Text.Write(await text.ReadToEndAsync());
        return 0;
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
        using var large = io.Signals.OutliveFileSize();
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
        string Counted() => DnsMetricsText.Of(
            counters!, MetricsPage.Transports, [.. server.Zones.Zones],
            [.. Enum.GetValues<Dns.Serving.RequestKind>().Select(kind => (kind, keeper.Granted(kind), keeper.Refusals(kind)))]);
        using var page = counters is null ? null : settings.Metrics!.Value.Read(text => OpenMetrics(io, network, text, new MetricsPage(Counted)));
        var over = shown is null ? null : plain with { Tls = shown.Open(network) };
        IReadOnlyList<Said> listen = settings.Listen.Count > 0 || sockets.AreInherited ? settings.Listen : [UsualAddress];
        var places = sockets.Places([.. listen.Select(text => (text, plain)), .. settings.ListenTls.Select(text => (text, over!))], plain, over);
        var responder = new AuthoritativeResponder(server, network.Time);
        return await ServeAsync(io, network, responder, places, tracer, manager, keeper.RunAsync);
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
    internal static HttpServer OpenMetrics(CommandIo io, OsNetwork network, string text, MetricsPage page)
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

    /// <summary>Serves at all places until a signal ends it.</summary>
    internal static async Task<int> ServeAsync(
        CommandIo io, INetwork network, IDnsResponder responder, IReadOnlyList<ListeningPlace> places, Tracer tracer, ServiceManager manager,
        Func<CancellationToken, Task>? beside = null)
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
            Task[] all = [.. servers.Select(server => server.RunAsync(ending.Token)), .. beside is null ? (Task[])[] : [beside(ending.Token)]];
            manager.Ready();
            // When one of them breaks the others must end too.
            try { await await Task.WhenAny(all); }
            finally
            {
                manager.Stopping();
                ending.Cancel();
                await Task.WhenAll(all);
            }
            // Whoever runs servers ends them so: that is no failure.
            return io.Signals.ExitCode is not Signals.Terminated and var code ? code : 0;
        }
        finally
        {
            foreach (var server in servers) { server.Dispose(); }
        }
    }
}
