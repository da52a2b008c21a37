using Firstbyte.Lines;

namespace Firstbyte.Ftp;

/// <summary>A whole reply of an FTP server (RFC 959 4.2).</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Lines">The text of its lines, without the code where a line begins with it; as the server wrote it, control characters and all.</param>
public sealed record FtpReply(int Code, string[] Lines)
{
    /// <summary>The first digit: 1 preliminary, 2 completed, 3 goes on, 4 failed for now, 5 failed.</summary>
    public int Class => Code / 100;

    /// <summary>The last line's text: where a reply says what it has to say.</summary>
    public string Text => Lines[^1];
}

/// <summary>Why what came is no reply: the conversation cannot go on.</summary>
public enum FtpReplyFault : byte
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>The line does not begin with three digits and a space or hyphen (RFC 959 4.2).</summary>
    NotAReply,

    /// <summary>The first digit is none of 1 to 5 (RFC 959 4.2.1), or 6, which RFC 2228 4 adds and nobody asked for.</summary>
    CodeUnknown,

    /// <summary>A line longer than <see cref="FtpLimits.ReplyLine"/>.</summary>
    LineTooLong,

    /// <summary>More lines than <see cref="FtpLimits.ReplyLines"/>, or more bytes than <see cref="FtpLimits.Reply"/>.</summary>
    TooLong,

    /// <summary>The connection ended within a reply.</summary>
    EndedInReply,

    /// <summary>The connection ended where a reply was awaited.</summary>
    EndedBeforeReply,

    /// <summary>More preliminary replies than <see cref="FtpLimits.PreliminaryReplies"/>, or one where none may come (RFC 959 5.4).</summary>
    OutOfPlace,
}

/// <summary>What a reader has found.</summary>
public enum FtpReadStatus : byte
{
    /// <summary>The reply's end has not come yet.</summary>
    NeedMore,

    /// <summary>A whole reply.</summary>
    Reply,

    /// <summary>No reply, and nothing more will be read.</summary>
    Fault,
}

/// <summary>Reads replies from the bytes of a control connection, one or many lines each.</summary>
/// <remarks>
/// Theory of operation. A reply is one line <c>CODE SP text</c>, or begins with <c>CODE-text</c> and ends with the first line that begins
/// with the same code and a
/// space (RFC 959 4.2); the lines between say what they like, other codes among it. A line ends in CRLF; LF alone is taken, as every
/// client does. Bytes are UTF-8
/// where they can be and Latin-1 where not (RFC 2640 3.1), so that nothing is lost and nothing throws. After a fault the reader gives the same fault for ever.
/// <code>
///        ┌──────── CODE SP ────────► Reply
///  begin ┤
///        └── CODE - ──► within ──┬─ same CODE SP ─► Reply
///                        ▲       │
///                        └───────┘ any other line
/// </code>
/// </remarks>
public sealed class FtpReplyReader
{
    private readonly List<string> _lines = [];
    private LineScanner _scanner;
    private int _code;
    private int _bytes;

    /// <summary>The reply that was read last.</summary>
    public FtpReply? Reply { get; private set; }

    /// <summary>Why nothing more is read.</summary>
    public FtpReplyFault Fault { get; private set; }

    /// <summary>Reads on. What was consumed is not shown again; call again as long as it consumes and needs more.</summary>
    /// <param name="received">The bytes that have come and were not consumed.</param>
    /// <param name="ended">No more will come.</param>
    /// <param name="consumed">Bytes that were used.</param>
    public FtpReadStatus Read(ReadOnlySpan<byte> received, bool ended, out int consumed)
    {
        consumed = 0;
        if (Fault != FtpReplyFault.None) { return FtpReadStatus.Fault; }
        while (true)
        {
            var rest = received[consumed..];
            switch (_scanner.Next(rest, FtpLimits.ReplyLine, out var length, out var wireLength))
            {
                case LineStatus.NeedMore when !ended: return FtpReadStatus.NeedMore;
                case LineStatus.NeedMore: return Fail(_code == 0 && rest.IsEmpty ? FtpReplyFault.EndedBeforeReply : FtpReplyFault.EndedInReply);
                case LineStatus.TooLong: return Fail(FtpReplyFault.LineTooLong);
                default: break;
            }
            var line = rest[..length];
            consumed += wireLength;
            _bytes += wireLength;
            if (_bytes > FtpLimits.Reply || _lines.Count >= FtpLimits.ReplyLines) { return Fail(FtpReplyFault.TooLong); }
            if (Take(line) is { } status) { return status; }
        }
    }

    private FtpReadStatus? Take(ReadOnlySpan<byte> line)
    {
        var code = CodeOf(line);
        if (_code == 0)
        {
            if (code < 0 || (line.Length > 3 && line[3] is not ((byte)' ' or (byte)'-'))) { return Fail(FtpReplyFault.NotAReply); }
            if (code is < 100 or > 599) { return Fail(FtpReplyFault.CodeUnknown); }
            if (line.Length > 3 && line[3] == '-')
            {
                _code = code;
                _lines.Add(FtpText.Decode(line[4..]));
                return null;
            }
            return End(code, line);
        }
        // "226" without any text ends it too: servers send it.
        if (code == _code && (line.Length == 3 || line[3] == ' ')) { return End(code, line); }
        _lines.Add(FtpText.Decode(code == _code && line[3] == '-' ? line[4..] : line));
        return null;
    }

    private FtpReadStatus End(int code, ReadOnlySpan<byte> line)
    {
        _lines.Add(FtpText.Decode(line.Length > 4 ? line[4..] : []));
        Reply = new FtpReply(code, [.. _lines]);
        _lines.Clear();
        (_code, _bytes) = (0, 0);
        return FtpReadStatus.Reply;
    }

    private FtpReadStatus Fail(FtpReplyFault fault)
    {
        Fault = fault;
        return FtpReadStatus.Fault;
    }

    private static int CodeOf(ReadOnlySpan<byte> line) =>
        line.Length >= 3 && char.IsAsciiDigit((char)line[0]) && char.IsAsciiDigit((char)line[1]) && char.IsAsciiDigit((char)line[2])
            ? ((line[0] - '0') * 100) + ((line[1] - '0') * 10) + (line[2] - '0')
            : -1;
}
