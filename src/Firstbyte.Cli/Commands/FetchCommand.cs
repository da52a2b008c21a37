using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte URL…</c>: the journey of each URL, told step by step.</summary>
internal static class FetchCommand
{
    public static RootCommand Create(CommandIo io)
    {
        var urls = new Argument<string[]>("url") { Description = io.Language.Help.Url, Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = io.Language.Help.Output, HelpName = "FILE" };
        var body = new Option<bool>("--body") { Description = io.Language.Help.Body };
        var http10 = new Option<bool>("--http1.0", "-0") { Description = io.Language.Help.Http10 };
        var method = new Option<string?>("--request", "-X") { Description = io.Language.Help.Method, HelpName = "METHOD" };
        var fields = new Option<string[]>(
            "--header", "-H")
        {
            Description = io.Language.Help.Header,
            HelpName = "FIELD",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false
        };
        var data = new Option<string[]>(
            "--data", "-d")
        {
            Description = io.Language.Help.Data,
            HelpName = "DATA",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false
        };
        var upload = new Option<string?>("--upload-file", "-T") { Description = io.Language.Help.Upload, HelpName = "FILE" };
        var head = new Option<bool>("--head", "-I") { Description = io.Language.Help.Head };
        var insecure = new Option<bool>("--insecure", "-k") { Description = io.Language.Help.Insecure };
        var location = new Option<bool>("--location", "-L") { Description = io.Language.Help.Location };
        var maximumRedirects = new Option<int?>("--max-redirs") { Description = io.Language.Help.MaximumRedirects, HelpName = "N" };
        var cookies = new Option<string[]>(
            "--cookie", "-b")
        {
            Description = io.Language.Help.Cookie,
            HelpName = "DATA|FILE",
            Arity = ArgumentArity.OneOrMore,
            AllowMultipleArgumentsPerToken = false
        };
        var cookieJar = new Option<string?>("--cookie-jar", "-c") { Description = io.Language.Help.CookieJar, HelpName = "FILE" };
        var compressed = new Option<bool>("--compressed") { Description = io.Language.Help.Compressed };
        var connectTimeout = TimeLimits.CreateOption(io.Language, io.Language.Help.ConnectTimeout, "--connect-timeout");
        var noProgress = new Option<bool>("--no-progress-meter") { Description = io.Language.Help.NoProgress };
        var place = new PlaceOptions(io.Language);

        var command = new RootCommand(io.Language.Help.Root)
        {
            urls, output, body, method, fields, data, upload, head, http10, compressed, cookies, cookieJar, location, maximumRedirects, insecure,
            connectTimeout, noProgress,
        };
        place.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = new FetchSettings
            {
                Urls = parsed.GetValue(urls) ?? [],
                Output = parsed.GetValue(output) is { } file && file != "-" ? file : null,
                BodyOnly = parsed.GetValue(body) || parsed.GetValue(output) == "-",
                IsRaw = parsed.GetValue(output) == "-",
                Cookies = parsed.GetValue(cookies) ?? [],
                CookieJar = parsed.GetValue(cookieJar),
                Compressed = parsed.GetValue(compressed),
                Http10 = parsed.GetValue(http10),
                Method = parsed.GetValue(method),
                Fields = parsed.GetValue(fields) ?? [],
                Data = parsed.GetValue(data) ?? [],
                Upload = parsed.GetValue(upload),
                Head = parsed.GetValue(head),
                Insecure = parsed.GetValue(insecure),
                Location = parsed.GetValue(location),
                MaximumRedirects = parsed.GetValue(maximumRedirects),
                ConnectTimeout = TimeLimits.Read(parsed, connectTimeout),
                NoProgress = parsed.GetValue(noProgress),
                Place = place.Read(parsed),
            };
            if (settings.BodyOnly && settings.Output is null && (settings.Place.Json || settings.Place.Pcap == CommandIo.StandardStream))
            {
                throw new UsageException(io.Language.Places.OneOnOutput(settings.IsRaw ? "-o -" : "--body", settings.Place.Json ? "--json" : "--pcap -"));
            }
            if (settings.Urls.Length == 0)
            {
                throw new UsageException(io.Language.Usage.NoUrl);
            }
            return Fetch.Run(io, settings);
        });
        return command;
    }
}

/// <summary>What the command line asked for.</summary>
internal sealed record FetchSettings
{
    public required string[] Urls { get; init; }

    public string? Output { get; init; }

    public bool BodyOnly { get; init; }

    /// <summary>Whether the body goes to standard output as it is, even to a terminal.</summary>
    public bool IsRaw { get; init; }

    public bool Http10 { get; init; }

    /// <summary>Cookies to send, each a file of them or "name=value; name=value".</summary>
    public string[] Cookies { get; init; } = [];

    /// <summary>Where the cookies are kept after the run.</summary>
    public string? CookieJar { get; init; }

    /// <summary>Whether content codings are asked for, and taken off.</summary>
    public bool Compressed { get; init; }

    public string? Method { get; init; }

    public string[] Fields { get; init; } = [];

    public string[] Data { get; init; } = [];

    public bool Head { get; init; }

    /// <summary>What is to be stored under the URL.</summary>
    public string? Upload { get; init; }

    public bool Insecure { get; init; }

    /// <summary>Whether redirects are followed.</summary>
    public bool Location { get; init; }

    public int? MaximumRedirects { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    /// <summary>Whether no line of progress is drawn.</summary>
    public bool NoProgress { get; init; }

    public required PlaceSettings Place { get; init; }
}
