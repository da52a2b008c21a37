using System.Collections.Concurrent;
using System.Runtime.Versioning;
using Firstbyte.Addressing;

namespace Firstbyte.Sockets.Os;

/// <summary>The operating system's network on one thread: the caller's. Linux only; <see cref="OsNetwork.Run"/> chooses.</summary>
/// <remarks>
/// Theory of operation. <see cref="Run"/> starts a program and then does in turn what a simulation's kernel does: it fires the timers that are
/// due, and waits in epoll_wait() for whatever the program's calls wait for. The program therefore runs on this thread alone, as it does in a simulated
/// world. No socket engine, thread pool or timer thread is started: for a command that fetches one page their start costs more than the
/// fetch.
/// Calls that can be answered at once do not come back here, and a peer that never stops sending would keep the timers waiting for ever: a
/// program that has had its turn for <see cref="FairTurn.Longest"/> is made to wait for its next call, ready or not.
/// Other threads may cancel the token of a call at any time: they only put the call on a list and wake the loop, which ends the call. What else they want to
/// do to the program (a signal ends it, for instance) they hand over by <see cref="Post(Action)"/>: a token that is cancelled elsewhere would let the program
/// go on there. A call never ends inside another call, not even inside the close() that ends it.
/// </remarks>
[SupportedOSPlatform("linux")]
public sealed class OsLoop : IDisposable
{
    // Connecting a datagram socket looks for a route and sends nothing; the port stands for any.
    private const ushort AnyPort = 9;

    private readonly ConcurrentQueue<OsReadiness> _deferred = [];
    private readonly ConcurrentQueue<OsReadiness> _ending = [];
    private readonly ConcurrentQueue<(Action<object?> Action, object? State)> _posted = [];
    private readonly LoopThread _thread = new();
    private readonly Lock? _shared;
    private int _visitor;
    private long _turnBegan;

    /// <summary>A loop that runs nothing yet.</summary>
    /// <exception cref="NetworkException">EMFILE when the process has no descriptor left.</exception>
    public OsLoop() : this(isShared: false) { }

    /// <param name="isShared">Whether other threads may take a turn while the loop waits (<see cref="TryTakeTurn"/>).</param>
    internal OsLoop(bool isShared)
    {
        _shared = isShared ? new Lock() : null;
        Events = new LinuxEvents(_thread.WakeDescriptor);
        Network = new LoopNetwork(this);
    }

    /// <summary>The network whose calls and timers complete inside <see cref="Run"/>.</summary>
    public INetwork Network { get; }

    /// <summary>Whether the caller is in a turn: on the loop's thread, or on another one that has taken it.</summary>
    internal bool IsInTurn => Volatile.Read(ref _visitor) is not 0 and var visitor ? visitor == Environment.CurrentManagedThreadId : _thread.IsOwn;

    /// <summary>What the kernel tells of descriptors.</summary>
    internal LinuxEvents Events { get; }

    /// <summary>Whether the program is over, and only what it wanted to send is sent.</summary>
    internal bool IsOnlySending { get; private set; }

    /// <summary>Whether the next call has to wait although it could be answered at once, so that timers and others have their turn.</summary>
    internal bool IsTurnOver => _thread.Time.GetElapsedTime(_turnBegan) > FairTurn.Longest;

    /// <summary>Runs a program to its end on this thread and passes on how it ended.</summary>
    public void Run(Func<Task> program)
    {
        BeginTurn();
        _shared?.Enter();
        try { _thread.Run(program, TakeTurn, TakeLastTurn); }
        finally { _shared?.Exit(); }
    }

    /// <summary>Runs an action on the loop's thread, from any thread: how a signal cancels a program's token.</summary>
    public void Post(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        Post(static action => ((Action)action!)(), action);
    }

    /// <summary>Runs an action on the loop's thread, from any thread, and makes no closure for it.</summary>
    internal void Post(Action<object?> action, object? state)
    {
        _posted.Enqueue((action, state));
        _thread.Wake();
    }

    /// <summary>
    /// Runs an action on the caller's own thread, as if it were the loop's, where the loop does nothing but wait; false where it has to be posted. A request
    /// goes out in this way without a change of threads.
    /// </summary>
    internal bool TryTakeTurn(Action<object?> action, object? state)
    {
        if (!_thread.IsResting || _thread.IsOwn || !_shared!.TryEnter()) { return false; }
        try
        {
            // Inside a turn of the same thread, or behind others that were there before.
            if (_visitor != 0 || !_posted.IsEmpty) { return false; }
            Volatile.Write(ref _visitor, Environment.CurrentManagedThreadId);
            try
            {
                BeginTurn();
                action(state);
            }
            finally { Volatile.Write(ref _visitor, 0); }
            return true;
        }
        finally { _shared.Exit(); }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Events.Dispose();
        _thread.Dispose();
    }

    /// <summary>Answers a call in the next turn: what it waits for may be there already.</summary>
    internal void Defer(OsReadiness call)
    {
        _deferred.Enqueue(call);
        _thread.Wake();
    }

    internal void End(OsReadiness call)
    {
        _ending.Enqueue(call);
        _thread.Wake();
    }

    private void TakeTurn(Task running)
    {
        BeginTurn();
        // Those that are posted meanwhile have their turn in the next one.
        for (var posted = _posted.Count; posted > 0 && _posted.TryDequeue(out var one); posted--) { one.Action(one.State); }
        EndGivenUp();
        // What others hand over from here on wakes the loop, or is seen below.
        _thread.BeginRest();
        var untilTimer = _thread.Time.FireDue();
        // Both may have completed the program, or readied more to do.
        if (!running.IsCompleted) { Wait(_ending.IsEmpty && _posted.IsEmpty && _deferred.IsEmpty ? untilTimer : 0); }
    }

    // Last words that nobody waits for, such as TLS's close_notify and the close() behind it, may have had to wait because the turn was over: what can be sent
    // at once is sent.
    private void TakeLastTurn()
    {
        // Nobody is left who receives: a receive of a connection that was kept until now, and is closed, would only be thrown out of its call for nothing.
        while (_ending.TryDequeue(out var call))
        {
            if (call.IsSend) { call.EndGivenUp(); }
        }
        IsOnlySending = true;
        Wait(0);
        IsOnlySending = false;
    }

    private void BeginTurn() => _turnBegan = _thread.Time.GetTimestamp();

    private void EndGivenUp()
    {
        while (_ending.TryDequeue(out var call)) { call.EndGivenUp(); }
    }

    /// <summary>Waits until a call can be answered, and answers those that can.</summary>
    private void Wait(long nanoseconds)
    {
        // Those that are deferred meanwhile have their turn in the next one.
        var deferred = _deferred.Count;
        var isWaiting = deferred == 0 && nanoseconds != 0;
        if (isWaiting) { _shared?.Exit(); }
        int news;
        try { news = Events.Wait(isWaiting ? nanoseconds : 0); }
        finally
        {
            _thread.EndRest();
            if (isWaiting) { _shared?.Enter(); }
        }
        BeginTurn();
        for (var at = 0; at < news; at++)
        {
            var (descriptor, happened) = Events.Take(at, out var isWake);
            if (isWake) { _thread.TakeWakes(); }
            else { descriptor?.Note(happened); }
        }
        for (; deferred > 0 && _deferred.TryDequeue(out var call); deferred--) { call.EndReady(); }
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
