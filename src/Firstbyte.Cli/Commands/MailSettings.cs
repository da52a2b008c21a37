using System.CommandLine;
using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The options that say what becomes of messages, and which news server is asked.</summary>
internal sealed class MailSettings(Language language)
{
    private readonly Option<bool> _send = new("--send") { Description = language.Help.Send };
    private readonly Option<string?> _from = new("--mail-from") { Description = language.Help.MailFrom, HelpName = "ADDRESS" };
    private readonly Option<string?> _newsServer = new("--news-server") { Description = language.Help.NewsServer, HelpName = "HOST[:PORT]" };
    private readonly Option<string?> _smarthost = new("--smarthost") { Description = language.Help.Smarthost, HelpName = "HOST[:PORT]" };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_send, _from, _smarthost, _newsServer];

    /// <summary>What was typed.</summary>
    /// <exception cref="UsageException">A value is none.</exception>
    public MailOptions Read(ParseResult parsed)
    {
        MailAddress? sender = null;
        if (parsed.GetValue(_from) is { } from && !MailAddress.TryParse(from, out sender))
        {
            throw new UsageException(language.Usage.NoMailbox(_from.Name, Printable.Text(from)));
        }
        var options = new MailOptions { Sender = sender, Sends = parsed.GetValue(_send) };
        if (parsed.GetValue(_smarthost) is not { } text) { return options; }
        var (host, port) = HostAndPort(_smarthost, text, MailOptions.SubmissionPort);
        return options with { Smarthost = host, SmarthostPort = port };
    }

    /// <summary>Which news server is asked; the variable NNTPSERVER is the host's, and read there.</summary>
    /// <exception cref="UsageException">The value is none.</exception>
    public NewsOptions ReadNews(ParseResult parsed)
    {
        var sender = Read(parsed).Sender?.ToString();
        if (parsed.GetValue(_newsServer) is not { } text) { return new NewsOptions { Sender = sender }; }
        var (host, port) = HostAndPort(_newsServer, text, NewsOptions.Port);
        return new NewsOptions { Server = host, ServerPort = port, From = _newsServer.Name, Sender = sender };
    }

    /// <summary>The same with the variable of the host, where nothing was typed.</summary>
    public static NewsOptions At(NewsOptions options, Func<string, string?> variables) =>
        options.Server is null && variables("NNTPSERVER") is { Length: > 0 } named && !named.Any(char.IsWhiteSpace)
            ? Named(options, named) : options;

    private static NewsOptions Named(NewsOptions options, string text)
    {
        var colon = text.LastIndexOf(':');
        var isPort = colon > text.LastIndexOf(']') && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
        return options with
        {
            Server = isPort ? text[..colon] : text,
            ServerPort = isPort ? ushort.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture) : NewsOptions.Port,
            From = "NNTPSERVER",
        };
    }

    private (string Host, int Port) HostAndPort(Option<string?> option, string text, int standard)
    {
        // An address of version 6 stands in brackets, as in a URL.
        var colon = text.LastIndexOf(':');
        var isPort = colon > text.LastIndexOf(']') && text.IndexOf(':', StringComparison.Ordinal) is var first && (first == colon || text[0] == '[');
        var host = isPort ? text[..colon] : text;
        var port = (ushort)standard;
        if (host.Length == 0 || host.AsSpan().IndexOfAny(" /@") >= 0
            || (isPort && (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)))
        {
            throw new UsageException(language.Usage.NoHostAndPort(option.Name, Printable.Text(text)));
        }
        return (host, port);
    }
}
