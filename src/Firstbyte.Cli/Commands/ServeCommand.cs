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
        var keyFiles = new Option<string[]>("--tsig-key") { Description = words.ServeTsigKey, HelpName = "FILE" };
        var allowsMd5 = new Option<bool>("--tsig-md5") { Description = words.ServeTsigMd5 };
        var copying = new Option<string[]>(AllowTransfer) { Description = words.ServeAllowTransfer, HelpName = "WHO" };
        var changing = new Option<string[]>(AllowUpdate) { Description = words.ServeAllowUpdate, HelpName = "WHO" };
        var compacts = new Option<bool>("--compact") { Description = words.ServeCompact };
        var notified = new Option<string[]>(Notify) { Description = words.ServeNotify, HelpName = "ADDR[#PORT][,key=NAME]" };
        var secondaries = new Option<string[]>(SecondaryOf) { Description = words.ServeSecondary, HelpName = "ORIGIN=ADDR[#PORT][,key=NAME],file=FILE" };
        var json = new Option<bool>("--json") { Description = words.ServeDnsJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = words.ServeDnsVerbose };
        var strict = new Option<bool>("--strict") { Description = words.ZoneStrict };
        var command = new Command("dns", words.ServeDns)
        {
            zones, secondaries, listen, keyFiles, allowsMd5, copying, notified, changing, compacts, strict, json, verbose,
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
                using var hangup = io.Signals.HandleReload(() => files.TryReload(keeper));
                return await ServeAsync(
                    io, network, new AuthoritativeResponder(server, network.Time), parsed.GetValue(listen)!, tracer,
                    new DnsServerOptions { DatagramThreads = Environment.ProcessorCount }, keeper);
            }
            finally { journals.ForEach(static journal => journal.Dispose()); }
        });
        return command;
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
            return await ServeAsync(io, network, new RecursiveResponder(resolver), parsed.GetValue(listen)!, log.NewTracer());
        });
        return command;
    }

    private static async Task<int> ServeAsync(
        CommandIo io, INetwork network, IDnsResponder responder, string[] listen, Tracer tracer, DnsServerOptions? options = null, ZoneKeeper? keeper = null)
    {
        var servers = new List<DnsServer>();
        var stopping = io.Signals.Stopping;
        try
        {
            foreach (var text in listen)
            {
                if (!Endpoint.TryParse(text, out var endpoint)) { throw new UsageException(io.Language.Usage.NoListener(text)); }
                var server = new DnsServer(network, responder, options, tracer.Root(network));
                servers.Add(server);
                try
                {
                    var bound = server.Bind(endpoint);
                    // Scripts wait for this line: it says the port where :0 was asked for.
                    io.Errors.Say(io.Language.Servers.ListeningOn(bound));
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
