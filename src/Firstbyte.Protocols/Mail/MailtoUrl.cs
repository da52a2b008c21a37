using System.Text;
using System.Text.Unicode;
using Firstbyte.Urls;

namespace Firstbyte.Mail;

/// <summary>Why no message can be made or sent of a mailto: URL.</summary>
public enum MailtoFault : byte
{
    /// <summary>One can.</summary>
    None,

    /// <summary>Nobody is named to whom it goes.</summary>
    NoRecipient,

    /// <summary>What names a recipient or the sender is no mailbox.</summary>
    NotAMailbox,

    /// <summary>More recipients than <see cref="MailLimits.Recipients"/>.</summary>
    TooManyRecipients,

    /// <summary>A value that becomes a field of the message holds a line end or another control character: what follows would be another field.</summary>
    ControlCharacter,

    /// <summary>A part of it is no UTF-8 (RFC 6068 2).</summary>
    NotUtf8,

    /// <summary>It is longer than <see cref="MailLimits.Url"/>.</summary>
    TooLong,

    /// <summary>It is to be sent, and nobody is named who sends it.</summary>
    NoSender,
}

/// <summary>Why a field of a mailto: URL goes into no message.</summary>
public enum IgnoredFieldReason : byte
{
    /// <summary>It would speak in the sender's name, or have a file of this host sent (RFC 6068 4, 7).</summary>
    Unsafe,

    /// <summary>It is no field that a URL may set here.</summary>
    Unknown,
}

/// <summary>A field of a mailto: URL that goes into no message.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why not.</param>
public sealed record IgnoredField(string Name, IgnoredFieldReason Reason);

/// <summary>What a mailto: URL asks to be written (RFC 6068).</summary>
/// <param name="To">To whom.</param>
/// <param name="Cc">To whom else.</param>
/// <param name="Bcc">To whom else, of whom the others do not know.</param>
/// <param name="Subject">About what; null where it says nothing.</param>
/// <param name="Body">The text, its lines ended by LF.</param>
/// <param name="InReplyTo">To which message; null for none.</param>
/// <param name="Ignored">Fields that it names and that are not heeded.</param>
public sealed record MailtoUrl(
    MailAddress[] To, MailAddress[] Cc, MailAddress[] Bcc, string? Subject, string Body, string? InReplyTo, IgnoredField[] Ignored)
{
    // RFC 6068 4: fields by which a stranger would speak in the user's name, or be sent what is the user's.
    private static readonly HashSet<string> s_unsafe = new(StringComparer.OrdinalIgnoreCase)
    {
        "from", "sender", "reply-to", "return-path", "received", "date", "message-id", "attach", "attachment", "attachments", "apparently-to",
        "resent-from", "resent-to", "resent-cc", "resent-bcc", "content-type", "content-transfer-encoding", "mime-version",
    };

    /// <summary>Everybody to whom it goes, each once.</summary>
    public IEnumerable<MailAddress> Recipients => To.Concat(Cc).Concat(Bcc).DistinctBy(static one => one.ToString(), StringComparer.Ordinal);

    /// <summary>Reads the path and the query of a URL, both still percent-encoded; <paramref name="part"/> is what is at fault.</summary>
    /// <remarks>
    /// <code>
    /// mailtoURI = "mailto:" [ to ] [ hfields ]     to      = addr-spec *("," addr-spec )
    /// hfields   = "?" hfield *( "&amp;" hfield )   hfield  = hfname "=" hfvalue
    /// </code>
    /// "+" is a plus. Commas are found before anything is decoded, so that one inside a local part is written %2C. What is named twice is heeded once (the
    /// last subject; bodies and recipients are added up). A line end in a body is %0D%0A; a lone one is taken for it.
    /// </remarks>
    public static MailtoFault TryRead(string path, string query, out MailtoUrl? url, out string part)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(query);
        (url, part) = (null, "");
        if (path.Length + query.Length > MailLimits.Url) { return MailtoFault.TooLong; }
        var lists = new Dictionary<string, List<MailAddress>>(StringComparer.Ordinal) { ["to"] = [], ["cc"] = [], ["bcc"] = [] };
        var ignored = new List<IgnoredField>();
        var (subject, reply, body) = ((string?)null, (string?)null, new StringBuilder());
        if (AddTo(lists["to"], path, ref part) is not MailtoFault.None and var bad) { return bad; }
        foreach (var field in (query.StartsWith('?') ? query[1..] : query).Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var equals = field.IndexOf('=', StringComparison.Ordinal);
            var encoded = equals < 0 ? "" : field[(equals + 1)..];
            part = field;
            if (!TryDecode(equals < 0 ? field : field[..equals], out var name) || !TryDecode(encoded, out var value)) { return MailtoFault.NotUtf8; }
            var key = name.ToLowerInvariant();
            if (key != "body" && (value.Any(char.IsControl) || name.Any(char.IsControl))) { return MailtoFault.ControlCharacter; }
            switch (key)
            {
                case "to" or "cc" or "bcc":
                    if (AddTo(lists[key], encoded, ref part) is not MailtoFault.None and var fault) { return fault; }
                    break;
                case "subject": subject = value; break;
                case "in-reply-to": reply = value; break;
                case "body":
                    // What is no line end and no tab is nothing that a text can show.
                    if (value.Any(static one => char.IsControl(one) && one is not ('\r' or '\n' or '\t'))) { return MailtoFault.ControlCharacter; }
                    if (body.Length > 0) { body.Append('\n'); }
                    body.Append(value.ReplaceLineEndings("\n"));
                    break;
                default: ignored.Add(new IgnoredField(name, s_unsafe.Contains(name) ? IgnoredFieldReason.Unsafe : IgnoredFieldReason.Unknown)); break;
            }
        }
        part = "";
        var result = new MailtoUrl([.. lists["to"]], [.. lists["cc"]], [.. lists["bcc"]], subject, body.ToString(), reply, [.. ignored]);
        var count = result.Recipients.Take(MailLimits.Recipients + 1).Count();
        if (count == 0) { return MailtoFault.NoRecipient; }
        if (count > MailLimits.Recipients) { return MailtoFault.TooManyRecipients; }
        url = result;
        return MailtoFault.None;
    }

    private static MailtoFault AddTo(List<MailAddress> list, string encoded, ref string part)
    {
        foreach (var one in encoded.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            part = one;
            if (list.Count > MailLimits.Recipients) { return MailtoFault.TooManyRecipients; }
            if (!TryDecode(one, out var text)) { return MailtoFault.NotUtf8; }
            part = text;
            if (text.Any(char.IsControl)) { return MailtoFault.ControlCharacter; }
            if (!MailAddress.TryParse(text.Trim(' '), out var address)) { return MailtoFault.NotAMailbox; }
            list.Add(address!);
        }
        return MailtoFault.None;
    }

    private static bool TryDecode(string text, out string decoded)
    {
        var bytes = PercentDecoding.Decode(text);
        var isText = Utf8.IsValid(bytes);
        decoded = isText ? Encoding.UTF8.GetString(bytes) : "";
        return isText;
    }
}
