using System.Security.Cryptography;
using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tls;

/// <summary>Randomness from a number: SHA-256 over the number and a counter.</summary>
internal sealed class CountedRandom(long seed) : IRandomSource
{
    private long _counter;

    public void Fill(Span<byte> destination)
    {
        Span<byte> input = stackalloc byte[16];
        Span<byte> block = stackalloc byte[32];
        BitConverter.TryWriteBytes(input, seed);
        while (!destination.IsEmpty)
        {
            BitConverter.TryWriteBytes(input[8..], _counter++);
            SHA256.HashData(input, block);
            var take = Math.Min(block.Length, destination.Length);
            block[..take].CopyTo(destination);
            destination = destination[take..];
        }
    }
}

/// <summary>A host that has a clock that stands still, randomness and files, and no wire.</summary>
internal sealed class QuietHost(long seed, DateTimeOffset? now = null) : INetwork, IHostFiles
{
    public Dictionary<string, byte[]> Documents { get; } = [];

    public TimeProvider Time { get; } = new StandingClock(now ?? Instant.SimulationEpoch.ToDateTimeOffset());

    public IRandomSource Random { get; } = new CountedRandom(seed);

    public IHostFiles Files => this;

    public IReadOnlyList<IpAddress> GetAddresses() => [];

    public ISocket CreateSocket(IpVersion version, SocketKind kind) => throw new NetworkException(Errno.ENETDOWN, "socket");

    public byte[]? Read(string path) => Documents.GetValueOrDefault(path);

    private sealed class StandingClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

/// <summary>Two ends of a pipe in memory, which remembers what went through it.</summary>
internal sealed class MemoryPipe
{
    public MemoryPipe()
    {
        var (up, down) = (new Lane(), new Lane());
        Client = new End(down, up);
        Server = new End(up, down);
        (Up, Down) = (up, down);
    }

    public IByteStream Client { get; }

    public IByteStream Server { get; }

    public Lane Up { get; }

    public Lane Down { get; }

    /// <summary>One direction.</summary>
    internal sealed class Lane
    {
        private readonly Queue<byte[]> _pieces = [];
        private TaskCompletionSource? _waiter;
        private int _taken;

        public MemoryStream Log { get; } = new();

        public bool Ended { get; private set; }

        /// <summary>How many bytes one receive gives at most: TLS must not care where pieces end.</summary>
        public int PieceLength { get; set; } = int.MaxValue;

        /// <summary>What happens to a piece on its way.</summary>
        public Func<byte[], byte[]> OnTheWay { get; set; } = static bytes => bytes;

        public void Write(ReadOnlyMemory<byte> data)
        {
            if (Ended) { throw new NetworkException(Errno.EPIPE, "send"); }
            var bytes = OnTheWay(data.ToArray());
            Log.Write(bytes);
            _pieces.Enqueue(bytes);
            Interlocked.Exchange(ref _waiter, null)?.SetResult();
        }

        public void End()
        {
            Ended = true;
            Interlocked.Exchange(ref _waiter, null)?.SetResult();
        }

        public async ValueTask<int> ReadAsync(Memory<byte> buffer)
        {
            while (_pieces.Count == 0)
            {
                if (Ended) { return 0; }
                _waiter = new TaskCompletionSource();
                await _waiter.Task;
            }
            var rest = _pieces.Peek().AsMemory(_taken);
            var count = Math.Min(Math.Min(rest.Length, buffer.Length), PieceLength);
            rest[..count].CopyTo(buffer);
            _taken += count;
            if (count == rest.Length)
            {
                _pieces.Dequeue();
                _taken = 0;
            }
            return count;
        }
    }

    private sealed class End(Lane incoming, Lane outgoing) : IByteStream
    {
        public long Taken { get; private set; }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => incoming.ReadAsync(buffer);

        public ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            outgoing.Write(data);
            Taken += data.Length;
            return ValueTask.CompletedTask;
        }

        public void ShutdownSend() => outgoing.End();

        public void Close() => outgoing.End();

        public void Dispose() => Close();
    }
}

/// <summary>Keeps the events of a run.</summary>
internal sealed class EventLog : ITraceSink
{
    public List<TraceEvent> Events { get; } = [];

    public bool IsListening => true;

    public void Tell(TraceEvent traceEvent) => Events.Add(traceEvent);

    public TraceSpan Span(INetwork network) => new Tracer(this).Root(network);
}
