using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Firstbyte.Tests.Http;

/// <summary>nginx on a free loopback port, with a configuration and pages of its own in a temporary folder.</summary>
public sealed class NginxFixture : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("firstbyte-nginx-").FullName;
    private readonly Process? _process;

    public NginxFixture()
    {
        var nginx = Programs.Find("nginx");
        if (nginx is null)
        {
            MissingBecause = "nginx is not installed";
            return;
        }
        Port = Programs.FreePort();
        WritePages();
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid nginx.pid;
            error_log error.log;
            events { worker_connections 256; }
            http {
              access_log off;
              client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
              types { text/html html; text/plain txt; }
              keepalive_timeout 75s;
              server {
                listen 127.0.0.1:{{Port}};
                root pages;
                location /ssi/ { ssi on; }
                location /put/ { dav_methods PUT; create_full_put_path on; client_max_body_size 100m; }
                location /moved { return 302 /small.txt; }
              }
            }
            """);
        _process = Process.Start(new ProcessStartInfo(nginx, ["-p", _folder + "/", "-c", Path.Combine(_folder, "nginx.conf"), "-e", Path.Combine(_folder, "error.log")]) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true });
        MissingBecause = WaitUntilItAnswers();
    }

    public int Port { get; }

    /// <summary>Why there is no nginx to test with; null when it runs.</summary>
    private string? MissingBecause { get; }

    public string Host => $"127.0.0.1:{Port}";

    public void Require()
    {
        if (MissingBecause is { } reason) { Assert.Skip(reason); }
    }

    public void Dispose()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            _process.WaitForExit();
        }
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private void WritePages()
    {
        var pages = Directory.CreateDirectory(Path.Combine(_folder, "pages")).FullName;
        Directory.CreateDirectory(Path.Combine(pages, "ssi"));
        foreach (var temporary in (string[])["t1", "t2", "t3", "t4", "t5"]) { Directory.CreateDirectory(Path.Combine(_folder, temporary)); }
        File.WriteAllText(Path.Combine(pages, "small.txt"), "a small page\n");
        File.WriteAllText(Path.Combine(pages, "empty.txt"), "");
        var large = new byte[1024 * 1024];
        for (var i = 0; i < large.Length; i++) { large[i] = (byte)(i * 31 + i / 257); }
        File.WriteAllBytes(Path.Combine(pages, "large.txt"), large);
        // A page with server-side includes has no length in advance: chunks for HTTP/1.1, until close for HTTP/1.0.
        var text = new StringBuilder();
        for (var i = 0; i < 3000; i++) { text.Append("line ").Append(i).Append("<!--#echo var=\"DOCUMENT_NAME\" -->\n"); }
        File.WriteAllText(Path.Combine(pages, "ssi", "page.html"), text.ToString());
    }

    private string? WaitUntilItAnswers()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            if (_process!.HasExited) { return $"nginx does not start: {_process.StandardError.ReadToEnd()}"; }
            try
            {
                using var probe = new TcpClient();
                probe.Connect(IPAddress.Loopback, Port);
                return null;
            }
            catch (SocketException) { Thread.Sleep(50); }
        }
        return "nginx did not answer within 5 s";
    }
}

/// <summary>Programs of the machine that tests compare with.</summary>
internal static class Programs
{
    public static string? Find(string name) =>
        $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/usr/local/sbin".Split(':').Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static string Require(string name)
    {
        var path = Find(name);
        if (path is null) { Assert.Skip($"{name} is not installed"); }
        return path!;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program to its end, whatever it says.</summary>
    public static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        // What nobody reads would stop it once the pipe is full.
        process.BeginErrorReadLine();
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
    }

    /// <summary>Runs a program to its end and gives what it wrote to its output, in bytes.</summary>
    public static async Task<(int ExitCode, byte[] Output)> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
        using var output = new MemoryStream();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardOutput.BaseStream.CopyToAsync(output);
        await errors;
        await process.WaitForExitAsync();
        return (process.ExitCode, output.ToArray());
    }
}
