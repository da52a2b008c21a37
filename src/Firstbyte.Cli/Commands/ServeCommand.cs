using System.CommandLine;
using Firstbyte.Addressing;
using Firstbyte.Cli.Drawing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Zones;
using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte serve dns | resolver</c>: DNS servers on this machine's network.</summary>
internal static class ServeCommand
{
    /// <summary>Exit code of a server that cannot take its address (curl's "could not connect" is the nearest).</summary>
    private const int CannotListen = ExitCodes.ConnectFailed;

    public static Command Create(Language language)
    {
        var command = new Command("serve", "Serves DNS on this machine's network, until Ctrl-C");
        command.Subcommands.Add(CreateDns(language));
        command.Subcommands.Add(CreateResolver(language));
        return command;
    }

    private static Option<string[]> Listen() => new("--listen")
    {
        Description = "Address and port to listen on, UDP and TCP (several may be given)",
        DefaultValueFactory = _ => ["127.0.0.1:5300"],
        HelpName = "ADDR:PORT",
        AllowMultipleArgumentsPerToken = false,
    };

    private static Command CreateDns(Language language)
    {
        var zones = new Option<string[]>("--zone") { Description = "A zone to serve and its file, e.g. example.com=example.com.zone", HelpName = "ORIGIN=FILE", Required = true };
        var listen = Listen();
        var json = new Option<bool>("--json") { Description = "Print every query and response as one JSON object a line" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Print every query and response" };
        var command = new Command("dns", "Answers with authority from zone files") { zones, listen, json, verbose };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var loaded = parsed.GetValue(zones)!.Select(Load).ToArray();
                var responder = new AuthoritativeResponder(new ZoneSet(loaded));
                foreach (var zone in loaded) { Console.Error.WriteLine($"zone {zone.Origin}: {language.Amounts.Names(zone.NameCount)}, serial {zone.Soa.Serial}"); }
                return await RunAsync(new OsNetwork(), responder, parsed.GetValue(listen)!, Sink(language, parsed.GetValue(json), parsed.GetValue(verbose)), cancellation);
            }
            catch (UsageException e)
            {
                await Console.Error.WriteLineAsync("firstbyte: " + e.Message);
                return e.ExitCode;
            }
        });
        return command;
    }

    private static Command CreateResolver(Language language)
    {
        var listen = Listen();
        var hints = new Option<string?>("--root-hints") { Description = "Root servers from a file in the format of named.cache, instead of the built-in ones", HelpName = "FILE" };
        var port = new Option<ushort>("--port-upstream") { Description = "Port on which authoritative servers are asked", DefaultValueFactory = _ => (ushort)53, HelpName = "N" };
        var json = new Option<bool>("--json") { Description = "Print every step of every resolution as one JSON object a line" };
        var verbose = new Option<bool>("--verbose", "-v") { Description = "Print every step of every resolution" };
        var command = new Command("resolver", "Resolves for clients, from the root servers down, with a cache") { listen, hints, port, json, verbose };
        command.SetAction(async (parsed, cancellation) =>
        {
            try
            {
                var network = new OsNetwork();
                var upstream = parsed.GetValue(port);
                var hintFile = parsed.GetValue(hints);
                var options = new RecursiveResolverOptions
                {
                    Hints = hintFile is null ? Delegation.Root : Hints(hintFile),
                    // Another port or other roots mean a laboratory, whose servers may well live on this host.
                    Policy = new UpstreamPolicy
                    {
                        Port = upstream,
                        AllowLoopback = upstream != 53 || hintFile is not null,
                        UseV6 = await HostRoutes.ReachesInternetAsync(network, IpVersion.V6),
                    },
                };
                using var resolver = new RecursiveResolver(network, options);
                return await RunAsync(network, new RecursiveResponder(resolver), parsed.GetValue(listen)!, Sink(language, parsed.GetValue(json), parsed.GetValue(verbose)), cancellation);
            }
            catch (UsageException e)
            {
                await Console.Error.WriteLineAsync("firstbyte: " + e.Message);
                return e.ExitCode;
            }
        });
        return command;
    }

    private static ITraceSink Sink(Language language, bool json, bool verbose) =>
        json ? new JsonLines(Console.OpenStandardOutput(), EventLevel.All)
        : verbose ? new Storyteller(Page.On(Console.Out, Console.IsOutputRedirected, ColourChoice.Auto), language, 1)
        : SilentSink.Instance;

    private static async Task<int> RunAsync(INetwork network, IDnsResponder responder, string[] listen, ITraceSink sink, CancellationToken cancellation)
    {
        var tracer = new Tracer(sink is SilentSink ? sink : new MaskingSink(sink));
        var servers = new List<DnsServer>();
        try
        {
            foreach (var text in listen)
            {
                if (!Endpoint.TryParse(text, out var endpoint)) { throw new UsageException($"--listen '{text}': expected an address and a port, such as 127.0.0.1:5300 or [::1]:5300"); }
                var server = new DnsServer(network, responder, null, tracer.Root(network));
                servers.Add(server);
                try
                {
                    var bound = server.Bind(endpoint);
                    // Scripts wait for this line: it says the port where :0 was asked for.
                    await Console.Error.WriteLineAsync($"listening on {bound}, UDP and TCP; Ctrl-C ends");
                }
                catch (NetworkException e)
                {
                    throw new UsageException($"cannot listen on {endpoint}: {e.Error}" + e.Error switch
                    {
                        Errno.EADDRINUSE => " (another program has the port: choose another, or end that one)",
                        Errno.EACCES or Errno.EPERM => " (ports below 1024 are root's: choose a higher one)",
                        Errno.EADDRNOTAVAIL => " (this machine does not have that address)",
                        _ => "",
                    }, CannotListen);
                }
            }
            await Task.WhenAll(servers.Select(s => s.RunAsync(cancellation)));
            return 0;
        }
        finally
        {
            foreach (var server in servers) { server.Dispose(); }
            try { (sink as JsonLines)?.Close(); }
            // The reader of the pipe went away: what is left has nobody to go to.
            catch (IOException) { }
        }
    }

    private static Zone Load(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0 || equals == text.Length - 1) { throw new UsageException($"--zone '{text}': expected ORIGIN=FILE, such as example.com=example.com.zone"); }
        if (!DnsName.TryParse(text[..equals], out var origin)) { throw new UsageException($"--zone '{text}': '{text[..equals]}' is not a domain name"); }
        var file = text[(equals + 1)..];
        var folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (Zone.TryLoad(ReadText(file), file, origin, out var zone, out var problems, included => ReadIncluded(folder, included)))
        {
            foreach (var problem in problems) { Console.Error.WriteLine($"firstbyte: {problem}"); }
            return zone;
        }
        throw new UsageException($"zone {origin} cannot be served:\n" + string.Join('\n', problems.Select(p => "  " + p)));
    }

    private static Delegation Hints(string file)
    {
        var read = ZoneFileReader.Read(ReadText(file), file, DnsName.Root, null);
        var errors = read.Problems.Where(p => p.IsError).ToArray();
        if (errors.Length > 0) { throw new UsageException($"the root hints cannot be used:\n" + string.Join('\n', errors.Select(p => "  " + p))); }
        return Delegation.FromHints(read.Records);
    }

    private static string? ReadIncluded(string folder, string name)
    {
        var path = Path.Combine(folder, name);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }

    private static string ReadText(string file)
    {
        try { return File.ReadAllText(file); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"'{file}' cannot be read: {e.Message}", ExitCodes.ReadFailed); }
    }
}
