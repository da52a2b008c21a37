using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Firstbyte.Bench.Http;

/// <summary>nginx on a free loopback port, with two pages in a temporary folder; it ends with its disposal.</summary>
internal sealed class NginxServer : IDisposable
{
    public const int Small = 1024;
    public const int Large = 1024 * 1024;

    private readonly string _folder;
    private readonly Process _process;

    private NginxServer(string folder, Process process, int port) => (_folder, _process, Port) = (folder, process, port);

    public int Port { get; }

    public static NginxServer? TryStart()
    {
        var program = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin".Split(':').Select(folder => Path.Combine(folder, "nginx")).FirstOrDefault(File.Exists);
        if (program is null) { return null; }
        var folder = Directory.CreateTempSubdirectory("firstbyte-bench-").FullName;
        File.WriteAllBytes(Path.Combine(folder, "1k"), new byte[Small]);
        File.WriteAllBytes(Path.Combine(folder, "1m"), new byte[Large]);
        var port = FreePort();
        var configuration = Path.Combine(folder, "nginx.conf");
        File.WriteAllText(configuration, $$"""
            daemon off; master_process off; pid nginx.pid;
            events { worker_connections 256; }
            http {
              access_log off; sendfile on; keepalive_requests 100000000;
              client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
              server { listen 127.0.0.1:{{port}}; root .; }
            }
            """.Replace("root .;", $"root {folder};", StringComparison.Ordinal));
        var start = new ProcessStartInfo(program, ["-p", folder + "/", "-c", configuration, "-e", Path.Combine(folder, "error.log")]) { UseShellExecute = false };
        var server = new NginxServer(folder, Process.Start(start)!, port);
        for (var attempt = 0; attempt < 100 && !server._process.HasExited; attempt++)
        {
            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, port);
                return server;
            }
            catch (SocketException) { Thread.Sleep(50); }
        }
        server.Dispose();
        return null;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
