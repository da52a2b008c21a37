using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hashing;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Os;

/// <summary>
/// Echo requests from Linux: by its ping sockets, which need no privilege where net.ipv4.ping_group_range names the user's group
/// (icmp(7)), else by a raw socket, which needs CAP_NET_RAW.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxEcho : IEchoSocket
{
    private const int HeaderLength = 8; // RFC 792, RFC 4443 section 4.1
    private const int MaxMessageLength = 65_535;
    private const byte EchoReplyV4 = 0, EchoRequestV4 = 8, EchoRequestV6 = 128, EchoReplyV6 = 129;

    private readonly IpVersion _version;
    private readonly int _descriptor;
    private readonly bool _isRaw;
    private readonly ushort _identifier;
    private readonly OsDescriptor _known;
    private readonly LinuxErrorQueue _errors;
    private readonly byte[] _buffer = new byte[MaxMessageLength];
    private bool _closed;

    /// <exception cref="NetworkException">EACCES or EPERM: the host lets this user have neither kind of socket.</exception>
    public LinuxEcho(OsLoop loop, IpVersion version)
    {
        _version = version;
        var (family, protocol) = version switch
        {
            IpVersion.V4 => (Libc.AF_INET, Libc.IPPROTO_ICMP),
            IpVersion.V6 => (Libc.AF_INET6, Libc.IPPROTO_ICMPV6),
            _ => throw new NetworkException(Errno.EAFNOSUPPORT, "socket"),
        };
        _descriptor = Libc.Socket(family, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, protocol);
        if (_descriptor < 0 && LastError is Errno.EACCES or Errno.EPERM)
        {
            _isRaw = true;
            _descriptor = Libc.Socket(family, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, protocol);
        }
        if (_descriptor < 0) { throw new NetworkException(LastError, "socket"); }
        Span<byte> drawn = stackalloc byte[2];
        OsRandom.Instance.Fill(drawn);
        _identifier = BinaryPrimitives.ReadUInt16BigEndian(drawn);
        _known = new OsDescriptor(loop, _descriptor);
        _errors = new LinuxErrorQueue(_descriptor, version);
    }

    private static Errno LastError => Libc.ToErrno(Marshal.GetLastPInvokeError());

    public void Send(IpAddress destination, ushort sequence, ReadOnlySpan<byte> data, byte hopLimit = 0)
    {
        var target = new Endpoint(destination, 0);
        if (_closed) { throw new NetworkException(Errno.EBADF, "send", target); }
        if (destination.Version != _version) { throw new NetworkException(Errno.EAFNOSUPPORT, "send", target); }
        if (hopLimit > 0)
        {
            var (level, name) = _version == IpVersion.V4 ? (Libc.IPPROTO_IP, Libc.IP_TTL) : (Libc.IPPROTO_IPV6, Libc.IPV6_UNICAST_HOPS);
            var hops = (int)hopLimit;
            if (Libc.SetOption(_descriptor, level, name, ref hops, sizeof(int)) < 0) { throw new NetworkException(LastError, "setsockopt", target); }
        }
        var message = new byte[HeaderLength + data.Length];
        message[0] = _version == IpVersion.V4 ? EchoRequestV4 : EchoRequestV6;
        // A ping socket's identifier and checksum are written by the kernel; so is the checksum of ICMPv6, which covers addresses.
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(4), _identifier);
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(6), sequence);
        data.CopyTo(message.AsSpan(HeaderLength));
        if (_version == IpVersion.V4) { BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), InternetChecksum.Compute(message)); }
        _errors.ForgetPendingError();
        Span<byte> address = stackalloc byte[28];
        BitConverter.TryWriteBytes(address, (ushort)(_version == IpVersion.V4 ? Libc.AF_INET : Libc.AF_INET6));
        var length = (uint)OsAddresses.WriteAfterFamily(target, address);
        nint sent;
        do { sent = Libc.SendTo(_descriptor, ref message[0], (nuint)message.Length, Libc.MSG_NOSIGNAL, ref address[0], length); }
        while (sent < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
        if (sent < 0) { throw new NetworkException(LastError, "send", target); }
    }

    public async ValueTask<EchoAnswer> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        while (true)
        {
            if (_closed) { throw new NetworkException(Errno.EBADF, "receive"); }
            if (TryReceiveReply(out var answer) || TryReceiveError(out answer)) { return answer; }
            _known.Readable.Forget();
            if (!await _known.Readable.WaitAsync(cancellationToken)) { throw new NetworkException(Errno.ECANCELED, "receive"); }
        }
    }

    public void Dispose()
    {
        if (_closed) { return; }
        _closed = true;
        _known.Close();
    }

    private bool TryReceiveReply(out EchoAnswer answer)
    {
        while (_errors.TryReceive(_buffer, 0, out var message))
        {
            ReadOnlySpan<byte> icmp = _buffer.AsSpan(0, message.Length);
            // raw(7): only a raw socket of IPv4 gives the packet with its header, and everybody's packets.
            if (_isRaw && _version == IpVersion.V4 && icmp.Length > 0) { icmp = icmp[Math.Min(icmp.Length, (icmp[0] & 15) * 4)..]; }
            if (icmp.Length < HeaderLength || icmp[0] != (_version == IpVersion.V4 ? EchoReplyV4 : EchoReplyV6)) { continue; }
            if (_isRaw && BinaryPrimitives.ReadUInt16BigEndian(icmp[4..]) != _identifier) { continue; }
            answer = new EchoAnswer(
                message.Peer.Address, BinaryPrimitives.ReadUInt16BigEndian(icmp[6..]), true, icmp[0], icmp[1], message.HopLimit,
                icmp.Length);
            return true;
        }
        answer = default;
        return false;
    }

    private bool TryReceiveError(out EchoAnswer answer)
    {
        answer = default;
        if (!_errors.TryReceiveError(out var error, out var sequence)) { return false; }
        answer = new EchoAnswer(error.From, sequence, false, error.Type, error.Code, 0, 0, error.NextHopMtu);
        return true;
    }
}
