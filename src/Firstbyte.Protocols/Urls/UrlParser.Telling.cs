using System.Buffers;
using System.Text;

namespace Firstbyte.Urls;

/// <summary>What is told when somebody listens: violations that need a second look at the text, and what was changed.</summary>
internal ref partial struct UrlParser
{
    private readonly void TellText(UrlPart part, int at, int end, CharacterClass plain)
    {
        if (_log is null) { return; }
        _log.Place(part, at, end);
        TellUnits(at, end);
        TellEncoding(part, at, end, plain);
    }

    /// <summary>invalid-URL-unit: neither a URL code point nor a "%" with two hexadecimal digits (WHATWG URL section 4.3).</summary>
    private readonly void TellUnits(int at, int end)
    {
        for (var i = at; i < end;)
        {
            Rune.DecodeFromUtf16(_input[i..end], out var rune, out var used);
            if (rune.Value == '%' ? !PercentEncoding.IsPercentEncoded(_input[i..]) : !UrlCodePoints.Contains(_input[i], rune))
            {
                _log!.Violate(UrlValidationError.InvalidUrlUnit, i);
            }
            i += used;
        }
    }

    private readonly void TellEncoding(UrlPart part, int at, int end, CharacterClass plain)
    {
        for (var i = at; i < end;)
        {
            var next = _input[i..end].IndexOfAnyExcept(plain.Values);
            if (next < 0) { return; }
            var start = i += next;
            var broken = -1;
            while (i < end && !plain.Contains(_input[i]))
            {
                if (Rune.DecodeFromUtf16(_input[i..end], out _, out var used) != OperationStatus.Done) { broken = i; }
                i += used;
            }
            _log!.Change(part, UrlChangeKind.PercentEncoded, start, i);
            if (broken >= 0) { _log.Change(part, UrlChangeKind.LoneSurrogateReplaced, broken, broken + 1); }
        }
    }

    private readonly void TellPath(int partStart, int at, int end)
    {
        var place = _log!.Parts[(int)UrlPart.Path];
        var inherits = place.Source is UrlPartSource.Base or UrlPartSource.BaseAndInput;
        var source = inherits ? UrlPartSource.BaseAndInput : end == partStart ? UrlPartSource.Standard : UrlPartSource.Input;
        _log.Place(UrlPart.Path, partStart, end, source);
        if (inherits) { _log.Change(UrlPart.Path, UrlChangeKind.PathResolvedAgainstBase, partStart, end); }
        else if (end == partStart) { _log.Change(UrlPart.Path, UrlChangeKind.RootPathAdded, partStart, end); }
        TellSegments(at, end);
    }

    private readonly void TellSegments(int at, int end)
    {
        while (true)
        {
            var slash = IsSpecial ? _input[at..end].IndexOfAny('/', '\\') : _input[at..end].IndexOf('/');
            var stop = slash < 0 ? end : at + slash;
            if (DotsOf(_input[at..stop]) > 0) { _log!.Change(UrlPart.Path, UrlChangeKind.DotSegmentsResolved, at, stop); }
            else { TellEncoding(UrlPart.Path, at, stop, PercentEncoding.Path); }
            TellUnits(at, stop);
            if (slash < 0) { return; }
            at = stop + 1;
        }
    }
}

/// <summary>The URL code points (WHATWG URL section 4.3).</summary>
internal static class UrlCodePoints
{
    private static readonly SearchValues<char> Ascii = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!$&'()*+,-./:;=?@_~");

    /// <summary>
    /// True for ASCII alphanumerics, some punctuation, and U+00A0 to U+10FFFD without surrogates and noncharacters;
    /// <paramref name="unit"/> is the first code unit of the rune.
    /// </summary>
    public static bool Contains(char unit, Rune rune)
    {
        if (unit < 0x80) { return Ascii.Contains(unit); }
        // A lone surrogate decodes to U+FFFD, which would be a URL code point.
        if (char.IsSurrogate(unit) && rune.Value == 0xFFFD) { return false; }
        return rune.Value >= 0xA0 && rune.Value is not (>= 0xFDD0 and <= 0xFDEF) && (rune.Value & 0xFFFE) != 0xFFFE;
    }
}
