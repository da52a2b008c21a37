using System.Buffers;
using System.Globalization;
using System.Text;

namespace Firstbyte.Cli.Curl;

/// <summary>The URLs that a pattern stands for: sets <c>{a,b}</c>, ranges <c>[1-10:2]</c>, <c>[a-z]</c> (curl(1), "GLOBBING").</summary>
internal sealed class CurlGlob
{
    /// <summary>Sets and ranges of one pattern (curl: GLOB_PATTERN_NUM).</summary>
    private const int MaxPatterns = 100;

    private static readonly SearchValues<char> s_address = SearchValues.Create("0123456789abcdefABCDEF:.");

    private readonly List<(string Literal, Pattern? Pattern)> _pieces = [];
    private readonly List<Pattern> _patterns = [];

    /// <summary>How many URLs there are.</summary>
    public long Count { get; private set; } = 1;

    /// <summary>Reads a pattern.</summary>
    /// <exception cref="CurlStop">It is none.</exception>
    public static CurlGlob Read(string text, bool isOff)
    {
        var glob = new CurlGlob();
        if (isOff) { glob._pieces.Add((text, null)); }
        else { glob.Parse(text); }
        return glob;
    }

    /// <summary>The URL of a number, with the values by which names can be made.</summary>
    public (string Url, string[] Values) At(long index)
    {
        var values = new string[_patterns.Count];
        // The last pattern turns first.
        for (var i = _patterns.Count - 1; i >= 0; i--)
        {
            values[i] = _patterns[i].At(index % _patterns[i].Count);
            index /= _patterns[i].Count;
        }
        var url = new StringBuilder();
        var next = 0;
        foreach (var (literal, pattern) in _pieces) { url.Append(literal).Append(pattern is null ? "" : values[next++]); }
        return (url.ToString(), values);
    }

    /// <summary>A name with values in the place of <c>#1</c>.</summary>
    public static string Name(string template, string[] values)
    {
        var name = new StringBuilder();
        for (var i = 0; i < template.Length; i++)
        {
            var end = i + 1;
            while (template[i] == '#' && end < template.Length && char.IsAsciiDigit(template[end]) && end - i < 8) { end++; }
            if (template[i] == '#' && end > i + 1 && int.Parse(template.AsSpan(i + 1, end - i - 1), CultureInfo.InvariantCulture) is var number
                && number > 0 && number <= values.Length)
            {
                name.Append(values[number - 1]);
                i = end - 1;
            }
            else { name.Append(template[i]); }
        }
        return name.ToString();
    }

    private void Parse(string text)
    {
        var literal = new StringBuilder();
        for (var i = 0; i < text.Length;)
        {
            var one = text[i];
            if (one == '\\' && i + 1 < text.Length && text[i + 1] is '{' or '[' or '}' or ']')
            {
                literal.Append(text[i + 1]);
                i += 2;
            }
            else if (one == '[' && IsIpv6(text, i, out var close))
            {
                literal.Append(text, i, close + 1 - i);
                i = close + 1;
            }
            else if (one is '{' or '[')
            {
                var pattern = one == '{' ? Set(text, ref i) : Range(text, ref i);
                _pieces.Add((literal.ToString(), pattern));
                literal.Clear();
                _patterns.Add(pattern);
                if (_patterns.Count > MaxPatterns) { throw Bad("too many {} sets", text, i); }
                if (Count > long.MaxValue / pattern.Count) { throw Bad("range overflow", text, i); }
                Count *= pattern.Count;
            }
            else if (one is '}' or ']') { throw Bad("unmatched close brace/bracket", text, i + 1); }
            else
            {
                literal.Append(one);
                i++;
            }
        }
        _pieces.Add((literal.ToString(), null));
    }

    // [::1] and [fe80::1%25eth0] are addresses; so is [] where nothing is meant.
    private static bool IsIpv6(string text, int open, out int close)
    {
        close = text.IndexOf(']', open);
        if (close < 0) { return false; }
        var inside = text[(open + 1)..close];
        if (inside.Length == 0) { return true; }
        var zone = inside.IndexOf('%', StringComparison.Ordinal);
        var address = zone < 0 ? inside : inside[..zone];
        return address.Count(static one => one == ':') >= 2 && address.AsSpan().IndexOfAnyExcept(s_address) < 0;
    }

    private static Pattern Set(string text, ref int at)
    {
        var (open, members, member) = (at, new List<string>(), new StringBuilder());
        for (at++; ; at++)
        {
            if (at >= text.Length) { throw Bad("unmatched brace", text, open); }
            if (text[at] == '{' || text[at] == '[') { throw Bad(text[at] == '{' ? "nested brace" : "unexpected close bracket", text, at + 1); }
            if (text[at] == ']') { throw Bad("unexpected close bracket", text, at + 1); }
            if (text[at] is ',' or '}')
            {
                members.Add(member.ToString());
                member.Clear();
                if (text[at] == ',') { continue; }
                at++;
                if (members.Count == 1 && members[0].Length == 0) { throw Bad("empty string within braces", text, at); }
                return new Pattern([.. members]);
            }
            if (text[at] == '\\' && at + 1 < text.Length) { at++; }
            member.Append(text[at]);
        }
    }

    private static Pattern Range(string text, ref int at)
    {
        var open = at;
        var close = text.IndexOf(']', open);
        if (close < 0) { throw Bad("bad range", text, Math.Min(text.Length, open + 3)); }
        var inside = text[(open + 1)..close];
        at = close + 1;
        var colon = inside.IndexOf(':', StringComparison.Ordinal);
        var ends = (colon < 0 ? inside : inside[..colon]).Split('-');
        long step = 1;
        if (colon >= 0 && (!long.TryParse(inside.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out step)))
        {
            throw Bad("bad range", text, open + 1);
        }
        if (ends.Length == 2 && ends[0].Length == 1 && ends[1].Length == 1 && char.IsAsciiLetter(ends[0][0]) && char.IsAsciiLetter(ends[1][0]))
        {
            var (low, high) = (ends[0][0], ends[1][0]);
            if (low == high && step <= 1) { step = 1; }
            else if (high < low || step == 0 || step > high - low || high - low > 'z' - 'a') { throw Bad("bad range", text, close + 1); }
            return new Pattern(low, high, step, isLetter: true, 0);
        }
        if (ends.Length != 2 || !long.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var from)
            || !long.TryParse(ends[1], NumberStyles.None, CultureInfo.InvariantCulture, out var to))
        {
            throw Bad("bad range", text, open + 2);
        }
        if (from == to && step <= 1) { step = 1; }
        else if (to < from || step == 0 || step > to - from) { throw Bad("bad range", text, close + 1); }
        var width = ends[0].Length > 1 && ends[0][0] == '0' ? ends[0].Length : 0;
        return new Pattern(from, to, step, isLetter: false, width);
    }

    private static CurlStop Bad(string why, string text, int position)
    {
        var shown = text.Length > 512 ? text[..512] : text;
        return new CurlStop(CurlCode.UrlMalformat, $"curl: (3) {why} in URL position {position}:\n{shown}\n{new string(' ', Math.Max(0, position - 1))}^");
    }

    private sealed class Pattern
    {
        private readonly string[]? _members;
        private readonly long _from;
        private readonly long _step;
        private readonly bool _isLetter;
        private readonly int _width;

        public Pattern(string[] members) => (_members, Count) = (members, members.Length);

        public Pattern(long from, long to, long step, bool isLetter, int width) =>
            (_from, _step, _isLetter, _width, Count) = (from, step, isLetter, width, ((to - from) / step) + 1);

        public long Count { get; }

        public string At(long index) => _members is not null ? _members[index]
            : _isLetter ? ((char)(_from + (index * _step))).ToString()
            : (_from + (index * _step)).ToString("D" + _width, CultureInfo.InvariantCulture);
    }
}
