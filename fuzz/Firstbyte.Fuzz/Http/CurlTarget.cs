using Firstbyte.Addressing;
using Firstbyte.Cli.Curl;
using Firstbyte.Cli.Places;
using Firstbyte.Errors;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Http;

/// <summary>The responses that curl's double takes, more than the specification allows: the input is what a server sends on its first connection.</summary>
internal sealed class CurlTarget : FuzzTarget
{
    private const string Url = "http://192.0.2.1/";

    public override string Name => "curl";

    public override string Holds =>
        "no exception but curl's own ends, the same in any pieces, and a connection on which anything had to be repaired is never used again";

    public override IReadOnlyList<byte[]> Tokens => MessageDriver.Tokens;

    public override IEnumerable<byte[]> Seeds() => MessageDriver.Seeds(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello world",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4;ext=1\r\nWiki\r\n6 \r\npedia \r\n0\r\nX-T: 1\r\n\r\n",
        "HTTP/1.1 200 OK\nContent-Length: 2\n\nok", "HTTP/1.1 200 OK\r\nX-Fold: a\r\n  b\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 200 OK\r\nContent-Length : 2\r\n\r\nok",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304\r\nETag: \"x\"\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\nuntil the end", "nothing of the kind\n");

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        var (wire, isHead) = (rest.ToArray(), choices.Below(4) == 0);
        var whole = Talk(wire, int.MaxValue, isHead);
        var pieces = Talk(wire, 1 + choices.Below(7), isHead);
        Require(whole with { IsReused = false } == pieces with { IsReused = false }, $"at once: {whole}\nin pieces: {pieces}");
        if (!whole.IsReused && !pieces.IsReused) { return; }
        Require(IsSound(wire, isHead), "the connection is used again behind a response that is not well-formed");
    }

    // Lines of heads may end in LF alone (RFC 9112 2.2): they are given their CR, up to the head of the final response.
    private static byte[] WithLineEnds(byte[] wire)
    {
        var (whole, isFinal) = (new List<byte>(), false);
        for (var at = 0; at < wire.Length;)
        {
            var isStatus = at == 0 || whole is [.., (byte)'\r', (byte)'\n', (byte)'\r', (byte)'\n'];
            var end = Array.IndexOf(wire, (byte)'\n', at);
            if (end < 0 || (isStatus && at > 0 && isFinal)) { return [.. whole, .. wire.AsSpan(at)]; }
            var line = wire.AsSpan(at, end - at);
            if (isStatus) { isFinal = !(line.Length > 9 && line[9] == '1'); }
            whole.AddRange(line is [.., (byte)'\r'] ? line[..^1] : line);
            whole.AddRange("\r\n"u8);
            at = end + 1;
        }
        return [.. whole];
    }

    private static bool IsSound(byte[] bytes, bool isHead)
    {
        var wire = WithLineEnds(bytes);
        var reader = new ResponseReader();
        reader.Begin(new ResponseHead(), isHead ? RequestKind.Head : RequestKind.Other);
        for (var read = 0; ;)
        {
            var next = reader.Read(wire.AsSpan(read), ended: false, out var consumed);
            read += consumed;
            if (next.Kind == MessageEventKind.Complete) { return !reader.Flaws.SpoilsConnection && read == wire.Length; }
            if (next.Kind is MessageEventKind.Failed or MessageEventKind.NeedMore) { return false; }
        }
    }

    /// <summary>Asks twice, and sees whether the second question goes out on the connection of the first.</summary>
    private static Verdict Talk(byte[] wire, int piece, bool isHead)
    {
        var network = new ScriptedNetwork(wire, piece);
        using var curl = new CurlNetwork(new PlaceHost(network, null, null, Tracer.Silent), new CurlCookies());
        var first = Ask(curl, network, isHead);
        _ = Ask(curl, network, isHead);
        return first with { IsReused = network.Sockets[0].Requests > 1 };
    }

    private static Verdict Ask(CurlNetwork curl, ScriptedNetwork network, bool isHead)
    {
        var sink = new Sink();
        var task = new CurlTask { IsHead = isHead };
        var (info, words) = (new CurlInfo(), new Lazy<CurlTls>(static () => new CurlTls(new CurlTlsWords())));
        var order = new CurlOrder(task, Url, sink, info) { Files = NoFiles.Instance, Tls = words, ProxyTls = words };
        var running = new CurlTransfer(curl, order, default, CancellationToken.None).RunAsync();
        // Who waits for more than the server sends is told that nothing more comes.
        if (!running.IsCompleted) { network.Sockets[^1].End(); }
        Require(running.IsCompleted, "it waits although the connection has ended");
        return new Verdict(running.GetAwaiter().GetResult(), info.ResponseCode, sink.Hash, false);
    }

    private sealed record Verdict(int Code, int Status, ulong Body, bool IsReused);

    private sealed class Sink : ICurlSink
    {
        public ulong Hash { get; private set; } = 14695981039346656037UL;

        public void Header(byte[] line, CurlHeader kind) => Add(line);

        public void Body(ReadOnlyMemory<byte> piece) => Add(piece.Span);

        private void Add(ReadOnlySpan<byte> bytes)
        {
            foreach (var value in bytes) { Hash = (Hash ^ value) * 1099511628211; }
        }
    }

    private sealed class NoFiles : ICurlFiles
    {
        public static readonly NoFiles Instance = new();

        public (Stream Content, long Length, DateTimeOffset Written)? OpenRead(string path) => null;

        public Stream? OpenWrite(string path, bool appends) => null;

        public bool IsFolder(string path) => false;

        public IReadOnlyList<string> List(string path) => [];
    }

    /// <summary>Every connection is answered at once; the first one by the input, after which its server waits.</summary>
    private sealed class ScriptedNetwork(byte[] wire, int piece) : INetwork, IRandomSource, IHostFiles
    {
        public List<ScriptedSocket> Sockets { get; } = [];

        public TimeProvider Time { get; } = new StandingClock();

        public IRandomSource Random => this;

        public IHostFiles Files => this;

        public IReadOnlyList<IpAddress> GetAddresses() => [];

        public ISocket CreateSocket(IpVersion version, SocketKind kind)
        {
            var socket = new ScriptedSocket(Sockets.Count + 3, version, kind, Sockets.Count == 0 ? wire : "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"u8.ToArray(), piece);
            Sockets.Add(socket);
            return socket;
        }

        public void Fill(Span<byte> destination) => destination.Fill(7);

        public byte[]? Read(string path) => null;
    }

    private sealed class StandingClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Instant.SimulationEpoch.ToDateTimeOffset();

        public override long GetTimestamp() => 0;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new Never();

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }

    private sealed class ScriptedSocket(int descriptor, IpVersion version, SocketKind kind, byte[] wire, int piece) : ISocket
    {
        private int _sent;
        private bool _hasEnded;
        private TaskCompletionSource<int>? _waiting;

        public int Requests { get; private set; }

        public int Descriptor => descriptor;

        public IpVersion Version => version;

        public SocketKind Kind => kind;

        public Endpoint? LocalEndpoint => new Endpoint(IpAddress.Parse("192.0.2.2"), 50_000);

        public Endpoint? RemoteEndpoint { get; private set; }

        public void End()
        {
            _hasEnded = true;
            _waiting?.TrySetResult(0);
        }

        public void Bind(Endpoint local) { }

        public void Listen(int backlog) { }

        public ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default) => throw new NetworkException(Errno.EOPNOTSUPP, "accept");

        public ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
        {
            RemoteEndpoint = remote;
            return ValueTask.CompletedTask;
        }

        public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
        {
            Requests++;
            return ValueTask.FromResult(data.Length);
        }

        public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(buffer.Length, piece), wire.Length - _sent);
            if (count > 0)
            {
                wire.AsMemory(_sent, count).CopyTo(buffer);
                _sent += count;
                return ValueTask.FromResult(count);
            }
            if (_hasEnded) { return ValueTask.FromResult(0); }
            _waiting = new TaskCompletionSource<int>();
            return new ValueTask<int>(_waiting.Task);
        }

        public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) =>
            throw new NetworkException(Errno.EOPNOTSUPP, "sendto");

        public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new NetworkException(Errno.EOPNOTSUPP, "recvfrom");

        public void Shutdown(SocketDirections directions) { }

        public void SetOption(SocketOption option, int value) { }

        public int GetOption(SocketOption option) => 0;

        public void Close() => _waiting?.TrySetException(new NetworkException(Errno.ECANCELED, "recv"));

        public void Dispose() => Close();
    }
}
