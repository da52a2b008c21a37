using System.Buffers.Binary;
using Firstbyte.Addressing;

namespace Firstbyte.Packets;

/// <summary>What a DHCP message does (RFC 2132 section 9.6).</summary>
public enum DhcpMessageType : byte
{
    /// <summary>The option is missing: a message of plain BOOTP.</summary>
    None = 0,

    /// <summary>Client: is there a server?</summary>
    Discover = 1,

    /// <summary>Server: I could give you this.</summary>
    Offer = 2,

    /// <summary>Client: give me this, or let me keep it.</summary>
    Request = 3,

    /// <summary>Client: somebody else has this already.</summary>
    Decline = 4,

    /// <summary>Server: it is yours.</summary>
    Ack = 5,

    /// <summary>Server: you cannot have it.</summary>
    Nak = 6,

    /// <summary>Client: I do not need it any more.</summary>
    Release = 7,

    /// <summary>Client: I have an address, tell me the rest.</summary>
    Inform = 8,
}

/// <summary>The DHCP options that are spoken here (RFC 2132).</summary>
public enum DhcpOption : byte
{
    /// <summary>Filler.</summary>
    Pad = 0,

    /// <summary>The prefix length, as a mask.</summary>
    SubnetMask = 1,

    /// <summary>Default routers, the best first.</summary>
    Router = 3,

    /// <summary>DNS servers, the best first.</summary>
    DomainNameServer = 6,

    /// <summary>The client's name.</summary>
    HostName = 12,

    /// <summary>The domain for short names.</summary>
    DomainName = 15,

    /// <summary>The MTU of the link.</summary>
    InterfaceMtu = 26,

    /// <summary>The address the client would like.</summary>
    RequestedAddress = 50,

    /// <summary>Seconds for which the address is lent.</summary>
    LeaseTime = 51,

    /// <summary>More options stand in the file and sname fields.</summary>
    Overload = 52,

    /// <summary>What the message does.</summary>
    MessageType = 53,

    /// <summary>Which server is meant.</summary>
    ServerIdentifier = 54,

    /// <summary>The options the client asks for.</summary>
    ParameterRequestList = 55,

    /// <summary>T1 in seconds.</summary>
    RenewalTime = 58,

    /// <summary>T2 in seconds.</summary>
    RebindingTime = 59,

    /// <summary>Who the client is.</summary>
    ClientIdentifier = 61,

    /// <summary>Nothing follows.</summary>
    End = 255,
}

/// <summary>A DHCPv4 message (RFC 2131 section 2), the payload of a UDP datagram.</summary>
public readonly ref struct DhcpView
{
    /// <summary>The port of servers.</summary>
    public const ushort ServerPort = 67;

    /// <summary>The port of clients.</summary>
    public const ushort ClientPort = 68;

    /// <summary>Bytes before the options, the magic cookie included.</summary>
    public const int FixedLength = 240;

    internal const uint MagicCookie = 0x63825363;

    private readonly ReadOnlySpan<byte> _message;

    private DhcpView(ReadOnlySpan<byte> message) => _message = message;

    /// <summary>op: from a client (1), not from a server (2).</summary>
    public bool IsRequest => _message[0] == 1;

    /// <summary>xid: which conversation it belongs to.</summary>
    public uint TransactionId => BinaryPrimitives.ReadUInt32BigEndian(_message[4..]);

    /// <summary>secs since the client began.</summary>
    public ushort Seconds => BinaryPrimitives.ReadUInt16BigEndian(_message[8..]);

    /// <summary>The client cannot take unicast yet.</summary>
    public bool IsBroadcast => (_message[10] & 0x80) != 0;

    /// <summary>ciaddr: the address the client has.</summary>
    public IpAddress ClientAddress => ReadAddress(12);

    /// <summary>yiaddr: the address the client gets.</summary>
    public IpAddress YourAddress => ReadAddress(16);

    /// <summary>siaddr: the next server of a boot.</summary>
    public IpAddress NextServer => ReadAddress(20);

    /// <summary>giaddr: the relay that passed it on.</summary>
    public IpAddress Relay => ReadAddress(24);

    /// <summary>chaddr: the client's hardware address.</summary>
    public MacAddress ClientHardware => MacAddress.Read(_message[28..]);

    /// <summary>What it does; <see cref="DhcpMessageType.None"/> without the option.</summary>
    public DhcpMessageType MessageType =>
        TryGetOption(DhcpOption.MessageType, out var data) && data.Length == 1 ? (DhcpMessageType)data[0] : DhcpMessageType.None;

    /// <summary>Reads a message over Ethernet; its options are checked to their end.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, out DhcpView view, out PacketFlaw why)
    {
        view = default;
        if (message.Length < FixedLength) { why = PacketFlaw.TooShort; return false; }
        if (message[0] is not (1 or 2) || message[1] != 1 || message[2] != MacAddress.Length) { why = PacketFlaw.UnknownKind; return false; }
        if (BinaryPrimitives.ReadUInt32BigEndian(message[236..]) != MagicCookie) { why = PacketFlaw.MissingCookie; return false; }
        if (!IsWellFormed(message[FixedLength..])) { why = PacketFlaw.WrongOptionLength; return false; }
        view = new DhcpView(message);
        why = PacketFlaw.None;
        return true;
    }

    /// <summary>
    /// Finds the first option of a code, in the options field and, where the overload option says so, in file and sname (RFC 2132 section
    /// 9.3).
    /// </summary>
    public bool TryGetOption(DhcpOption code, out ReadOnlySpan<byte> data)
    {
        if (TryFind(_message[FixedLength..], code, out data)) { return true; }
        if (!TryFind(_message[FixedLength..], DhcpOption.Overload, out var overload) || overload.Length != 1) { return false; }
        return ((overload[0] & 1) != 0 && TryFind(_message.Slice(108, 128), code, out data))
            || ((overload[0] & 2) != 0 && TryFind(_message.Slice(44, 64), code, out data));
    }

    /// <summary>The first address of an option.</summary>
    public bool TryGetAddress(DhcpOption code, out IpAddress address)
    {
        address = default;
        if (!TryGetOption(code, out var data) || data.Length < 4) { return false; }
        address = IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(data));
        return true;
    }

    /// <summary>The number of an option of four bytes.</summary>
    public bool TryGetSeconds(DhcpOption code, out uint seconds)
    {
        seconds = 0;
        if (!TryGetOption(code, out var data) || data.Length != 4) { return false; }
        seconds = BinaryPrimitives.ReadUInt32BigEndian(data);
        return true;
    }

    private IpAddress ReadAddress(int at) => IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(_message[at..]));

    private static bool TryFind(ReadOnlySpan<byte> options, DhcpOption code, out ReadOnlySpan<byte> data)
    {
        data = default;
        while (!options.IsEmpty && options[0] != (byte)DhcpOption.End)
        {
            if (options[0] == 0) { options = options[1..]; continue; }
            if (options.Length < 2 || options[1] > options.Length - 2) { return false; }
            if (options[0] == (byte)code) { data = options.Slice(2, options[1]); return true; }
            options = options[(2 + options[1])..];
        }
        return false;
    }

    private static bool IsWellFormed(ReadOnlySpan<byte> options)
    {
        while (!options.IsEmpty && options[0] != (byte)DhcpOption.End)
        {
            if (options[0] == 0) { options = options[1..]; continue; }
            if (options.Length < 2 || options[1] > options.Length - 2) { return false; }
            options = options[(2 + options[1])..];
        }
        return true;
    }
}

/// <summary>Writes a DHCPv4 message: the fixed part at once, then options, then <see cref="Seal"/>.</summary>
public ref struct DhcpWriter
{
    /// <summary>Bytes of the shortest message: what BOOTP relays expect (RFC 1542 section 2.1).</summary>
    public const int MinLength = 300;

    private readonly Span<byte> _message;
    private int _length;

    /// <summary>Begins a message in at least <see cref="MinLength"/> bytes.</summary>
    /// <exception cref="ArgumentException">The buffer is shorter.</exception>
    public DhcpWriter(Span<byte> buffer, bool isRequest, DhcpMessageType type, uint transactionId, MacAddress clientHardware)
    {
        if (buffer.Length < MinLength) { throw new ArgumentException("a DHCP message has at least 300 bytes", nameof(buffer)); }
        _message = buffer;
        buffer.Clear();
        buffer[0] = isRequest ? (byte)1 : (byte)2;
        buffer[1] = 1;
        buffer[2] = MacAddress.Length;
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], transactionId);
        clientHardware.Write(buffer[28..]);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[236..], DhcpView.MagicCookie);
        _length = DhcpView.FixedLength;
        Add(DhcpOption.MessageType, [(byte)type]);
    }

    /// <summary>secs since the client began.</summary>
    public readonly ushort Seconds { set => BinaryPrimitives.WriteUInt16BigEndian(_message[8..], value); }

    /// <summary>The client cannot take unicast yet.</summary>
    public readonly bool IsBroadcast { set => _message[10] = value ? (byte)0x80 : (byte)0; }

    /// <summary>ciaddr</summary>
    public readonly IpAddress ClientAddress { set => BinaryPrimitives.WriteUInt32BigEndian(_message[12..], (uint)value.Bits); }

    /// <summary>yiaddr</summary>
    public readonly IpAddress YourAddress { set => BinaryPrimitives.WriteUInt32BigEndian(_message[16..], (uint)value.Bits); }

    /// <summary>Appends an option.</summary>
    /// <exception cref="ArgumentException">Longer than 255 bytes, or the buffer is full.</exception>
    public void Add(DhcpOption code, scoped ReadOnlySpan<byte> data)
    {
        // One byte is kept for the end option.
        if (data.Length > 255 || _length + 2 + data.Length + 1 > _message.Length) { throw new ArgumentException("the option does not fit", nameof(data)); }
        _message[_length] = (byte)code;
        _message[_length + 1] = (byte)data.Length;
        data.CopyTo(_message[(_length + 2)..]);
        _length += 2 + data.Length;
    }

    /// <summary>Appends an option that holds one IPv4 address.</summary>
    public void Add(DhcpOption code, IpAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, (uint)address.Bits);
        Add(code, bytes);
    }

    /// <summary>Appends an option that holds a number of four bytes.</summary>
    public void Add(DhcpOption code, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        Add(code, bytes);
    }

    /// <summary>Ends the options and returns the message's length.</summary>
    public int Seal()
    {
        _message[_length++] = (byte)DhcpOption.End;
        return Math.Max(_length, MinLength);
    }
}
