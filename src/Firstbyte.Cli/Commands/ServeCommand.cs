using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Io;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Serving;
using Firstbyte.Exports;
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
        var zones = new Option<string[]>("--zone") { Description = io.Language.Help.ServeZone, HelpName = "ORIGIN=FILE", Required = true };
        var listen = Listen(io.Language);
        var json = new Option<bool>("--json") { Description = io.Language.Help.ServeDnsJson };
        var verbose = new Option<bool>("--verbose", "-v") { Description = io.Language.Help.ServeDnsVerbose };
        var strict = new Option<bool>("--strict") { Description = io.Language.Help.ZoneStrict };
        var command = new Command("dns", io.Language.Help.ServeDns) { zones, listen, strict, json, verbose };
        command.SetAction(async (parsed, _) =>
        {
            var files = new ZoneFiles(io, parsed.GetValue(zones)!, parsed.GetValue(strict));
            var network = new OsNetwork();
            var options = new AuthoritativeServerOptions { CookieSecret = NewSecret(network) };
            AuthoritativeServer server;
            // Until the server runs a signal ends the process as any other: reading long zones is nothing to be kept up.
            using (io.Signals.BeforeTheEnd(() => io.Errors.Complain(io.Language.Servers.EndedWhileReadingZones)))
            {
                server = new AuthoritativeServer(files.Load(), options);
            }
            var responder = new AuthoritativeResponder(server, network.Time);
            using var log = new ServerLog(io, parsed.GetValue(json), parsed.GetValue(verbose));
            using var hangup = io.Signals.HandleReload(() => files.TryReload(responder));
            return await ServeAsync(
                io, network, responder, parsed.GetValue(listen)!, log,
                new DnsServerOptions { DatagramThreads = Environment.ProcessorCount });
        });
        return command;
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
            return await ServeAsync(io, network, new RecursiveResponder(resolver), parsed.GetValue(listen)!, log);
        });
        return command;
    }

    private static async Task<int> ServeAsync(
        CommandIo io, INetwork network, IDnsResponder responder, string[] listen, ServerLog log, DnsServerOptions? options = null)
    {
        var tracer = new Tracer(log.Sink is SilentSink ? log.Sink : new MaskingSink(log.Sink));
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
            await Task.WhenAll(servers.Select(s => s.RunAsync(stopping)));
            return io.Signals.ExitCode;
        }
        finally
        {
            foreach (var server in servers) { server.Dispose(); }
        }
    }
}
