namespace Firstbyte.Urls;

/// <summary>Sees that an absolute special URL can be parsed, without building anything: behind its authority nothing can fail.</summary>
/// <remarks>
/// Two vector scans find the end of the host and its last label. What they do not understand (percent-encoding, characters beyond ASCII,
/// brackets, a last label that may be a number, a tab or newline) is left to the parser.
/// </remarks>
internal static class AuthorityCheck
{
    /// <summary>True when the input can be parsed; false leaves it open.</summary>
    public static bool Holds(ReadOnlySpan<char> input)
    {
        var start = 0;
        while (start < input.Length && input[start] <= ' ') { start++; }
        input = input[start..];
        var scheme = SpecialSchemes.AtStartOf(input, out var at);
        if (scheme is SpecialScheme.None or SpecialScheme.File || !input[at..].StartsWith("//")) { return false; }
        at += 2;
        while (at < input.Length && input[at] is '/' or '\\') { at++; }
        return HoldsHost(input, at) || HoldsCredentials(input, at);
    }

    private static bool HoldsHost(ReadOnlySpan<char> input, int at)
    {
        at = HostParser.EndOfPlainDomain(input, at);
        if (at >= 0 && at < input.Length && input[at] == ':') { at = EndOfPort(input, at + 1); }
        return at >= 0 && (at == input.Length || input[at] is '/' or '\\' or '?' or '#');
    }

    // The last "@" ends the credentials, and nothing in them can fail.
    private static bool HoldsCredentials(ReadOnlySpan<char> input, int at)
    {
        var length = input[at..].IndexOfAny(UrlParser.SpecialAuthorityEnd);
        var sign = (length < 0 ? input[at..] : input.Slice(at, length)).LastIndexOf('@');
        return sign >= 0 && HoldsHost(input, at + sign + 1);
    }

    // Where the digits end, or -1 when they are more than a port can be.
    private static int EndOfPort(ReadOnlySpan<char> input, int at)
    {
        var port = 0;
        for (; at < input.Length && char.IsAsciiDigit(input[at]); at++)
        {
            port = port * 10 + (input[at] - '0');
            if (port > ushort.MaxValue) { return -1; }
        }
        return at;
    }
}
