using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Os;

/// <summary>
/// What recvmsg() gives beside the data: whom it is from or about, how many hops the packet had left, and the ICMP error of the error
/// queue (ip(7), IP_RECVERR).
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class LinuxErrorQueue
{
    /// <summary>What is read of the packet that an error is about; its first 8 bytes say which it was.</summary>
    private const int QuotedLength = 64;

    // <linux/errqueue.h>
    private const byte SO_EE_ORIGIN_LOCAL = 1;
    private const int ExtendedErrorLength = 16;

    // CMSG_LEN and CMSG_ALIGN of <bits/socket.h>: a size_t and two ints, everything aligned to a size_t.
    private static readonly int s_headerLength = nint.Size + 2 * sizeof(int);

    private readonly int _descriptor;
    private readonly IpVersion _version;

    /// <summary>From now on errors are kept for <see cref="TryReceiveError"/>.</summary>
    public LinuxErrorQueue(int descriptor, IpVersion version)
    {
        (_descriptor, _version) = (descriptor, version);
        var (level, keep, hops) = version == IpVersion.V4
            ? (Libc.IPPROTO_IP, Libc.IP_RECVERR, Libc.IP_RECVTTL) : (Libc.IPPROTO_IPV6, Libc.IPV6_RECVERR, Libc.IPV6_RECVHOPLIMIT);
        foreach (var name in (int[])[keep, hops])
        {
            var on = 1;
            if (Libc.SetOption(descriptor, level, name, ref on, sizeof(int)) < 0)
            {
                throw new NetworkException(Libc.ToErrno(Marshal.GetLastPInvokeError()), "setsockopt");
            }
        }
    }

    /// <summary>Takes the next error; false when there is none.</summary>
    /// <param name="error">The error.</param>
    /// <param name="sequence">Of an echo request: the number in its quoted head.</param>
    public bool TryReceiveError(out ReportedError error, out ushort sequence)
    {
        (error, sequence) = (default, 0);
        Span<byte> quoted = stackalloc byte[QuotedLength];
        if (!TryReceive(quoted, Libc.MSG_ERRQUEUE, out var message)) { return false; }
        // The socket's pending error is that of the queue's head and would fail the next call, which has nothing to do with it.
        ForgetPendingError();
        if (message.Length >= 8) { sequence = BinaryPrimitives.ReadUInt16BigEndian(quoted[6..]); }
        error = message.Error;
        return true;
    }

    /// <summary>Takes the next message; false when there is none.</summary>
    public unsafe bool TryReceive(Span<byte> buffer, int flags, out LinuxMessage message)
    {
        message = default;
        Span<byte> name = stackalloc byte[28]; // sizeof(struct sockaddr_in6)
        Span<byte> control = stackalloc byte[256];
        fixed (byte* data = buffer, address = name, extra = control)
        {
            var vector = new Libc.Vector { Base = data, Length = (nuint)buffer.Length };
            var header = new Libc.MessageHeader
            {
                Name = address,
                NameLength = (uint)name.Length,
                Vectors = &vector,
                VectorCount = 1,
                Control = extra,
                ControlLength = (nuint)control.Length
            };
            nint count;
            do { count = Libc.ReceiveMessage(_descriptor, ref header, flags); }
            while (count < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR);
            if (count < 0)
            {
                var failure = Marshal.GetLastPInvokeError();
                // What is pending is also in the queue, where it is looked for next.
                return failure == Libc.EAGAIN || flags == 0 ? false : throw new NetworkException(Libc.ToErrno(failure), "receive");
            }
            message = new LinuxMessage((int)count, OsAddresses.ReadAfterFamily(name, _version == IpVersion.V4), 0, default);
            ReadControl(control[..(int)header.ControlLength], ref message);
            return true;
        }
    }

    /// <summary>Reads, and thereby clears, the error that would fail the next call.</summary>
    public void ForgetPendingError()
    {
        var pending = 0;
        var length = (uint)sizeof(int);
        _ = Libc.GetOption(_descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, ref pending, ref length);
    }

    private void ReadControl(ReadOnlySpan<byte> control, ref LinuxMessage message)
    {
        while (control.Length >= s_headerLength)
        {
            var length = (int)MemoryMarshal.Read<nint>(control);
            if (length < s_headerLength || length > control.Length) { return; }
            var (level, type) = (MemoryMarshal.Read<int>(control[nint.Size..]), MemoryMarshal.Read<int>(control[(nint.Size + sizeof(int))..]));
            var data = control[s_headerLength..length];
            switch (level, type)
            {
                case (Libc.IPPROTO_IP, Libc.IP_TTL) or (Libc.IPPROTO_IPV6, Libc.IPV6_HOPLIMIT):
                    message = message with { HopLimit = (byte)MemoryMarshal.Read<int>(data) };
                    break;
                case (Libc.IPPROTO_IP, Libc.IP_RECVERR) or (Libc.IPPROTO_IPV6, Libc.IPV6_RECVERR) when data.Length >= ExtendedErrorLength:
                    message = message with { Error = ReadError(data, message.Peer) };
                    break;
            }
            control = control[Math.Min(control.Length, (length + nint.Size - 1) / nint.Size * nint.Size)..];
        }
    }

    // struct sock_extended_err, and behind it the address of whoever reported.
    private ReportedError ReadError(ReadOnlySpan<byte> data, Endpoint about)
    {
        var number = (int)MemoryMarshal.Read<uint>(data);
        var (origin, type, code, info) = (data[4], data[5], data[6], (int)MemoryMarshal.Read<uint>(data[8..]));
        var fault = Libc.ToErrno(number);
        if (origin == SO_EE_ORIGIN_LOCAL)
        {
            // No message came: this host itself knows, and says it here in the words that a router would have used.
            var isV4 = _version == IpVersion.V4;
            (type, code) = fault == Errno.EMSGSIZE ? isV4 ? ((byte)3, (byte)4) : ((byte)2, (byte)0) : isV4 ? ((byte)3, (byte)1) : ((byte)1, (byte)3);
            return new ReportedError(about.Address, about, type, code, info, fault);
        }
        var offender = data[ExtendedErrorLength..];
        var from = offender.Length >= (_version == IpVersion.V4 ? 16 : 28)
            ? OsAddresses.ReadAfterFamily(offender, _version == IpVersion.V4).Address
            : about.Address;
        return new ReportedError(from, about, type, code, fault == Errno.EMSGSIZE ? info : 0, fault);
    }
}

/// <summary>What came with a received message.</summary>
/// <param name="Length">Its bytes.</param>
/// <param name="Peer">Whom it is from; of an error, whom it is about.</param>
/// <param name="HopLimit">Hops that it had left; 0 where that is not known.</param>
/// <param name="Error">The error, where it is one.</param>
internal readonly record struct LinuxMessage(int Length, Endpoint Peer, byte HopLimit, ReportedError Error);
