using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>Reads names as they stand in messages: labels and pointers to earlier names (RFC 1035 section 4.1.4).</summary>
/// <remarks>
/// A pointer must point before the start of the run of labels that it ends. The runs of one name therefore lie ever further to the front, and reading ends
/// whatever the bytes say; the limits only bound the time.
/// </remarks>
public static class CompressedName
{
    /// <summary>A name has at most 127 labels, so an honest one needs no more pointers; Unbound stops at 256, hickory-dns at 120.</summary>
    public const int MaxPointers = 127;

    private const int HeaderLength = 12;

    /// <summary>Where the field behind a name starts that has been checked.</summary>
    internal static int Skip(ReadOnlySpan<byte> message, int offset)
    {
        while (message[offset] is > 0 and <= WireName.MaxLabelLength) { offset += 1 + message[offset]; }
        return offset + (message[offset] == 0 ? 1 : 2);
    }

    /// <summary>Checks the name at an offset and tells where the next field starts and how long the name is without compression.</summary>
    public static MessageFault Measure(ReadOnlySpan<byte> message, int offset, out int next, out int length, out int flawOffset)
    {
        var labels = WireName.MaxLength;
        return Measure(message, offset, ref labels, out next, out length, out flawOffset);
    }

    /// <summary>The same for one of the names of a message, which all together may have so many labels behind pointers.</summary>
    internal static MessageFault Measure(ReadOnlySpan<byte> message, int offset, ref int labels, out int next, out int length, out int flawOffset)
    {
        (next, length, flawOffset) = (0, 1, offset);
        var (at, runStart, pointers) = (offset, offset, 0);
        while (true)
        {
            flawOffset = Math.Min(at, message.Length);
            if ((uint)at >= (uint)message.Length) { return MessageFault.NameCut; }
            int head = message[at];
            if (head == 0)
            {
                if (next == 0) { next = at + 1; }
                return MessageFault.None;
            }
            if (head <= WireName.MaxLabelLength)
            {
                length += 1 + head;
                if (length > WireName.MaxLength) { return MessageFault.NameTooLong; }
                if (next != 0 && --labels < 0) { return MessageFault.TooManyLabels; }
                at += 1 + head;
                continue;
            }
            var flaw = FollowPointer(message, ref at, ref runStart, ref pointers, ref next);
            if (flaw != MessageFault.None) { return flaw; }
        }
    }

    /// <summary>Writes the name at an offset without compression; the destination holds <see cref="WireName.MaxLength"/> bytes.</summary>
    public static MessageFault Expand(ReadOnlySpan<byte> message, int offset, Span<byte> destination, out int next, out int length)
    {
        (next, length) = (0, 0);
        var (at, runStart, pointers) = (offset, offset, 0);
        while (true)
        {
            if ((uint)at >= (uint)message.Length) { return MessageFault.NameCut; }
            int head = message[at];
            if (head <= WireName.MaxLabelLength)
            {
                var end = at + 1 + head;
                if (end > message.Length) { return MessageFault.NameCut; }
                // The root's byte must still fit behind a label.
                if (length + 1 + head + (head == 0 ? 0 : 1) > WireName.MaxLength) { return MessageFault.NameTooLong; }
                message[at..end].CopyTo(destination[length..]);
                length += 1 + head;
                at = end;
                if (head != 0) { continue; }
                if (next == 0) { next = end; }
                return MessageFault.None;
            }
            var flaw = FollowPointer(message, ref at, ref runStart, ref pointers, ref next);
            if (flaw != MessageFault.None) { return flaw; }
        }
    }

    private static MessageFault FollowPointer(ReadOnlySpan<byte> message, ref int at, ref int runStart, ref int pointers, ref int next)
    {
        if ((message[at] & 0xC0) != 0xC0) { return MessageFault.NameLabelType; }
        if (at + 2 > message.Length) { return MessageFault.NameCut; }
        var target = BinaryPrimitives.ReadUInt16BigEndian(message[at..]) & 0x3FFF;
        if (target >= runStart || target < HeaderLength) { return MessageFault.NamePointerForward; }
        if (++pointers > MaxPointers) { return MessageFault.NamePointerChain; }
        if (next == 0) { next = at + 2; }
        at = runStart = target;
        return MessageFault.None;
    }
}

/// <summary>A name inside a message that has been checked: comparing and copying it allocates nothing.</summary>
public readonly ref struct NameView
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _offset;

    internal NameView(ReadOnlySpan<byte> message, int offset)
    {
        _message = message;
        _offset = offset;
    }

    /// <summary>Where the name starts in its message.</summary>
    public int Offset => _offset;

    /// <summary>Writes the name without compression, case kept, and returns its length; the destination holds <see cref="WireName.MaxLength"/> bytes.</summary>
    public int CopyTo(Span<byte> destination)
    {
        CompressedName.Expand(_message, _offset, destination, out _, out var length);
        return length;
    }

    /// <summary>Equality without regard to case.</summary>
    public bool Equals(DnsName name) => Equals(name.Wire);

    /// <summary>Equality without regard to case with a name in wire form.</summary>
    [SkipLocalsInit]
    public bool Equals(ReadOnlySpan<byte> wire)
    {
        Span<byte> own = stackalloc byte[WireName.MaxLength];
        return WireName.Equals(own[..CopyTo(own)], wire);
    }

    /// <summary>Equality byte for byte (the check of 0x20 answers).</summary>
    public bool EqualsExactly(DnsName name)
    {
        Span<byte> own = stackalloc byte[WireName.MaxLength];
        return own[..CopyTo(own)].SequenceEqual(name.Wire);
    }

    /// <summary>The name as a value of its own.</summary>
    [SkipLocalsInit]
    public DnsName ToName()
    {
        Span<byte> own = stackalloc byte[WireName.MaxLength];
        return DnsName.FromValidWire(own[..CopyTo(own)]);
    }

    /// <inheritdoc/>
    public override string ToString() => ToName().ToString();
}
