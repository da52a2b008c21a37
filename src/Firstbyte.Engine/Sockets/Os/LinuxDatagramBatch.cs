using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets.Os;

/// <summary>A datagram socket of Linux that receives and sends by recvmmsg() and sendmmsg() on a thread of its own.</summary>
/// <remarks>
/// Theory of operation. The thread waits in recvmmsg() for at least one datagram and takes all that are there, up to the batch; each is answered into its own
/// place, and all answers go out in one call. Under load a system call is thus shared by many datagrams, and without load each is answered at
/// once. All memory is pinned and made once. close() under a waiting thread would free a number that another socket could get: the
/// socket is shut down instead, which wakes the thread, and the thread closes it. A socket that is bound to no address of its own hears with each datagram
/// which address it was sent to (struct in_pktinfo of ip(7), RFC 3542 section 6), and its answer leaves from there: another one would be no answer.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class LinuxDatagramBatch : IDatagramBatch
{
    /// <summary>Datagrams of one call. More gain nothing measurable, and the first of them would wait for the last.</summary>
    private const int Batch = 64;

    /// <summary>Longer queries than any client sends (EDNS itself was once announced with 4096); a longer datagram arrives cut.</summary>
    private const int ReceiveRoom = 4096;

    /// <summary>sizeof(struct sockaddr_in6), rounded.</summary>
    private const int AddressRoom = 32;

    /// <summary>CMSG_SPACE(struct in6_pktinfo), rounded; the IPv4 one is shorter.</summary>
    private const int ControlRoom = 64;

    /// <summary>Where the data of a control message begins: behind struct cmsghdr.</summary>
    private const int ControlHead = 16;

    /// <summary>What the socket holds while the thread is busy; the system may allow less (net.core.rmem_max).</summary>
    private const int SocketBuffer = 4 << 20;

    private readonly int _descriptor;
    private readonly bool _isV4;
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(Batch * ReceiveRoom, pinned: true);
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Batch * AddressRoom, pinned: true);
    private readonly Libc.ManyHeader[] _incoming = GC.AllocateArray<Libc.ManyHeader>(Batch, pinned: true);
    private readonly Libc.ManyHeader[] _outgoing = GC.AllocateArray<Libc.ManyHeader>(Batch, pinned: true);
    private readonly Libc.Vector[] _vectors = GC.AllocateArray<Libc.Vector>(2 * Batch, pinned: true);
    private byte[] _controls = [];
    private readonly Lock _sending = new();
    private volatile bool _isClosed;
    private bool _isServing;
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

    public ReadOnlySpan<byte> Origin =>
        _controls.Length == 0 ? [] : _controls.AsSpan(_answering * ControlRoom, (int)_incoming[_answering].Header.ControlLength);

    public bool TrySend(ReadOnlySpan<byte> answer, Endpoint remote, ReadOnlySpan<byte> origin)
    {
        var address = stackalloc byte[AddressRoom];
        var control = stackalloc byte[ControlRoom];
        BitConverter.TryWriteBytes(new Span<byte>(address, AddressRoom), (ushort)(_isV4 ? Libc.AF_INET : Libc.AF_INET6));
        var length = OsAddresses.WriteAfterFamily(remote, new Span<byte>(address, AddressRoom));
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
        if (_isClosed) { return; }
        _isClosed = true;
        // ENOTCONN, as no datagram socket is connected; the waiting call ends all the same.
        if (_isServing) { _ = Libc.Shutdown(_descriptor, (int)SocketDirections.Both - 1); }
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
        if (local.Address == (_isV4 ? IpAddress.AnyV4 : IpAddress.AnyV6))
        {
            Set(_isV4 ? Libc.IPPROTO_IP : Libc.IPPROTO_IPV6, _isV4 ? Libc.IP_PKTINFO : Libc.IPV6_RECVPKTINFO, 1);
            _controls = GC.AllocateArray<byte>(Batch * ControlRoom, pinned: true);
        }
        Span<byte> address = stackalloc byte[AddressRoom];
        BitConverter.TryWriteBytes(address, (ushort)(_isV4 ? Libc.AF_INET : Libc.AF_INET6));
        var length = (uint)OsAddresses.WriteAfterFamily(local, address);
        if (Libc.Bind(_descriptor, ref address[0], length) < 0) { throw new NetworkException(LastError, "bind", local); }
        length = AddressRoom;
        if (Libc.GetSocketName(_descriptor, ref address[0], ref length) < 0) { throw new NetworkException(LastError, "getsockname", local); }
        LocalEndpoint = OsAddresses.ReadAfterFamily(address, _isV4);
    }

    private void Set(int level, int name, int value)
    {
        if (Libc.SetOption(_descriptor, level, name, ref value, sizeof(int)) < 0) { throw new NetworkException(LastError, "setsockopt"); }
    }

    private void Serve(IDatagramAnswerer answerer)
    {
        var answers = GC.AllocateUninitializedArray<byte>(Batch * answerer.MaxLength, pinned: true);
        Prepare(answers, answerer.MaxLength);
        try
        {
            while (!_isClosed)
            {
                var count = Libc.ReceiveMany(_descriptor, ref _incoming[0], Batch, Libc.MSG_WAITFORONE, 0);
                if (count > 0 && !_isClosed) { Send(Answer(answerer, answers, count)); }
                else if (count < 0) { Check(Marshal.GetLastPInvokeError()); }
            }
        }
        finally { CloseDescriptor(); }
    }

    private void CloseDescriptor()
    {
        lock (_sending)
        {
            _isGone = true;
            _ = Libc.Close(_descriptor);
        }
    }

    private void Prepare(byte[] answers, int answerRoom)
    {
        for (var i = 0; i < Batch; i++)
        {
            _vectors[i] = new Libc.Vector { Base = Pointer(_received, i * ReceiveRoom), Length = ReceiveRoom };
            _vectors[Batch + i] = new Libc.Vector { Base = Pointer(answers, i * answerRoom) };
            var address = Pointer(_addresses, i * AddressRoom);
            _incoming[i].Header = new Libc.MessageHeader { Name = address, NameLength = AddressRoom, Vectors = Vector(i), VectorCount = 1 };
            _outgoing[i].Header = new Libc.MessageHeader { VectorCount = 1 };
            if (_controls.Length == 0) { continue; }
            _incoming[i].Header.Control = Pointer(_controls, i * ControlRoom);
            _incoming[i].Header.ControlLength = ControlRoom;
        }
    }

    /// <summary>Answers what was received and returns how many answers there are.</summary>
    private int Answer(IDatagramAnswerer answerer, byte[] answers, int count)
    {
        var answered = 0;
        answerer.BeginBatch();
        for (var i = 0; i < count; i++)
        {
            ref var incoming = ref _incoming[i];
            var datagram = _received.AsSpan(i * ReceiveRoom, (int)incoming.Length);
            var remote = OsAddresses.ReadAfterFamily(_addresses.AsSpan(i * AddressRoom, AddressRoom), _isV4);
            _answering = i;
            var length = answerer.Answer(datagram, remote, answers.AsSpan(i * answerer.MaxLength, answerer.MaxLength));
            if (length > 0)
            {
                _vectors[Batch + i].Length = (nuint)length;
                ref var outgoing = ref _outgoing[answered++].Header;
                outgoing.Name = incoming.Header.Name;
                outgoing.NameLength = incoming.Header.NameLength;
                outgoing.Vectors = Vector(Batch + i);
                if (_controls.Length > 0) { AnswerFrom(i, ref outgoing); }
            }
            if (_controls.Length > 0) { incoming.Header.ControlLength = ControlRoom; }
            incoming.Header.NameLength = AddressRoom;
        }
        return answered;
    }

    /// <summary>
    /// The same message, sent, says from which address: by whichever card leads there, unless the address is one of a link alone (RFC 4291 section 2.5.6).
    /// </summary>
    private void AnswerFrom(int index, ref Libc.MessageHeader outgoing)
    {
        var length = (int)_incoming[index].Header.ControlLength;
        outgoing.Control = length > 0 ? _incoming[index].Header.Control : null;
        outgoing.ControlLength = (nuint)length;
        if (length < ControlHead + sizeof(int)) { return; }
        LeaveCardOpen(_controls.AsSpan(index * ControlRoom + ControlHead));
    }

    private void LeaveCardOpen(Span<byte> data)
    {
        const int v6Address = 16;
        // struct in_pktinfo begins with the card, struct in6_pktinfo ends with it.
        if (_isV4) { data[..sizeof(int)].Clear(); }
        else if (data[0] != 0xFE || (data[1] & 0xC0) != 0x80) { data.Slice(v6Address, sizeof(int)).Clear(); }
    }

    /// <summary>Sends answers. One that cannot be sent concerns its client alone: it is left out.</summary>
    private void Send(int count)
    {
        for (var sent = 0; sent < count;)
        {
            var more = Libc.SendMany(_descriptor, ref _outgoing[sent], (uint)(count - sent), 0);
            if (more > 0) { sent += more; }
            else if (Marshal.GetLastPInvokeError() != Libc.EINTR) { sent++; }
        }
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
