using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Transactions;

/// <summary>What keeps a text from being a file of keys.</summary>
public enum TsigKeyFlaw
{
    None,

    /// <summary>It ends inside a statement, a comment or a quoted string.</summary>
    Cut,

    /// <summary>Something else stands where the form "key NAME { algorithm …; secret …; };" wants a certain thing.</summary>
    Syntax,

    /// <summary>A key's name is no domain name.</summary>
    BadName,

    /// <summary>An algorithm that nobody knows here, or one cut shorter than RFC 8945 allows.</summary>
    UnknownAlgorithm,

    /// <summary>hmac-md5, without leave.</summary>
    Md5,

    /// <summary>The secret is no base64, or empty.</summary>
    BadSecret,

    /// <summary>A key lacks its algorithm or its secret.</summary>
    Incomplete,

    /// <summary>Two keys have the same name.</summary>
    Twice,

    /// <summary>There is no key in it, or more than <see cref="TsigKeyFile.MaxKeys"/>.</summary>
    NoKeys,
}

/// <summary>A flaw and the line at which it shows.</summary>
public readonly record struct TsigKeyFault(TsigKeyFlaw Flaw, int Line);

/// <summary>Files with keys in BIND's form, as tsig-keygen writes them: <c>key "name" { algorithm hmac-sha256; secret "base64"; };</c>.</summary>
/// <remarks>
/// An algorithm may carry the number of bits that are sent and at least believed (hmac-sha256-128), as in BIND. Comments are C's, C++'s and the
/// shell's. What a fault shows never holds a word of the file: it might be the secret.
/// </remarks>
public static class TsigKeyFile
{
    /// <summary>Own choice: a key a secondary, and an installation has hundreds at most.</summary>
    public const int MaxKeys = 1000;

    /// <summary>Reads the keys of a text; false, and why, when it is none.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="keys">The keys.</param>
    /// <param name="fault">What is wrong, and in which line.</param>
    /// <param name="allowsMd5">Whether hmac-md5 is taken.</param>
    public static bool TryRead(string text, out IReadOnlyList<TsigKey> keys, out TsigKeyFault fault, bool allowsMd5 = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        var read = new List<TsigKey>();
        var reader = new Words(text);
        keys = read;
        var flaw = TsigKeyFlaw.None;
        while (flaw == TsigKeyFlaw.None && reader.Next())
        {
            if (read.Count == MaxKeys) { flaw = TsigKeyFlaw.NoKeys; }
            else if (!reader.Is("key")) { flaw = TsigKeyFlaw.Syntax; }
            else { flaw = ReadKey(ref reader, read, allowsMd5); }
        }
        if (reader.IsCut) { flaw = TsigKeyFlaw.Cut; }
        if (flaw == TsigKeyFlaw.None && read.Count == 0) { flaw = TsigKeyFlaw.NoKeys; }
        fault = new TsigKeyFault(flaw, reader.Line);
        return flaw == TsigKeyFlaw.None;
    }

    private static TsigKeyFlaw ReadKey(ref Words words, List<TsigKey> keys, bool allowsMd5)
    {
        if (!words.Next()) { return TsigKeyFlaw.Cut; }
        if (words.IsSign) { return TsigKeyFlaw.Syntax; }
        if (!DnsName.TryParse(words.Word, out var name)) { return TsigKeyFlaw.BadName; }
        if (keys.Exists(key => key.Name == name)) { return TsigKeyFlaw.Twice; }
        var (algorithm, length, secret) = (default(TsigAlgorithm), 0, Array.Empty<byte>());
        if (!words.Next()) { return TsigKeyFlaw.Cut; }
        if (!words.Is('{')) { return TsigKeyFlaw.Syntax; }
        while (true)
        {
            if (!words.Next()) { return TsigKeyFlaw.Cut; }
            if (words.Is('}')) { break; }
            var isAlgorithm = words.Is("algorithm");
            if (!isAlgorithm && !words.Is("secret")) { return TsigKeyFlaw.Syntax; }
            if (!words.Next()) { return TsigKeyFlaw.Cut; }
            if (words.IsSign) { return TsigKeyFlaw.Syntax; }
            if (isAlgorithm && !TryReadAlgorithm(words.Word, out algorithm, out length)) { return TsigKeyFlaw.UnknownAlgorithm; }
            if (!isAlgorithm && !TryReadSecret(words.Word, out secret)) { return TsigKeyFlaw.BadSecret; }
            if (!words.Next()) { return TsigKeyFlaw.Cut; }
            if (!words.Is(';')) { return TsigKeyFlaw.Syntax; }
        }
        if (!words.Next()) { return TsigKeyFlaw.Cut; }
        if (!words.Is(';')) { return TsigKeyFlaw.Syntax; }
        if (algorithm is null || secret.Length == 0) { return TsigKeyFlaw.Incomplete; }
        if (algorithm == TsigAlgorithm.HmacMd5 && !allowsMd5) { return TsigKeyFlaw.Md5; }
        keys.Add(new TsigKey(name, algorithm, secret, length));
        return TsigKeyFlaw.None;
    }

    private static bool TryReadAlgorithm(ReadOnlySpan<char> word, out TsigAlgorithm? algorithm, out int macLength)
    {
        macLength = 0;
        algorithm = TsigAlgorithm.Find(word);
        if (algorithm is not null) { return true; }
        var dash = word.LastIndexOf('-');
        if (dash < 0 || !ushort.TryParse(word[(dash + 1)..], System.Globalization.NumberStyles.None, null, out var bits) || bits % 8 != 0) { return false; }
        algorithm = TsigAlgorithm.Find(word[..dash]);
        macLength = bits / 8;
        return algorithm is not null && macLength >= algorithm.MinLength && macLength <= algorithm.Length;
    }

    private static bool TryReadSecret(ReadOnlySpan<char> word, out byte[] secret)
    {
        secret = new byte[word.Length];
        if (!Convert.TryFromBase64Chars(word, secret, out var length)) { return false; }
        secret = secret[..length];
        return length > 0;
    }

    /// <summary>The words of such a file: braces and semicolons, quoted strings, and whatever stands between blanks.</summary>
    private ref struct Words(string text)
    {
        private readonly string _text = text;
        private int _at;

        /// <summary>The line of the word that was read last.</summary>
        public int Line { get; private set; } = 1;

        /// <summary>The word, without its quotation marks.</summary>
        public ReadOnlySpan<char> Word { get; private set; }

        /// <summary>A brace or a semicolon.</summary>
        public bool IsSign { get; private set; }

        /// <summary>The text ended inside a comment or a quoted string.</summary>
        public bool IsCut { get; private set; }

        public readonly bool Is(char sign) => IsSign && Word[0] == sign;

        public readonly bool Is(string word) => !IsSign && Word.Equals(word, StringComparison.OrdinalIgnoreCase);

        public bool Next()
        {
            if (!SkipBlanks()) { return false; }
            IsSign = _text[_at] is '{' or '}' or ';';
            var start = _at;
            if (_text[_at] == '"') { return Quoted(); }
            for (_at++; !IsSign && _at < _text.Length && !IsBorder(_text[_at]); _at++) { }
            Word = _text.AsSpan(start, _at - start);
            return true;
        }

        private static bool IsBorder(char sign) => sign is '{' or '}' or ';' or '"' || char.IsWhiteSpace(sign);

        private bool Quoted()
        {
            var end = _text.IndexOf('"', _at + 1);
            IsCut = end < 0;
            if (IsCut) { return false; }
            Word = _text.AsSpan(_at + 1, end - _at - 1);
            _at = end + 1;
            return true;
        }

        private bool SkipBlanks()
        {
            while (_at < _text.Length)
            {
                var rest = _text.AsSpan(_at);
                if (rest[0] == '\n') { Line++; }
                if (char.IsWhiteSpace(rest[0])) { _at++; }
                else if (rest[0] == '#' || rest.StartsWith("//")) { _at += rest.IndexOf('\n') is var end and >= 0 ? end : rest.Length; }
                else if (rest.StartsWith("/*"))
                {
                    var end = rest[2..].IndexOf("*/");
                    IsCut = end < 0;
                    if (IsCut) { return false; }
                    Line += rest[..(end + 2)].Count('\n');
                    _at += end + 4;
                }
                else { return true; }
            }
            return false;
        }
    }
}
