using System.CommandLine;
using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>The options that say what becomes of messages.</summary>
internal sealed class MailSettings(Language language)
{
    private readonly Option<bool> _send = new("--send") { Description = language.Help.Send };
    private readonly Option<string?> _from = new("--mail-from") { Description = language.Help.MailFrom, HelpName = "ADDRESS" };
    private readonly Option<string?> _smarthost = new("--smarthost") { Description = language.Help.Smarthost, HelpName = "HOST[:PORT]" };

    /// <summary>All of them.</summary>
    public IEnumerable<Option> All => [_send, _from, _smarthost];

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
        // An address of version 6 stands in brackets, as in a URL.
        var colon = text.LastIndexOf(':');
        var isPort = colon > text.LastIndexOf(']') && text.IndexOf(':', StringComparison.Ordinal) is var first && (first == colon || text[0] == '[');
        var host = isPort ? text[..colon] : text;
        var port = (ushort)MailOptions.SubmissionPort;
        if (host.Length == 0 || host.AsSpan().IndexOfAny(" /@") >= 0
            || (isPort && (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port == 0)))
        {
            throw new UsageException(language.Usage.NoHostAndPort(_smarthost.Name, Printable.Text(text)));
        }
        return options with { Smarthost = host, SmarthostPort = port };
    }
}
