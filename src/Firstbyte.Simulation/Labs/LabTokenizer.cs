using System.Text;

namespace Firstbyte.Labs;

internal enum LabTokenKind : byte
{
    Word,
    Text,
    Comma,
    OpenBrace,
    CloseBrace,
    EndOfStatement,
    EndOfFile,
}

internal readonly record struct LabToken(LabTokenKind Kind, string Value, LabPlace Place)
{
    public LabFound Found => Kind switch
    {
        LabTokenKind.Word => new LabFound(LabFoundKind.Word, LabWords.Shown(Value)),
        LabTokenKind.Text => new LabFound(LabFoundKind.Text, LabWords.Shown(Value)),
        LabTokenKind.Comma => new LabFound(LabFoundKind.Comma),
        LabTokenKind.OpenBrace => new LabFound(LabFoundKind.OpenBrace),
        LabTokenKind.CloseBrace => new LabFound(LabFoundKind.CloseBrace),
        LabTokenKind.EndOfStatement => new LabFound(LabFoundKind.EndOfStatement),
        _ => new LabFound(LabFoundKind.EndOfFile),
    };
}

/// <summary>Splits a lab's file into words, texts and braces.</summary>
/// <remarks>
/// A statement begins at the margin; lines that begin with a space or stand inside braces belong to it. '#' begins a comment at the start of a word.
/// <code>
/// word = 1*(any character but space, ',', '{', '}', '"')
/// text = '"' *(any character but '"', '\' and line end, or '\' and one of '"', '\', 'n', 'r', 't') '"'
/// </code>
/// </remarks>
internal sealed class LabTokenizer
{
    private readonly string _text;
    private readonly string _file;
    private int _at;
    private int _line = 1;
    private int _lineStart;
    private int _depth;
    private int _runEnd;
    private bool _runEndsStatement;
    private LabToken? _peeked;

    public LabTokenizer(string text, string file)
    {
        _text = text;
        _file = file;
    }

    public LabToken Peek() => _peeked ??= Scan();

    public LabToken Next()
    {
        var token = Peek();
        _peeked = null;
        return token;
    }

    /// <summary>After '{': everything up to the '}' that closes it, as it stands, and the line where it begins.</summary>
    public (string Text, int FirstLine) ReadRawBlock(LabToken open)
    {
        var start = _at;
        var firstLine = _line;
        // A zone's strings may hold braces; its comments may too, and end with the line.
        var quoted = false;
        for (; _at < _text.Length; _at++)
        {
            var c = _text[_at];
            if (c == '"') { quoted = !quoted; }
            // RFC 1035 section 5.1: what follows a backslash stands for itself.
            else if (c == '\\' && _at + 1 < _text.Length && _text[_at + 1] != '\n') { _at++; }
            else if (c == '\n') { BeginLine(_at + 1); }
            else if (c == ';' && !quoted)
            {
                var end = _text.IndexOf('\n', _at);
                _at = (end < 0 ? _text.Length : end) - 1;
            }
            else if (c == '}' && !quoted)
            {
                _depth--;
                return (_text[start.._at++], firstLine);
            }
        }
        throw new LabFileException(open.Place, LabTerm.ClosingBrace, new LabFound(LabFoundKind.EndOfFile));
    }

    /// <summary>What stands between here and the end of the line or a comment behind it, as it stands, and where it begins.</summary>
    public (string Text, LabPlace Place) ReadRestOfLine()
    {
        while (_at < _text.Length && _text[_at] is ' ' or '\t') { _at++; }
        var (start, place, quoted) = (_at, Here(), false);
        for (; _at < _text.Length && _text[_at] != '\n'; _at++)
        {
            var c = _text[_at];
            if (c == '"') { quoted = !quoted; }
            else if (c == '\\' && _at + 1 < _text.Length && _text[_at + 1] != '\n') { _at++; }
            else if (c == '#' && !quoted && (_at == start || _text[_at - 1] is ' ' or '\t')) { break; }
        }
        return (_text[start.._at].TrimEnd(), place);
    }

    private LabToken Scan()
    {
        while (_at < _text.Length)
        {
            var c = _text[_at];
            if (c == '\n')
            {
                var place = Here();
                _at++;
                BeginLine(_at);
                if (_depth == 0 && EndsStatement()) { return new LabToken(LabTokenKind.EndOfStatement, "", place); }
            }
            else if (char.IsWhiteSpace(c)) { _at++; }
            else if (c == '#') { SkipLine(); }
            else { return ScanToken(c); }
        }
        return new LabToken(LabTokenKind.EndOfFile, "", Here());
    }

    private LabToken ScanToken(char c)
    {
        var place = Here();
        switch (c)
        {
            case ',': _at++; return new LabToken(LabTokenKind.Comma, ",", place);
            case '{': _at++; _depth++; return new LabToken(LabTokenKind.OpenBrace, "{", place);
            case '}': _at++; _depth = Math.Max(0, _depth - 1); return new LabToken(LabTokenKind.CloseBrace, "}", place);
            case '"': return ScanText(place);
        }
        var start = _at;
        while (_at < _text.Length && !char.IsWhiteSpace(_text[_at]) && _text[_at] is not (',' or '{' or '}' or '"')) { _at++; }
        return new LabToken(LabTokenKind.Word, _text[start.._at], place);
    }

    private LabToken ScanText(LabPlace place)
    {
        var text = new StringBuilder();
        for (_at++; _at < _text.Length && _text[_at] is not ('"' or '\n'); _at++) { text.Append(_text[_at] == '\\' ? ReadEscape() : _text[_at]); }
        if (_at == _text.Length || _text[_at] != '"') { throw new LabFileException(place, LabTerm.ClosingQuote, new LabFound(LabFoundKind.EndOfLine)); }
        _at++;
        return new LabToken(LabTokenKind.Text, text.ToString(), place);
    }

    private char ReadEscape()
    {
        var place = Here();
        _at++;
        return (_at < _text.Length ? _text[_at] : '\n') switch
        {
            '"' => '"',
            '\\' => '\\',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '\n' => throw new LabFileException(place, LabTerm.EscapedCharacter, new LabFound(LabFoundKind.EndOfLine)),
            var other => throw new LabFileException(place, LabTerm.EscapedCharacter, new LabFound(LabFoundKind.Word, LabWords.Shown(other.ToString()))),
        };
    }

    /// <summary>Whether the line that begins here is a new statement, an empty one, or a comment, and not the rest of the statement before.</summary>
    private bool EndsStatement()
    {
        // Within one run of comments and empty lines the answer is the same for each of them: it depends on the line behind the run.
        if (_at >= _runEnd) { (_runEndsStatement, _runEnd) = LookBehindRun(); }
        return _runEndsStatement;
    }

    private (bool EndsStatement, int RunEnd) LookBehindRun()
    {
        var at = _at;
        while (at < _text.Length)
        {
            var first = at;
            while (first < _text.Length && _text[first] is ' ' or '\t' or '\r') { first++; }
            if (first < _text.Length && _text[first] is not ('\n' or '#')) { return (first == at, at); }
            var end = _text.IndexOf('\n', first);
            if (end < 0) { break; }
            at = end + 1;
        }
        return (true, _text.Length);
    }

    private void SkipLine()
    {
        var end = _text.IndexOf('\n', _at);
        _at = end < 0 ? _text.Length : end;
    }

    private void BeginLine(int at)
    {
        _line++;
        _lineStart = at;
    }

    private LabPlace Here() => new(_file, _line, _at - _lineStart + 1);
}
