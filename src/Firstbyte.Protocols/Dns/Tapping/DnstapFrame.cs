using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Tapping;

/// <summary>At which place a message was seen (dnstap.proto, Message.Type).</summary>
public enum TapPoint
{
    /// <summary>A resolver asks a server.</summary>
    ResolverQuery = 3,

    /// <summary>A server answers a resolver.</summary>
    ResolverResponse = 4,

    /// <summary>A client asks a resolver.</summary>
    ClientQuery = 5,

    /// <summary>A resolver answers a client.</summary>
    ClientResponse = 6,
}

/// <summary>A message that was seen.</summary>
/// <param name="Point">Where.</param>
/// <param name="Transport">How it went.</param>
/// <param name="Asker">Who asks: the client, or this resolver.</param>
/// <param name="Answerer">Who answers.</param>
/// <param name="At">When it was seen.</param>
public readonly record struct TappedMessage(TapPoint Point, DnsTransport Transport, Endpoint Asker, Endpoint Answerer, Instant At);

/// <summary>Writes messages as dnstap has them (dnstap.info): a protocol buffer in a frame of Frame Streams.</summary>
/// <remarks>
/// Of the protocol buffer's fields (dnstap.proto) those are written that are known: identity 1, version 2, message 14 and type 15 of Dnstap; of Message
/// the type 1, family 2, protocol 3, addresses 4 and 5, ports 6 and 7, and by direction time 8 and 9 with message 10, or time 12 and 13 with message 14.
/// </remarks>
public static class DnstapFrame
{
    /// <summary>What the frames of a stream hold.</summary>
    public const string ContentType = "protobuf:dnstap.Dnstap";

    /// <summary>Bytes of a frame beside the DNS message and the identity, at most.</summary>
    public const int MaxOverhead = 128;

    private const int FrameHeader = 4;

    // A field's number and its wire type: a number of variable length, 32 bits, or so many bytes.
    private const int Varint = 0, Fixed32 = 5, Bytes = 2;

    /// <summary>Bytes of a control frame behind its length, at most (fstrm's FSTRM_CONTROL_FRAME_LENGTH_MAX).</summary>
    public const int MaxControl = 512;

    // Control frames (fstrm/control.h) and their one field.
    private const int AcceptType = 1, StartType = 2, StopType = 3, ReadyType = 4, ContentTypeField = 1;

    /// <summary>What is said first to a collector that answers: which content there is.</summary>
    public static byte[] Ready { get; } = Control(ReadyType, System.Text.Encoding.ASCII.GetBytes(ContentType));

    /// <summary>The frame that begins a stream (Frame Streams: escape, length, START, one field with the content type).</summary>
    public static byte[] Start { get; } = Control(StartType, System.Text.Encoding.ASCII.GetBytes(ContentType));

    /// <summary>The frame that ends it.</summary>
    public static byte[] Stop { get; } = Control(StopType, []);

    /// <summary>Whether a control frame, behind its escape and its length, says that a collector takes this content.</summary>
    public static bool IsAccept(ReadOnlySpan<byte> frame)
    {
        if (frame.Length is < sizeof(int) or > MaxControl || BinaryPrimitives.ReadInt32BigEndian(frame) != AcceptType) { return false; }
        // Without a field whatever comes is taken.
        var at = sizeof(int);
        if (at == frame.Length) { return true; }
        // At most a field for each eight bytes of a frame of limited length.
        while (frame.Length - at >= 2 * sizeof(int))
        {
            var (field, length) = (BinaryPrimitives.ReadInt32BigEndian(frame[at..]), BinaryPrimitives.ReadInt32BigEndian(frame[(at + sizeof(int))..]));
            at += 2 * sizeof(int);
            if (length < 0 || length > frame.Length - at) { return false; }
            if (field == ContentTypeField && System.Text.Ascii.Equals(frame.Slice(at, length), ContentType)) { return true; }
            at += length;
        }
        return false;
    }

    /// <summary>Writes one message with its frame and returns the length.</summary>
    /// <param name="destination">Room: the message, the identity and <see cref="MaxOverhead"/>.</param>
    /// <param name="seen">What is known of it.</param>
    /// <param name="message">The DNS message.</param>
    /// <param name="identity">The server's name; empty for none.</param>
    public static int Write(Span<byte> destination, in TappedMessage seen, ReadOnlySpan<byte> message, ReadOnlySpan<byte> identity)
    {
        Span<byte> head = stackalloc byte[MaxOverhead];
        var isQuery = seen.Point is TapPoint.ClientQuery or TapPoint.ResolverQuery;
        var at = Number(head, 0, 1, (ulong)seen.Point);
        at = Number(head, at, 2, seen.Asker.Address.IsV4 ? 1u : 2u);
        at = Number(head, at, 3, seen.Transport switch { DnsTransport.Udp => 1u, DnsTransport.Tcp => 2, DnsTransport.Tls => 3, _ => 4 });
        at = Address(head, at, 4, seen.Asker.Address);
        at = Address(head, at, 5, seen.Answerer.Address);
        at = Number(head, at, 6, seen.Asker.Port);
        at = Number(head, at, 7, seen.Answerer.Port);
        at = Number(head, at, isQuery ? 8 : 12, (ulong)(seen.At.Nanoseconds / 1_000_000_000));
        at = Tag(head, at, isQuery ? 9 : 13, Fixed32);
        BinaryPrimitives.WriteUInt32LittleEndian(head[at..], (uint)(seen.At.Nanoseconds % 1_000_000_000));
        at += sizeof(uint);
        at = Tag(head, at, isQuery ? 10 : 14, Bytes);
        at = Length(head, at, message.Length);

        var to = destination[FrameHeader..];
        var end = 0;
        if (identity.Length > 0)
        {
            end = Length(to, Tag(to, end, 1, Bytes), identity.Length);
            identity.CopyTo(to[end..]);
            end += identity.Length;
        }
        end = Length(to, Tag(to, end, 14, Bytes), at + message.Length);
        head[..at].CopyTo(to[end..]);
        message.CopyTo(to[(end + at)..]);
        end = Number(to, end + at + message.Length, 15, 1);
        BinaryPrimitives.WriteInt32BigEndian(destination, end);
        return FrameHeader + end;
    }

    private static int Number(Span<byte> destination, int at, int field, ulong value) => Variable(destination, Tag(destination, at, field, Varint), value);

    private static int Address(Span<byte> destination, int at, int field, IpAddress address)
    {
        at = Length(destination, Tag(destination, at, field, Bytes), address.BitLength / 8);
        return at + address.WriteBytes(destination[at..]);
    }

    private static int Tag(Span<byte> destination, int at, int field, int kind) => Variable(destination, at, (ulong)(field << 3 | kind));

    private static int Length(Span<byte> destination, int at, int length) => Variable(destination, at, (ulong)length);

    private static int Variable(Span<byte> destination, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7) { destination[at++] = (byte)(value | 0x80); }
        destination[at++] = (byte)value;
        return at;
    }

    private static byte[] Control(int type, byte[] contentType)
    {
        var hasField = contentType.Length > 0;
        var frame = new byte[3 * sizeof(int) + (hasField ? 2 * sizeof(int) + contentType.Length : 0)];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(4), frame.Length - 2 * sizeof(int));
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(8), type);
        if (hasField)
        {
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(12), ContentTypeField);
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(16), contentType.Length);
            contentType.CopyTo(frame, 20);
        }
        return frame;
    }
}
