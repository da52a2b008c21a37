using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Routing.Rip;

/// <summary>What a RIP message wants (RFC 2453 section 3.6, RFC 2080 section 2.1).</summary>
public enum RipCommand : byte
{
    /// <summary>Tell me your table, or these rows of it.</summary>
    Request = 1,

    /// <summary>This is my table, or what has changed of it.</summary>
    Response = 2,
}

/// <summary>One row of a RIP message: how far a network is from whoever says so.</summary>
/// <param name="Prefix">The network.</param>
/// <param name="Metric">Its distance in hops, 1 to 16; 16 is infinity.</param>
/// <param name="NextHop">A better first hop on the same link; default when it is the sender itself.</param>
/// <param name="Tag">Carried along, for routes that come from another protocol.</param>
public readonly record struct RipRoute(IpPrefix Prefix, int Metric, IpAddress NextHop = default, ushort Tag = 0);

/// <summary>A RIPv2 message (RFC 2453) for IPv4, or a RIPng message (RFC 2080) for IPv6: both are a header of four bytes and rows of twenty.</summary>
public readonly ref struct RipView
{
    /// <summary>The port of RIPv2.</summary>
    public const int Port = 520;

    /// <summary>The port of RIPng.</summary>
    public const int PortV6 = 521;

    /// <summary>The metric that means "not reachable".</summary>
    public const int Infinity = 16;

    /// <summary>Bytes before the rows.</summary>
    public const int HeaderLength = 4;

    /// <summary>Bytes of a row.</summary>
    public const int RowLength = 20;

    /// <summary>Rows of a RIPv2 message (RFC 2453 section 3.6).</summary>
    public const int MaxRows = 25;

    /// <summary>Rows of a RIPng message on the smallest IPv6 link: 1,280 bytes without the headers (RFC 2080 section 2.1).</summary>
    public const int MaxRowsV6 = (1_280 - Ipv6View.HeaderLength - UdpView.HeaderLength - HeaderLength) / RowLength;

    /// <summary>RIPng sets no limit but the packet's: what fits an Ethernet frame (own choice; more comes only in fragments, which no router sends).</summary>
    private const int MaxRowsReadV6 = 128;

    private readonly ReadOnlySpan<byte> _message;
    private readonly bool _isV6;

    private RipView(ReadOnlySpan<byte> message, bool isV6)
    {
        _message = message;
        _isV6 = isV6;
    }

    /// <summary>The group of all routers that speak it: 224.0.0.9 or ff02::9.</summary>
    public static IpAddress Group(bool isV6) => isV6 ? IpAddress.FromV6(new UInt128(0xFF02_0000_0000_0000, 9)) : IpAddress.FromV4(0xE0000009);

    /// <summary>What it wants.</summary>
    public RipCommand Command => (RipCommand)_message[0];

    /// <summary>
    /// Of a request: it asks for everything, by one row of family 0 (RIPng: prefix ::/0) and metric 16 (RFC 2453 section 3.9.1, RFC 2080
    /// section 2.4.1).
    /// </summary>
    public bool AsksForAll
    {
        get
        {
            if (Command != RipCommand.Request || _message.Length != HeaderLength + RowLength) { return false; }
            var row = _message[HeaderLength..];
            return _isV6
                ? row[19] == Infinity && row[18] == 0 && row[..16].IndexOfAnyExcept((byte)0) < 0
                : BinaryPrimitives.ReadUInt16BigEndian(row) == 0 && BinaryPrimitives.ReadUInt32BigEndian(row[16..]) == Infinity;
        }
    }

    /// <summary>The rows that say something.</summary>
    public RipRowReader Rows => new(_message[HeaderLength..], _isV6);

    /// <summary>Reads a message. Flaws: too short, an unknown command or version, rows that are cut off.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, bool isV6, out RipView view, out PacketFlaw why)
    {
        view = default;
        if (message.Length < HeaderLength + RowLength) { why = PacketFlaw.TooShort; return false; }
        if ((RipCommand)message[0] is not (RipCommand.Request or RipCommand.Response)) { why = PacketFlaw.UnknownKind; return false; }
        // RIPv1 has no masks: what it says about today's networks is wrong.
        if (message[1] != (isV6 ? 1 : 2)) { why = PacketFlaw.WrongVersion; return false; }
        if ((message.Length - HeaderLength) % RowLength != 0) { why = PacketFlaw.PayloadTruncated; return false; }
        // More rows than a message may have are not read.
        view = new RipView(message[..Math.Min(message.Length, HeaderLength + (isV6 ? MaxRowsReadV6 : MaxRows) * RowLength)], isV6);
        why = PacketFlaw.None;
        return true;
    }
}

/// <summary>
/// Walks over the rows of a RIP message and leaves out those that cannot mean a route: other families, masks with holes, metrics outside 1
/// to 16, networks that no packet is sent to (RFC 2453 section 3.9.2, RFC 2080 section 2.4.2).
/// </summary>
public ref struct RipRowReader
{
    private readonly bool _isV6;
    private ReadOnlySpan<byte> _rest;
    private IpAddress _nextHop;

    internal RipRowReader(ReadOnlySpan<byte> rows, bool isV6)
    {
        _rest = rows;
        _isV6 = isV6;
    }

    /// <summary>The current row.</summary>
    public RipRoute Route { get; private set; }

    /// <summary>Moves to the next row; false at the end.</summary>
    public bool Read()
    {
        while (!_rest.IsEmpty)
        {
            var row = _rest[..RipView.RowLength];
            _rest = _rest[RipView.RowLength..];
            if (_isV6 ? TryReadV6(row) : TryReadV4(row)) { return true; }
        }
        return false;
    }

    private bool TryReadV4(ReadOnlySpan<byte> row)
    {
        const int InternetFamily = 2;
        var metric = BinaryPrimitives.ReadUInt32BigEndian(row[16..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(row) != InternetFamily || metric is 0 or > RipView.Infinity) { return false; }
        var address = BinaryPrimitives.ReadUInt32BigEndian(row[4..]);
        var mask = BinaryPrimitives.ReadUInt32BigEndian(row[8..]);
        var length = System.Numerics.BitOperations.LeadingZeroCount(~mask);
        // Network 0 is only the default route; 127 and everything from 224 on are no destinations.
        var isDefault = address == 0 && length == 0;
        if (mask != (length == 0 ? 0 : uint.MaxValue << (32 - length))
            || (!isDefault && (address >> 24 is 0 or 127 or >= 224 || length == 0)))
        {
            return false;
        }
        var nextHop = BinaryPrimitives.ReadUInt32BigEndian(row[12..]);
        Route = new RipRoute(
            new IpPrefix(IpAddress.FromV4(address), length), (int)metric, nextHop == 0 ? default : IpAddress.FromV4(nextHop),
            BinaryPrimitives.ReadUInt16BigEndian(row[2..]));
        return true;
    }

    private bool TryReadV6(ReadOnlySpan<byte> row)
    {
        // A row of this metric names the next hop of the rows behind it (RFC 2080 section 2.1.1).
        const int NextHopMark = 0xFF;
        var address = IpAddress.FromV6(BinaryPrimitives.ReadUInt128BigEndian(row));
        var isLinkLocal = (ulong)(address.Bits >> 118) == 0x3FA;
        if (row[19] == NextHopMark)
        {
            _nextHop = isLinkLocal ? address : default;
            return false;
        }
        if (row[19] is 0 or > RipView.Infinity || row[18] > 128 || isLinkLocal || row[0] == 0xFF) { return false; }
        Route = new RipRoute(new IpPrefix(address, row[18]), row[19], _nextHop, BinaryPrimitives.ReadUInt16BigEndian(row[16..]));
        return true;
    }
}

/// <summary>Writes a RIPv2 or RIPng message row by row.</summary>
public ref struct RipWriter
{
    private readonly Span<byte> _buffer;
    private readonly bool _isV6;

    /// <summary>Begins a message. The buffer has room for the rows that are to be added.</summary>
    public RipWriter(Span<byte> buffer, bool isV6, RipCommand command)
    {
        _buffer = buffer;
        _isV6 = isV6;
        buffer[..RipView.HeaderLength].Clear();
        buffer[0] = (byte)command;
        buffer[1] = (byte)(isV6 ? 1 : 2);
        Length = RipView.HeaderLength;
    }

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>Adds a row; next hops other than the sender are not written.</summary>
    public void Add(in RipRoute route)
    {
        var row = NextRow();
        if (_isV6)
        {
            BinaryPrimitives.WriteUInt128BigEndian(row, route.Prefix.Network.Bits);
            BinaryPrimitives.WriteUInt16BigEndian(row[16..], route.Tag);
            row[18] = (byte)route.Prefix.Length;
            row[19] = (byte)route.Metric;
            return;
        }
        row[1] = 2;
        BinaryPrimitives.WriteUInt16BigEndian(row[2..], route.Tag);
        BinaryPrimitives.WriteUInt32BigEndian(row[4..], (uint)route.Prefix.Network.Bits);
        BinaryPrimitives.WriteUInt32BigEndian(row[8..], (uint)route.Prefix.Mask.Bits);
        BinaryPrimitives.WriteUInt32BigEndian(row[16..], (uint)route.Metric);
    }

    /// <summary>Adds the row that asks for the whole table.</summary>
    public void AddRequestForAll() => NextRow()[19] = RipView.Infinity;

    private Span<byte> NextRow()
    {
        var row = _buffer.Slice(Length, RipView.RowLength);
        row.Clear();
        Length += RipView.RowLength;
        return row;
    }
}
