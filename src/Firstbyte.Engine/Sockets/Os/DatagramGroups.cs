using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Firstbyte.Sockets.Os;

/// <summary>
/// Puts the answers of a batch together that go to one socket and are equally long: the system takes such a group as one message and cuts it (udp(7),
/// UDP_SEGMENT).
/// </summary>
/// <remarks>
/// Theory of operation. Most of what a datagram costs the system, it costs for each message handed over and not for each octet: the way is looked up, the
/// stack is walked down, and on the same host up again. Who asks much asks from few sockets (a front end that spreads questions, a forwarder), and answers
/// are mostly of few lengths: then one walk serves many. Every client gets the same datagrams; their order among equals of one batch may be another, as it
/// may on any way. Groups are found by looking back over the last few, so that a batch of strangers costs a comparison or two each.
/// </remarks>
[SupportedOSPlatform("linux")]
internal sealed unsafe class DatagramGroups
{
    /// <summary>UDP_MAX_SEGMENTS of kernels before 6.9: more in one message is EINVAL there.</summary>
    private const int MostSegments = 64;

    /// <summary>A message has at most 65,507 octets before it is cut; with room for what lower layers add.</summary>
    private const int MostBytes = 60_000;

    /// <summary>So many groups are looked through for each answer (own choice): a batch has few clients with many questions, or many with one.</summary>
    private const int LookBack = 12;

    /// <summary>CMSG_SPACE(struct in6_pktinfo) and CMSG_SPACE(uint16_t).</summary>
    private const int ControlRoom = 64;

    /// <summary>CMSG_LEN and CMSG_SPACE of two octets.</summary>
    private const int SegmentControlLength = 18, SegmentControlSpace = 24;

    private readonly Group[] _groups;
    private readonly int[] _next;
    private readonly Libc.ManyHeader[] _messages;
    private readonly Libc.Vector[] _vectors;
    private readonly byte[] _controls;
    private readonly byte* _answers;
    private readonly int _answerRoom;
    private bool _isSingly;

    /// <param name="descriptor">The socket. A system that does not know the option would take a group for one long datagram: it is asked first.</param>
    /// <param name="most">The most answers of a batch.</param>
    /// <param name="answers">Pinned room for them.</param>
    /// <param name="answerRoom">The room of each.</param>
    public DatagramGroups(int descriptor, int most, byte[] answers, int answerRoom)
    {
        var none = 0;
        _isSingly = Libc.SetOption(descriptor, Libc.SOL_UDP, Libc.UDP_SEGMENT, ref none, sizeof(int)) < 0;
        _groups = new Group[most];
        _next = new int[most];
        _messages = GC.AllocateArray<Libc.ManyHeader>(most, pinned: true);
        _vectors = GC.AllocateArray<Libc.Vector>(most, pinned: true);
        _controls = GC.AllocateArray<byte>(most * ControlRoom, pinned: true);
        _answers = (byte*)Unsafe.AsPointer(ref answers[0]);
        _answerRoom = answerRoom;
    }

    /// <summary>How many messages there are.</summary>
    public int Count { get; private set; }

    /// <summary>A new batch begins.</summary>
    public void Clear() => Count = 0;

    /// <summary>Adds an answer.</summary>
    /// <param name="index">Its place among the answers.</param>
    /// <param name="length">How long it is.</param>
    /// <param name="incoming">What it answers: where it came from, and where to.</param>
    public void Add(int index, int length, in Libc.MessageHeader incoming)
    {
        _next[index] = -1;
        if (!_isSingly)
        {
            for (var i = Count - 1; i >= 0 && i >= Count - LookBack; i--)
            {
                ref var group = ref _groups[i];
                if (group.Length != length || !IsSame(group, incoming) || group.Count == MostSegments || (group.Count + 1) * length > MostBytes) { continue; }
                _next[group.Last] = index;
                group.Last = index;
                group.Count++;
                return;
            }
        }
        _groups[Count++] = new Group
        {
            First = index,
            Last = index,
            Count = 1,
            Length = length,
            Name = incoming.Name,
            NameLength = incoming.NameLength,
            Control = incoming.Control,
            ControlLength = incoming.Control is null ? 0 : (int)incoming.ControlLength,
        };
    }

    /// <summary>Sends all messages. One that cannot be sent concerns its client alone: it is left out.</summary>
    public void Send(int descriptor)
    {
        Prepare();
        for (var sent = 0; sent < Count;)
        {
            var more = Libc.SendMany(descriptor, ref _messages[sent], (uint)(Count - sent), 0);
            if (more > 0) { sent += more; }
            else if (Marshal.GetLastPInvokeError() is not Libc.EINTR and var error)
            {
                if (_groups[sent].Count > 1) { SendSingly(descriptor, sent, error); }
                sent++;
            }
        }
    }

    /// <summary>
    /// The system does not take a group: its way is too narrow for a whole answer (EMSGSIZE, or EINVAL), or its card computes no checksums (EIO). Each goes
    /// alone then; where it is the card's fault, those after it too.
    /// </summary>
    private void SendSingly(int descriptor, int place, int error)
    {
        const int EIO = 5;
        if (error == EIO) { _isSingly = true; }
        var group = _groups[place];
        var one = new Libc.ManyHeader();
        var vector = new Libc.Vector { Length = (nuint)group.Length };
        one.Header = new Libc.MessageHeader { Name = group.Name, NameLength = group.NameLength, Vectors = &vector, VectorCount = 1 };
        SayOrigin(group, ref one.Header);
        for (var index = group.First; index >= 0; index = _next[index])
        {
            vector.Base = _answers + index * _answerRoom;
            while (Libc.SendMany(descriptor, ref one, 1, 0) < 0 && Marshal.GetLastPInvokeError() == Libc.EINTR) { }
        }
    }

    private static bool IsSame(in Group group, in Libc.MessageHeader incoming) =>
        group.NameLength == incoming.NameLength
        && new ReadOnlySpan<byte>(group.Name, (int)group.NameLength).SequenceEqual(new ReadOnlySpan<byte>(incoming.Name, (int)incoming.NameLength))
        && (group.ControlLength == 0 ? incoming.Control is null || incoming.ControlLength == 0
            : incoming.Control is not null && (nuint)group.ControlLength == incoming.ControlLength
                && new ReadOnlySpan<byte>(group.Control, group.ControlLength).SequenceEqual(new ReadOnlySpan<byte>(incoming.Control, group.ControlLength)));

    private void Prepare()
    {
        var used = 0;
        for (var i = 0; i < Count; i++)
        {
            ref readonly var group = ref _groups[i];
            ref var header = ref _messages[i].Header;
            header = new Libc.MessageHeader { Name = group.Name, NameLength = group.NameLength, VectorCount = (nuint)group.Count };
            header.Vectors = (Libc.Vector*)Unsafe.AsPointer(ref _vectors[used]);
            for (var index = group.First; index >= 0; index = _next[index])
            {
                _vectors[used++] = new Libc.Vector { Base = _answers + index * _answerRoom, Length = (nuint)group.Length };
            }
            if (group.Count > 1) { AddSegmentLength(group, i, ref header); }
            else { SayOrigin(group, ref header); }
        }
    }

    private static void SayOrigin(in Group group, ref Libc.MessageHeader header)
    {
        if (group.ControlLength == 0) { return; }
        header.Control = group.Control;
        header.ControlLength = (nuint)group.ControlLength;
    }

    /// <summary>Which address it leaves from, where that has to be said, and behind it how long each datagram is.</summary>
    private void AddSegmentLength(in Group group, int place, ref Libc.MessageHeader header)
    {
        var control = _controls.AsSpan(place * ControlRoom, ControlRoom);
        // What came is a whole number of control messages, each on a word.
        new ReadOnlySpan<byte>(group.Control, group.ControlLength).CopyTo(control);
        var own = control[group.ControlLength..];
        MemoryMarshal.Write(own, (nuint)SegmentControlLength);
        MemoryMarshal.Write(own[8..], Libc.SOL_UDP);
        MemoryMarshal.Write(own[12..], Libc.UDP_SEGMENT);
        MemoryMarshal.Write(own[16..], (ushort)group.Length);
        own[SegmentControlLength..SegmentControlSpace].Clear();
        header.Control = (byte*)Unsafe.AsPointer(ref control[0]);
        header.ControlLength = (nuint)(group.ControlLength + SegmentControlSpace);
    }

    /// <summary>Answers to one client, equally long.</summary>
    private struct Group
    {
        public int First;
        public int Last;
        public int Count;
        public int Length;
        public byte* Name;
        public uint NameLength;
        public byte* Control;
        public int ControlLength;
    }
}
