using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;
using Firstbyte.Transfers;

namespace Firstbyte.Bench.Http;

/// <summary>HTTP/1.x: reading a response's bytes, and whole exchanges with nginx beside System.Net.Http.HttpClient.</summary>
internal static class HttpSuite
{
    private const int Rounds = 5;

    /// <summary><c>http [SECONDS]</c>: the reader alone, then 1 KB and 1 MB from an nginx that it starts, each contestant for that long a round.</summary>
    public static int Run(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 1;
        Console.WriteLine($"{(RuntimeFeature.IsDynamicCodeCompiled ? "just in time, warmed up" : "ahead of time")}; median of {Rounds} interleaved rounds");
        ReadMessages();
        using var nginx = NginxServer.TryStart();
        if (nginx is null)
        {
            Console.WriteLine("nginx is not installed or did not start: no exchanges are measured");
            return 0;
        }
        ExchangeAsync(nginx.Port, seconds).GetAwaiter().GetResult();
        return 0;
    }

    private static void ReadMessages()
    {
        var wire = Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nServer: nginx/1.22.1\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 0\r\n" +
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nConnection: keep-alive\r\nETag: \"2f9-5b8a0d1c\"\r\nCache-Control: max-age=3600\r\nVary: Accept-Encoding\r\nAccept-Ranges: bytes\r\n\r\n");
        var (reader, exchange, head) = (new ResponseReader(), new HttpExchange(), new ResponseHead());
        Console.WriteLine("| reader | bytes | fields | ns/head | ns/B | B allocated/head |\n|---|---|---|---|---|---|");
        MeasureHeads("ResponseReader", wire, head, () =>
        {
            reader.Begin(head);
            var rest = wire.AsSpan();
            while (reader.Read(rest, false, out var consumed).Kind is not MessageEventKind.Complete) { rest = rest[consumed..]; }
        });
        MeasureHeads("HttpExchange, request and response", wire, head, () =>
        {
            exchange.TryBegin(head);
            exchange.RequestSent();
            var rest = wire.AsSpan();
            while (exchange.Read(rest, false, out var consumed).Kind is not MessageEventKind.Complete) { rest = rest[consumed..]; }
        });
        Console.WriteLine();
    }

    private static void MeasureHeads(string name, byte[] wire, ResponseHead head, Action read)
    {
        const int Messages = 200_000;
        var times = new List<double>();
        var allocated = 0L;
        for (var round = 0; round <= Rounds + 2; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < Messages; i++) { read(); }
            // The first rounds warm up.
            if (round > 2) { times.Add(Stopwatch.GetElapsedTime(started).TotalNanoseconds / Messages); }
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }
        times.Sort();
        var median = times[times.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {wire.Length} | {head.Fields.Count} | {median:F0} | {median / wire.Length:F2} | {allocated / (double)Messages:F2} |"));
    }

    private static async Task ExchangeAsync(int port, double seconds)
    {
        var network = new OsNetwork();
        var socket = network.CreateSocket(IpVersion.V4, SocketKind.Stream);
        await socket.ConnectAsync(new Endpoint(IpAddress.LoopbackV4, (ushort)port));
        using var connection = new HttpConnection(new SocketByteStream(socket), network);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false, AllowAutoRedirect = false });
        var result = new HttpExchangeResult();
        var buffer = new byte[256 * 1024];

        async Task<long> Own(string path)
        {
            await connection.SendAsync(new HttpRequest("GET", path, "127.0.0.1"), DiscardingSink.Instance, default, result, CancellationToken.None);
            return result.Succeeded ? result.BodyBytes : throw new InvalidOperationException(result.Failure!.ToString());
        }
        async Task<long> ClientBytes(string path) => (await client.GetByteArrayAsync(new Uri($"http://127.0.0.1:{port}{path}"))).Length;
        async Task<long> ClientStream(string path)
        {
            await using var stream = await client.GetStreamAsync(new Uri($"http://127.0.0.1:{port}{path}"));
            var total = 0L;
            while (await stream.ReadAsync(buffer) is > 0 and var length) { total += length; }
            return total;
        }
        (string Name, Func<string, Task<long>> Get)[] contestants = [("Firstbyte HttpConnection", Own), ("HttpClient, bytes", ClientBytes), ("HttpClient, stream", ClientStream)];
        Console.WriteLine("| page | contestant | requests/s | MB/s | client CPU us/request | B allocated/request |\n|---|---|---|---|---|---|");
        foreach (var (path, length) in ((string, long)[])[("/1k", NginxServer.Small), ("/1m", NginxServer.Large)])
        {
            var rows = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Measured>(), StringComparer.Ordinal);
            for (var round = -1; round < Rounds; round++)
            {
                foreach (var (name, get) in contestants)
                {
                    var measured = await MeasureAsync(get, path, length, seconds);
                    if (round >= 0) { rows[name].Add(measured); }
                }
            }
            foreach (var (name, list) in rows)
            {
                var median = list.OrderBy(row => row.PerSecond).ElementAt(list.Count / 2);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {path} | {name} | {median.PerSecond:F0} | {median.PerSecond * length / 1e6:F0} | {median.CpuMicroseconds:F1} | {median.Allocated:F0} |"));
            }
        }
    }

    private static async Task<Measured> MeasureAsync(Func<string, Task<long>> get, string path, long length, double seconds)
    {
        var cpu = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        var requests = 0;
        do
        {
            if (await get(path) != length) { throw new InvalidOperationException("a body of the wrong length"); }
            requests++;
        }
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return new Measured(requests / elapsed, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / requests, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)requests);
    }

    private readonly record struct Measured(double PerSecond, double CpuMicroseconds, double Allocated);
}
