using System.Text;

namespace Firstbyte.Http.Authentication;

/// <summary>A netrc file: which password is for which machine (the format of ftp(1), with curl's quoted strings).</summary>
/// <remarks>
/// Words separated by white space: <c>machine NAME</c> or <c>default</c>, then <c>login NAME</c>, <c>password WORD</c> and <c>account
/// WORD</c>; <c>macdef NAME</c>
/// goes on to an empty line and is passed over, as is a line that begins with #. The first entry that fits counts; what names neither a machine nor is
/// <c>default</c> is no entry.
/// </remarks>
public sealed class NetrcFile
{
    private readonly List<Entry> _entries = [];

    private readonly List<int> _unreadable = [];

    /// <summary>
    /// The first line, counted from 1, where a quoted string has no end: what it was to be is not known, and its entry gives nothing away; 0 for none.
    /// </summary>
    public int OpenQuoteLine { get; private set; }

    /// <summary>The lines, counted from 1, of words that mean nothing: each word once, in order.</summary>
    public IReadOnlyList<int> Unreadable => _unreadable;

    /// <summary>Reads a file's text. Nothing is an error in it: words that mean nothing are passed over, and <see cref="Unreadable"/> says where.</summary>
    public static NetrcFile Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var file = new NetrcFile();
        var words = new Words(text);
        Entry? entry = null;
        while (words.Next() is { } word)
        {
            switch (word.ToLowerInvariant())
            {
                case "machine": file._entries.Add(entry = new Entry(words.Next() ?? "")); break;
                case "default": file._entries.Add(entry = new Entry(null)); break;
                case "login": if (words.Next() is { } login && entry is not null) { entry.Login = login; } break;
                case "password": if (words.Next() is { } password && entry is not null) { entry.Password = password; } break;
                case "account": words.Next(); break;
                case "macdef": words.SkipMacro(); break;
                default: file._unreadable.Add(words.Line); break;
            }
            if (!words.IsOpen) { continue; }
            words.IsOpen = false;
            if (file.OpenQuoteLine == 0) { file.OpenQuoteLine = words.Line; }
            if (entry is not null) { entry.IsOpen = true; }
        }
        return file;
    }

    /// <summary>The credentials for a host; null when the file has none.</summary>
    /// <param name="host">The host's name, in any case, without a port.</param>
    /// <param name="user">Whose password is wanted; null for the first that is there.</param>
    public Credentials? Find(string host, string? user = null)
    {
        foreach (var entry in _entries)
        {
            if (entry.Machine?.Equals(host, StringComparison.OrdinalIgnoreCase) == false) { continue; }
            if (user is not null && entry.Login is not null && entry.Login != user) { continue; }
            if (entry.IsOpen) { return null; }
            // A machine without a login and password is one that the file says nothing of: "default" is not for it.
            return (entry.Login ?? user, entry.Password) is (null, null) ? null : new Credentials(entry.Login ?? user ?? "", entry.Password ?? "");
        }
        return null;
    }

    private sealed class Entry(string? machine)
    {
        public string? Machine { get; } = machine;

        public string? Login { get; set; }

        public string? Password { get; set; }

        public bool IsOpen { get; set; }
    }

    private sealed class Words(string text)
    {
        private int _at;
        private int _counted;

        /// <summary>The line on which the last word ends, from 1.</summary>
        public int Line { get; private set; } = 1;

        /// <summary>Whether a quote was not closed on its line.</summary>
        public bool IsOpen { get; set; }

        public string? Next()
        {
            var word = NextWord();
            Line += text.AsSpan(_counted.._at).Count('\n');
            _counted = _at;
            return word;
        }

        private string? NextWord()
        {
            while (_at < text.Length && (char.IsWhiteSpace(text[_at]) || IsCommentHere()))
            {
                if (char.IsWhiteSpace(text[_at])) { _at++; }
                else { _at = text.IndexOf('\n', _at) is >= 0 and var end ? end : text.Length; }
            }
            if (_at >= text.Length) { return null; }
            if (text[_at] == '"') { return NextQuoted(); }
            var begin = _at;
            while (_at < text.Length && !char.IsWhiteSpace(text[_at])) { _at++; }
            return text[begin.._at];
        }

        public void SkipMacro()
        {
            var end = text.IndexOf("\n\n", _at, StringComparison.Ordinal);
            var ended = text.IndexOf("\r\n\r\n", _at, StringComparison.Ordinal);
            _at = (end, ended) switch
            {
                ( < 0, < 0) => text.Length,
                ( < 0, _) => ended,
                (_, < 0) => end,
                _ => Math.Min(end, ended),
            };
        }

        private bool IsCommentHere() => text[_at] == '#' && (_at == 0 || text[_at - 1] == '\n');

        private string NextQuoted()
        {
            var word = new StringBuilder();
            for (_at++; _at < text.Length && text[_at] is not '"' and not '\n'; _at++)
            {
                var character = text[_at];
                if (character == '\\' && _at + 1 < text.Length)
                {
                    character = text[++_at] switch { 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other };
                }
                word.Append(character);
            }
            if (_at < text.Length && text[_at] == '"') { _at++; }
            else { IsOpen = true; }
            return word.ToString();
        }
    }
}
