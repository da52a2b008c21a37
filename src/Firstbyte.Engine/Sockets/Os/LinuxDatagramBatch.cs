using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>A datagram socket of Linux that receives and sends by recvmmsg() and sendmmsg() on a thread of its own.</summary>
/// <remarks>
/// Theory of operation. The thread waits in recvmmsg() for at least one datagram and takes all that are there, up to the batch; each is answered into its own
/// place, and all answers go out in one call, put together where they may be (<see cref="DatagramGroups"/>). Under load a system call is thus shared by many
/// datagrams, and without load each is answered at once. All memory is pinned and made once. close() under a waiting thread would free a number that another
/// socket could get: the socket is shut down instead, which wakes the thread, and the thread closes it. A socket that is bound to no address of its own hears
/// with each datagram which address it was sent to (struct in_pktinfo of ip(7), RFC 3542 section 6), and its answer leaves from there: another one would be
/// no answer.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxDatagramBatch : IDatagramBatch
{
    /// <summary>Datagrams of one call. More gain nothing measurable, and the first of them would wait for the last.</summary>
    private const int Batch = 64;

    /// <summary>Longer queries than any client sends (EDNS itself was once announced with 4096); a longer datagram arrives cut.</summary>
    private const int ReceiveRoom = 4096;

    /// <summary>From one datagram to the next: a line more than their room, as places 4096 bytes apart share the same few lines of a cache.</summary>
    private const int ReceiveStride = ReceiveRoom + 64;

    /// <summary>CMSG_SPACE(struct in6_pktinfo), rounded; the IPv4 one is shorter.</summary>
    private const int ControlRoom = 64;

    /// <summary>Where the data of a control message begins: behind struct cmsghdr.</summary>
    private const int ControlHead = 16;

    /// <summary>What the socket holds while the thread is busy; the system may allow less (net.core.rmem_max).</summary>
    private const int SocketBuffer = 4 << 20;

    private readonly int _descriptor;
    private readonly bool _isV4;
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(Batch * ReceiveStride, pinned: true);
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Batch * Libc.AddressRoom, pinned: true);
    private readonly Libc.ManyHeader[] _incoming = GC.AllocateArray<Libc.ManyHeader>(Batch, pinned: true);
    private readonly Libc.Vector[] _vectors = GC.AllocateArray<Libc.Vector>(Batch, pinned: true);
    private byte[] _controls = [];
    private readonly Lock _sending = new();
    private DatagramGroups? _groups;
    private SharedWait? _waiting;
    private volatile bool _isClosed;
    private bool _isServing;
    private int _count;
    private int _answering;
    private bool _isGone;

    private LinuxDatagramBatch(int descriptor, bool isV4) => (_descriptor, _isV4) = (descriptor, isV4);

    public Endpoint LocalEndpoint { get; private set; }

    /// <summary>Sockets that share an address.</summary>
    public static List<IDatagramBatch> Bind(Endpoint local, int sockets)
    {
        var bound = new List<IDatagramBatch>(sockets);
        try
        {
            while (bound.Count < sockets)
            {
                var batch = Open(local.Address.Version);
                bound.Add(batch);
                batch.Bind(local, isShared: sockets > 1);
                // The others take the port that the first was given.
                local = batch.LocalEndpoint;
            }
            return bound;
        }
        catch (NetworkException)
        {
            foreach (var batch in bound) { batch.Dispose(); }
            throw;
        }
    }

    public int Count => _count;

    public ReadOnlySpan<byte> this[int index] => _received.AsSpan(index * ReceiveStride, (int)_incoming[index].Length);

    /// <summary>One socket that was bound by others, for several threads.</summary>
    public static List<IDatagramBatch> Adopt(InheritedSocket inherited, int threads)
    {
        var adopted = new List<IDatagramBatch>(threads);
        try
        {
            while (adopted.Count < threads)
            {
                // Each thread closes a number of its own.
                var descriptor = adopted.Count == 0 ? inherited.Descriptor : Libc.ControlDescriptor(inherited.Descriptor, Libc.F_DUPFD_CLOEXEC, 0);
                if (descriptor < 0) { throw new NetworkException(LastError, "fcntl", inherited.LocalEndpoint); }
                var batch = new LinuxDatagramBatch(descriptor, inherited.LocalEndpoint.Address.IsV4) { LocalEndpoint = inherited.LocalEndpoint };
                adopted.Add(batch);
                batch._waiting = new SharedWait(descriptor);
                batch.HearAddresses(inherited.LocalEndpoint.Address);
            }
            return adopted;
        }
        catch (NetworkException)
        {
            foreach (var batch in adopted) { batch.Dispose(); }
            throw;
        }
    }

    public ReadOnlySpan<byte> Origin =>
        _controls.Length == 0 ? [] : _controls.AsSpan(_answering * ControlRoom, (int)_incoming[_answering].Header.ControlLength);

    public bool TrySend(ReadOnlySpan<byte> answer, Endpoint remote, ReadOnlySpan<byte> origin)
    {
        var address = stackalloc byte[Libc.AddressRoom];
        var control = stackalloc byte[ControlRoom];
        BitConverter.TryWriteBytes(new Span<byte>(address, Libc.AddressRoom), (ushort)(_isV4 ? Libc.AF_INET : Libc.AF_INET6));
        var length = OsAddresses.WriteAfterFamily(_isV4 ? remote : OsAddresses.Mapped(remote), new Span<byte>(address, Libc.AddressRoom));
        fixed (byte* bytes = answer)
        {
            var vector = new Libc.Vector { Base = bytes, Length = (nuint)answer.Length };
            var many = new Libc.ManyHeader();
            many.Header = new Libc.MessageHeader { Name = address, NameLength = (uint)length, Vectors = &vector, VectorCount = 1 };
            if (origin.Length > ControlHead + sizeof(int))
            {
                var own = new Span<byte>(control, ControlRoom);
                origin.CopyTo(own);
                LeaveCardOpen(own[ControlHead..]);
                many.Header.Control = control;
                many.Header.ControlLength = (nuint)origin.Length;
            }
            // The number of a closed socket may be somebody else's by now.
            lock (_sending) { return !_isGone && Libc.SendMany(_descriptor, ref many, 1, Libc.MSG_DONTWAIT) == 1; }
        }
    }

    public Task ServeAsync(IDatagramAnswerer answerer)
    {
        ArgumentNullException.ThrowIfNull(answerer);
        _isServing = true;
        var ended = new TaskCompletionSource();
        var thread = new Thread(() =>
        {
            try
            {
                Serve(answerer);
                ended.SetResult();
            }
            // Passed on to whoever waits.
            catch (NetworkException failure) { ended.SetException(failure); }
        })
        { IsBackground = true, Name = $"datagrams {LocalEndpoint}" };
        thread.Start();
        return ended.Task;
    }

    public void Close()
    {
        if (Interlocked.Exchange(ref _isClosed, true)) { return; }
        if (_isServing && _waiting is { } waiting) { waiting.End(); }
        else if (_isServing)
        {
            // ENOTCONN, as no datagram socket is connected; the waiting call ends all the same. The number may be somebody else's where it has ended by itself.
            lock (_sending)
            {
                if (!_isGone) { _ = Libc.Shutdown(_descriptor, (int)SocketDirections.Both - 1); }
            }
        }
        else { CloseDescriptor(); }
    }

    public void Dispose() => Close();

    private static LinuxDatagramBatch Open(IpVersion version)
    {
        var family = version == IpVersion.V4 ? Libc.AF_INET : Libc.AF_INET6;
        var descriptor = Libc.Socket(family, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0);
        return descriptor >= 0 ? new LinuxDatagramBatch(descriptor, version == IpVersion.V4) : throw new NetworkException(LastError, "socket");
    }

    private static Errno LastError => Libc.ToErrno(Marshal.GetLastPInvokeError());

    private void Bind(Endpoint local, bool isShared)
    {
        if (!_isV4) { Set(Libc.IPPROTO_IPV6, Libc.IPV6_V6ONLY, 1); }
        if (isShared) { Set(Libc.SOL_SOCKET, Libc.SO_REUSEPORT, 1); }
        Set(Libc.SOL_SOCKET, Libc.SO_RCVBUF, SocketBuffer);
        Set(Libc.SOL_SOCKET, Libc.SO_SNDBUF, SocketBuffer);
        HearAddresses(local.Address);
        Span<byte> address = stackalloc byte[Libc.AddressRoom];
        BitConverter.TryWriteBytes(address, (ushort)(_isV4 ? Libc.AF_INET : Libc.AF_INET6));
        var length = (uint)OsAddresses.WriteAfterFamily(local, address);
        if (Libc.Bind(_descriptor, ref address[0], length) < 0) { throw new NetworkException(LastError, "bind", local); }
        length = Libc.AddressRoom;
        if (Libc.GetSocketName(_descriptor, ref address[0], ref length) < 0) { throw new NetworkException(LastError, "getsockname", local); }
        LocalEndpoint = OsAddresses.ReadAfterFamily(address, _isV4);
    }

    /// <summary>Hears with each datagram which address it was sent to, where there may be several.</summary>
    private void HearAddresses(IpAddress local)
    {
        if (local != (_isV4 ? IpAddress.AnyV4 : IpAddress.AnyV6)) { return; }
        Set(_isV4 ? Libc.IPPROTO_IP : Libc.IPPROTO_IPV6, _isV4 ? Libc.IP_PKTINFO : Libc.IPV6_RECVPKTINFO, 1);
        _controls = GC.AllocateArray<byte>(Batch * ControlRoom, pinned: true);
    }

    private void Set(int level, int name, int value)
    {
        if (Libc.SetOption(_descriptor, level, name, ref value, sizeof(int)) < 0) { throw new NetworkException(LastError, "setsockopt"); }
    }

    private void Serve(IDatagramAnswerer answerer)
    {
        var answers = GC.AllocateUninitializedArray<byte>(Batch * answerer.MaxLength, pinned: true);
        Prepare();
        _groups = new DatagramGroups(_descriptor, Batch, answers, answerer.MaxLength);
        try
        {
            while (!_isClosed)
            {
                if (_waiting is { } waiting && !waiting.Wait()) { continue; }
                var flags = _waiting is null ? Libc.MSG_WAITFORONE : Libc.MSG_DONTWAIT;
                var count = Libc.ReceiveMany(_descriptor, ref _incoming[0], Batch, flags, 0);
                if (count > 0 && !_isClosed) { Answer(answerer, answers, count); }
                else if (count < 0) { Check(Marshal.GetLastPInvokeError()); }
            }
        }
        finally { CloseDescriptor(); }
    }

    private void CloseDescriptor()
    {
        lock (_sending)
        {
            // Closed before it served: by then the number may be somebody else's.
            if (_isGone) { return; }
            _isGone = true;
            _ = Libc.Close(_descriptor);
        }
        _waiting?.Dispose();
    }

    private void Prepare()
    {
        for (var i = 0; i < Batch; i++)
        {
            _vectors[i] = new Libc.Vector { Base = Pointer(_received, i * ReceiveStride), Length = ReceiveRoom };
            var address = Pointer(_addresses, i * Libc.AddressRoom);
            _incoming[i].Header = new Libc.MessageHeader { Name = address, NameLength = Libc.AddressRoom, Vectors = Vector(i), VectorCount = 1 };
            if (_controls.Length == 0) { continue; }
            _incoming[i].Header.Control = Pointer(_controls, i * ControlRoom);
            _incoming[i].Header.ControlLength = ControlRoom;
        }
    }

    /// <summary>Answers what was received.</summary>
    private void Answer(IDatagramAnswerer answerer, byte[] answers, int count)
    {
        var groups = _groups!;
        groups.Clear();
        _count = count;
        answerer.BeginBatch(this);
        for (var i = 0; i < count; i++)
        {
            ref var incoming = ref _incoming[i];
            var remote = OsAddresses.ReadAfterFamily(_addresses.AsSpan(i * Libc.AddressRoom, Libc.AddressRoom), _isV4);
            if (!_isV4) { remote = OsAddresses.Unmapped(remote); }
            _answering = i;
            var length = answerer.Answer(this[i], remote, answers.AsSpan(i * answerer.MaxLength, answerer.MaxLength));
            if (length == 0) { continue; }
            if (_controls.Length > 0) { AnswerFrom(i); }
            groups.Add(i, length, incoming.Header);
        }
        groups.Send(_descriptor);
        for (var i = 0; i < count; i++)
        {
            ref var incoming = ref _incoming[i].Header;
            incoming.NameLength = Libc.AddressRoom;
            if (_controls.Length > 0) { incoming.ControlLength = ControlRoom; }
        }
    }

    /// <summary>
    /// The same message, sent, says from which address: by whichever card leads there, unless the address is one of a link alone (RFC 4291 section 2.5.6).
    /// </summary>
    private void AnswerFrom(int index)
    {
        if ((int)_incoming[index].Header.ControlLength >= ControlHead + sizeof(int)) { LeaveCardOpen(_controls.AsSpan(index * ControlRoom + ControlHead)); }
    }

    private void LeaveCardOpen(Span<byte> data)
    {
        const int v6Address = 16;
        // struct in_pktinfo begins with the card, struct in6_pktinfo ends with it.
        if (_isV4) { data[..sizeof(int)].Clear(); }
        else if (data[0] != 0xFE || (data[1] & 0xC0) != 0x80) { data.Slice(v6Address, sizeof(int)).Clear(); }
    }

    /// <summary>An ICMP message about an earlier answer is no fault of the socket's; whatever else is not passing breaks it.</summary>
    private void Check(int error)
    {
        var errno = Libc.ToErrno(error);
        var isPassing = _isClosed || error is Libc.EINTR or Libc.EAGAIN
            || errno is Errno.ECONNREFUSED or Errno.ECONNRESET or Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ENOBUFS;
        if (!isPassing) { throw new NetworkException(errno, "receive", LocalEndpoint); }
    }

    private Libc.Vector* Vector(int index) => (Libc.Vector*)Unsafe.AsPointer(ref _vectors[index]);

    private static byte* Pointer(byte[] pinned, int offset) => (byte*)Unsafe.AsPointer(ref pinned[offset]);
}
