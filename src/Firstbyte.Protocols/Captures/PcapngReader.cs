using System.Buffers.Binary;
using System.Text;
using Firstbyte.Tracing;

namespace Firstbyte.Captures;

/// <summary>
/// Walks over the blocks of a pcapng capture in memory, of either byte order. Bytes that are no capture end the walk with
/// <see cref="IsBroken"/>.
/// </summary>
public ref struct PcapngReader
{
    /// <summary>Interfaces of one section that are remembered (own choice; a link has two ends and their dropped twins).</summary>
    public const int MaxInterfaces = 4_096;

    private readonly List<CaptureInterface> _interfaces;
    private ReadOnlySpan<byte> _rest;
    private ReadOnlySpan<byte> _body;
    private ReadOnlySpan<byte> _options;
    private bool _isBigEndian;

    /// <summary>Begins at the first block.</summary>
    public PcapngReader(ReadOnlySpan<byte> capture)
    {
        _rest = capture;
        _interfaces = [];
    }

    /// <summary>The current block's type; others than those named are passed on unread.</summary>
    public PcapngBlockType Type { get; private set; }

    /// <summary>Whether the walk ended at bytes that are no block.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The interfaces of the current section so far.</summary>
    public readonly IReadOnlyList<CaptureInterface> Interfaces => _interfaces;

    /// <summary>Of a packet or statistics block: which interface.</summary>
    public int InterfaceNumber { get; private set; }

    /// <summary>Of a packet: when. Only nanosecond and microsecond resolution are read.</summary>
    public Instant At { get; private set; }

    /// <summary>Of a packet: its bytes. Of a secrets block: the key log.</summary>
    public ReadOnlySpan<byte> Data { get; private set; }

    /// <summary>The current block's comment, or null.</summary>
    public readonly string? Comment => FindText(PcapngOption.Comment);

    /// <summary>Of a packet: which way it went.</summary>
    public readonly CaptureDirection Direction =>
        TryFindOption(PcapngOption.PacketFlags, out var data) && data.Length == 4 ? (CaptureDirection)(Read32(data) & 3) : CaptureDirection.Unknown;

    /// <summary>Of a statistics block: packets dropped; -1 when it does not say.</summary>
    public readonly long Dropped =>
        TryFindOption(PcapngOption.StatisticsDropped, out var data) && data.Length == 8
            ? (long)(_isBigEndian ? BinaryPrimitives.ReadUInt64BigEndian(data) : BinaryPrimitives.ReadUInt64LittleEndian(data))
            : -1;

    /// <summary>Moves to the next block; false at the end or at broken bytes.</summary>
    public bool Read()
    {
        if (_rest.IsEmpty || IsBroken) { return false; }
        if (!TryReadBlock()) { IsBroken = true; return false; }
        return true;
    }

    private bool TryReadBlock()
    {
        if (_rest.Length < 12) { return false; }
        var isSection = BinaryPrimitives.ReadUInt32LittleEndian(_rest) == (uint)PcapngBlockType.SectionHeader;
        if (isSection)
        {
            var magic = BinaryPrimitives.ReadUInt32LittleEndian(_rest[8..]);
            if (magic is not (0x1A2B3C4D or 0x4D3C2B1A)) { return false; }
            _isBigEndian = magic == 0x4D3C2B1A;
        }
        Type = (PcapngBlockType)Read32(_rest);
        var length = Read32(_rest[4..]);
        if (length < 12 || (length & 3) != 0 || length > _rest.Length || Read32(_rest[(int)(length - 4)..]) != length) { return false; }
        _body = _rest[8..(int)(length - 4)];
        _rest = _rest[(int)length..];
        _options = default;
        Data = default;
        switch (Type)
        {
            case PcapngBlockType.SectionHeader: return TryBeginSection();
            case PcapngBlockType.Interface: return TryReadInterface();
            case PcapngBlockType.EnhancedPacket: return TryReadPacket();
            case PcapngBlockType.Statistics:
                if (_body.Length < 12) { return false; }
                InterfaceNumber = (int)Math.Min(Read32(_body), int.MaxValue);
                _options = _body[12..];
                return true;
            case PcapngBlockType.DecryptionSecrets:
                if (_body.Length < 8 || Read32(_body[4..]) > _body.Length - 8) { return false; }
                Data = _body.Slice(8, (int)Read32(_body[4..]));
                return true;
            default:
                Data = _body;
                return true;
        }
    }

    private bool TryBeginSection()
    {
        if (_body.Length < 16) { return false; }
        _interfaces.Clear();
        _options = _body[16..];
        return true;
    }

    private bool TryReadInterface()
    {
        if (_body.Length < 8 || _interfaces.Count == MaxInterfaces) { return false; }
        _options = _body[8..];
        var resolution = TryFindOption(PcapngOption.InterfaceResolution, out var data) && data.Length == 1 ? data[0] : (byte)6;
        _interfaces.Add(
            new CaptureInterface(
                (CaptureLinkType)Read16(_body), FindText(PcapngOption.InterfaceName) ?? "", FindText(PcapngOption.InterfaceDescription),
                resolution));
        return true;
    }

    private bool TryReadPacket()
    {
        if (_body.Length < 20) { return false; }
        var number = Read32(_body);
        var length = Read32(_body[12..]);
        if (number >= _interfaces.Count || length > _body.Length - 20) { return false; }
        InterfaceNumber = (int)number;
        var units = ((ulong)Read32(_body[4..]) << 32) | Read32(_body[8..]);
        At = new Instant(unchecked((long)(_interfaces[InterfaceNumber].Resolution == 9 ? units : units * 1_000)));
        Data = _body.Slice(20, (int)length);
        var padded = 20 + (((int)length + 3) & ~3);
        _options = padded <= _body.Length ? _body[padded..] : default;
        return true;
    }

    private readonly string? FindText(ushort code) => TryFindOption(code, out var data) ? Encoding.UTF8.GetString(data) : null;

    private readonly bool TryFindOption(ushort code, out ReadOnlySpan<byte> data)
    {
        data = default;
        var options = _options;
        while (options.Length >= 4)
        {
            var found = Read16(options);
            var length = Read16(options[2..]);
            if (found == PcapngOption.End || length > options.Length - 4) { return false; }
            if (found == code) { data = options.Slice(4, length); return true; }
            options = options[Math.Min(options.Length, 4 + ((length + 3) & ~3))..];
        }
        return false;
    }

    private readonly uint Read32(ReadOnlySpan<byte> from) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt32BigEndian(from) : BinaryPrimitives.ReadUInt32LittleEndian(from);

    private readonly ushort Read16(ReadOnlySpan<byte> from) =>
        _isBigEndian ? BinaryPrimitives.ReadUInt16BigEndian(from) : BinaryPrimitives.ReadUInt16LittleEndian(from);
}

/// <summary>An interface of a capture. The resolution is the power of ten of its time unit, without the sign.</summary>
public sealed record CaptureInterface(CaptureLinkType LinkType, string Name, string? Description, byte Resolution);
