using System.Buffers;
using System.Numerics;

namespace Firstbyte.Urls;

/// <summary>Path, query and fragment: nothing can fail here.</summary>
internal ref partial struct UrlParser
{
    // Path characters that need no look at all: not encoded, not "%" (a dot may hide behind it), not "\".
    internal static readonly SearchValues<char> PlainPath = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$&'()*+,-./:;=@[]_|~");

    // https://url.spec.whatwg.org/#path-start-state
    private bool PathStart(int at)
    {
        if (_checkOnly) { return true; }
        if (IsSpecial)
        {
            if (IsAt(at, '\\')) { ReverseSolidus(at); }
            return Path(IsSlashAt(at) ? at + 1 : at, at);
        }
        if (IsAt(at, '/')) { return Path(at + 1, at); }
        EndPath();
        return AfterPath(at);
    }

    /// <summary>The path start state as a state override: the whole input is path. The buffer then holds nothing else.</summary>
    public void ParsePathAlone(in UrlOffsets url)
    {
        Offsets.Scheme = url.Scheme;
        Offsets.HostKind = url.HostKind;
        if (_input.IsEmpty && !IsSpecial)
        {
            if (!Offsets.HasHost) { Output.Append('/'); }
            return;
        }
        var start = IsSlashAt(0) ? 1 : 0;
        AppendPath(_input[start..], start);
    }

    // https://url.spec.whatwg.org/#path-state, from the first code point behind a slash (written or not).
    private bool Path(int at, int partStart)
    {
        if (_checkOnly) { return true; }
        int end;
        if (_log is null) { end = AppendSegments(at); }
        else
        {
            var length = _input[at..].IndexOfAny('?', '#');
            end = length < 0 ? _input.Length : at + length;
            AppendPath(_input[at..end], at);
            TellPath(partStart, at, end);
        }
        EndPath();
        return AfterPath(end);
    }

    /// <summary>Appends the segments of the path that begins at <paramref name="at"/>, in one pass over its text; where it ends.</summary>
    /// <remarks>
    /// Sixteen characters are looked at together; the runs between those that mean something are copied. A segment is written before it is known
    /// whether it is a dot segment: it then is taken back, which is cheaper than looking at every segment twice.
    /// </remarks>
    private int AppendSegments(int at)
    {
        var clean = IsSpecial ? PercentEncoding.SpecialSegment : PercentEncoding.Segment;
        Output.Append('/');
        var (segment, written) = (at, Output.Length);
        while (at < _input.Length)
        {
            var room = Output.Free(PercentEncoding.BlockRoom);
            var (length, done, count) = (0, 0, Math.Min(CharacterClass.Block, _input.Length - at));
            for (var outside = clean.Outside(_input, at); ; outside &= outside - 1)
            {
                var stop = outside == 0 ? count : BitOperations.TrailingZeroCount(outside);
                if (stop > done)
                {
                    CharacterClass.CopyRun(_input, at + done, stop - done, room, length);
                    length += stop - done;
                    done = stop;
                }
                if (outside == 0) { break; }
                // The second half of a surrogate pair has been encoded with the first.
                if (stop < done) { continue; }
                var c = _input[at + stop];
                if (c is '/' or '\\')
                {
                    done++;
                    if (NeedsLook(segment, at + stop, written))
                    {
                        Output.Advance(length);
                        EndSegment(_input[segment..(at + stop)], written, isLast: false);
                        room = Output.Free(PercentEncoding.BlockRoom);
                        length = 0;
                    }
                    else { room[length++] = '/'; }
                    (segment, written) = (at + done, Output.Length + length);
                    continue;
                }
                if (c is '?' or '#')
                {
                    Output.Advance(length);
                    EndSegment(_input[segment..(at + stop)], written, isLast: true);
                    return at + stop;
                }
                length += PercentEncoding.Encode(_input[(at + stop)..], room[length..], out var used);
                done += used;
            }
            Output.Advance(length);
            at += Math.Max(done, count);
        }
        EndSegment(_input[segment..], written, isLast: true);
        return _input.Length;
    }

    // Only a segment that begins with a dot or "%" may be a dot segment; a drive letter is the first of a file URL.
    private readonly bool NeedsLook(int segment, int end, int written) =>
        (segment < end && _input[segment] is '.' or '%') || (Offsets.Scheme == SpecialScheme.File && written == Offsets.PathStart + 1);

    // The segment was written from "written" on, behind its slash. Another slash follows unless it is the last.
    private void EndSegment(ReadOnlySpan<char> segment, int written, bool isLast)
    {
        var dots = DotsOf(segment);
        if (dots == 0)
        {
            if (Offsets.Scheme == SpecialScheme.File && written == Offsets.PathStart + 1 && WindowsDriveLetter.Is(segment)) { Output[written + 1] = ':'; }
            if (!isLast) { Output.Append('/'); }
            return;
        }
        Output.Truncate(dots == 1 ? written : written - 1);
        if (dots == 1) { return; }
        ShortenPath();
        Output.Append('/');
    }

    private void EndPath() => Offsets.SearchStart = Offsets.HashStart = Output.Length;

    private bool AfterPath(int at)
    {
        if (at >= _input.Length) { return true; }
        return _input[at] == '?' ? Query(at + 1) : Fragment(at + 1);
    }

    /// <summary>Appends the segments of a path, without its leading slash; <paramref name="position"/> is where the text stands in the input.</summary>
    private void AppendPath(ReadOnlySpan<char> text, int position)
    {
        while (true)
        {
            var slash = IsSpecial ? text.IndexOfAny('/', '\\') : text.IndexOf('/');
            var segment = slash < 0 ? text : text[..slash];
            if (_log is not null && slash >= 0 && text[slash] == '\\') { ReverseSolidus(position + slash); }
            switch (DotsOf(segment))
            {
                case 2:
                    ShortenPath();
                    if (slash < 0) { Output.Append('/'); }
                    break;
                case 1:
                    if (slash < 0) { Output.Append('/'); }
                    break;
                default:
                    AppendSegment(segment, position);
                    break;
            }
            if (slash < 0) { return; }
            text = text[(slash + 1)..];
            position += slash + 1;
        }
    }

    private void AppendSegment(ReadOnlySpan<char> segment, int position)
    {
        var isFirst = Output.Length == Offsets.PathStart;
        Output.Append('/');
        if (isFirst && Offsets.Scheme == SpecialScheme.File && WindowsDriveLetter.Is(segment))
        {
            if (segment[1] == '|') { _log?.Change(UrlPart.Path, UrlChangeKind.DriveLetterNormalized, position, position + 2); }
            Output.Append(segment[0]);
            Output.Append(':');
            return;
        }
        PercentEncoding.Append(segment, PercentEncoding.Path, ref Output);
    }

    /// <summary>1 for a single-dot URL path segment, 2 for a double-dot one ("%2e" counts as a dot), else 0.</summary>
    internal static int DotsOf(ReadOnlySpan<char> segment)
    {
        if (segment.Length is 0 or > 6) { return 0; }
        var dots = 0;
        for (var i = 0; i < segment.Length; dots++)
        {
            if (segment[i] == '.') { i++; }
            else if (segment[i] == '%' && i + 2 < segment.Length && segment[i + 1] == '2' && (segment[i + 2] | 0x20) == 'e') { i += 3; }
            else { return 0; }
        }
        return dots <= 2 ? dots : 0;
    }

    // https://url.spec.whatwg.org/#shorten-a-urls-path
    private void ShortenPath()
    {
        var path = Output.Written[Offsets.PathStart..];
        if (path.IsEmpty || (Offsets.Scheme == SpecialScheme.File && path.Length == 3 && WindowsDriveLetter.IsNormalized(path[1..]))) { return; }
        Output.Truncate(Offsets.PathStart + path.LastIndexOf('/'));
    }

    // https://url.spec.whatwg.org/#cannot-be-a-base-url-path-state ("opaque path state")
    private bool OpaquePath(int at)
    {
        if (_checkOnly) { return true; }
        Offsets.HasOpaquePath = true;
        var length = _input[at..].IndexOfAny('?', '#');
        var end = length < 0 ? _input.Length : at + length;
        var text = _input[at..end];
        // A space right before "?" or "#" would vanish when they are taken away and the URL is parsed again.
        var endsInSpace = end < _input.Length && text.EndsWith(' ');
        PercentEncoding.Append(endsInSpace ? text[..^1] : text, PercentEncoding.C0Control, ref Output);
        if (endsInSpace) { Output.Append("%20"); }
        if (_log is not null)
        {
            _log.Place(UrlPart.Path, at, end);
            TellUnits(at, end);
            TellEncoding(UrlPart.Path, at, end, PercentEncoding.C0Control);
            if (endsInSpace) { _log.Change(UrlPart.Path, UrlChangeKind.PercentEncoded, end - 1, end); }
        }
        EndPath();
        return AfterPath(end);
    }

    // https://url.spec.whatwg.org/#query-state
    private bool Query(int at)
    {
        var length = _input[at..].IndexOf('#');
        var end = length < 0 ? _input.Length : at + length;
        var plain = IsSpecial ? PercentEncoding.SpecialQuery : PercentEncoding.Query;
        Offsets.SearchStart = Output.Length;
        Output.Append('?');
        PercentEncoding.Append(_input[at..end], plain, ref Output);
        Offsets.HashStart = Output.Length;
        TellText(UrlPart.Query, at, end, plain);
        return end == _input.Length || Fragment(end + 1);
    }

    // https://url.spec.whatwg.org/#fragment-state
    private bool Fragment(int at)
    {
        Offsets.HashStart = Output.Length;
        Output.Append('#');
        PercentEncoding.Append(_input[at..], PercentEncoding.Fragment, ref Output);
        TellText(UrlPart.Fragment, at, _input.Length, PercentEncoding.Fragment);
        return true;
    }
}
