using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Serving;

/// <summary>How much a response is padded, so that its length tells an eavesdropper less (RFC 7830, RFC 8467).</summary>
public static class ResponsePadding
{
    /// <summary>RFC 8467 section 4.1: responses are as long as a multiple of it.</summary>
    public const int Block = 468;

    /// <summary>The most that the option takes, its head included.</summary>
    public const int MaxLength = ZeroPadding.HeadLength + Block - 1;

    /// <summary>
    /// Whether a response is padded: where the query was, and nobody else can read it. In clear it would only make the response longer (RFC 7830 section 6).
    /// </summary>
    public static bool IsWanted(DnsTransport transport, ReadOnlySpan<byte> queryOptions) =>
        transport is DnsTransport.Tls or DnsTransport.Https && EdnsView.TryFindOption(queryOptions, EdnsOptionCode.Padding, out _);

    /// <summary>
    /// The zeros of the option that bring a message to the next multiple, or to the longest that it may be; negative when it has no room at all.
    /// </summary>
    /// <param name="length">The length of the message without the option.</param>
    /// <param name="limit">The most that it may have.</param>
    public static int ZerosAfter(int length, int limit)
    {
        var whole = length + ZeroPadding.HeadLength;
        return Math.Min((whole + Block - 1) / Block * Block, limit) - whole;
    }

    /// <summary>Writes the option and returns its bytes: none where it has no room.</summary>
    /// <param name="destination">Room for <see cref="MaxLength"/> bytes.</param>
    /// <param name="length">The length of the message without the option.</param>
    /// <param name="limit">The most that it may have.</param>
    public static int Write(Span<byte> destination, int length, int limit)
    {
        var zeros = ZerosAfter(length, limit);
        return zeros < 0 ? 0 : ZeroPadding.Write(destination, zeros);
    }
}
