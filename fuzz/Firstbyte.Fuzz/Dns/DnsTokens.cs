namespace Firstbyte.Fuzz.Dns;

/// <summary>Byte strings that mean something in DNS messages.</summary>
internal static class DnsTokens
{
    public static IReadOnlyList<byte[]> All { get; } =
    [
        // Pointers: to the question, into the header, at themselves, far ahead; the largest label; labels of unknown kinds; the root.
        [0xC0, 12], [0xC0, 0], [0xC0, 14], [0xFF, 0xFF], [63], [64], [128], [0],
        // An OPT record, an A record at the question's name, RDLENGTH beyond the end.
        [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0], [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 9, 0, 4, 192, 0, 2, 1], [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0xFF, 0xFF],
    ];
}
