using System.Buffers;

namespace Firstbyte.Exports;

/// <summary>A secret's place in bytes.</summary>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="Ending">What ends it; where the bytes end before it does, what the bytes that follow must be searched for.</param>
/// <param name="IsOpen">The bytes ended inside it.</param>
internal readonly record struct SecretSpan(int Start, int Length, SecretEnding Ending, bool IsOpen);

/// <summary>What ends a secret.</summary>
internal enum SecretEnding : byte
{
    /// <summary>A form's or query's separator, or the line's end.</summary>
    Member,

    /// <summary>The same inside a value that is itself encoded: its own separators are "%26" and "%23".</summary>
    EncodedMember,

    /// <summary>The bracket that ends a JSON list.</summary>
    List,

    /// <summary>The brace that ends a JSON object.</summary>
    Object,

    /// <summary>A quote that no backslash stands before.</summary>
    Quote,

    /// <summary>What follows a JSON number or word.</summary>
    Json,

    /// <summary>The same with the other quote, as XML allows it.</summary>
    Apostrophe,

    /// <summary>The tag behind an element's text in XML.</summary>
    Tag,

    /// <summary>What no token consists of.</summary>
    Token,

    /// <summary>The line that begins with "--" (RFC 2046 5.1.1).</summary>
    Part,
}

/// <summary>
/// Finds the secrets in bytes that are wholly or partly a message: members of queries and forms, of JSON and XML, parts of multipart forms, and tokens by
/// their look.
/// </summary>
internal static class SecretSpans
{
    // An element's tag with attributes, as that of WS-Security has them.
    private const int LongestTag = 256;

    // What stands behind the first letters of any token is longer.
    private const int ShortestTokenBody = 12;

    private static readonly SearchValues<byte> s_authorityEnds = SearchValues.Create("/?#\"<> \t\r\n"u8);

    /// <summary>The secrets, in their order.</summary>
    public static List<SecretSpan> In(ReadOnlySpan<byte> data)
    {
        var found = new List<SecretSpan>();
        for (var i = 0; i < data.Length; i++)
        {
            var span = data[i] switch
            {
                (byte)'=' => AfterEquals(data, i),
                (byte)':' => AfterColon(data, i),
                (byte)'%' => AfterEncodedEquals(data, i),
                (byte)'>' => AfterTag(data, i),
                _ when i == 0 || !IsTokenByte(data[i - 1]) => AtToken(data, i),
                _ => default,
            };
            if (span.Length == 0 && !span.IsOpen) { continue; }
            found.Add(span);
            i = span.Start + span.Length - 1;
        }
        return found;
    }

    /// <summary>The bytes from <paramref name="start"/> on up to what ends a secret.</summary>
    public static SecretSpan Until(ReadOnlySpan<byte> data, int start, SecretEnding ending)
    {
        var end = start;
        while (end < data.Length && !Ends(data, end, ending)) { end++; }
        return new SecretSpan(start, end - start, ending, end == data.Length);
    }

    private static bool Ends(ReadOnlySpan<byte> data, int at, SecretEnding ending) => ending switch
    {
        SecretEnding.Member => data[at] is (byte)'&' or (byte)'#' or (byte)' ' or (byte)'\r' or (byte)'\n' or (byte)'"' or (byte)'>',
        SecretEnding.EncodedMember => Ends(data, at, SecretEnding.Member)
            || (data[at] == '%' && at + 2 < data.Length && data[at + 1] == '2' && data[at + 2] is (byte)'6' or (byte)'3'),
        SecretEnding.List => data[at] == ']',
        SecretEnding.Object => data[at] == '}',
        SecretEnding.Quote => data[at] == '"' && !IsEscaped(data, at),
        SecretEnding.Apostrophe => data[at] == '\'',
        SecretEnding.Tag => data[at] == '<',
        SecretEnding.Token => !IsTokenByte(data[at]),
        SecretEnding.Json => data[at] is (byte)',' or (byte)'}' or (byte)']' or (byte)' ' or (byte)'\r' or (byte)'\n',
        _ => data[at..].StartsWith("\r\n--"u8),
    };

    private static bool IsEscaped(ReadOnlySpan<byte> data, int at)
    {
        var backslashes = 0;
        while (at > backslashes && data[at - backslashes - 1] == '\\') { backslashes++; }
        return backslashes % 2 == 1;
    }

    // name=value of a query or form, or name="password" of a multipart form, whose value follows the part's empty line.
    private static SecretSpan AfterEquals(ReadOnlySpan<byte> data, int at)
    {
        // "a;=b": the separator of another time stands behind the name.
        var nameEnd = at > 0 && data[at - 1] == ';' ? at - 1 : at;
        var nameStart = nameEnd;
        while (nameStart > 0 && nameEnd - nameStart <= SecretNames.Longest && IsNameByte(data[nameStart - 1])) { nameStart--; }
        var name = data[nameStart..nameEnd];
        if (name.SequenceEqual("name"u8) && at + 1 < data.Length && data[at + 1] == '"' && IsDisposition(data[..at]))
        {
            var quoted = Until(data, at + 2, SecretEnding.Quote);
            if (quoted.IsOpen || !SecretNames.IsSecret(data.Slice(quoted.Start, quoted.Length))) { return default; }
            var empty = data[(quoted.Start + quoted.Length)..].IndexOf("\r\n\r\n"u8);
            return empty < 0 ? default : Until(data, quoted.Start + quoted.Length + empty + 4, SecretEnding.Part);
        }
        if (!SecretNames.IsSecretInQuery(name)) { return default; }
        return at + 1 < data.Length && data[at + 1] is (byte)'"' or (byte)'\''
            // An attribute of XML.
            ? Until(data, at + 2, data[at + 1] == '"' ? SecretEnding.Quote : SecretEnding.Apostrophe)
            : Until(data, at + 1, SecretEnding.Member);
    }

    // <password>, <wsse:Password Type="…">: the text of an element, which ends at the next tag.
    private static SecretSpan AfterTag(ReadOnlySpan<byte> data, int at)
    {
        var before = data[Math.Max(0, at - LongestTag)..at];
        var open = before.LastIndexOf((byte)'<');
        if (open < 0 || before[^1] == '/') { return default; }
        var name = before[(open + 1)..];
        if (name.IndexOfAny(" \t\r\n"u8) is >= 0 and var space) { name = name[..space]; }
        name = name[(name.LastIndexOf((byte)':') + 1)..];
        // HTML has an element of program text, <code>.
        return name.Length > 0 && !SecretNames.IsOftenHarmless(name) && SecretNames.IsSecret(name) ? Until(data, at + 1, SecretEnding.Tag) : default;
    }

    // A token that says by its first letters what it is, wherever it stands: in a path, in words.
    private static SecretSpan AtToken(ReadOnlySpan<byte> data, int at)
    {
        var prefix = SecretNames.TokenPrefix(data[at..]);
        if (prefix == 0) { return default; }
        var token = Until(data, at, SecretEnding.Token);
        return token.Length >= prefix + ShortestTokenBody ? token : default;
    }

    // name%3Dvalue of a URL that is itself a member's value.
    private static SecretSpan AfterEncodedEquals(ReadOnlySpan<byte> data, int at)
    {
        if (at + 2 >= data.Length || data[at + 1] != '3' || data[at + 2] is not ((byte)'D' or (byte)'d')) { return default; }
        var nameStart = at;
        while (nameStart > 0 && at - nameStart <= SecretNames.Longest && data[nameStart - 1] != '%' && IsNameByte(data[nameStart - 1])) { nameStart--; }
        // Two digits of what is encoded before the name are none of it: "%3Ftoken".
        if (nameStart > 0 && data[nameStart - 1] == '%') { nameStart = Math.Min(at, nameStart + 2); }
        return SecretNames.IsSecretInQuery(data[nameStart..at]) ? Until(data, at + 3, SecretEnding.EncodedMember) : default;
    }

    private static bool IsDisposition(ReadOnlySpan<byte> before)
    {
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return System.Text.Ascii.EqualsIgnoreCase(line[..Math.Min(line.Length, 20)], "Content-Disposition:"u8);
    }

    /// <summary>Passwords, and users that are rather tokens, in the URLs among the bytes.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="isWhole">Whether nothing follows them.</param>
    public static List<SecretSpan> Credentials(ReadOnlySpan<byte> data, bool isWhole = false)
    {
        var found = new List<SecretSpan>();
        for (var from = 0; data[from..].IndexOf("://"u8) is >= 0 and var at;)
        {
            var start = from + at + 3;
            var length = data[start..].IndexOfAny(s_authorityEnds);
            var isOpen = length < 0 && !isWhole;
            var authority = length < 0 ? data[start..] : data.Slice(start, length);
            from = start + authority.Length;
            var end = authority.LastIndexOf((byte)'@');
            var colon = authority[..(end < 0 ? authority.Length : end)].IndexOf((byte)':');
            // The bytes end where a password may be under way: better a port too many than a password's half.
            if (end < 0 && isOpen && colon >= 0)
            {
                found.Add(new SecretSpan(start + colon + 1, authority.Length - colon - 1, SecretEnding.Member, IsOpen: false));
            }
            if (end < 0) { continue; }
            var user = authority[..(colon < 0 ? end : colon)];
            var password = colon < 0 ? [] : authority[(colon + 1)..end];
            if (SecretNames.IsToken(user, password)) { found.Add(new SecretSpan(start, user.Length, SecretEnding.Member, IsOpen: false)); }
            if (colon >= 0 && colon + 1 < end) { found.Add(new SecretSpan(start + colon + 1, end - colon - 1, SecretEnding.Member, IsOpen: false)); }
        }
        return found;
    }

    // "name": value of JSON.
    private static SecretSpan AfterColon(ReadOnlySpan<byte> data, int at)
    {
        var nameEnd = at;
        while (nameEnd > 0 && data[nameEnd - 1] is (byte)' ' or (byte)'\t') { nameEnd--; }
        if (nameEnd == 0 || data[nameEnd - 1] != '"') { return default; }
        var nameStart = nameEnd - 1;
        while (nameStart > 0 && at - nameStart <= SecretNames.Longest && (IsNameByte(data[nameStart - 1]) || data[nameStart - 1] == '\\')) { nameStart--; }
        if (nameStart == 0 || data[nameStart - 1] != '"' || !SecretNames.IsSecretInJson(data[nameStart..(nameEnd - 1)])) { return default; }
        var start = at + 1;
        while (start < data.Length && data[start] is (byte)' ' or (byte)'\t') { start++; }
        if (start == data.Length) { return new SecretSpan(start, 0, SecretEnding.Json, IsOpen: true); }
        return data[start] switch
        {
            (byte)'"' => Until(data, start + 1, SecretEnding.Quote),
            // "code": 404 is a number of another kind.
            _ when SecretNames.IsOftenHarmless(data[nameStart..(nameEnd - 1)]) => default,
            (byte)'[' => Until(data, start + 1, SecretEnding.List),
            (byte)'{' => Until(data, start + 1, SecretEnding.Object),
            _ => Until(data, start, SecretEnding.Json),
        };
    }

    private static bool IsTokenByte(byte b) =>
        b is (byte)'_' or (byte)'-' or (byte)'.' or (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z');

    private static bool IsNameByte(byte b) =>
        b is (byte)'_' or (byte)'+' or (byte)'-' or (byte)'.' or (byte)'%' or (byte)'[' or (byte)']' or (>= (byte)'0' and <= (byte)'9') or (
            >= (byte)'A' and <= (byte)'Z') or (>= (byte)'a' and <= (byte)'z');
}
