using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>A network on which only name servers live: a message that is sent has its reply at once, or never; time passes only when told to.</summary>
internal sealed class ScenarioNetwork(DateTimeOffset start, Func<IpAddress, DnsTransport, DnsMessage, (bool Exists, byte[]? Reply)> servers) : INetwork, IRandomSource, IHostFiles
{
    private uint _random = 1;

    public ManualTime Clock { get; } = new(start);
    public TimeProvider Time => Clock;
    public IRandomSource Random => this;
    public IHostFiles Files => this;

    public IReadOnlyList<IpAddress> GetAddresses() => throw new NotSupportedException();

    public ISocket CreateSocket(IpVersion version, SocketKind kind) => new ScenarioSocket(version, kind, servers);

    /// <summary>The hosts file.</summary>
    public byte[]? Hosts { get; init; }

    public byte[]? Read(string path) => path == HostsFile.Path ? Hosts : null;

    public void Fill(Span<byte> destination)
    {
        // A fixed sequence (Numerical Recipes' linear congruential generator): a scenario runs the same each time.
        for (var i = 0; i < destination.Length; i++)
        {
            _random = _random * 1664525 + 1013904223;
            destination[i] = (byte)(_random >> 24);
        }
    }
}

/// <summary>A clock that stands until it is moved, and then fires the timers on its way in their order.</summary>
internal sealed class ManualTime(DateTimeOffset start) : TimeProvider
{
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = start;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves to the next timer and fires it; false when none is set.</summary>
    public bool FireNext(DateTimeOffset? latest = null)
    {
        var next = _timers.Where(timer => timer.Due is not null).MinBy(timer => timer.Due);
        if (next is null || next.Due > latest) { return false; }
        _now = next.Due > _now ? next.Due!.Value : _now;
        next.Fire();
        return true;
    }

    public void Pass(TimeSpan time)
    {
        var until = _now + time;
        while (FireNext(until)) { }
        _now = until;
    }

    private sealed class ManualTimer : ITimer
    {
        private readonly ManualTime _time;
        private readonly TimerCallback _callback;
        private readonly object? _state;

        public ManualTimer(ManualTime time, TimerCallback callback, object? state)
        {
            (_time, _callback, _state) = (time, callback, state);
            time._timers.Add(this);
        }

        public DateTimeOffset? Due { get; private set; }

        public void Fire()
        {
            Due = null;
            _callback(_state);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Due = dueTime == Timeout.InfiniteTimeSpan ? null : _time._now + dueTime;
            return true;
        }

        public void Dispose() => _time._timers.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}

/// <summary>A connected socket of a <see cref="ScenarioNetwork"/>.</summary>
internal sealed class ScenarioSocket(IpVersion version, SocketKind kind, Func<IpAddress, DnsTransport, DnsMessage, (bool Exists, byte[]? Reply)> servers) : ISocket
{
    private readonly Queue<byte[]> _received = new();
    private TaskCompletionSource? _waiting;
    private bool _isClosed;

    public int Descriptor => 3;
    public IpVersion Version => version;
    public SocketKind Kind => kind;
    public Endpoint? LocalEndpoint => null;
    public Endpoint? RemoteEndpoint { get; private set; }

    public ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        RemoteEndpoint = remote;
        return default;
    }

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        var message = kind == SocketKind.Stream ? data[2..] : data;
        if (!DnsMessage.TryParse(message.Span, out var query, out var error)) { throw new InvalidOperationException($"the resolver sent a broken message: {error}"); }
        var (exists, reply) = servers(RemoteEndpoint!.Value.Address, kind == SocketKind.Stream ? DnsTransport.Tcp : DnsTransport.Udp, query);
        if (!exists) { throw new NetworkException(Errno.ENETUNREACH, "send", RemoteEndpoint); }
        if (reply is not null)
        {
            var framed = kind == SocketKind.Stream ? new byte[2 + reply.Length] : reply;
            if (kind == SocketKind.Stream)
            {
                BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)reply.Length);
                reply.CopyTo(framed, 2);
            }
            _received.Enqueue(framed);
        }
        return new(data.Length);
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_received.Count == 0 && !_isClosed)
        {
            _waiting = new TaskCompletionSource();
            await _waiting.Task;
        }
        if (_isClosed) { throw new NetworkException(Errno.ECANCELED, "receive", RemoteEndpoint); }
        var message = _received.Dequeue();
        var taken = Math.Min(buffer.Length, message.Length);
        message.AsSpan(0, taken).CopyTo(buffer.Span);
        // A stream keeps what was not taken.
        if (kind == SocketKind.Stream && taken < message.Length) { _received.Enqueue(message[taken..]); }
        return taken;
    }

    public void Close()
    {
        if (_isClosed) { return; }
        _isClosed = true;
        _waiting?.TrySetResult();
    }

    public void Dispose() => Close();

    public void Bind(Endpoint local) => throw new NotSupportedException("a scenario's resolver only connects");

    public void Listen(int backlog) => throw new NotSupportedException("a scenario's resolver only connects");

    public ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException("a scenario's resolver only connects");

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) => throw new NotSupportedException("a scenario's resolver only connects");

    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new NotSupportedException("a scenario's resolver only connects");

    public void Shutdown(SocketDirections directions) { }

    public void SetOption(SocketOption option, int value) { }

    public int GetOption(SocketOption option) => 0;
}
