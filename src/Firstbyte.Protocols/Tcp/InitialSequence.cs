using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>Numbers that a stranger cannot guess and that still grow with time: ISN = M + F(addresses, ports, secret) (RFC 6528 section 3).</summary>
/// <remarks>The secret belongs to the host and is drawn once; in a simulation it comes from the world's seed. F is SipHash-2-4.</remarks>
public static class InitialSequence
{
    // M ticks every 64 ns, as in the stacks people use: it wraps in 4.6 minutes, longer than any segment lives, and outruns a
    // connection of 15 MB/s, so that the next connection of the same pair starts above the last.
    private const int ClockShift = 6;

    /// <summary>ISS for a connection that begins now.</summary>
    public static SequenceNumber Compute(SipKey secret, Endpoint local, Endpoint remote, Instant now) =>
        new(unchecked((uint)(now.Nanoseconds >> ClockShift) + (uint)Hash(secret, Purpose.InitialSequence, local, remote, 0, 0)));

    /// <summary>What is added to the timestamp clock of a connection (RFC 7323 section 7.1): the same for the same pair.</summary>
    public static uint TimestampOffset(SipKey secret, Endpoint local, Endpoint remote) =>
        (uint)Hash(secret, Purpose.Timestamp, local, remote, 0, 0);

    internal enum Purpose : byte
    {
        InitialSequence = 1,
        Timestamp = 2,
        Cookie = 3,
    }

    internal static ulong Hash(SipKey secret, Purpose purpose, Endpoint local, Endpoint remote, uint first, uint second)
    {
        Span<byte> text = stackalloc byte[16 + 16 + 2 + 2 + 1 + 4 + 4];
        BinaryPrimitives.WriteUInt128BigEndian(text, local.Address.Bits);
        BinaryPrimitives.WriteUInt128BigEndian(text[16..], remote.Address.Bits);
        BinaryPrimitives.WriteUInt16BigEndian(text[32..], local.Port);
        BinaryPrimitives.WriteUInt16BigEndian(text[34..], remote.Port);
        text[36] = (byte)purpose;
        BinaryPrimitives.WriteUInt32BigEndian(text[37..], first);
        BinaryPrimitives.WriteUInt32BigEndian(text[41..], second);
        return SipHash24.Hash(secret, text);
    }
}
