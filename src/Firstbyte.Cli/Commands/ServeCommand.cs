using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
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
    private const int CannotListen = ExitCodes.ConnectFailed;

    private const string ListenTls = "--listen-tls", RateLimit = "--rate-limit", RateSlip = "--rate-slip";

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
        DefaultValueFactory = _ => ["127.0.0.1:5300"],
        HelpName = "ADDR:PORT",
        AllowMultipleArgumentsPerToken = false,
    };

    private static Command CreateDns(CommandIo io)
    {
        const string AllowTransfer = "--allow-transfer", AllowUpdate = "--allow-update", Notify = "--notify", SecondaryOf = "--secondary";
        var words = io.Language.Help;
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
        var nsid = new Option<string?>("--nsid") { Description = words.ServeNsid, HelpName = "TEXT" };
        var version = new Option<string?>("--version-string") { Description = words.ServeVersion, HelpName = "TEXT" };
        var rate = new Option<uint?>(RateLimit) { Description = words.ServeRateLimit, HelpName = "N" };
        var slip = new Option<uint>(RateSlip) { Description = words.ServeRateSlip, DefaultValueFactory = static _ => 2, HelpName = "N" };
        var metrics = new Option<string?>("--metrics") { Description = words.ServeMetrics, HelpName = "ADDR:PORT" };
        var json = new Option<bool>("--json") { Description = words.ServeDnsJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = words.ServeDnsVerbose };
        var strict = new Option<bool>("--strict") { Description = words.ZoneStrict };
        var command = new Command("dns", words.ServeDns)
        {
            zones, secondaries, listen, secure, certificate, privateKey, keyFiles, allowsMd5, copying, notified, changing, compacts, nsid, version, rate, slip,
            metrics, strict, json, verbose,
        };
        // As the parser says it of an option that is always required.
        command.Validators.Add(result =>
        {
            if ((result.GetValue(zones) ?? []).Length + (result.GetValue(secondaries) ?? []).Length == 0) { result.AddError("Option '--zone' is required."); }
        });
        command.SetAction(async (parsed, _) =>
        {
            var (primaries, copies) = (parsed.GetValue(zones) ?? [], parsed.GetValue(secondaries) ?? []);
            // Until the server runs a signal ends the process as any other: reading long zones is nothing to be kept up.
            using var reading = io.Signals.BeforeTheEnd(() => io.Errors.Complain(io.Language.Servers.EndedWhileReadingZones));
            var files = new ZoneFiles(io, primaries, parsed.GetValue(strict));
            var network = new OsNetwork();
            var shown = Certificate(io, parsed.GetValue(secure) ?? [], parsed.GetValue(certificate), parsed.GetValue(privateKey));
            var keys = TransactionKeys.Read(io, parsed.GetValue(keyFiles) ?? [], parsed.GetValue(allowsMd5));
            var changes = new ZoneChanges(io, keys);
            var updateRules = changes.Rules(AllowUpdate, parsed.GetValue(changing) ?? [], needsKey: true);
            using var log = new ServerLog(io, parsed.GetValue(json), parsed.GetValue(verbose));
            var tracer = log.NewTracer();
            // Who copies and changes zones is told in any case.
            var span = (log.Sink is SilentSink ? new Tracer(new ChangeLog(io)) : tracer).Root(network);
            var keeper = new ZoneKeeper(network, [.. (parsed.GetValue(notified) ?? []).Select(text => changes.Peer(Notify, text))], span);
            var options = new AuthoritativeServerOptions
            {
                CookieSecret = NewSecret(network),
                Identity = Text(io, nsid.Name, parsed.GetValue(nsid)),
                Version = Text(io, version.Name, parsed.GetValue(version)),
                RateLimit = Rate(io, network, parsed.GetValue(rate), parsed.GetValue(slip)),
                Keys = keys,
                TransferRules = changes.Rules(AllowTransfer, parsed.GetValue(copying) ?? [], needsKey: false),
                Keeper = keeper,
            };
            foreach (var secondary in copies.Select(text => changes.Secondary(SecondaryOf, text))) { keeper.AddSecondary(secondary); }
            var journals = new List<JournalFile>();
            try
            {
                foreach (var (file, loaded) in files.LoadEach()) { Keep(io, keeper, changes, updateRules, parsed.GetValue(compacts), file, loaded, journals); }
                ZoneFiles.Settle();
                var server = new AuthoritativeServer(new ZoneSet(), options);
                keeper.Attach(server);
                reading.Dispose();
                using var hangup = io.Signals.HandleReload(() => files.TryReload(keeper, shown));
                var counters = parsed.GetValue(metrics) is null ? null : new DnsServerCounters();
                var plain = new DnsServerOptions
                {
                    DatagramThreads = Environment.ProcessorCount,
                    Troubles = new Tracer(new ChangeLog(io)).Root(network),
                    Counters = counters,
                };
                using var page = counters is null ? null : OpenMetrics(io, network, parsed.GetValue(metrics)!, new MetricsPage(counters, server));
                var over = shown is null ? null : plain with { Tls = shown.Open(network) };
                return await ServeAsync(
                    io, network, new AuthoritativeResponder(server, network.Time),
                    [.. parsed.GetValue(listen)!.Select(text => (text, plain)), .. (parsed.GetValue(secure) ?? []).Select(text => (text, over!))],
                    tracer, keeper);
            }
            finally { journals.ForEach(static journal => journal.Dispose()); }
        });
        return command;
    }

    /// <summary>A text that a server says of itself (RFC 4892): one character-string.</summary>
    /// <exception cref="UsageException">It is longer than one has room for.</exception>
    private static string? Text(CommandIo io, string option, string? text) =>
        text is null || System.Text.Encoding.UTF8.GetByteCount(text) is > 0 and <= byte.MaxValue
            ? text
            : throw new UsageException(io.Language.Usage.NoSuchValue(option, text));

    /// <exception cref="UsageException">A number is none that a rate can have.</exception>
    private static ResponseRateLimit? Rate(CommandIo io, OsNetwork network, uint? perSecond, uint slip)
    {
        const int most = 1_000_000;
        if (perSecond is null) { return null; }
        if (perSecond is 0 or > most) { throw new UsageException(io.Language.Usage.WantsNumberBetween(RateLimit, 1, most)); }
        if (slip > most) { throw new UsageException(io.Language.Usage.WantsNumberBetween(RateSlip, 0, most)); }
        return new ResponseRateLimit((int)perSecond, (int)slip, NewSecret(network));
    }

    /// <summary>Lets Prometheus fetch what is counted, until the result is disposed.</summary>
    /// <exception cref="UsageException">The address is none, or cannot be had.</exception>
    private static HttpServer OpenMetrics(CommandIo io, OsNetwork network, string text, MetricsPage page)
    {
        if (!Endpoint.TryParse(text, out var endpoint)) { throw new UsageException(io.Language.Usage.NoSuchValue("--metrics", text)); }
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
    private static ServerCertificate? Certificate(CommandIo io, string[] listen, string? certificate, string? key)
    {
        if (listen.Length > 0 && certificate is not null && key is not null) { return new ServerCertificate(io, certificate, key); }
        if (listen.Length > 0) { throw new UsageException(io.Language.Usage.Wants(ListenTls, certificate is null ? "--tls-cert FILE" : "--tls-key FILE")); }
        if ((certificate ?? key) is not null)
        {
            throw new UsageException(io.Language.Usage.Wants(certificate is null ? "--tls-key" : "--tls-cert", $"{ListenTls} ADDR:PORT"));
        }
        return null;
    }

    /// <summary>Takes a zone up, with its journal where there is one or may be one.</summary>
    private static void Keep(
        CommandIo io, ZoneKeeper keeper, ZoneChanges changes, IReadOnlyList<AccessRule> rules, bool compacts, string file, Zone zone,
        List<JournalFile> journals)
    {
        if (keeper.Holds(zone.Origin)) { throw new UsageException(io.Language.Changes.ZoneTwice($"{zone.Origin}")); }
        var mayChange = rules.Count > 0 && file != CommandIo.StandardStream;
        if (mayChange && !ZoneUpdate.CanChange(zone))
        {
            io.Errors.Complain(io.Language.Changes.SignedNotChanged($"{zone.Origin}"));
            mayChange = false;
        }
        var journal = file == CommandIo.StandardStream ? null : changes.OpenJournal(file, mayChange, compacts, ref zone);
        if (journal is not null) { journals.Add(journal); }
        // With a journal the file is not the newest version, whoever may change the zone now.
        if (journal is not null) { keeper.AddChanging(zone, mayChange ? rules : [], journal); }
        else { keeper.AddPrimary(zone); }
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
        var json = new Option<bool>("--json") { Description = io.Language.Help.ServeResolverJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = io.Language.Help.ServeResolverVerbose };
        var command = new Command("resolver", io.Language.Help.ServeResolver) { listen, hints, port, json, verbose };
        command.SetAction(async (parsed, _) =>
        {
            var network = new OsNetwork();
            var upstream = parsed.GetValue(port);
            var hintFile = parsed.GetValue(hints);
            var options = new RecursiveResolverOptions
            {
                Hints = hintFile is null ? Delegation.Root : ZoneFiles.Hints(io, hintFile),
                // Another port or other roots mean a laboratory, whose servers may well live on this host.
                Policy = new UpstreamPolicy
                {
                    Port = upstream,
                    AllowLoopback = upstream != 53 || hintFile is not null,
                    UseV6 = await HostRoutes.ReachesInternetAsync(network, IpVersion.V6),
                },
            };
            using var resolver = new RecursiveResolver(network, options);
            using var log = new ServerLog(io, parsed.GetValue(json), parsed.GetValue(verbose));
            // There is nothing to read again; a supervisor's habit of sending it shall not end the service.
            using var hangup = io.Signals.HandleReload(static () => true);
            var plain = new DnsServerOptions { Troubles = new Tracer(new ChangeLog(io)).Root(network) };
            return await ServeAsync(
                io, network, new RecursiveResponder(resolver), [.. parsed.GetValue(listen)!.Select(text => (text, plain))], log.NewTracer());
        });
        return command;
    }

    private static async Task<int> ServeAsync(
        CommandIo io, INetwork network, IDnsResponder responder, IReadOnlyList<(string Text, DnsServerOptions Options)> listen, Tracer tracer,
        ZoneKeeper? keeper = null)
    {
        var servers = new List<DnsServer>();
        var stopping = io.Signals.Stopping;
        try
        {
            foreach (var (text, options) in listen)
            {
                if (!Endpoint.TryParse(text, out var endpoint)) { throw new UsageException(io.Language.Usage.NoListener(text)); }
                var server = new DnsServer(network, responder, options, tracer.Root(network));
                servers.Add(server);
                try
                {
                    var bound = server.Bind(endpoint);
                    // Scripts wait for this line: it says the port where :0 was asked for.
                    io.Errors.Say(options.Tls is null ? io.Language.Servers.ListeningOn(bound) : io.Language.Servers.ListeningOnTls(bound));
                }
                catch (NetworkException e)
                {
                    throw new UsageException(io.Language.Servers.CannotListen(endpoint, e.Error), CannotListen);
                }
            }
            await Task.WhenAll([.. servers.Select(s => s.RunAsync(stopping)), keeper?.RunAsync(stopping) ?? Task.CompletedTask]);
            return io.Signals.ExitCode;
        }
        finally
        {
            foreach (var server in servers) { server.Dispose(); }
        }
    }
}
