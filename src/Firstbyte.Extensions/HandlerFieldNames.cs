using System.Collections.Frozen;
using System.Text;

namespace Firstbyte.Extensions;

/// <summary>Names of fields as text, without making it anew each time for those that most servers send, in their usual spellings.</summary>
internal static class HandlerFieldNames
{
    // No name of these is longer; a longer one is not looked up.
    private const int Longest = 32;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> s_usual = Known(
        "Accept-Ranges", "Age", "Allow", "Alt-Svc", "Cache-Control", "Connection", "Content-Disposition", "Content-Encoding", "Content-Language",
        "Content-Length", "Content-Location", "Content-Range", "Content-Security-Policy", "Content-Type", "Date", "ETag", "Expires", "Keep-Alive",
        "Last-Modified", "Link", "Location", "Pragma", "Referrer-Policy", "Retry-After", "Server", "Set-Cookie", "Strict-Transport-Security",
        "Transfer-Encoding", "Vary", "Via", "WWW-Authenticate", "X-Content-Type-Options", "X-Frame-Options", "X-Powered-By", "X-Request-Id");

    /// <summary>The name, in the case in which it came.</summary>
    public static string TextOf(ReadOnlySpan<byte> name)
    {
        if (name.Length > Longest) { return Encoding.Latin1.GetString(name); }
        Span<char> text = stackalloc char[name.Length];
        Encoding.Latin1.GetChars(name, text);
        return s_usual.TryGetValue(text, out var usual) ? usual : new string(text);
    }

    private static FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Known(params string[] names)
    {
        string[] both = [.. names, .. names.Select(static name => name.ToLowerInvariant())];
        return both.ToFrozenSet(StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();
    }
}
