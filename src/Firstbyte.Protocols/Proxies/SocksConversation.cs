using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Http.Authentication;

namespace Firstbyte.Proxies;

/// <summary>The client's side of SOCKS 4, 4A and 5 as a value: what is to be sent, how many bytes are missing, what has come of it.</summary>
/// <remarks>
/// <para>
/// Theory of operation. Whoever owns the connection sends <see cref="Outgoing"/>, says so (<see cref="Sent"/>), and hands over what came, never more than
/// <see cref="Missing"/> bytes at a time: behind the last of them the server speaks, and that is no business of SOCKS. A reply names its length only on the
/// way; until it is known, as much is missing as any reply has.
/// </para>
/// <code>
///   SOCKS5   ► VER NMETHODS METHODS…          ◄ VER METHOD                       RFC 1928 3
///            ► 1 ULEN UNAME… PLEN PASSWD…     ◄ 1 STATUS                         RFC 1929 2
///            ► VER CMD RSV ATYP ADDR… PORT    ◄ VER REP RSV ATYP ADDR… PORT      RFC 1928 4 to 6
///   SOCKS4   ► 4 CMD PORT ADDR USER… 0        ◄ 0 CODE PORT ADDR                 4A: ADDR 0.0.0.1, and NAME… 0 at the end
/// </code>
/// </remarks>
public sealed class SocksConversation
{
    private const byte NoCredentials = 0, UserAndPassword = 2, NoneAcceptable = 0xFF;
    private const byte Connect = 1;
    private const byte V4Type = 1, NameType = 3, V6Type = 4;

    // VER REP RSV ATYP, and the first byte of the address: its length where it is a name.
    private const int ReplyStart = 5;

    private const int Socks4Reply = 8;

    // The longest reply names a host of 255 bytes.
    private readonly byte[] _reply = new byte[ReplyStart + ProxyLimits.SocksText + 2];
    private readonly int _version;
    private readonly string? _name;
    private readonly IpAddress _address;
    private readonly ushort _port;
    private readonly byte[] _user;
    private readonly byte[] _password;
    private readonly bool _hasCredentials;
    private int _length;
    private byte[] _outgoing = [];

    /// <summary>A conversation that asks for a tunnel to a name, which the proxy looks up.</summary>
    public SocksConversation(int version, string name, ushort port, Credentials? credentials)
        : this(version, port, credentials)
    {
        ArgumentNullException.ThrowIfNull(name);
        _name = name;
        Begin();
    }

    /// <summary>A conversation that asks for a tunnel to an address.</summary>
    public SocksConversation(int version, IpAddress address, ushort port, Credentials? credentials)
        : this(version, port, credentials)
    {
        _address = address;
        Begin();
    }

    private SocksConversation(int version, ushort port, Credentials? credentials)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 4);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, 5);
        (_version, _port, _hasCredentials) = (version, port, credentials is not null);
        _user = Encoding.UTF8.GetBytes(credentials?.User ?? "");
        _password = Encoding.UTF8.GetBytes(credentials?.Password ?? "");
    }

    /// <summary>The message that is under way.</summary>
    public SocksMessage Message { get; private set; }

    /// <summary>What is to be sent; empty where nothing is.</summary>
    public ReadOnlyMemory<byte> Outgoing => _outgoing;

    /// <summary>How many bytes may be received next; 0 while something is to be sent, and when it is over.</summary>
    public int Missing { get; private set; }

    /// <summary>The tunnel stands.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Why there is no tunnel; none while that is open.</summary>
    public SocksFault Fault { get; private set; }

    /// <summary>The method, status or reply that came last.</summary>
    public int Code { get; private set; }

    /// <summary>Where the proxy says that it speaks from, "address:port"; empty where it does not.</summary>
    public string Bound { get; private set; } = "";

    /// <summary>Whether a password is among the methods that are offered.</summary>
    public bool OffersPassword => _version == 5 && _hasCredentials;

    /// <summary>What is to be sent has been.</summary>
    public void Sent()
    {
        (_outgoing, _length) = ([], 0);
        Missing = _version == 4 ? Socks4Reply : Message == SocksMessage.Connect ? ReplyStart : 2;
    }

    /// <summary>What came: at least one byte, at most <see cref="Missing"/>.</summary>
    public void Receive(ReadOnlySpan<byte> received)
    {
        ArgumentOutOfRangeException.ThrowIfZero(received.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(received.Length, Missing);
        received.CopyTo(_reply.AsSpan(_length));
        _length += received.Length;
        Missing -= received.Length;
        // Whoever speaks another protocol is known by the first byte, and may send no second one.
        var first = _version == 4 ? 0 : Message == SocksMessage.Login ? 1 : 5;
        if (_reply[0] != first) { Fail(SocksFault.NotSocks); }
        else if (Missing == 0) { Take(); }
    }

    /// <summary>Nothing more comes.</summary>
    public void End()
    {
        if (!IsOpen && Fault == SocksFault.None) { Fail(SocksFault.Ended); }
    }

    private void Begin()
    {
        if (_name is not null && Encoding.UTF8.GetByteCount(_name) is 0 or > ProxyLimits.SocksText) { Fail(SocksFault.NameUnsayable); }
        else if (_name is not null && _name.Contains('\0', StringComparison.Ordinal)) { Fail(SocksFault.NameUnsayable); }
        else if (_version == 4 && _name is null && !_address.IsV4) { Fail(SocksFault.NeedsIpv4); }
        else if (_version == 4 && (_user.Length > ProxyLimits.Socks4Text || _user.Contains((byte)0))) { Fail(SocksFault.CredentialsUnsayable); }
        else if (_version == 5 && _hasCredentials && (_user.Length is 0 or > ProxyLimits.SocksText || _password.Length > ProxyLimits.SocksText))
        {
            Fail(SocksFault.CredentialsUnsayable);
        }
        else if (_version == 4) { Send(SocksMessage.Connect, Socks4Request()); }
        else { Send(SocksMessage.Methods, _hasCredentials ? [5, 2, NoCredentials, UserAndPassword] : [5, 1, NoCredentials]); }
    }

    private void Take()
    {
        Code = _reply[1];
        if (_version == 4) { TakeSocks4(); }
        else if (Message == SocksMessage.Methods) { TakeMethod(); }
        else if (Message == SocksMessage.Login)
        {
            if (Code == 0) { Send(SocksMessage.Connect, Socks5Request()); }
            else { Fail(SocksFault.CredentialsRefused); }
        }
        else { TakeReply(); }
    }

    private void TakeMethod()
    {
        switch (Code)
        {
            case NoCredentials: Send(SocksMessage.Connect, Socks5Request()); break;
            case UserAndPassword when _hasCredentials:
                Send(SocksMessage.Login, [1, (byte)_user.Length, .. _user, (byte)_password.Length, .. _password]);
                break;
            case NoneAcceptable: Fail(_hasCredentials ? SocksFault.MethodsRefused : SocksFault.CredentialsWanted); break;
            default: Fail(SocksFault.MethodNotOffered); break;
        }
    }

    private void TakeReply()
    {
        if (_length == ReplyStart)
        {
            // A refusal is one whatever stands in its address; some proxies send no more than this of it.
            if (Code != 0)
            {
                Fail(Code <= 8 ? (SocksFault)((int)SocksFault.GeneralFailure + Code - 1) : SocksFault.ReplyUnknown);
                return;
            }
            // One byte of the address is here already.
            var left = _reply[3] switch { V4Type => 4 - 1, V6Type => 16 - 1, NameType => _reply[4], _ => -1 };
            if (left < 0) { Fail(SocksFault.AddressTypeUnknown); }
            else { Missing = left + 2; }
            return;
        }
        var address = _reply.AsSpan(_reply[3] == NameType ? ReplyStart : ReplyStart - 1, _length - 2 - (_reply[3] == NameType ? ReplyStart : ReplyStart - 1));
        var port = BinaryPrimitives.ReadUInt16BigEndian(_reply.AsSpan(_length - 2));
        Open(_reply[3] == NameType ? Encoding.Latin1.GetString(address) : IpAddress.TryFromBytes(address, out var bound) ? TextOf(bound) : "", port);
    }

    private void TakeSocks4()
    {
        switch (Code)
        {
            case 90:
                Open(IpAddress.TryFromBytes(_reply.AsSpan(4, 4), out var bound) ? TextOf(bound) : "", BinaryPrimitives.ReadUInt16BigEndian(_reply.AsSpan(2)));
                break;
            case 91: Fail(SocksFault.GeneralFailure); break;
            case 92 or 93: Fail(SocksFault.CredentialsRefused); break;
            default: Fail(SocksFault.ReplyUnknown); break;
        }
    }

    private void Open(string address, ushort port)
    {
        (IsOpen, Missing) = (true, 0);
        // Many proxies say nothing here, in zeros.
        Bound = port == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{address}:{port}");
    }

    private void Fail(SocksFault fault) => (Fault, Missing, _outgoing) = (fault, 0, []);

    private void Send(SocksMessage message, byte[] bytes) => (Message, _outgoing, Missing) = (message, bytes, 0);

    private byte[] Socks4Request()
    {
        byte[] port = [(byte)(_port >> 8), (byte)_port];
        if (_name is not null) { return [4, Connect, .. port, 0, 0, 0, 1, .. _user, 0, .. Encoding.UTF8.GetBytes(_name), 0]; }
        return [4, Connect, .. port, .. Bytes(_address), .. _user, 0];
    }

    private byte[] Socks5Request()
    {
        byte[] port = [(byte)(_port >> 8), (byte)_port];
        if (_name is null) { return [5, Connect, 0, _address.IsV4 ? V4Type : V6Type, .. Bytes(_address), .. port]; }
        var name = Encoding.UTF8.GetBytes(_name);
        return [5, Connect, 0, NameType, (byte)name.Length, .. name, .. port];
    }

    private static byte[] Bytes(IpAddress address)
    {
        var bytes = new byte[address.BitLength / 8];
        address.WriteBytes(bytes);
        return bytes;
    }

    private static string TextOf(IpAddress address) => address.IsV4 ? address.ToString() : $"[{address}]";
}
