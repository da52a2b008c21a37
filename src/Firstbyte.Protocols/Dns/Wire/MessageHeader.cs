using System.Buffers.Binary;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>The flag bits of a header (RFC 1035 section 4.1.1, RFC 4035 section 3).</summary>
[Flags]
public enum HeaderFlags : ushort
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>QR: this is a response.</summary>
    Response = 0x8000,

    /// <summary>AA: the server is responsible for the name.</summary>
    AuthoritativeAnswer = 0x0400,

    /// <summary>TC: the response did not fit; ask again over TCP.</summary>
    Truncated = 0x0200,

    /// <summary>RD: please find out for me.</summary>
    RecursionDesired = 0x0100,

    /// <summary>RA: I would find out for you.</summary>
    RecursionAvailable = 0x0080,

    /// <summary>AD: I have checked the signatures.</summary>
    AuthenticData = 0x0020,

    /// <summary>CD: do not check the signatures for me.</summary>
    CheckingDisabled = 0x0010,
}

/// <summary>The 12 bytes at the start of every message (RFC 1035 section 4.1.1).</summary>
public readonly record struct MessageHeader(
    ushort Id, HeaderFlags Flags, OpCode OpCode, ResponseCode ResponseCode, ushort QuestionCount, ushort AnswerCount, ushort AuthorityCount,
        ushort AdditionalCount)
{
    /// <summary>The length of a header in bytes.</summary>
    public const int Length = 12;

    private const ushort FlagBits = 0x87B0;

    /// <summary>QR</summary>
    public bool IsResponse => (Flags & HeaderFlags.Response) != HeaderFlags.None;

    /// <summary>AA</summary>
    public bool IsAuthoritative => (Flags & HeaderFlags.AuthoritativeAnswer) != HeaderFlags.None;

    /// <summary>TC</summary>
    public bool IsTruncated => (Flags & HeaderFlags.Truncated) != HeaderFlags.None;

    /// <summary>RD</summary>
    public bool IsRecursionDesired => (Flags & HeaderFlags.RecursionDesired) != HeaderFlags.None;

    /// <summary>RA</summary>
    public bool IsRecursionAvailable => (Flags & HeaderFlags.RecursionAvailable) != HeaderFlags.None;

    /// <summary>Reads the header; false when there are fewer than 12 bytes.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out MessageHeader header)
    {
        header = default;
        if (message.Length < Length) { return false; }
        var bits = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        header = new MessageHeader(
            BinaryPrimitives.ReadUInt16BigEndian(message), (HeaderFlags)(bits & FlagBits), new OpCode((byte)(bits >> 11 & 0xF)),
                new ResponseCode((ushort)(bits & 0xF)),
            BinaryPrimitives.ReadUInt16BigEndian(message[4..]), BinaryPrimitives.ReadUInt16BigEndian(message[6..]),
            BinaryPrimitives.ReadUInt16BigEndian(message[8..]), BinaryPrimitives.ReadUInt16BigEndian(message[10..]));
        return true;
    }

    /// <summary>Writes the 12 bytes; of the response code its lower 4 bits (the rest is EDNS').</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt16BigEndian(destination, Id);
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], (ushort)((ushort)Flags & FlagBits | (OpCode.Value & 0xF) << 11 | ResponseCode.Value & 0xF));
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], QuestionCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], AnswerCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[8..], AuthorityCount);
        BinaryPrimitives.WriteUInt16BigEndian(destination[10..], AdditionalCount);
    }
}

/// <summary>The sections that hold records.</summary>
public enum MessageSection : byte
{
    /// <summary>What was asked for.</summary>
    Answer,

    /// <summary>Who is responsible: NS of a referral, SOA of a "there is none".</summary>
    Authority,

    /// <summary>What is useful beside it: addresses, EDNS.</summary>
    Additional,
}
