using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Firstbyte.Addressing;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's network on one thread: the caller's. Linux only; <see cref="OsNetwork.Run"/> chooses.</summary>
/// <remarks>
/// Theory of operation. <see cref="Run"/> starts a program and then does in turn what a simulation's kernel does: it fires the timers that are
/// due, and waits in poll() for whatever the program's calls wait for. The program therefore runs on this thread alone, as it does in a simulated
/// world. No socket engine, thread pool or timer thread is started: for a command that fetches one page their start costs more than the
/// fetch. Each round hands the kernel the list of waiting calls, which suits the dozens of sockets of a client; a server
/// of thousands is better off with <see cref="OsNetwork"/> itself.
/// Calls that can be answered at once do not come back here, and a peer that never stops sending would keep the timers waiting for ever: a
/// program that has had its turn for <see cref="FairTurn.Longest"/> is made to wait for its next call, ready or not.
/// Other threads may cancel the token of a call at any time: they only put the call on a list and wake the loop, which ends the call. What else they want to
/// do to the program (a signal ends it, for instance) they hand over by <see cref="Post"/>: a token that is cancelled elsewhere would let the program go on
/// there. A call never ends inside another call, not even inside the close() that ends it.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class OsLoop : IDisposable
{
    // Connecting a datagram socket looks for a route and sends nothing; the port stands for any.
    private const ushort AnyPort = 9;

    private readonly List<OsReadiness> _waiting = [];
    private readonly List<OsReadiness> _ready = [];
    private readonly ConcurrentQueue<OsReadiness> _ending = [];
    private readonly ConcurrentQueue<Action> _posted = [];
    private readonly LoopThread _thread = new();
    private Libc.PollDescriptor[] _descriptors = new Libc.PollDescriptor[8];
    private long _turnBegan;

    /// <summary>A loop that runs nothing yet.</summary>
    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public OsLoop() => Network = new LoopNetwork(this);

    /// <summary>The network whose calls and timers complete inside <see cref="Run"/>.</summary>
    public INetwork Network { get; }

    /// <summary>Whether the next call has to wait although it could be answered at once, so that timers and others have their turn.</summary>
    internal bool IsTurnOver => _thread.Time.GetElapsedTime(_turnBegan) > FairTurn.Longest;

    /// <summary>Runs a program to its end on this thread and passes on how it ended.</summary>
    public void Run(Func<Task> program)
    {
        BeginTurn();
        _thread.Run(program, TakeTurn, TakeLastTurn);
    }

    /// <summary>Runs an action on the loop's thread, from any thread: how a signal cancels a program's token.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        _posted.Enqueue(action);
        _thread.Wake();
    }

    /// <inheritdoc/>
    public void Dispose() => _thread.Dispose();

    internal void Add(OsReadiness call) { lock (_waiting) { _waiting.Add(call); } _thread.Wake(); }

    internal void Remove(OsReadiness call) { lock (_waiting) { _waiting.Remove(call); } }

    internal void End(OsReadiness call)
    {
        _ending.Enqueue(call);
        _thread.Wake();
    }

    private void TakeTurn(Task running)
    {
        BeginTurn();
        while (_posted.TryDequeue(out var action)) { action(); }
        EndGivenUp();
        var untilTimer = _thread.Time.FireDue();
        // Both may have completed the program, or readied more to do.
        if (!running.IsCompleted) { Wait(_ending.IsEmpty && _posted.IsEmpty ? untilTimer : 0); }
    }

    // Last words that nobody waits for, such as TLS's close_notify and the close() behind it, may have had to wait because the turn was over: what can be sent
    // at once is sent.
    private void TakeLastTurn()
    {
        EndGivenUp();
        Wait(0, onlySends: true);
    }

    private void BeginTurn() => _turnBegan = _thread.Time.GetTimestamp();

    private void EndGivenUp()
    {
        while (_ending.TryDequeue(out var call)) { call.EndGivenUp(); }
    }

    /// <summary>Waits for a call, and ends those that have become ready.</summary>
    private void Wait(long nanoseconds, bool onlySends = false)
    {
        var count = FillDescriptors(onlySends);
        if (!_thread.Wait(_descriptors.AsSpan(0, count), nanoseconds)) { return; }
        BeginTurn();
        for (var at = 1; at < count; at++)
        {
            if (_descriptors[at].Happened == 0) { _ready[at - 1].Skip = true; }
        }
        foreach (var call in _ready)
        {
            if (call.Skip) { call.Skip = false; }
            else { call.EndReady(); }
        }
    }

    private int FillDescriptors(bool onlySends)
    {
        _ready.Clear();
        lock (_waiting) { _ready.AddRange(onlySends ? _waiting.Where(static call => call.Wanted == Libc.POLLOUT) : _waiting); }
        if (_descriptors.Length <= _ready.Count) { _descriptors = new Libc.PollDescriptor[(_ready.Count + 1) * 2]; }
        for (var at = 0; at < _ready.Count; at++)
        {
            _descriptors[at + 1] = new Libc.PollDescriptor { Descriptor = _ready[at].Descriptor, Wanted = _ready[at].Wanted };
        }
        return _ready.Count + 1;
    }

    private sealed class LoopNetwork(OsLoop loop) : IProbeNetwork, ILocalNetwork
    {
        public TimeProvider Time => loop._thread.Time;

        public IRandomSource Random => OsRandom.Instance;

        public IHostFiles Files => OsFiles.Instance;

        public IReadOnlyList<IpAddress> GetAddresses() => OsCards.GetAddresses();

        public bool HasCarrier => OsCards.HasCarrier;

        public ISocket CreateSocket(IpVersion version, SocketKind kind) => new LinuxSocket(loop, version, kind);

        public IByteStream ConnectLocal(string path, bool isAbstract) => new SocketByteStream(LinuxSocket.ConnectLocal(loop, path, isAbstract));

        public IEchoSocket CreateEchoSocket(IpVersion version) => new LinuxEcho(loop, version);

        public IpAddress? SourceFor(IpAddress target)
        {
            using var socket = new LinuxSocket(loop, target.Version, SocketKind.Datagram);
            return socket.RouteTo(new Endpoint(target, AnyPort)) ? socket.LocalEndpoint!.Value.Address : null;
        }
    }
}
