using System.Diagnostics;
using System.Runtime.Versioning;
using Firstbyte.Captures;
using Firstbyte.Tests.Captures;
using Firstbyte.Tests.Http;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Tests;

/// <summary><c>--tun</c>: our TCP on a device of a namespace of the test's own, against nginx on the kernel's; and what is said where it cannot be.</summary>
[SupportedOSPlatform("linux")]
public sealed class TunCommandTests : IDisposable
{
    private const string Kernel = "10.9.0.1";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("tun")]
    [InlineData("tap")]
    public void A_page_comes_over_our_own_TCP_with_a_capture(string mode)
    {
        WithDevice(mode, () =>
        {
            var run = Fetch("--tun", "fb3", "--pcap", "run.pcapng", $"http://{Kernel}/page.html");
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Contains("connect(3, 10.9.0.1:80) from 10.9.0.2:", run.Output, StringComparison.Ordinal);
            Assert.Contains("from nginx", run.Output, StringComparison.Ordinal);
        });
        var capture = File.ReadAllBytes(Path.Combine(_folder.Path, "run.pcapng"));
        Tshark.AssertClean(capture);
        var reader = new PcapngReader(capture);
        var (comments, secrets) = (0, 0);
        while (reader.Read())
        {
            if (reader.Type == PcapngBlockType.EnhancedPacket && reader.Comment is not null) { comments++; }
            if (reader.Type == PcapngBlockType.DecryptionSecrets) { secrets++; }
        }
        Assert.Equal(mode == "tun" ? CaptureLinkType.RawIp : CaptureLinkType.Ethernet, reader.Interfaces[0].LinkType);
        Assert.False(reader.IsBroken);
        Assert.True(comments >= 3 && secrets == 0, $"{comments} comments, {secrets} secrets");
    }

    [Fact]
    public void Over_TLS_the_key_log_file_opens_the_capture()
    {
        var openssl = Programs.Require("openssl");
        var keys = Path.Combine(_folder.Path, "keys");
        WithDevice("tun", () =>
        {
            var run = Command.Start(_folder.Path, null, new Dictionary<string, string> { ["SSLKEYLOGFILE"] = keys }, "-k", "--tun", "fb3", "--pcap", "run.pcapng", $"https://{Kernel}/page.html");
            Assert.Equal(0, run.ExitCode);
            Assert.Contains("from nginx", run.Output, StringComparison.Ordinal);
        }, openssl);
        Assert.NotEmpty(File.ReadAllLines(keys));
        var capture = File.ReadAllBytes(Path.Combine(_folder.Path, "run.pcapng"));
        Tshark.AssertClean(capture);
        Assert.Equal("GET\t\n\t200", Tshark.Dissect(capture, "-Y", "tls && http", "-T", "fields", "-e", "http.request.method", "-e", "http.response.code").Trim());
    }

    [Fact]
    public void A_site_is_examined_over_our_own_TCP()
    {
        WithDevice("tun", () =>
        {
            var run = Fetch("doctor", "--tun", "fb3", $"http://{Kernel}/page.html");
            // A page that is not offered over TLS is an advice or a warning, never a failure of the examination.
            Assert.True(run.ExitCode is 0 or 1 && run.Errors.Length == 0, run.Output + run.Errors);
            Assert.Contains(Kernel, run.Output, StringComparison.Ordinal);
            var json = Fetch("doctor", "--tun", "fb3", "--json", $"http://{Kernel}/page.html");
            Assert.Equal(run.ExitCode, json.ExitCode);
            Assert.Contains("\"event\":", json.Output, StringComparison.Ordinal);
            // Where nobody listens the answer comes from the kernel's own TCP, over the device.
            var closed = Fetch("doctor", "--tun", "fb3", $"http://{Kernel}:81/");
            Assert.Equal(2, closed.ExitCode);
            Assert.Contains("refused", closed.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_bad_link_changes_no_byte_on_a_device_that_has_carried_large_packets()
    {
        WithDevice("tun", () =>
        {
            Assert.Equal(0, Fetch("--tun", "fb3", $"http://{Kernel}/page.html").ExitCode);
            var run = Fetch("--tun", "fb3,loss=1%,duplicate=1%,reorder=5%,seed=3", "-o", "got", $"http://{Kernel}/big");
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        });
        Assert.True(File.ReadAllBytes(Path.Combine(_folder.Path, "got")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(_folder.Path, "pages", "big"))));
    }

    [Fact]
    public void An_address_of_ours_is_enough_on_a_device_that_has_IPv6_too()
    {
        WithDevice("tun", () =>
        {
            NetworkNamespace.Ip("address add fd00:9::1/64 dev fb3 nodad");
            var run = Fetch("--tun", "fb3,address=10.9.0.7/24", $"http://{Kernel}/page.html");
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.Contains("from 10.9.0.7:", run.Output, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_kernel_s_own_address_is_refused_with_the_reason()
    {
        WithDevice("tun", () =>
        {
            var run = Fetch("--tun", $"fb3,address={Kernel}/24", $"http://{Kernel}/page.html");
            Assert.Equal(2, run.ExitCode);
            Assert.Contains($"{Kernel} is the kernel's own address on fb3", run.Errors, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void A_device_that_is_not_there_or_down_is_told_with_what_to_type()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux"); }
        var run = Command.Run("--tun", "fb-nowhere", "http://10.9.0.1/");
        Assert.Equal(45, run.ExitCode);
        Assert.Contains("there is no device fb-nowhere", run.Errors, StringComparison.Ordinal);
        Assert.Contains("ip tuntap add dev fb-nowhere mode tun", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_right_to_the_device_the_command_says_so()
    {
        var setpriv = Programs.Require("setpriv");
        WithDevice("tun user 65534", () =>
        {
            // The device is somebody else's, and what makes root root is taken away.
            using var process = Process.Start(new ProcessStartInfo(setpriv, ["--bounding-set", "-all", "--inh-caps", "-all", "dotnet", Path.Combine(AppContext.BaseDirectory, "firstbyte.dll"), "--tun", "fb3", $"http://{Kernel}/"]) { RedirectStandardError = true, RedirectStandardOutput = true, UseShellExecute = false })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(45, process.ExitCode);
            Assert.Contains("--tun needs root (CAP_NET_ADMIN)", said, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("tun0,foo=1", "'foo' is not known")]
    [InlineData("tun0,address=10.9.0.2", "expected an address with its subnet")]
    [InlineData("tun0,loss=2", "expected a share such as 1%")]
    [InlineData("a-name-that-is-too-long", "is no device's name")]
    public void An_option_s_value_that_is_none_is_refused(string value, string complaint)
    {
        var run = Command.Run("--tun", value, "http://10.9.0.1/");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_places_at_once_are_refused() => Assert.Equal(2, Command.Run("--lab", "--tun", "tun0", "http://10.9.0.1/").ExitCode);

    private CommandRun Fetch(params string[] arguments) => Command.RunIn(_folder.Path, arguments);

    private void WithDevice(string mode, Action use, string? openssl = null)
    {
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        var nginx = Programs.Require("nginx");
        WriteSite(openssl);
        NetworkNamespace.Run(() =>
        {
            NetworkNamespace.Ip($"tuntap add dev fb3 mode {mode}");
            NetworkNamespace.Ip($"address add {Kernel}/24 dev fb3");
            NetworkNamespace.Ip("link set fb3 up");
            var arguments = (string[])["-p", _folder.Path + "/", "-c", Path.Combine(_folder.Path, "nginx.conf"), "-e", Path.Combine(_folder.Path, "error.log")];
            using var process = Process.Start(new ProcessStartInfo(nginx, arguments) { UseShellExecute = false })!;
            try
            {
                for (var tries = 0; tries < 100 && !File.Exists(Path.Combine(_folder.Path, "nginx.pid")); tries++) { Thread.Sleep(20); }
                use();
            }
            finally
            {
                process.Kill();
                process.WaitForExit();
            }
        });
    }

    private void WriteSite(string? openssl)
    {
        new DirectoryInfo(_folder.Path).UnixFileMode = (UnixFileMode)0x1ED; // rwxr-xr-x: its worker is not root.
        foreach (var name in (string[])["t1", "t2", "t3", "t4", "t5", "pages"]) { Directory.CreateDirectory(Path.Combine(_folder.Path, name)); }
        File.WriteAllText(Path.Combine(_folder.Path, "pages", "page.html"), "<p>from nginx</p>\n");
        var big = new byte[1_000_000];
        for (var i = 0; i < big.Length; i++) { big[i] = (byte)(i * 31 + (i >> 8) * 7); }
        File.WriteAllBytes(Path.Combine(_folder.Path, "pages", "big"), big);
        var secure = "";
        if (openssl is not null)
        {
            var arguments = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out cert.pem -subj /CN=fb -days 2";
            using var process = Process.Start(new ProcessStartInfo(openssl, arguments) { WorkingDirectory = _folder.Path, RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            secure = $"listen {Kernel}:443 ssl; ssl_certificate cert.pem; ssl_certificate_key key.pem; ssl_protocols TLSv1.3;";
        }
        File.WriteAllText(Path.Combine(_folder.Path, "nginx.conf"), $$"""
            daemon off; master_process off; pid nginx.pid; error_log error.log;
            events { worker_connections 64; }
            http {
              access_log off;
              client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
              types { text/html html; }
              server { listen {{Kernel}}:80; {{secure}} root pages; }
            }
            """);
    }
}
