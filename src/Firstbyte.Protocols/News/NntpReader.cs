using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Firstbyte.Lines;

namespace Firstbyte.News;

/// <summary>A status line of a news server (RFC 3977 3.2).</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Text">What stands behind them.</param>
public sealed record NntpReply(int Code, string Text)
{
    /// <summary>The first digit: 1 information, 2 done, 3 goes on, 4 cannot be done, 5 is not known.</summary>
    public int Class => Code / 100;
}

/// <summary>Why what came is no reply: the conversation cannot go on.</summary>
public enum NntpReplyFault : byte
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>The line does not begin with a code of NNTP (RFC 3977 3.2).</summary>
    NotAReply,

    /// <summary>A status line longer than <see cref="NewsLimits.StatusLine"/>, or one of a block than <see cref="NewsLimits.BlockLine"/>.</summary>
    LineTooLong,

    /// <summary>More lines than <see cref="NewsLimits.ListLines"/> or <see cref="NewsLimits.Capabilities"/>.</summary>
    TooLong,

    /// <summary>The connection ended within a reply or a block.</summary>
    EndedInReply,

    /// <summary>The connection ended where a reply was awaited.</summary>
    EndedBeforeReply,

    /// <summary>More came than was asked for, before TLS: nobody knows who said it (RFC 4642 5).</summary>
    OutOfPlace,
}

/// <summary>What a reader has found.</summary>
public enum NntpReadStatus : byte
{
    /// <summary>The line's end has not come yet.</summary>
    NeedMore,

    /// <summary>A status line.</summary>
    Reply,

    /// <summary>A line of a block, its doubled dot taken off: the bytes that were named.</summary>
    Line,

    /// <summary>The dot that ends a block.</summary>
    BlockEnd,

    /// <summary>No reply, and nothing more will be read.</summary>
    Fault,
}

/// <summary>Reads status lines and multi-line blocks from the bytes of a connection.</summary>
/// <remarks>
/// Theory of operation. Whether a block follows a status line is for who asked to know (RFC 3977 3.2: by the command and the code), and said by
/// <see cref="BeginBlock"/>. A block is lines up to one that is a dot alone; a line that begins with a dot begins with two (3.1.1). Lines end in CRLF; LF alone
/// is taken. After a fault the reader gives the same fault for ever.
/// </remarks>
public sealed class NntpReader
{
    private LineScanner _scanner;
    private bool _isBlock;
    private int _lines;
    private int _mostLines;

    /// <summary>The status line that was read last.</summary>
    public NntpReply? Reply { get; private set; }

    /// <summary>Why nothing more is read.</summary>
    public NntpReplyFault Fault { get; private set; }

    /// <summary>A block follows.</summary>
    /// <param name="mostLines">How many lines it may have.</param>
    public void BeginBlock(int mostLines) => (_isBlock, _lines, _mostLines) = (true, 0, mostLines);

    /// <summary>Reads on. What was consumed is not shown again; call again as long as it consumes and needs no more.</summary>
    /// <param name="received">The bytes that have come and were not consumed.</param>
    /// <param name="ended">No more will come.</param>
    /// <param name="consumed">Bytes that were used.</param>
    /// <param name="line">Of <see cref="NntpReadStatus.Line"/>, where among them the line is.</param>
    public NntpReadStatus Read(ReadOnlySpan<byte> received, bool ended, out int consumed, out Range line)
    {
        (consumed, line) = (0, default);
        if (Fault != NntpReplyFault.None) { return NntpReadStatus.Fault; }
        switch (_scanner.Next(received, _isBlock ? NewsLimits.BlockLine : NewsLimits.StatusLine, out var length, out var wireLength))
        {
            case LineStatus.NeedMore when !ended: return NntpReadStatus.NeedMore;
            case LineStatus.NeedMore: return Fail(!_isBlock && received.IsEmpty ? NntpReplyFault.EndedBeforeReply : NntpReplyFault.EndedInReply);
            case LineStatus.TooLong: return Fail(NntpReplyFault.LineTooLong);
            default: break;
        }
        consumed = wireLength;
        var text = received[..length];
        if (!_isBlock) { return TakeStatus(text); }
        if (text is [(byte)'.'])
        {
            _isBlock = false;
            return NntpReadStatus.BlockEnd;
        }
        if (++_lines > _mostLines) { return Fail(NntpReplyFault.TooLong); }
        line = (text is [(byte)'.', ..] ? 1 : 0)..length;
        return NntpReadStatus.Line;
    }

    /// <summary>Text as servers write it: UTF-8 where it can be, and Latin-1 where not.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) => Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : Encoding.Latin1.GetString(bytes);

    private NntpReadStatus TakeStatus(ReadOnlySpan<byte> text)
    {
        if (text.Length < 3 || !int.TryParse(text[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 100 or > 599
            || (text.Length > 3 && text[3] != ' '))
        {
            return Fail(NntpReplyFault.NotAReply);
        }
        Reply = new NntpReply(code, text.Length > 4 ? Decode(text[4..]) : "");
        return NntpReadStatus.Reply;
    }

    private NntpReadStatus Fail(NntpReplyFault fault)
    {
        Fault = fault;
        return NntpReadStatus.Fault;
    }
}
