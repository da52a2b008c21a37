using System.Text;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Tls;

namespace Firstbyte.Cli.Commands;

/// <summary>Runs the journeys of one call, over this machine's network or inside a lab, and tells them.</summary>
internal static class Fetch
{
    public static async Task<int> RunAsync(FetchSettings settings, CancellationToken cancellation)
    {
        JourneyRequest[] requests;
        try { requests = Requests(settings); }
        catch (UsageException e)
        {
            await Console.Error.WriteLineAsync("firstbyte: " + e.Message);
            return e.ExitCode;
        }
        try
        {
            settings.Place.Check();
            return settings.Place.Lab is not null ? LabRun.Fetch(settings, requests, cancellation)
                : settings.Place.Tun is not null ? TunRun.Fetch(settings, requests, cancellation)
                : RunHere(settings, requests, cancellation);
        }
        catch (UsageException e)
        {
            await Console.Out.FlushAsync(CancellationToken.None);
            await Console.Error.WriteLineAsync("firstbyte: " + e.Message);
            return e.ExitCode;
        }
    }

    private static int RunHere(FetchSettings settings, JourneyRequest[] requests, CancellationToken cancellation)
    {
        var options = Options(settings) with { NamedProxy = NamedProxy() };
        using var outlet = new Outlet(settings);
        var exitCode = 0;
        // One thread does everything, timers included: a process that fetches one page has no use for a pool of them.
        OsNetwork.Run(async network =>
            exitCode = await RunJourneysAsync(settings, requests, network, Resolver(settings.Place, network), new SslStreamTlsProvider(network), options, outlet, cancellation));
        return exitCode;
    }

    /// <summary>The journeys one after the other, with one cache and one set of connections; the last failure's code is the exit code, as curl's.</summary>
    public static async Task<int> RunJourneysAsync(
        FetchSettings settings, JourneyRequest[] requests, INetwork network, INameResolver resolver, ITlsProvider tls, JourneyOptions options, Outlet outlet, CancellationToken cancellation)
    {
        var exitCode = ExitCodes.Success;
        using var client = new JourneyClient(network, resolver, tls, options);
        foreach (var request in requests)
        {
            using var body = outlet.OpenBody();
            var result = await client.RunAsync(request, body, outlet.Tracer, cancellation);
            if (result.Failure is { } failure)
            {
                exitCode = result.ExitCode;
                if (settings.BodyOnly || settings.Place.Json) { await Console.Error.WriteLineAsync(settings.Place.Language.Failures.OneLine(failure).ToString()); }
            }
        }
        return exitCode;
    }

    public static JourneyOptions Options(FetchSettings settings) => new()
    {
        UserAgent = "firstbyte/" + Application.Version,
        AllowCertificateFaults = settings.Insecure,
        MaximumTime = settings.Place.MaximumTime,
        ConnectTimeout = settings.ConnectTimeout ?? new JourneyOptions().ConnectTimeout,
        FreshNames = settings.Place.NoCache,
        TellBytes = settings.Place.Verbosity > 0,
        KeepConnections = settings.Urls.Length > 1,
    };

    /// <summary>The resolver that the options ask for; this host's configured one by default.</summary>
    public static INameResolver Resolver(PlaceSettings place, INetwork network) =>
        place.Server is { } server ? StubResolver.FromServer(network, server)
        : place.Iterative ? new LocalNameResolver(network, new RecursiveResolver(network))
        : StubResolver.FromSystem(network);

    private static JourneyRequest[] Requests(FetchSettings settings)
    {
        var fields = new List<HttpField>();
        foreach (var text in settings.Fields)
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0) { throw new UsageException($"-H '{text}': expected 'Name: value', or 'Name:' to take one of ours out"); }
            fields.Add(new HttpField(text[..colon], text[(colon + 1)..].Trim(' ', '\t')));
        }
        byte[]? body = settings.Data.Length == 0 ? null : Body(settings.Data);
        return [.. settings.Urls.Select(url => new JourneyRequest(url)
        {
            Method = settings.Method ?? (settings.Head ? "HEAD" : null),
            Fields = fields,
            Body = body is null ? (ReadOnlyMemory<byte>?)null : body,
            Version = settings.Http10 ? HttpVersion.Http10 : HttpVersion.Http11,
        })];
    }

    private static byte[] Body(string[] data)
    {
        var parts = new List<byte[]>();
        foreach (var part in data)
        {
            if (!part.StartsWith('@'))
            {
                parts.Add(Encoding.UTF8.GetBytes(part));
                continue;
            }
            // curl's -d takes line ends out of a file.
            try { parts.Add([.. File.ReadAllBytes(part[1..]).Where(b => b is not ((byte)'\r' or (byte)'\n'))]); }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"-d '{part}': {e.Message}", ExitCodes.ReadFailed); }
        }
        return [.. parts.Aggregate((all, next) => [.. all, (byte)'&', .. next])];
    }

    private static (string Variable, string Value)? NamedProxy()
    {
        foreach (var name in (string[])["http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value) { return (name, value); }
        }
        return null;
    }
}

/// <summary>The command line asks for something that cannot be done; the message says what and what to do.</summary>
internal sealed class UsageException(string message, int exitCode = ExitCodes.Usage) : Exception(message)
{
    public int ExitCode { get; } = exitCode;
}
