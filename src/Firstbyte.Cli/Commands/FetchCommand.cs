using System.CommandLine;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;

namespace Firstbyte.Cli.Commands;

/// <summary><c>firstbyte URL…</c>: the journey of each URL, told step by step.</summary>
internal static class FetchCommand
{
    public static RootCommand Create(CommandIo io)
    {
        var urls = new Argument<string[]>("url") { Description = "What to fetch, e.g. http://example.com/; without a scheme http:// is assumed", Arity = ArgumentArity.ZeroOrMore };
        var output = new Option<string?>("--output", "-o") { Description = "Write the body to a file ('-': standard output)", HelpName = "FILE" };
        var body = new Option<bool>("--body") { Description = "Print only the body" };
        var http10 = new Option<bool>("--http1.0", "-0") { Description = "Speak HTTP/1.0: the server closes after its response" };
        var method = new Option<string?>("--request", "-X") { Description = "The request's method", HelpName = "METHOD" };
        var fields = new Option<string[]>("--header", "-H") { Description = "Add a field 'Name: value'; 'Name:' removes a default field", HelpName = "FIELD", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        var data = new Option<string[]>("--data", "-d") { Description = "Send this body with POST (@FILE reads a file, @- standard input); several are joined by '&'", HelpName = "DATA", Arity = ArgumentArity.OneOrMore, AllowMultipleArgumentsPerToken = false };
        var head = new Option<bool>("--head", "-I") { Description = "Ask for the head only (HEAD)" };
        var insecure = new Option<bool>("--insecure", "-k") { Description = "Go on when the certificate is faulty (the faults are still told)" };
        var connectTimeout = new Option<double?>("--connect-timeout") { Description = "Give up connecting after so many seconds", HelpName = "SECONDS" };
        var place = new PlaceOptions();

        var command = new RootCommand("Takes a URL from its text to the last byte of its response, and shows every step on the way.") { urls, output, body, method, fields, data, head, http10, insecure, connectTimeout };
        place.AddTo(command);
        command.SetAction(parsed =>
        {
            var settings = new FetchSettings
            {
                Urls = parsed.GetValue(urls) ?? [],
                Output = parsed.GetValue(output) is { } file && file != "-" ? file : null,
                BodyOnly = parsed.GetValue(body) || parsed.GetValue(output) == "-",
                Http10 = parsed.GetValue(http10),
                Method = parsed.GetValue(method),
                Fields = parsed.GetValue(fields) ?? [],
                Data = parsed.GetValue(data) ?? [],
                Head = parsed.GetValue(head),
                Insecure = parsed.GetValue(insecure),
                ConnectTimeout = parsed.GetValue(connectTimeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                Place = place.Read(parsed),
            };
            if (settings.Urls.Length == 0)
            {
                throw new UsageException("no URL given\nTry: firstbyte --lab http://www.lab.glasscom.com/dir1/file1.html   ·   firstbyte --help");
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

    public bool Http10 { get; init; }

    public string? Method { get; init; }

    public string[] Fields { get; init; } = [];

    public string[] Data { get; init; } = [];

    public bool Head { get; init; }

    public bool Insecure { get; init; }

    public TimeSpan? ConnectTimeout { get; init; }

    public required PlaceSettings Place { get; init; }
}
