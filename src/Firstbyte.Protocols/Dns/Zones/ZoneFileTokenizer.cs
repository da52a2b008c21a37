using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>A word of a zone file and where it starts.</summary>
internal readonly record struct ZoneToken(RecordWord Word, ZonePlace Place)
{
    /// <summary>The word with its escapes, without quotes.</summary>
    public ReadOnlySpan<char> Span => Word.Span;

    /// <summary>The same as a string.</summary>
    public string Text => Word.Text;

    /// <summary>It stood in quotes: it is no directive, no "@", no type.</summary>
    public bool IsQuoted => Word.IsQuoted;

    /// <summary>The same token with another text.</summary>
    public ZoneToken With(string text) => this with { Word = Word.With(text) };
}

/// <summary>One entry of a zone file: its words, and whether it began with a blank (and so repeats the owner before it).</summary>
internal sealed class ZoneEntry : IRecordWords
{
    public List<ZoneToken> Tokens { get; } = [];
    public bool BeginsBlank { get; set; }

    /// <summary>Where the entry ends: the place of what is missing.</summary>
    public ZonePlace End { get; set; }

    int IRecordWords.Count => Tokens.Count;

    RecordWord IRecordWords.this[int index] => Tokens[index].Word;
}

/// <summary>Cuts a zone file into entries: parentheses join lines, ";" starts a comment, quotes hold blanks together (RFC 1035 section 5.1).</summary>
internal sealed class ZoneFileTokenizer(string text, string file, Action<ZoneProblem> report)
{
    /// <summary>A string of 255 bytes, each written \DDD: a quote farther off belongs to another string.</summary>
    private const int MaxQuotedLength = 4 * byte.MaxValue;

    private readonly ZoneEntry _entry = new();
    private int _at;
    private int _line = 1;
    private int _lineStart;

    private ZonePlace Here => new(file, _line, _at - _lineStart + 1);

    /// <summary>Reads the next entry that has a word in it; null at the end of the file. It is the same object every time.</summary>
    public ZoneEntry? ReadEntry()
    {
        while (_at < text.Length)
        {
            var entry = ReadLine();
            if (entry.Tokens.Count > 0) { return entry; }
        }
        return null;
    }

    private ZoneEntry ReadLine()
    {
        var entry = _entry;
        entry.Tokens.Clear();
        entry.BeginsBlank = text[_at] is ' ' or '\t';
        ZonePlace? open = null;
        while (_at < text.Length)
        {
            switch (text[_at])
            {
                case '\n':
                    entry.End = Here;
                    NextLine();
                    if (open is null) { return entry; }
                    break;
                case ' ' or '\t' or '\r':
                    _at++;
                    break;
                case ';':
                    var end = text.IndexOf('\n', _at);
                    _at = end < 0 ? text.Length : end;
                    break;
                case '(':
                    if (open is not null) { report(new ZoneProblem(Here, ZoneFlaw.Syntax, new ZoneExpectation(ZoneTerm.NoNestedParenthesis), "(")); }
                    open ??= Here;
                    _at++;
                    break;
                case ')':
                    if (open is null) { report(new ZoneProblem(Here, ZoneFlaw.Syntax, new ZoneExpectation(ZoneTerm.OpenedParenthesis), ")")); }
                    open = null;
                    _at++;
                    break;
                case '"':
                    ReadQuoted(entry);
                    break;
                default:
                    ReadWord(entry);
                    break;
            }
        }
        entry.End = Here;
        if (open is { } place)
        {
            report(new ZoneProblem(place, ZoneFlaw.Unclosed, new ZoneExpectation(ZoneTerm.ClosingParenthesis), "("));
            // It holds all that stands behind: what would be said of its words hides what is wrong.
            entry.Tokens.Clear();
        }
        return entry;
    }

    private void NextLine()
    {
        _at++;
        _line++;
        _lineStart = _at;
    }

    private void ReadQuoted(ZoneEntry entry)
    {
        var place = Here;
        var isJoined = entry.Tokens is [.., { IsQuoted: false }] && text[_at - 1] is not (' ' or '\t' or '\r' or '\n' or '(' or ')');
        var start = ++_at;
        while (_at < text.Length && text[_at] is not '"' and not '\n') { _at += text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] != '\n' ? 2 : 1; }
        if (_at < text.Length && text[_at] == '\n' && FindClosingQuote() is >= 0 and var closing)
        {
            report(new ZoneProblem(place, ZoneFlaw.StringOverLines, new ZoneExpectation(ZoneTerm.StringOnOneLine), text[start.._at].TrimEnd('\r')));
            while (text.IndexOf('\n', _at, closing - _at) is >= 0 and var end)
            {
                _at = end;
                NextLine();
            }
            _at = closing;
        }
        if (_at >= text.Length || text[_at] == '\n')
        {
            report(new ZoneProblem(place, ZoneFlaw.Unclosed, new ZoneExpectation(ZoneTerm.ClosingQuote), "\""));
            var unclosed = text.AsSpan(start, Math.Min(_at, text.Length) - start).TrimEnd('\r').Length;
            entry.Tokens.Add(new ZoneToken(new RecordWord(text, start, unclosed, isQuoted: true, isJoined), place));
            return;
        }
        entry.Tokens.Add(new ZoneToken(new RecordWord(text, start, _at - start, isQuoted: true, isJoined), place));
        _at++;
    }

    /// <summary>Where a string that does not end on its line does; -1 when that is too far for a string.</summary>
    private int FindClosingQuote()
    {
        var limit = Math.Min(text.Length, _at + MaxQuotedLength);
        for (var at = _at; at < limit; at++)
        {
            if (text[at] == '"') { return at; }
            if (text[at] == '\\') { at++; }
        }
        return -1;
    }

    private void ReadWord(ZoneEntry entry)
    {
        var (place, start) = (Here, _at);
        while (_at < text.Length && text[_at] is not (' ' or '\t' or '\r' or '\n' or ';' or '(' or ')' or '"'))
        {
            _at += text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] != '\n' ? 2 : 1;
        }
        var isJoined = start > 0 && text[start - 1] == '"' && entry.Tokens.Count > 0;
        entry.Tokens.Add(new ZoneToken(new RecordWord(text, start, _at - start, isQuoted: false, isJoined), place));
    }
}
