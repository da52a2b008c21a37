using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Extensions;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Transfers;

namespace Firstbyte.Bench.Http;

/// <summary>One contestant of <c>bench/http.py</c>: asks a server on loopback for one page again and again, and tells what that took as a line of JSON.</summary>
/// <remarks>
/// Each contestant reads every response to its last byte and checks its length. The bare loops do the least that can be called HTTP: they find the end of the
/// head and its Content-Length. <c>bare-poll</c> is the bare loop of the kind that <see cref="OsLoop"/> is: one thread, sockets that do not block, poll().
/// </remarks>
internal static class HttpLoad
{
    private const double WarmUp = 1.5;

    private static readonly Dictionary<string, Func<Load, Task>> s_contestants = new(StringComparer.Ordinal)
    {
        ["firstbyte-loop"] = OnLoopAsync,
        ["firstbyte"] = load => OwnAsync(new OsNetwork(), load),
        ["firstbyte-handler"] = load => ClientAsync(new HttpClient(new FirstbyteHandler()), load),
        ["httpclient"] = load => ClientAsync(new HttpClient(NewHandler()), load),
        ["firstbyte-handler-stream"] = load => StreamAsync(new FirstbyteHandler(), load),
        ["httpclient-stream"] = load => StreamAsync(NewHandler(), load),
        ["bare-sync"] = load => Task.Factory.StartNew(
            () => BareSync(load), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
        ["bare-async"] = BareAsync,
        ["bare-poll"] = load => Task.Factory.StartNew(
            () => BarePoll(load), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default),
    };

    /// <summary><c>http-load CONTESTANT PORT PATH SECONDS CONNECTIONS</c></summary>
    public static int Run(string[] args)
    {
        if (args.Length != 5 || !s_contestants.TryGetValue(args[0], out var contestant))
        {
            Console.Error.WriteLine($"usage: http-load CONTESTANT PORT PATH SECONDS CONNECTIONS   contestants: {string.Join(", ", s_contestants.Keys)}");
            return 2;
        }
        var load = new Load(ushort.Parse(args[1], CultureInfo.InvariantCulture), args[2], int.Parse(args[4], CultureInfo.InvariantCulture));
        var running = contestant(load);
        Thread.Sleep(TimeSpan.FromSeconds(WarmUp));
        var (requests, bytes, allocated) = (load.Requests, load.Bytes, GC.GetTotalAllocatedBytes());
        var cpu = Environment.CpuUsage.TotalTime;
        var began = Stopwatch.GetTimestamp();
        Thread.Sleep(TimeSpan.FromSeconds(double.Parse(args[3], CultureInfo.InvariantCulture)));
        (requests, bytes, allocated) = (load.Requests - requests, load.Bytes - bytes, GC.GetTotalAllocatedBytes() - allocated);
        cpu = Environment.CpuUsage.TotalTime - cpu;
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        load.IsOver = true;
        if (running.IsFaulted || requests == 0)
        {
            Console.Error.WriteLine(running.Exception?.ToString() ?? "nothing came");
            return 1;
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $$"""{"name":"{{args[0]}}","conc":{{load.Connections}},"rps":{{requests / seconds:F0}},"MBps":{{bytes / seconds / 1e6:F1}},"cli_cpu_us_req":{{cpu.TotalMicroseconds / requests:F2}},"alloc_B_req":{{allocated / requests}},"rss_MB":{{Environment.WorkingSet >> 20}}}"""));
        return 0;
    }

    private static SocketsHttpHandler NewHandler() => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ActivityHeadersPropagator = null,
    };

    private static Task EachAsync(Load load, Func<Task> one) => Task.WhenAll(Enumerable.Range(0, load.Connections).Select(_ => one()));

    private static Task OnLoopAsync(Load load) => Task.Factory.StartNew(
        () => OsNetwork.Run((network, _) => OwnAsync(network, load), CancellationToken.None), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task OwnAsync(INetwork network, Load load) => EachAsync(load, async () =>
    {
        var socket = network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(IpAddress.LoopbackV4, load.Port));
        using var connection = new HttpConnection(new SocketByteStream(socket), network);
        var (request, result) = (new HttpRequest("GET", load.Path, load.Host), new HttpExchangeResult());
        while (!load.IsOver)
        {
            await connection.SendAsync(request, DiscardingSink.Instance, default, result, CancellationToken.None);
            if (result is not { Succeeded: true, Head.Status: 200 }) { throw new InvalidOperationException(result.Failure?.ToString() ?? "another status"); }
            load.Add(result.BodyBytes);
        }
    });

    private static Task ClientAsync(HttpClient client, Load load) => EachAsync(load, async () =>
    {
        while (!load.IsOver) { load.Add((await client.GetByteArrayAsync(load.Url)).Length); }
    });

    private static async Task StreamAsync(HttpMessageHandler handler, Load load)
    {
        using var client = new HttpMessageInvoker(handler);
        await EachAsync(load, async () =>
        {
            var buffer = new byte[65536];
            while (!load.IsOver)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, load.Url);
                using var response = await client.SendAsync(request, CancellationToken.None);
                await using var stream = await response.Content.ReadAsStreamAsync();
                var total = 0L;
                while (await stream.ReadAsync(buffer) is > 0 and var length) { total += length; }
                load.Add(total);
            }
        });
    }

    private static Socket Connect(Load load)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(IPAddress.Loopback, load.Port);
        return socket;
    }

    private static void BareSync(Load load)
    {
        using var socket = Connect(load);
        var (request, buffer) = (load.Request, new byte[65536]);
        while (!load.IsOver)
        {
            socket.Send(request);
            var (have, head, length) = (0, 0, 0L);
            while ((head = HeadLength(buffer.AsSpan(0, have), out length)) < 0) { have += Some(socket.Receive(buffer.AsSpan(have))); }
            for (var left = length - (have - head); left > 0;) { left -= Some(socket.Receive(buffer.AsSpan(0, (int)Math.Min(left, buffer.Length)))); }
            load.Add(length);
        }
    }

    private static Task BareAsync(Load load) => EachAsync(load, () => Task.Run(async () =>
    {
        using var socket = Connect(load);
        var (request, buffer) = (load.Request, GC.AllocateArray<byte>(65536, pinned: true));
        while (!load.IsOver)
        {
            await socket.SendAsync(request, SocketFlags.None, CancellationToken.None);
            var (have, head, length) = (0, 0, 0L);
            while ((head = HeadLength(buffer.AsSpan(0, have), out length)) < 0)
            {
                have += Some(await socket.ReceiveAsync(buffer.AsMemory(have), SocketFlags.None, CancellationToken.None));
            }
            for (var left = length - (have - head); left > 0;)
            {
                left -= Some(await socket.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), SocketFlags.None, CancellationToken.None));
            }
            load.Add(length);
        }
    }));

    // As a loop of readiness works: what cannot be read yet is waited for in poll(), together with everything else.
    private static void BarePoll(Load load)
    {
        var sockets = Enumerable.Range(0, load.Connections).Select(_ => Connect(load)).ToList();
        var states = sockets.ToDictionary(static socket => socket, static _ => new Reading());
        foreach (var socket in sockets)
        {
            socket.Blocking = false;
            socket.Send(load.Request);
        }
        var ready = new List<Socket>(sockets.Count);
        while (!load.IsOver)
        {
            ready.Clear();
            ready.AddRange(sockets);
            Socket.Select(ready, null, null, 100_000);
            foreach (var socket in ready)
            {
                if (states[socket].Read(socket) is not { } length) { continue; }
                load.Add(length);
                socket.Send(load.Request);
            }
        }
        sockets.ForEach(static socket => socket.Dispose());
    }

    private static int Some(int received) => received > 0 ? received : throw new IOException("the server has closed");

    private static int HeadLength(ReadOnlySpan<byte> bytes, out long length)
    {
        length = -1;
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0) { return -1; }
        if (!bytes.StartsWith("HTTP/1.1 200"u8)) { throw new InvalidDataException("another status"); }
        for (var rest = bytes[..(end + 2)]; !rest.IsEmpty;)
        {
            var over = rest.IndexOf("\r\n"u8);
            var line = rest[..over];
            if (line.Length > 15 && Ascii.EqualsIgnoreCase(line[..15], "content-length:"u8))
            {
                length = long.Parse(line[15..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            }
            rest = rest[(over + 2)..];
        }
        return end + 4;
    }

    /// <summary>What one bare connection has read of its response.</summary>
    private sealed class Reading
    {
        private readonly byte[] _buffer = new byte[65536];
        private int _have;
        private long _length;
        private long _left;

        /// <summary>Reads what is there; the length of a response that is over.</summary>
        public long? Read(Socket socket)
        {
            var received = socket.Receive(_buffer.AsSpan(_left > 0 ? 0 : _have), SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock) { return null; }
            Some(received);
            if (_left > 0) { _left -= received; }
            else
            {
                _have += received;
                var head = HeadLength(_buffer.AsSpan(0, _have), out _length);
                if (head < 0) { return null; }
                _left = _length - (_have - head);
            }
            if (_left > 0) { return null; }
            (_have, _left) = (0, 0);
            return _length;
        }
    }

    /// <summary>What is asked of whom, and what has come so far.</summary>
    private sealed class Load(ushort port, string path, int connections)
    {
        private long _requests;
        private long _bytes;
        private volatile bool _isOver;

        public ushort Port => port;

        public string Path => path;

        public int Connections => connections;

        public string Host { get; } = $"127.0.0.1:{port}";

        public Uri Url { get; } = new($"http://127.0.0.1:{port}{path}");

        public byte[] Request { get; } = Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n");

        public long Requests => Volatile.Read(ref _requests);

        public long Bytes => Volatile.Read(ref _bytes);

        public bool IsOver
        {
            get => _isOver;
            set => _isOver = value;
        }

        public void Add(long bytes)
        {
            Interlocked.Increment(ref _requests);
            Interlocked.Add(ref _bytes, bytes);
        }
    }
}
