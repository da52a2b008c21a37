using System.Text;
using System.Text.Unicode;
using Firstbyte.Lines;

namespace Firstbyte.Mail;

/// <summary>A whole reply of an SMTP server (RFC 5321 4.2).</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Lines">The text of its lines, without the codes.</param>
public sealed record SmtpReply(int Code, string[] Lines)
{
    /// <summary>The first digit: 2 completed, 3 goes on, 4 failed for now, 5 failed.</summary>
    public int Class => Code / 100;

    /// <summary>The lines as one.</summary>
    public string Text => string.Join(' ', Lines);
}

/// <summary>Why what came is no reply: the conversation cannot go on.</summary>
public enum SmtpReplyFault : byte
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>The line does not begin with a code of SMTP and a space or hyphen (RFC 5321 4.2).</summary>
    NotAReply,

    /// <summary>A line of the same reply has another code (RFC 5321 4.2.1).</summary>
    OtherCode,

    /// <summary>A line longer than <see cref="MailLimits.ReplyLine"/>.</summary>
    LineTooLong,

    /// <summary>More lines than <see cref="MailLimits.ReplyLines"/>.</summary>
    TooLong,

    /// <summary>The connection ended within a reply.</summary>
    EndedInReply,

    /// <summary>The connection ended where a reply was awaited.</summary>
    EndedBeforeReply,

    /// <summary>More came than was asked for, before TLS: nobody knows who said it (RFC 3207 6).</summary>
    OutOfPlace,
}

/// <summary>What a reader has found.</summary>
public enum SmtpReadStatus : byte
{
    /// <summary>The reply's end has not come yet.</summary>
    NeedMore,

    /// <summary>A whole reply.</summary>
    Reply,

    /// <summary>No reply, and nothing more will be read.</summary>
    Fault,
}

/// <summary>Reads replies from the bytes of a connection, one or many lines each.</summary>
/// <remarks>
/// Theory of operation. Every line of a reply begins with the same code; a hyphen behind it says that another line follows, a space or nothing that none
/// does (RFC 5321 4.2.1). A line ends in CRLF; LF alone is taken. Bytes are UTF-8 where they can be and Latin-1 where not. After a fault the reader gives the
/// same fault for ever.
/// </remarks>
public sealed class SmtpReplyReader
{
    private readonly List<string> _lines = [];
    private LineScanner _scanner;
    private int _code;

    /// <summary>The reply that was read last.</summary>
    public SmtpReply? Reply { get; private set; }

    /// <summary>Why nothing more is read.</summary>
    public SmtpReplyFault Fault { get; private set; }

    /// <summary>Reads on. What was consumed is not shown again; call again as long as it consumes and needs more.</summary>
    public SmtpReadStatus Read(ReadOnlySpan<byte> received, bool ended, out int consumed)
    {
        consumed = 0;
        if (Fault != SmtpReplyFault.None) { return SmtpReadStatus.Fault; }
        while (true)
        {
            var rest = received[consumed..];
            switch (_scanner.Next(rest, MailLimits.ReplyLine, out var length, out var wireLength))
            {
                case LineStatus.NeedMore when !ended: return SmtpReadStatus.NeedMore;
                case LineStatus.NeedMore: return Fail(_lines.Count == 0 && rest.IsEmpty ? SmtpReplyFault.EndedBeforeReply : SmtpReplyFault.EndedInReply);
                case LineStatus.TooLong: return Fail(SmtpReplyFault.LineTooLong);
                default: break;
            }
            consumed += wireLength;
            var line = rest[..length];
            if (line.Length < 3 || CodeOf(line) is not (>= 200 and <= 599 and var code) || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-')))
            {
                return Fail(SmtpReplyFault.NotAReply);
            }
            if (_lines.Count > 0 && code != _code) { return Fail(SmtpReplyFault.OtherCode); }
            if (_lines.Count == MailLimits.ReplyLines) { return Fail(SmtpReplyFault.TooLong); }
            _code = code;
            _lines.Add(line.Length > 4 ? Decode(line[4..]) : "");
            if (line.Length > 3 && line[3] == '-') { continue; }
            Reply = new SmtpReply(code, [.. _lines]);
            _lines.Clear();
            return SmtpReadStatus.Reply;
        }
    }

    private SmtpReadStatus Fail(SmtpReplyFault fault)
    {
        Fault = fault;
        return SmtpReadStatus.Fault;
    }

    private static int CodeOf(ReadOnlySpan<byte> line) =>
        char.IsAsciiDigit((char)line[0]) && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2])
            ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0')
            : -1;

    private static string Decode(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);
}
