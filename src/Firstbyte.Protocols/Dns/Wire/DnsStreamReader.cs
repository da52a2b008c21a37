using System.Buffers.Binary;

namespace Firstbyte.Dns.Wire;

/// <summary>What the bytes of a DNS stream hold next.</summary>
public enum DnsStreamEventKind
{
    /// <summary>Not a whole message yet.</summary>
    NeedMore,

    /// <summary>A whole message.</summary>
    Message,

    /// <summary>The stream ended between two messages: in order.</summary>
    Ended,

    /// <summary>The stream ended inside a message: the sender is at fault.</summary>
    Cut,
}

/// <summary>An event of a DNS stream.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Start">Where the message starts in the bytes given, behind its length.</param>
/// <param name="Length">The message's length; with <see cref="DnsStreamEventKind.NeedMore"/> how many bytes, length field included, make
/// up the message that has begun (2 when even that is open).</param>
public readonly record struct DnsStreamEvent(DnsStreamEventKind Kind, int Start, int Length);

/// <summary>Finds messages in a stream: each stands after its length in two bytes (RFC 1035 section 4.2.2, RFC 7766 section 8).</summary>
/// <remarks>The reader keeps no state and copies nothing: bytes that were not consumed are given again, with more behind them.</remarks>
public static class DnsStreamReader
{
    /// <summary>The length of the length.</summary>
    public const int PrefixLength = 2;

    /// <summary>Looks at what was received and not yet consumed; call it until it needs more.</summary>
    public static DnsStreamEvent Read(ReadOnlySpan<byte> received, bool ended, out int consumed)
    {
        consumed = 0;
        var needed = PrefixLength;
        if (received.Length >= PrefixLength)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(received);
            needed = PrefixLength + length;
            if (received.Length >= needed)
            {
                consumed = needed;
                return new DnsStreamEvent(DnsStreamEventKind.Message, PrefixLength, length);
            }
        }
        if (!ended) { return new DnsStreamEvent(DnsStreamEventKind.NeedMore, 0, needed); }
        return new DnsStreamEvent(received.Length == 0 ? DnsStreamEventKind.Ended : DnsStreamEventKind.Cut, 0, 0);
    }

    /// <summary>Writes a message's length; the message goes behind it, in the same write (RFC 7766 section 8).</summary>
    public static void WritePrefix(Span<byte> destination, int messageLength) =>
        BinaryPrimitives.WriteUInt16BigEndian(destination, checked((ushort)messageLength));
}
