using System.Buffers.Binary;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Hosts;

/// <summary>Between the bytes of a TCP header (<see cref="TcpView"/>) and its meaning (<see cref="TcpSegment"/>).</summary>
public static class TcpSegmentCodec
{
    /// <summary>
    /// The meaning of a segment's header. Options of a wrong length end the options; what came before them counts (RFC 9293 section 3.1,
    /// MUST-7).
    /// </summary>
    public static TcpSegment Read(in TcpView view) => new()
    {
        Sequence = new SequenceNumber(view.Sequence),
        Acknowledgment = new SequenceNumber(view.Acknowledgment),
        Flags = (TcpFlags)view.Flags,
        Window = view.Window,
        UrgentPointer = view.UrgentPointer,
        PayloadLength = view.Payload.Length,
        Options = view.HeaderLength == TcpView.MinHeaderLength ? default : ReadOptions(view.Options),
    };

    /// <summary>Writes the header and options in front of a payload that already stands behind them. The span holds the whole segment.</summary>
    public static void Seal(Span<byte> segment, in TcpSegment header, ushort sourcePort, ushort destinationPort, UInt128 source, UInt128 destination)
    {
        var optionsLength = header.Options.WireLength;
        if (optionsLength > 0) { WriteOptions(segment.Slice(TcpView.MinHeaderLength, optionsLength), header.Options); }
        TcpWriter.Seal(
            segment, optionsLength,
            new TcpHeader(
                sourcePort, destinationPort, header.Sequence.Value, header.Acknowledgment.Value, (byte)header.Flags, header.Window,
                header.UrgentPointer), source, destination);
    }

    private static TcpOptions ReadOptions(ReadOnlySpan<byte> bytes)
    {
        var present = TcpOptionSet.None;
        ushort segmentSize = 0;
        byte scale = 0;
        uint value = 0, echo = 0;
        var blocks = default(SackBlocks);
        var reader = new OptionReader(bytes);
        while (reader.Read())
        {
            var data = reader.Data;
            switch (reader.Kind)
            {
                case 2 when data.Length == 2:
                    present |= TcpOptionSet.MaximumSegmentSize;
                    segmentSize = BinaryPrimitives.ReadUInt16BigEndian(data);
                    break;
                case 3 when data.Length == 1:
                    present |= TcpOptionSet.WindowScale;
                    scale = data[0];
                    break;
                case 4 when data.Length == 0:
                    present |= TcpOptionSet.SackPermitted;
                    break;
                case 5 when data.Length > 0 && data.Length % 8 == 0:
                    present |= TcpOptionSet.Sack;
                    for (; !data.IsEmpty; data = data[8..])
                    {
                        blocks = blocks.With(
                            new SackBlock(
                                new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(data)),
                                new SequenceNumber(BinaryPrimitives.ReadUInt32BigEndian(data[4..]))));
                    }
                    break;
                case 8 when data.Length == 8:
                    present |= TcpOptionSet.Timestamps;
                    value = BinaryPrimitives.ReadUInt32BigEndian(data);
                    echo = BinaryPrimitives.ReadUInt32BigEndian(data[4..]);
                    break;
                default:
                    // Unknown kinds, and known ones of a wrong length, are skipped (RFC 9293 section 3.1, MUST-6).
                    break;
            }
        }
        return new TcpOptions
        {
            Present = present,
            MaximumSegmentSize = segmentSize,
            WindowScale = scale,
            TimestampValue = value,
            TimestampEcho = echo,
            Sack = blocks
        };
    }

    // The layout that TcpOptions.WireLength counts: every option fills its words of four bytes with "no operation".
    private static void WriteOptions(Span<byte> to, in TcpOptions options)
    {
        var at = 0;
        if (options.Has(TcpOptionSet.MaximumSegmentSize))
        {
            to[0] = 2;
            to[1] = 4;
            BinaryPrimitives.WriteUInt16BigEndian(to[2..], options.MaximumSegmentSize);
            at = 4;
        }
        if (options.Has(TcpOptionSet.Timestamps))
        {
            // SACK-permitted takes the two bytes that would be padding.
            var permitted = options.Has(TcpOptionSet.SackPermitted);
            to[at] = permitted ? (byte)4 : (byte)1;
            to[at + 1] = permitted ? (byte)2 : (byte)1;
            to[at + 2] = 8;
            to[at + 3] = 10;
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 4)..], options.TimestampValue);
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 8)..], options.TimestampEcho);
            at += 12;
        }
        else if (options.Has(TcpOptionSet.SackPermitted))
        {
            to[at] = to[at + 1] = 1;
            to[at + 2] = 4;
            to[at + 3] = 2;
            at += 4;
        }
        if (options.Has(TcpOptionSet.WindowScale))
        {
            to[at] = 1;
            to[at + 1] = 3;
            to[at + 2] = 3;
            to[at + 3] = options.WindowScale;
            at += 4;
        }
        if (!options.Has(TcpOptionSet.Sack) || options.Sack.Count == 0) { return; }
        to[at] = to[at + 1] = 1;
        to[at + 2] = 5;
        to[at + 3] = (byte)(2 + 8 * options.Sack.Count);
        at += 4;
        for (var i = 0; i < options.Sack.Count; i++, at += 8)
        {
            BinaryPrimitives.WriteUInt32BigEndian(to[at..], options.Sack[i].Left.Value);
            BinaryPrimitives.WriteUInt32BigEndian(to[(at + 4)..], options.Sack[i].Right.Value);
        }
    }
}
