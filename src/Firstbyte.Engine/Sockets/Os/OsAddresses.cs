using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>Between our addresses and the system's socket addresses.</summary>
/// <remarks>
/// A sockaddr_in holds the port in bytes 2 and 3 and the address from byte 4; a sockaddr_in6 the port in bytes 2 and 3, the flow
/// label from 4, the address from 8 and the interface's index, in the machine's own order, from 24: on Linux, macOS and Windows alike
/// (they differ only in the first two bytes, which
/// <see cref="SocketAddress"/> fills in).
/// </remarks>
internal static class OsAddresses
{
    private const int V4Length = 16;
    private const int V6Length = 28;

    /// <summary>::ffff:0:0/96 without its last 32 bits.</summary>
    private const uint MappedPrefix = 0xFFFF;

    public static AddressFamily Family(IpVersion version) => version switch
    {
        IpVersion.V4 => AddressFamily.InterNetwork,
        IpVersion.V6 => AddressFamily.InterNetworkV6,
        _ => throw new NetworkException(Errno.EAFNOSUPPORT, "socket"),
    };

    /// <summary>A socket address of the right size and family, to be written and read again and again.</summary>
    public static SocketAddress NewBuffer(IpVersion version) =>
        new(Family(version), version == IpVersion.V4 ? V4Length : V6Length);

    public static void Write(Endpoint endpoint, SocketAddress target) => target.Size = WriteAfterFamily(endpoint, target.Buffer.Span);

    public static Endpoint Read(SocketAddress source) => ReadAfterFamily(source.Buffer.Span, source.Family == AddressFamily.InterNetwork);

    /// <summary>Writes all but the first two bytes of a socket address and returns the whole length.</summary>
    public static int WriteAfterFamily(Endpoint endpoint, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], endpoint.Port);
        if (endpoint.Address.IsV4)
        {
            endpoint.Address.WriteBytes(bytes[4..]);
            return V4Length;
        }
        bytes.Slice(4, 4).Clear();
        endpoint.Address.WriteBytes(bytes[8..]);
        BitConverter.TryWriteBytes(bytes[24..], ScopeOf(endpoint.Address));
        return V6Length;
    }

    /// <summary>Reads what <see cref="WriteAfterFamily"/> wrote, or the system.</summary>
    public static Endpoint ReadAfterFamily(ReadOnlySpan<byte> bytes, bool isV4)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        if (isV4) { return new Endpoint(IpAddress.FromV4(BinaryPrimitives.ReadUInt32BigEndian(bytes[4..])), port); }
        var scope = BitConverter.ToUInt32(bytes[24..]);
        var zone = scope == 0 ? null : scope.ToString(CultureInfo.InvariantCulture);
        return new Endpoint(IpAddress.FromV6(BinaryPrimitives.ReadUInt128BigEndian(bytes[8..]), zone), port);
    }

    /// <summary>
    /// Who asks a socket that speaks both versions by IPv4 (RFC 4291 section 2.5.5.2) is the IPv4 host that it is: rules and limits name it so.
    /// </summary>
    public static Endpoint Unmapped(Endpoint endpoint) =>
        endpoint.Address.IsV6 && endpoint.Address.Bits >> 32 == MappedPrefix
            ? new Endpoint(IpAddress.FromV4((uint)endpoint.Address.Bits), endpoint.Port)
            : endpoint;

    /// <summary>The same for a socket of version 6 to send to.</summary>
    public static Endpoint Mapped(Endpoint endpoint) =>
        endpoint.Address.IsV4 ? new Endpoint(IpAddress.FromV6((UInt128)MappedPrefix << 32 | endpoint.Address.Bits), endpoint.Port) : endpoint;

    public static IPEndPoint ToSystem(Endpoint endpoint)
    {
        Span<byte> bytes = stackalloc byte[16];
        var length = endpoint.Address.WriteBytes(bytes);
        if (length == 0) { throw new NetworkException(Errno.EAFNOSUPPORT, "address"); }
        var address = length == 16 ? new IPAddress(bytes, ScopeOf(endpoint.Address)) : new IPAddress(bytes[..length]);
        return new IPEndPoint(address, endpoint.Port);
    }

    public static Endpoint? FromSystem(EndPoint? endpoint)
    {
        if (endpoint is not IPEndPoint { Address: { } address, Port: var port }) { return null; }
        Span<byte> bytes = stackalloc byte[16];
        if (!address.TryWriteBytes(bytes, out var length) || !IpAddress.TryFromBytes(bytes[..length], out var own)) { return null; }
        if (length == 16 && address.ScopeId != 0) { own = IpAddress.FromV6(own.Bits, address.ScopeId.ToString(CultureInfo.InvariantCulture)); }
        return new Endpoint(own, (ushort)port);
    }

    /// <summary>The interface's index of a zone: a number as it is, a name by asking the system; EADDRNOTAVAIL when there is no such interface.</summary>
    private static uint ScopeOf(IpAddress address)
    {
        if (address.Zone is not { Length: > 0 } zone) { return 0; }
        if (uint.TryParse(zone, NumberStyles.None, CultureInfo.InvariantCulture, out var index)) { return index; }
        return IPAddress.TryParse(address.ToString(), out var system) && system.ScopeId != 0
            ? (uint)system.ScopeId
            : throw new NetworkException(Errno.EADDRNOTAVAIL, $"interface {zone}");
    }
}
