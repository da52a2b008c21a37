using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Resolving;

/// <summary>How much a query is padded that nobody on the way can read, so that its length does not tell the name (RFC 7830, RFC 8467).</summary>
internal static class QueryPadding
{
    /// <summary>RFC 8467 section 4.1: queries are as long as a multiple of it.</summary>
    public const int Block = 128;

    /// <summary>The most that the option takes, its head included.</summary>
    public const int MaxLength = ZeroPadding.HeadLength + Block - 1;

    /// <summary>Writes the option for a message that has <paramref name="length"/> bytes without it, and returns the option's bytes.</summary>
    public static int Write(Span<byte> destination, int length) =>
        ZeroPadding.Write(destination, (Block - (length + ZeroPadding.HeadLength) % Block) % Block);
}
