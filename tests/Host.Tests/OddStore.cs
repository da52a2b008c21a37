using System.Net;
using System.Net.Sockets;
using System.Text;
using Endpoint = Firstbyte.Addressing.Endpoint;
using IpAddress = Firstbyte.Addressing.IpAddress;

namespace Firstbyte.Tests.Host;

/// <summary>A server that speaks the Redis protocol until a value is asked for, and then does something else.</summary>
internal sealed class OddStore : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly string _kind;
    private long _mostTaken;

    private OddStore(string kind) => _kind = kind;

    public Endpoint Server { get; private set; }

    /// <summary>Bytes that one connection has taken from it at most.</summary>
    public long MostTaken => Interlocked.Read(ref _mostTaken);

    public static OddStore Start(string kind)
    {
        var store = new OddStore(kind);
        store._listener.Start();
        store.Server = new Endpoint(IpAddress.LoopbackV4, (ushort)((IPEndPoint)store._listener.LocalEndpoint).Port);
        if (kind == "nobody") { store._listener.Stop(); }
        else { _ = store.AcceptAsync(); }
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) { _ = ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)); }
        }
        catch (OperationCanceledException) { /* The test is over. */ }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                while (await reader.ReadLineAsync(_ending.Token) is { } head)
                {
                    // "*2", "$3", "GET", "$75", key
                    var words = new List<string>();
                    for (var i = int.Parse(head[1..], System.Globalization.CultureInfo.InvariantCulture); i > 0; i--)
                    {
                        var length = int.Parse((await reader.ReadLineAsync(_ending.Token))![1..], System.Globalization.CultureInfo.InvariantCulture);
                        var word = new char[length + 2];
                        await reader.ReadBlockAsync(word, _ending.Token);
                        words.Add(new string(word, 0, length));
                    }
                    if (!await ReplyAsync(client, words)) { return; }
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or SocketException) { /* Who was sent too much has gone. */ }
        }
    }

    private async Task<bool> ReplyAsync(TcpClient client, List<string> words)
    {
        var stream = client.GetStream();
        switch (words[0].ToUpperInvariant(), _kind)
        {
            case ("GET", "silent"): return true;
            case ("GET", "garbage"): await SayAsync(stream, "\0\u00ff\u0017 what is this?\r\n$$$\r\n"); return true;
            case ("GET", "error"): await SayAsync(stream, "-LOADING not now\r\n"); return true;
            case ("GET", "closes"): return false;
            case ("GET", "number"): await SayAsync(stream, ":12\r\n"); return true;
            case ("GET", "list"): await SayAsync(stream, "*2\r\n$1\r\na\r\n$1\r\nb\r\n"); return true;
            case ("GET", "foreign"): await SayAsync(stream, $"$200\r\n\u0001{new string('x', 199)}\r\n"); return true;
            case ("GET", "long"): await SayAsync(stream, $"$20000\r\n{new string('x', 20_000)}\r\n"); return true;
            case ("GET", "huge" or "endless"):
                await SayAsync(stream, _kind == "huge" ? "$2000000000\r\n" : "+");
                var more = new byte[64 * 1024];
                Array.Fill(more, (byte)'x');
                for (long sent = 0; ; sent += more.Length)
                {
                    await stream.WriteAsync(more, _ending.Token);
                    if (sent > Interlocked.Read(ref _mostTaken)) { Interlocked.Exchange(ref _mostTaken, sent); }
                }
            case ("PING", _): await SayAsync(stream, "+PONG\r\n"); return true;
            case ("ECHO", _): await SayAsync(stream, $"${words[1].Length}\r\n{words[1]}\r\n"); return true;
            case ("SETEX", _): await SayAsync(stream, "+OK\r\n"); return true;
            default: await SayAsync(stream, "-ERR unknown command\r\n"); return true;
        }
    }

    private async Task SayAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _ending.Token);
}
