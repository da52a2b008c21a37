using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Endpoint = Firstbyte.Addressing.Endpoint;
using IpAddress = Firstbyte.Addressing.IpAddress;

namespace Firstbyte.Tests.Host;

/// <summary>Valkey's server, or Redis's, on this machine for one test.</summary>
internal sealed class RealStore : IAsyncDisposable
{
    private readonly Process _process;
    private readonly string? _password;

    private RealStore(Process process, Endpoint server, string? password) => (_process, Server, _password) = (process, server, password);

    public Endpoint Server { get; }

    public static async Task<RealStore> StartAsync(string folder, string? password, Endpoint? at = null)
    {
        var program = new[] { "valkey-server", "redis-server" }.SelectMany(static name => new[] { $"/usr/bin/{name}", $"/usr/local/bin/{name}" }).FirstOrDefault(File.Exists);
        if (program is null) { Assert.Skip("neither valkey-server nor redis-server is here"); }
        if (at is null)
        {
            using var free = new TcpListener(IPAddress.Loopback, 0);
            free.Start();
            at = new Endpoint(IpAddress.LoopbackV4, (ushort)((IPEndPoint)free.LocalEndpoint).Port);
        }
        string[] secret = password is null ? [] : ["--requirepass", password];
        var process = Process.Start(new ProcessStartInfo(program!, ["--port", $"{at.Value.Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", folder, .. secret])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        })!;
        var store = new RealStore(process, at.Value, password);
        for (var i = 0; ; i++)
        {
            try
            {
                await store.AskAsync("PING\r\n");
                _ = process.StandardOutput.ReadToEndAsync();
                return store;
            }
            catch (SocketException) when (i < 200 && !process.HasExited) { await Task.Delay(50); }
        }
    }

    /// <summary>For how many seconds the one value that lies there goes on lying there.</summary>
    public async Task<int> LifeAsync()
    {
        var keys = (await AskAsync("KEYS *\r\n")).Split("\r\n");
        Assert.Equal("*1", keys[0]);
        return int.Parse((await AskAsync($"TTL {keys[2]}\r\n"))[1..].TrimEnd(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited) { Kill(); }
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> AskAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(Server.Address.ToIPAddress(), Server.Port);
        var stream = client.GetStream();
        var buffer = new byte[4096];
        if (_password is not null)
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"AUTH \"{_password}\"\r\n"));
            Assert.Equal("+OK\r\n", Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer)));
        }
        await stream.WriteAsync(Encoding.ASCII.GetBytes(command));
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
    }
}
