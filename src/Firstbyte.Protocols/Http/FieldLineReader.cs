using Firstbyte.Lines;

namespace Firstbyte.Http;

/// <summary>Where a field line stands: what is tolerated differs.</summary>
internal enum FieldSection : byte
{
    Response,
    Request,
    Trailers,
}

/// <summary>Reads field lines into a table: field-line = field-name ":" OWS field-value OWS (RFC 9112 5).</summary>
/// <remarks>
/// A response is read leniently, for the sake of the pages that are out there, but every flaw is told and one that makes the framing
/// doubtful closes the connection. A request is read strictly: a server that guesses is how requests are smuggled past it.
/// </remarks>
internal struct FieldLineReader
{
    private LineScanner _scanner;
    private int _sectionBytes;
    private int _lines;
    private bool _lastDropped;

    /// <summary>Bytes of the lines taken so far, their ends included.</summary>
    public readonly int SectionBytes => _sectionBytes;

    internal enum Outcome : byte
    {
        NeedMore,
        Line,
        End,
        Fault,
    }

    public void Begin(int bytesBefore)
    {
        _scanner.Reset();
        (_sectionBytes, _lines, _lastDropped) = (bytesBefore, 0, false);
    }

    /// <summary>Takes one line, or the empty line that ends the section.</summary>
    public Outcome Read(
        ReadOnlySpan<byte> received, FieldSection section, FieldTable table, FlawLog flaws, long position, out int consumed,
        out MessageFailure failure)
    {
        consumed = 0;
        failure = default;
        var (sectionLimit, lineLimit) = section == FieldSection.Request
            ? (HttpLimits.RequestHead, HttpLimits.RequestHead)
            : (HttpLimits.ResponseHead, HttpLimits.ResponseLine);
        var room = sectionLimit - _sectionBytes;
        switch (_scanner.Next(received, Math.Min(lineLimit, room), out var length, out var wireLength))
        {
            case LineStatus.NeedMore:
                return Outcome.NeedMore;
            case LineStatus.TooLong:
                failure = new MessageFailure(
                    lineLimit < room ? MessageFault.LineTooLong : MessageFault.HeadTooLong, position + Math.Min(lineLimit, room),
                    FaultSide.Peer);
                return Outcome.Fault;
            default:
                break;
        }
        consumed = wireLength;
        _sectionBytes += wireLength;
        var fault = TakeLine(received[..length], wireLength - length == 1, section, table, flaws, position, out var offset);
        if (fault != MessageFault.None)
        {
            failure = new MessageFailure(fault, position + offset, FaultSide.Peer);
            return Outcome.Fault;
        }
        return length == 0 ? Outcome.End : Outcome.Line;
    }

    private MessageFault TakeLine(
        ReadOnlySpan<byte> line, bool bareLineFeed, FieldSection section, FieldTable table, FlawLog flaws, long position, out int offset)
    {
        offset = 0;
        if (bareLineFeed)
        {
            // A bare LF in chunked framing is refused, trailers included (RFC 9112 erratum 7633); elsewhere RFC 9112 2.2 allows to take it.
            offset = line.Length;
            if (section == FieldSection.Trailers) { return MessageFault.ChunkLineEndInvalid; }
            flaws.Add(MessageFlaw.BareLineFeed, position + line.Length, FlawAction.AcceptedThenClose);
        }
        if (line.Length == 0) { return MessageFault.None; }
        offset = HttpGrammar.IndexOfControl(line);
        if (offset >= 0) { return HttpGrammar.FaultOfControl(line[offset], MessageFault.ControlInField); }
        offset = 0;
        if (HttpGrammar.IsWhitespace(line[0])) { return Fold(HttpGrammar.Trim(line), section, table, flaws, position); }
        var countLimit = section == FieldSection.Request ? HttpLimits.RequestFieldCount : HttpLimits.FieldCount;
        if (++_lines > countLimit) { return MessageFault.TooManyFields; }
        return TakeField(line, section, table, flaws, position, out offset);
    }

    private MessageFault TakeField(ReadOnlySpan<byte> line, FieldSection section, FieldTable table, FlawLog flaws, long position, out int offset)
    {
        offset = 0;
        var colon = line.IndexOf((byte)':');
        var name = colon < 0 ? line : line[..colon];
        _lastDropped = false;
        if (colon < 0 || !HttpGrammar.IsToken(name))
        {
            if (section == FieldSection.Request) { return MessageFault.FieldLineMalformed; }
            if (section == FieldSection.Response && MeansFraming(name))
            {
                offset = Math.Max(colon, 0);
                return MessageFault.FramingFieldMalformed;
            }
            var flaw = colon < 0 ? MessageFlaw.FieldWithoutColon
                : HttpGrammar.IsToken(name.TrimEnd(" \t"u8)) ? MessageFlaw.WhitespaceBeforeColon
                : MessageFlaw.FieldNameInvalid;
            flaws.Add(flaw, position + Math.Max(colon, 0), FlawAction.DroppedThenClose);
            _lastDropped = true;
            return MessageFault.None;
        }
        if (section == FieldSection.Trailers && !TrailerFields.IsAllowed(name))
        {
            flaws.Add(MessageFlaw.TrailerNotAllowed, position, FlawAction.Dropped);
            _lastDropped = true;
            return MessageFault.None;
        }
        table.Add(name, HttpGrammar.Trim(line[(colon + 1)..]));
        return MessageFault.None;
    }

    // "Content-Length : 5", "Transfer-Encoding chunked": left out, the message would be read to an end that its sender did not mean.
    private static bool MeansFraming(ReadOnlySpan<byte> line)
    {
        var end = line.IndexOfAny(" \t="u8);
        var first = end < 0 ? line : line[..end];
        return HttpGrammar.Is(first, "Content-Length"u8) || HttpGrammar.Is(first, "Transfer-Encoding"u8);
    }

    // obs-fold = OWS CRLF RWS: a user agent replaces it by SP; a server refuses it (RFC 9112 5.2).
    private readonly MessageFault Fold(ReadOnlySpan<byte> rest, FieldSection section, FieldTable table, FlawLog flaws, long position)
    {
        if (_lines == 0) { return MessageFault.FoldBeforeFirstField; }
        if (section != FieldSection.Response) { return MessageFault.FoldRefused; }
        flaws.Add(MessageFlaw.ObsoleteFold, position, FlawAction.Accepted);
        if (!_lastDropped) { table.ExtendLast(rest); }
        return MessageFault.None;
    }
}

/// <summary>Which fields may come after the body (RFC 9110 6.5.1): none that frames, routes, authenticates or describes the content.</summary>
internal static class TrailerFields
{
    public static bool IsAllowed(ReadOnlySpan<byte> name) => name.Length switch
    {
        2 => !HttpGrammar.Is(name, "TE"u8),
        4 => !HttpGrammar.Is(name, "Host"u8),
        6 => !HttpGrammar.Is(name, "Cookie"u8) && !HttpGrammar.Is(name, "Expect"u8),
        7 => !HttpGrammar.Is(name, "Trailer"u8) && !HttpGrammar.Is(name, "Upgrade"u8),
        8 => !HttpGrammar.Is(name, "Location"u8),
        10 => !HttpGrammar.Is(name, "Connection"u8) && !HttpGrammar.Is(name, "Set-Cookie"u8),
        12 => !HttpGrammar.Is(name, "Content-Type"u8) && !HttpGrammar.Is(name, "Max-Forwards"u8),
        13 => !HttpGrammar.Is(name, "Authorization"u8) && !HttpGrammar.Is(name, "Content-Range"u8) && !HttpGrammar.Is(name, "Cache-Control"u8),
        14 => !HttpGrammar.Is(name, "Content-Length"u8),
        16 => !HttpGrammar.Is(name, "Content-Encoding"u8) && !HttpGrammar.Is(name, "WWW-Authenticate"u8),
        17 => !HttpGrammar.Is(name, "Transfer-Encoding"u8),
        18 => !HttpGrammar.Is(name, "Proxy-Authenticate"u8),
        19 => !HttpGrammar.Is(name, "Proxy-Authorization"u8),
        _ => true,
    };
}
