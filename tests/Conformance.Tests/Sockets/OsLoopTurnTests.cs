using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Sockets;

/// <summary>Limits of time hold whatever the other side does: also against one that never lets a call wait.</summary>
[SupportedOSPlatform("linux")]
public sealed class OsLoopTurnTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(300);

    // What is promised is 100 ms; the rest is for a machine that is busy with other tests.
    private static readonly TimeSpan Late = TimeSpan.FromMilliseconds(400);

    [Fact]
    public async Task A_limit_ends_reading_from_a_server_that_never_stops_sending()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("the loop is Linux's"); }
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var serving = new Thread(() => SendForEver(listener)) { IsBackground = true };
        serving.Start();
        var (elapsed, calls) = await Task.Run(() => Read((ushort)((IPEndPoint)listener.LocalEndpoint).Port));
        listener.Stop();
        serving.Join();
        Assert.True(calls > 100, $"only {calls} calls: the server did not keep up, so nothing was shown");
        Assert.InRange(elapsed, Limit - TimeSpan.FromMilliseconds(1), Limit + Late);
    }

    /// <summary>A token that is cancelled on another thread (a signal's) is cancelled where the program runs, and wakes it from any wait.</summary>
    [Fact]
    public async Task What_another_thread_cancels_ends_the_program_on_its_own()
    {
        for (var round = 0; round < 50; round++)
        {
            using var stop = new CancellationTokenSource();
            var (began, own, after) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), 0, 0);
            var running = Task.Run(() => OsNetwork.Run(async (_, stopping) =>
            {
                own = Environment.CurrentManagedThreadId;
                began.SetResult();
                // Nothing of the network is waited for: a timer less, and only the token could end it.
                try { await new TaskCompletionSource().Task.WaitAsync(stopping); }
                catch (OperationCanceledException) { after = Environment.CurrentManagedThreadId; }
            }, stop.Token));
            await began.Task;
            await stop.CancelAsync();
            await running.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
            if (OperatingSystem.IsLinux()) { Assert.Equal(own, after); }
        }
    }

    /// <summary>A program that ends with its turn over has sent its last words all the same, though nobody waits for them.</summary>
    [Fact]
    public async Task Last_words_are_sent_though_the_turn_is_over()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("the loop is Linux's"); }
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var loop = new OsLoop();
        await Task.Run(() => loop.Run(async () =>
        {
            var socket = loop.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.LoopbackV4, (ushort)((IPEndPoint)listener.LocalEndpoint).Port));
            Thread.Sleep(100);
            _ = SayAndCloseAsync(socket);
        }), TestContext.Current.CancellationToken);
        using var peer = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        using var said = new StreamReader(peer.GetStream());
        Assert.Equal("last words", await said.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(20)));

        static async Task SayAndCloseAsync(ISocket socket)
        {
            await socket.SendAsync("last words"u8.ToArray());
            socket.Close();
        }
    }

    /// <summary>A program whose last step is on another thread is not waited for in vain.</summary>
    [Fact]
    public async Task A_program_that_ends_elsewhere_has_ended() => await Task.Run(() => OsNetwork.Run(static async (_, stopping) =>
        await Task.Run(static () => Thread.Sleep(50), stopping), CancellationToken.None)).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

    private static (TimeSpan Elapsed, int Calls) Read(ushort port)
    {
        var (calls, watch) = (0, new Stopwatch());
        using var loop = new OsLoop();
        loop.Run(async () =>
        {
            using var socket = loop.Network.CreateSocket(IpVersion.V4, SocketKind.Stream);
            await socket.ConnectAsync(new Endpoint(IpAddress.Parse("127.0.0.1"), port));
            // So small that the server is always ahead.
            var buffer = new byte[512];
            watch.Start();
            using var patience = new CancellationTokenSource(Limit, loop.Network.Time);
            // Should the limit not hold, the test ends all the same.
            while (watch.Elapsed < TimeSpan.FromSeconds(10))
            {
                try { await socket.ReceiveAsync(buffer, patience.Token); }
                catch (OperationCanceledException) { break; }
                calls++;
            }
        });
        return (watch.Elapsed, calls);
    }

    // On a thread of its own: what is shown is the reader's turn, not how soon a busy pool serves.
    private static void SendForEver(TcpListener listener)
    {
        var data = new byte[256 * 1024];
        try
        {
            using var client = listener.AcceptTcpClient();
            while (true) { client.GetStream().Write(data); }
        }
        // The reader has left, or the test is over.
        catch (Exception e) when (e is IOException or SocketException) { return; }
    }
}
