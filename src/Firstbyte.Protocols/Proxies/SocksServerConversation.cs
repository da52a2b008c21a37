using System.Buffers.Binary;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Http.Authentication;

namespace Firstbyte.Proxies;

/// <summary>The proxy's side of SOCKS 4, 4A and 5 as a value: how many bytes are missing, what is to be sent, where the client wants to go.</summary>
/// <remarks>The counterpart of <see cref="SocksConversation"/>, where the messages are drawn. It asks for one byte more wherever a length follows.</remarks>
public sealed class SocksServerConversation(Credentials? wanted)
{
    private const byte UserAndPassword = 2, NoneAcceptable = 0xFF;

    // The longest message of SOCKS4: the start, a user and a name, each with its NUL; of SOCKS5 a login.
    private readonly byte[] _message = new byte[8 + (2 * (ProxyLimits.SocksText + 1))];
    private SocksMessage _expected;
    private int _length;

    /// <summary>How many bytes may be received next; 0 when nothing is to come.</summary>
    public int Missing { get; private set; } = 2;

    /// <summary>What is to be sent before more is received; empty where nothing is.</summary>
    public ReadOnlyMemory<byte> Outgoing { get; private set; }

    /// <summary>4 or 5; 0 before it is known.</summary>
    public int Version { get; private set; }

    /// <summary>The client speaks no SOCKS, or is not let in: what is to be sent is the last.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Whether the client has said where it wants to go.</summary>
    public bool HasTarget { get; private set; }

    /// <summary>The name that the client wants to go to; null where it has said an address.</summary>
    public string? Name { get; private set; }

    /// <summary>The address that the client wants to go to.</summary>
    public IpAddress Address { get; private set; }

    /// <summary>The port.</summary>
    public ushort Port { get; private set; }

    /// <summary>What is to be sent has been.</summary>
    public void Sent() => Outgoing = default;

    /// <summary>What came: at least one byte, at most <see cref="Missing"/>.</summary>
    public void Receive(ReadOnlySpan<byte> received)
    {
        ArgumentOutOfRangeException.ThrowIfZero(received.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(received.Length, Missing);
        received.CopyTo(_message.AsSpan(_length));
        _length += received.Length;
        Missing -= received.Length;
        if (Missing > 0) { return; }
        if (Version == 0) { Version = _message[0]; }
        if (Version == 4) { TakeSocks4(); }
        else if (Version != 5) { IsOver = true; }
        else if (_expected == SocksMessage.Methods) { TakeMethods(); }
        else if (_expected == SocksMessage.Login) { TakeLogin(); }
        else { TakeConnect(); }
    }

    /// <summary>The reply to a client that has said where it wants to go (RFC 1928 6).</summary>
    /// <param name="fault">Why not; none where the tunnel stands.</param>
    /// <param name="bound">From where the proxy speaks to the server.</param>
    public byte[] Reply(SocksFault fault, Endpoint bound)
    {
        var code = fault switch
        {
            SocksFault.None => 0,
            >= SocksFault.GeneralFailure and <= SocksFault.AddressTypeNotSupported => fault - SocksFault.GeneralFailure + 1,
            _ => 1,
        };
        if (Version == 4)
        {
            var old = new byte[8];
            old[1] = code == 0 ? (byte)90 : (byte)91;
            BinaryPrimitives.WriteUInt16BigEndian(old.AsSpan(2), bound.Port);
            if (bound.Address.IsV4) { bound.Address.WriteBytes(old.AsSpan(4)); }
            return old;
        }
        var address = new byte[bound.Address.IsV6 ? 16 : 4];
        bound.Address.WriteBytes(address);
        return [5, (byte)code, 0, bound.Address.IsV6 ? (byte)4 : (byte)1, .. address, (byte)(bound.Port >> 8), (byte)bound.Port];
    }

    private void Expect(SocksMessage message, int missing, byte[] reply) => (_expected, Missing, _length, Outgoing) = (message, missing, 0, reply);

    private void End(byte[] reply) => (IsOver, Outgoing) = (true, reply);

    private void TakeMethods()
    {
        if (_length == 2 && _message[1] > 0)
        {
            Missing = _message[1];
            return;
        }
        var methods = _message.AsSpan(2, _length - 2);
        var method = wanted is null ? (byte)0 : UserAndPassword;
        if (!methods.Contains(method)) { End([5, NoneAcceptable]); }
        else if (wanted is null) { Expect(SocksMessage.Connect, 5, [5, method]); }
        else { Expect(SocksMessage.Login, 2, [5, method]); }
    }

    // 1 ULEN UNAME PLEN PASSWD (RFC 1929 2)
    private void TakeLogin()
    {
        int user = _message[1];
        if (_length == 2)
        {
            Missing = user + 1;
            return;
        }
        int password = _message[2 + user];
        if (_length == 3 + user && password > 0)
        {
            Missing = password;
            return;
        }
        var isRight = _message[0] == 1 && _message.AsSpan(2, user).SequenceEqual(Encoding.UTF8.GetBytes(wanted!.User))
            && _message.AsSpan(3 + user, password).SequenceEqual(Encoding.UTF8.GetBytes(wanted.Password));
        if (isRight) { Expect(SocksMessage.Connect, 5, [1, 0]); }
        else { End([1, 1]); }
    }

    // VER CMD RSV ATYP ADDR PORT (RFC 1928 4)
    private void TakeConnect()
    {
        var isName = _message[3] == 3;
        var address = _message[3] switch { 1 => 4, 3 => _message[4], 4 => 16, _ => -1 };
        if (_message[0] != 5) { IsOver = true; }
        else if (_message[1] != 1) { End(Reply(SocksFault.CommandNotSupported, default)); }
        else if (address < 0 || (isName && address == 0)) { End(Reply(SocksFault.AddressTypeNotSupported, default)); }
        else if (_length == 5) { Missing = address + (isName ? 2 : 1); }
        else
        {
            var bytes = _message.AsSpan(isName ? 5 : 4, address);
            if (isName) { Name = Encoding.Latin1.GetString(bytes); }
            else if (IpAddress.TryFromBytes(bytes, out var parsed)) { Address = parsed; }
            Port = BinaryPrimitives.ReadUInt16BigEndian(_message.AsSpan(_length - 2));
            HasTarget = true;
        }
    }

    // 4 CMD PORT ADDR USER 0 [NAME 0]: byte by byte, as nothing says how long it is.
    private void TakeSocks4()
    {
        if (_length < 9)
        {
            Missing = 9 - _length;
            return;
        }
        var texts = _message.AsSpan(8, _length - 8);
        var isNamed = _message.AsSpan(4, 3).IndexOfAnyExcept((byte)0) < 0 && _message[7] != 0;
        var user = texts.IndexOf((byte)0);
        var name = user < 0 ? -1 : texts[(user + 1)..].IndexOf((byte)0);
        if (user < 0 || (isNamed && name < 0))
        {
            if (_length == _message.Length) { End(Reply(SocksFault.GeneralFailure, default)); }
            else { Missing = 1; }
            return;
        }
        if (_message[1] != 1 || wanted is not null || (isNamed && name == 0))
        {
            // SOCKS4 names a user and no password: who wants one lets nobody in by it.
            End(Reply(SocksFault.GeneralFailure, default));
            return;
        }
        if (isNamed) { Name = Encoding.Latin1.GetString(texts.Slice(user + 1, name)); }
        else if (IpAddress.TryFromBytes(_message.AsSpan(4, 4), out var parsed)) { Address = parsed; }
        Port = BinaryPrimitives.ReadUInt16BigEndian(_message.AsSpan(2));
        HasTarget = true;
    }
}
