using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Firstbyte.Sockets.Tun;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Bench.Tcp;

/// <summary>The links between the two ends of each pair, in real time: one thread that reads, waits and writes, before everybody else.</summary>
[SupportedOSPlatform("linux")]
internal sealed partial class EmulatedWire : IDisposable
{
    private const int FirstInFirstOut = 1; // SCHED_FIFO of <sched.h>
    private const short Readable = 1; // POLLIN of <poll.h>
    private const int LongestPacket = 2_048;

    /// <summary>The kernel's timers wake a little late: the last of the wait is spent looking at the clock.</summary>
    private const long SpinNanoseconds = 60_000;

    private readonly PriorityQueue<(TunDevice To, byte[] Packet), (long At, long Order)> _underway = new();
    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _idle = new();
    private KernelPair[] _pairs = [];
    private (EmulatedLink Data, EmulatedLink Answers)[] _links = [];
    private long _order;
    private long _late;
    private volatile bool _ends;

    private static long Now => (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency));

    public void Start(KernelPair[] pairs)
    {
        _pairs = pairs;
        _links = new (EmulatedLink, EmulatedLink)[pairs.Length];
        for (var i = 0; i < pairs.Length; i++) { _links[i] = LinkShape.All[0].Make(1); }
        new Thread(Run) { IsBackground = true, Name = "wire" }.Start();
    }

    /// <summary>Gives a pair a link as it is when nothing has passed it.</summary>
    public void Set(int pair, (EmulatedLink Data, EmulatedLink Answers) links)
    {
        lock (_lock) { _links[pair] = links; }
    }

    /// <summary>By how much a packet was delivered too late at worst since this was last asked, in nanoseconds.</summary>
    public long TakeLateness() => Interlocked.Exchange(ref _late, 0);

    public void Dispose() => _ends = true;

    private void Run()
    {
        var priority = 10;
        if (SetScheduler(0, FirstInFirstOut, ref priority) < 0) { Console.Error.WriteLine("no real-time priority: the wire may be late"); }
        var descriptors = new Poll[2 * _pairs.Length];
        for (var i = 0; i < _pairs.Length; i++)
        {
            descriptors[2 * i] = new Poll { Descriptor = _pairs[i].Client.Descriptor, Wanted = Readable };
            descriptors[2 * i + 1] = new Poll { Descriptor = _pairs[i].Server.Descriptor, Wanted = Readable };
        }
        while (!_ends)
        {
            var left = _underway.TryPeek(out _, out var first) ? first.At - Now : 100_000_000;
            if (left > SpinNanoseconds)
            {
                var time = new TimeSpec { Nanoseconds = (nint)Math.Min(left - SpinNanoseconds, 100_000_000) };
                _ = WaitFor(ref descriptors[0], (nuint)descriptors.Length, ref time, 0);
            }
            for (var i = 0; i < _pairs.Length; i++)
            {
                Read(_pairs[i].Client, _pairs[i].Server, i, isData: true);
                Read(_pairs[i].Server, _pairs[i].Client, i, isData: false);
            }
            Deliver();
        }
    }

    private void Read(TunDevice from, TunDevice to, int pair, bool isData)
    {
        for (; ; )
        {
            if (!_idle.TryPop(out var buffer)) { buffer = new byte[LongestPacket]; }
            if (!from.TryRead(buffer, out var length))
            {
                _idle.Push(buffer);
                return;
            }
            long at;
            lock (_lock) { at = (isData ? _links[pair].Data : _links[pair].Answers).Arrival(Now, length); }
            if (at < 0)
            {
                _idle.Push(buffer);
                continue;
            }
            var packet = buffer.AsSpan(0, length).ToArray();
            _idle.Push(buffer);
            _underway.Enqueue((to, packet), (at, _order++));
        }
    }

    private void Deliver()
    {
        while (_underway.TryPeek(out var next, out var key) && key.At <= Now)
        {
            _underway.Dequeue();
            _late = Math.Max(_late, Now - key.At);
            next.To.TryWrite(next.Packet);
        }
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public nint Seconds;
        public nint Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "ppoll", SetLastError = true)]
    private static partial int WaitFor(ref Poll descriptors, nuint count, ref TimeSpec time, nint signals);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler", SetLastError = true)]
    private static partial int SetScheduler(int thread, int policy, ref int priority);
}
