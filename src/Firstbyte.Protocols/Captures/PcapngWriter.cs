using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Captures;

/// <summary>Writes a capture in the pcapng format (draft-ietf-opsawg-pcapng): what Wireshark opens, with nanoseconds, names, secrets and reasons.</summary>
/// <remarks>
/// Theory of operation. A capture is a row of blocks; each is put into the output whole, so that a file cut off at any block is a good
/// file. An interface is one end of a link. A packet that was dropped there is not left out: it goes to an interface of its own, named
/// after the link with ":dropped", with the reason as its comment, and is counted in the statistics of the link. Numbers are written least
/// significant byte first whatever the machine, and nothing here knows the time or the machine, so the same run gives the same bytes.
/// </remarks>
public sealed class PcapngWriter
{
    /// <summary>Bytes of a packet or comment that fit: a block's length is a 32-bit number, an option's a 16-bit one.</summary>
    private const int MaxOptionLength = ushort.MaxValue;

    private readonly IBufferWriter<byte> _output;
    private readonly ArrayBufferWriter<byte> _body = new();
    private readonly List<Interface> _interfaces = [];

    /// <summary>Begins a capture in the output with its section header.</summary>
    /// <param name="output">Where the bytes go; flushing is the caller's.</param>
    /// <param name="application">The program that wrote it.</param>
    /// <param name="comment">What was captured (a lab's name, its seed), or null.</param>
    public PcapngWriter(IBufferWriter<byte> output, string application, string? comment = null)
    {
        ArgumentNullException.ThrowIfNull(output);
        _output = output;
        // Byte-order magic, version 1.0, length of the section not stated.
        Put32(0x1A2B3C4D);
        Put16(1);
        Put16(0);
        Put64(ulong.MaxValue);
        PutText(PcapngOption.Comment, comment);
        PutText(PcapngOption.Application, application);
        PutEnd();
        Flush(PcapngBlockType.SectionHeader);
    }

    /// <summary>Interfaces so far, those for dropped packets included.</summary>
    public int InterfaceCount => _interfaces.Count;

    /// <summary>Declares an interface and returns its number.</summary>
    /// <param name="name">A short name, as of a link's end.</param>
    /// <param name="linkType">What its packets begin with.</param>
    /// <param name="description">A sentence about it, or null.</param>
    /// <param name="bitsPerSecond">The speed; 0 when unlimited.</param>
    public int AddInterface(string name, CaptureLinkType linkType = CaptureLinkType.Ethernet, string? description = null, long bitsPerSecond = 0)
    {
        ArgumentNullException.ThrowIfNull(name);
        Put16((ushort)linkType);
        Put16(0);
        Put32(0);
        PutText(PcapngOption.InterfaceName, name);
        PutText(PcapngOption.InterfaceDescription, description);
        if (bitsPerSecond > 0)
        {
            PutHeader(PcapngOption.InterfaceSpeed, 8);
            Put64((ulong)bitsPerSecond);
        }
        // Timestamps count units of 10^-9 seconds.
        PutHeader(PcapngOption.InterfaceResolution, 1);
        Put32(9);
        PutEnd();
        Flush(PcapngBlockType.Interface);
        _interfaces.Add(new Interface(name, linkType));
        return _interfaces.Count - 1;
    }

    /// <summary>Gives an address a name that readers show in its place.</summary>
    public void AddName(IpAddress address, params ReadOnlySpan<string> names)
    {
        if (names.IsEmpty || address.Version == IpVersion.None) { return; }
        Span<byte> bytes = stackalloc byte[16];
        var addressLength = address.WriteBytes(bytes);
        var length = addressLength;
        foreach (var name in names) { length += Encoding.UTF8.GetByteCount(name) + 1; }
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxOptionLength, nameof(names));
        PutHeader(address.IsV4 ? PcapngOption.NameRecordIpv4 : PcapngOption.NameRecordIpv6, length);
        Put(bytes[..addressLength]);
        foreach (var name in names)
        {
            var count = Encoding.UTF8.GetBytes(name, _body.GetSpan(Encoding.UTF8.GetMaxByteCount(name.Length)));
            _body.Advance(count);
            Put([0]);
        }
        Pad();
        PutEnd();
        Flush(PcapngBlockType.NameResolution);
    }

    /// <summary>Adds TLS secrets in the format of SSLKEYLOGFILE (RFC 9850), with which readers decrypt the packets that follow.</summary>
    public void AddTlsSecrets(ReadOnlySpan<byte> keyLog)
    {
        Put32(0x544C534B);
        Put32((uint)keyLog.Length);
        Put(keyLog);
        Pad();
        Flush(PcapngBlockType.DecryptionSecrets);
    }

    /// <summary>Adds a packet of an interface.</summary>
    public void WritePacket(
        int interfaceNumber, Instant at, ReadOnlySpan<byte> packet, CaptureDirection direction = CaptureDirection.Unknown,
        string? comment = null)
    {
        _interfaces[interfaceNumber].Received++;
        PutPacket(interfaceNumber, at, packet, direction, comment);
    }

    /// <summary>Adds a packet that was dropped at an interface: to that interface's own ":dropped" one, with the reason.</summary>
    public void WriteDropped(int interfaceNumber, Instant at, ReadOnlySpan<byte> packet, string reason, CaptureDirection direction = CaptureDirection.Unknown)
    {
        var link = _interfaces[interfaceNumber];
        link.Dropped++;
        if (link.DroppedInterface < 0)
        {
            link.DroppedInterface = AddInterface(link.Name + ":dropped", link.LinkType, "frames that were dropped, each with its reason");
        }
        PutPacket(link.DroppedInterface, at, packet, direction, reason);
    }

    /// <summary>Ends the capture with the statistics of every interface that carried packets.</summary>
    public void Complete(Instant at)
    {
        for (var i = 0; i < _interfaces.Count; i++)
        {
            if (_interfaces[i].Received == 0 && _interfaces[i].Dropped == 0) { continue; }
            Put32((uint)i);
            PutTime(at);
            PutHeader(PcapngOption.StatisticsReceived, 8);
            Put64((ulong)(_interfaces[i].Received + _interfaces[i].Dropped));
            PutHeader(PcapngOption.StatisticsDropped, 8);
            Put64((ulong)_interfaces[i].Dropped);
            PutEnd();
            Flush(PcapngBlockType.Statistics);
        }
    }

    private void PutPacket(int interfaceNumber, Instant at, ReadOnlySpan<byte> packet, CaptureDirection direction, string? comment)
    {
        Put32((uint)interfaceNumber);
        PutTime(at);
        Put32((uint)packet.Length);
        Put32((uint)packet.Length);
        Put(packet);
        Pad();
        if (direction != CaptureDirection.Unknown || comment is not null)
        {
            PutText(PcapngOption.Comment, comment);
            if (direction != CaptureDirection.Unknown)
            {
                PutHeader(PcapngOption.PacketFlags, 4);
                Put32((uint)direction);
            }
            PutEnd();
        }
        Flush(PcapngBlockType.EnhancedPacket);
    }

    private void Flush(PcapngBlockType type)
    {
        var length = 12 + _body.WrittenCount;
        var block = _output.GetSpan(length);
        BinaryPrimitives.WriteUInt32LittleEndian(block, (uint)type);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], length);
        _body.WrittenSpan.CopyTo(block[8..]);
        BinaryPrimitives.WriteInt32LittleEndian(block[(length - 4)..], length);
        _output.Advance(length);
        _body.ResetWrittenCount();
    }

    private void PutTime(Instant at)
    {
        Put32((uint)((ulong)at.Nanoseconds >> 32));
        Put32((uint)at.Nanoseconds);
    }

    // A text too long for an option is cut at a character.
    private void PutText(ushort code, string? text)
    {
        if (string.IsNullOrEmpty(text)) { return; }
        var bytes = Encoding.UTF8.GetBytes(text).AsSpan();
        if (bytes.Length > MaxOptionLength)
        {
            var cut = MaxOptionLength;
            while ((bytes[cut] & 0xC0) == 0x80) { cut--; }
            bytes = bytes[..cut];
        }
        PutHeader(code, bytes.Length);
        Put(bytes);
        Pad();
    }

    private void PutHeader(ushort code, int length)
    {
        Put16(code);
        Put16((ushort)length);
    }

    private void PutEnd() => Put32(PcapngOption.End);

    private void Pad()
    {
        while ((_body.WrittenCount & 3) != 0) { Put([0]); }
    }

    private void Put(ReadOnlySpan<byte> bytes) => _body.Write(bytes);

    private void Put16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_body.GetSpan(2), value);
        _body.Advance(2);
    }

    private void Put32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_body.GetSpan(4), value);
        _body.Advance(4);
    }

    private void Put64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_body.GetSpan(8), value);
        _body.Advance(8);
    }

    private sealed class Interface(string name, CaptureLinkType linkType)
    {
        public string Name { get; } = name;

        public CaptureLinkType LinkType { get; } = linkType;

        public long Received { get; set; }

        public long Dropped { get; set; }

        public int DroppedInterface { get; set; } = -1;
    }
}
