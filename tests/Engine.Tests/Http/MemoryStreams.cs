using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Http;

/// <summary>Both ends of a pipe in memory, with the failures of a real one.</summary>
internal sealed class MemoryStreamEnd : IByteStream
{
    private readonly Queue<byte> _received = new();
    private readonly Lock _lock = new();
    private MemoryStreamEnd _peer = null!;
    private TaskCompletionSource? _waiting;
    private bool _peerEnded;
    private Errno _error;

    public bool IsClosed { get; private set; }
    public List<byte> Sent { get; } = [];
    public long Taken => Sent.Count;
    public string SentText => Encoding.Latin1.GetString([.. Sent]);

    /// <summary>The most that one receive gives.</summary>
    public int MaximumReceive { get; set; } = int.MaxValue;

    /// <summary>Sends fail with this, as they do when the peer has gone.</summary>
    public Errno SendError { get; set; }

    public static (MemoryStreamEnd Client, MemoryStreamEnd Server) Pair()
    {
        var (client, server) = (new MemoryStreamEnd(), new MemoryStreamEnd());
        (client._peer, server._peer) = (server, client);
        return (client, server);
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            TaskCompletionSource waiting;
            lock (_lock)
            {
                if (IsClosed) { throw new NetworkException(Errno.ECANCELED, "receive"); }
                if (_received.Count > 0)
                {
                    var count = Math.Min(Math.Min(buffer.Length, _received.Count), MaximumReceive);
                    for (var i = 0; i < count; i++) { buffer.Span[i] = _received.Dequeue(); }
                    return count;
                }
                if (_error != Errno.None) { throw new NetworkException(_error, "receive"); }
                if (_peerEnded) { return 0; }
                waiting = _waiting = new TaskCompletionSource();
            }
            using var registration = cancellationToken.Register(() => waiting.TrySetCanceled(cancellationToken));
            await waiting.Task;
        }
    }

    public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        if (IsClosed) { throw new NetworkException(Errno.EBADF, "send"); }
        if (SendError != Errno.None) { throw new NetworkException(SendError, "send"); }
        Sent.AddRange(data.Span);
        _peer.Arrive(data);
        return ValueTask.CompletedTask;
    }

    public ValueTask SendAsync(string latin1) => SendAsync(Encoding.Latin1.GetBytes(latin1));

    public void ShutdownSend() => _peer.Signal(ended: true, Errno.None);

    /// <summary>Ends the connection as a reset does: what the peer has not read yet, it reads no more.</summary>
    public void Reset() => _peer.Signal(ended: false, Errno.ECONNRESET);

    public void Close()
    {
        lock (_lock)
        {
            if (IsClosed) { return; }
            IsClosed = true;
        }
        ShutdownSend();
        Wake();
    }

    public void Dispose() => Close();

    /// <summary>Reads until the text stands at the end of what was received.</summary>
    public async Task<string> ReadUntilAsync(string ending)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (!text.ToString().EndsWith(ending, StringComparison.Ordinal))
        {
            if (await ReceiveAsync(one) == 0) { throw new EndOfStreamException(text.ToString()); }
            text.Append((char)one[0]);
        }
        return text.ToString();
    }

    public async Task<string> ReadToEndAsync()
    {
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (await ReceiveAsync(buffer) is > 0 and var count) { text.Append(Encoding.Latin1.GetString(buffer, 0, count)); }
        return text.ToString();
    }

    private void Arrive(ReadOnlyMemory<byte> data)
    {
        lock (_lock)
        {
            foreach (var value in data.Span) { _received.Enqueue(value); }
        }
        Wake();
    }

    private void Signal(bool ended, Errno error)
    {
        lock (_lock) { (_peerEnded, _error) = (_peerEnded || ended, error == Errno.None ? _error : error); }
        Wake();
    }

    private void Wake()
    {
        TaskCompletionSource? waiting;
        lock (_lock) { (waiting, _waiting) = (_waiting, null); }
        waiting?.TrySetResult();
    }
}

/// <summary>A clock that a test moves by hand; timers fire inside <see cref="Advance"/>.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly List<HandTimer> _timers = [];
    private long _now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => new(_now, TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new HandTimer(this, callback, state);
        timer.Change(dueTime, period);
        _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        _now += time.Ticks;
        foreach (var timer in _timers.ToArray()) { timer.FireIfDue(_now); }
    }

    private sealed class HandTimer(HandClock clock, TimerCallback callback, object? state) : ITimer
    {
        private long _due = long.MaxValue;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _due = dueTime < TimeSpan.Zero ? long.MaxValue : clock._now + dueTime.Ticks;
            return true;
        }

        public void FireIfDue(long now)
        {
            if (now < _due) { return; }
            _due = long.MaxValue;
            callback(state);
        }

        public void Dispose() => _due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>A network of which only the clock is used: the streams are handed in.</summary>
internal sealed class ClockOnlyNetwork(HandClock clock) : INetwork
{
    public TimeProvider Time => clock;
    public IRandomSource Random => throw new NotSupportedException();
    public IHostFiles Files => throw new NotSupportedException();
    public IReadOnlyList<IpAddress> GetAddresses() => throw new NotSupportedException();
    public ISocket CreateSocket(IpVersion version, SocketKind kind) => throw new NotSupportedException();
}

/// <summary>Keeps what was told.</summary>
internal sealed class EventList : ITraceSink
{
    public List<TraceEvent> Events { get; } = [];
    public bool IsListening => true;
    public void Tell(TraceEvent traceEvent) => Events.Add(traceEvent);
    public T One<T>() where T : TraceEvent => Assert.Single(Events.OfType<T>());
    public string Names => string.Join(' ', Events.Select(told => told.GetType().Name));
}
