namespace Firstbyte.Telling.Sentences;

/// <summary>Names that the root's servers will never know, so that asking them is no advice.</summary>
internal static class SpecialUseNames
{
    // RFC 6761 (test, example, invalid, localhost), RFC 7686 (onion), RFC 9476 (alt), and "internal", which ICANN has set aside for private use (2024).
    private static readonly string[] s_reserved = ["test", "example", "invalid", "localhost", "onion", "alt", "internal"];

    /// <summary>Whether nobody can register it.</summary>
    public static bool IsReserved(string name) => s_reserved.Contains(Last(name), StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether it is looked up on the link (RFC 6762).</summary>
    public static bool IsMulticastDns(string name) => Last(name).Equals("local", StringComparison.OrdinalIgnoreCase);

    private static string Last(string name)
    {
        var end = name.TrimEnd('.');
        return end[(end.LastIndexOf('.') + 1)..];
    }
}
