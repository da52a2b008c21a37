using System.Diagnostics;

namespace Firstbyte.Tests.Web.Browser;

/// <summary>A server of the published page on a loopback port, for as long as a test needs it.</summary>
internal sealed class PageServer : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string? _folder;

    private PageServer(Process process, string address, string? folder) => (_process, Address, _folder) = (process, address, folder);

    /// <summary>Where the page is.</summary>
    public string Address { get; }

    /// <summary>The address that opens it, where that has a token.</summary>
    public string Opening { get; private init; } = "";

    /// <summary><c>firstbyte-host</c>.</summary>
    public static async Task<PageServer> OfHostAsync(params string[] options)
    {
        string[] all = [Path.Combine(AppContext.BaseDirectory, "firstbyte-host.dll"), "--lang", "en", "--listen", "127.0.0.1:0", "--root", PageFixture.Folder, .. options];
        var process = Process.Start(new ProcessStartInfo("dotnet", all) { UseShellExecute = false, RedirectStandardError = true })!;
        var line = await process.StandardError.ReadLineAsync().WaitAsync(s_patience);
        // What else it says is nobody's, but is not to fill the pipe.
        _ = process.StandardError.ReadToEndAsync();
        var opening = line?.Split(' ').FirstOrDefault(static word => word.StartsWith("http://", StringComparison.Ordinal))?.TrimEnd(';')
            ?? throw new InvalidOperationException($"the server said: {line}");
        return new PageServer(process, opening[..opening.IndexOf('#', StringComparison.Ordinal)], null) { Opening = opening };
    }

    /// <summary><c>firstbyte web --lab-page</c>.</summary>
    public static async Task<PageServer> OfCommandAsync()
    {
        var process = Process.Start(CommandLine.StartInfo("web", "--lab-page", "--listen", "127.0.0.1:0", "--root", PageFixture.Folder))!;
        process.OutputDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        var line = await process.StandardError.ReadLineAsync().WaitAsync(s_patience);
        var address = line?.Split(' ').FirstOrDefault(static word => word.StartsWith("http://", StringComparison.Ordinal));
        if (address is null) { throw new InvalidOperationException($"the server said: {line}"); }
        return new PageServer(process, address.TrimEnd(';'), null);
    }

    /// <summary>Debian's nginx with nothing but its defaults; null where it is not installed.</summary>
    public static async Task<PageServer?> OfNginxAsync()
    {
        const string nginx = "/usr/sbin/nginx";
        if (!File.Exists(nginx)) { return null; }
        var folder = Directory.CreateTempSubdirectory("firstbyte-nginx-").FullName;
        var port = FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), $$"""
            daemon off; worker_processes 1; pid {{folder}}/pid; error_log {{folder}}/error.log;
            events { worker_connections 64; }
            http {
              include /etc/nginx/mime.types; types { application/wasm wasm; } default_type application/octet-stream;
              access_log off; client_body_temp_path {{folder}}; proxy_temp_path {{folder}}; fastcgi_temp_path {{folder}}; uwsgi_temp_path {{folder}}; scgi_temp_path {{folder}};
              server { listen 127.0.0.1:{{port}}; root {{PageFixture.Folder}}; }
            }
            """);
        var process = Process.Start(new ProcessStartInfo(nginx, ["-c", Path.Combine(folder, "nginx.conf"), "-p", folder, "-e", Path.Combine(folder, "error.log")]) { UseShellExecute = false, RedirectStandardError = true })!;
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < s_patience; await Task.Delay(50))
        {
            if (process.HasExited) { throw new InvalidOperationException($"nginx ended: {await process.StandardError.ReadToEndAsync()}"); }
            try
            {
                using var probe = new System.Net.Sockets.TcpClient();
                await probe.ConnectAsync("127.0.0.1", port);
                return new PageServer(process, $"http://127.0.0.1:{port}/", folder);
            }
            catch (System.Net.Sockets.SocketException) { continue; }
        }
        throw new TimeoutException("nginx does not listen");
    }

    public void Dispose()
    {
        if (!_process.HasExited) { _process.Kill(entireProcessTree: true); }
        _process.WaitForExit();
        _process.Dispose();
        if (_folder is not null) { Directory.Delete(_folder, recursive: true); }
    }

    private static int FreePort()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        return ((System.Net.IPEndPoint)listener.LocalEndpoint).Port;
    }
}
