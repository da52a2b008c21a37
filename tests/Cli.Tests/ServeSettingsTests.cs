using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Firstbyte.Tests;

/// <summary><c>firstbyte serve dns --config FILE</c>: what it takes, how it complains, and how a running server takes a change of it.</summary>
public class ServeSettingsTests
{
    private const string Zone = "$TTL 300\n@ SOA ns1 host 1 7200 3600 1209600 60\n@ NS ns1\nns1 A 127.0.0.1\nwww A 192.0.2.1\n";

    /// <summary>Lines and columns count from one and in characters; the complaint is the one that the option would get.</summary>
    [Theory]
    [InlineData("{\n  \"zonse\": []\n}", "dns.json:2:3: there is no setting 'zonse' here; did you mean 'zones'?")]
    [InlineData("{ \"zones\": [{ \"origin\": \"test\", \"file\": \"zone\" }] \"listen\": 1 }", "dns.json:1:51: this is no JSON (a text wants quotes, members want commas between them)")]
    [InlineData("", "dns.json:1:1: this is no JSON (a text wants quotes, members want commas between them)")]
    [InlineData("[]", "dns.json:1:1: this must be an object, in braces")]
    [InlineData("{} x", "dns.json:1:4: this is no JSON (a text wants quotes, members want commas between them)")]
    [InlineData("{ \"nsid\": \"é\", \"nsid\": \"b\" }", "dns.json:1:16: 'nsid' stands here a second time")]
    [InlineData("{ \"zones\": { } }", "dns.json:1:12: this must be a list of objects, each in braces")]
    [InlineData("{ \"zones\": [\n{ \"origin\": \"test\" } ] }", "dns.json:2:1: 'file' is missing here")]
    [InlineData("{ \"zones\": [{ \"origin\": \"a..b\", \"file\": \"zone\" }] }", "dns.json:1:25: 'a..b=zone': 'a..b' is no")]
    [InlineData("{ \"listen\": [1] }", "dns.json:1:14: this must be a text")]
    [InlineData("{ \"listen\": \"nowhere\" }", "dns.json:1:13: ")]
    [InlineData("{ \"strict\": \"yes\" }", "dns.json:1:13: this must be true or false")]
    [InlineData("{ \"rateLimit\": { \"perSecond\": 0 } }", "dns.json:1:31: this must be a number from 1 to 1000000")]
    [InlineData("{ \"rateLimit\": { } }", "dns.json:1:16: 'perSecond' is missing here")]
    [InlineData("{ \"allowTransfer\": [\"10.0.0.0/8\", \"key=nobody\"] }", "dns.json:1:35: ")]
    [InlineData("{ \"allowUpdate\": \"10.0.0.0/8\" }", "dns.json:1:18: ")]
    [InlineData("{ \"notify\": \"x\" }", "dns.json:1:13: ")]
    [InlineData("{ \"metrics\": \"x\" }", "dns.json:1:14: 'x' is no value of '--metrics'")]
    [InlineData("{ \"tls\": { \"listen\": \"127.0.0.1:0\" } }", "dns.json:1:10: 'certificate' is missing here")]
    [InlineData("{ \"tls\": \"x\" }", "dns.json:1:10: this must be an object, in braces")]
    public void What_is_wrong_is_told_with_its_place(string settings, string complaint)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "dns.json"), settings);
        File.WriteAllText(Path.Combine(folder.Path, "zone"), Zone);
        string[] line = ["serve", "dns", "--zone", "example=zone", "--config", "dns.json"];
        var run = Command.RunIn(folder.Path, line);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("firstbyte: " + complaint, run.Errors, StringComparison.Ordinal);
        var chinese = Command.RunIn(folder.Path, ["--lang", "zh", .. line]);
        Assert.Equal(2, chinese.ExitCode);
        Assert.Contains("firstbyte: " + complaint[..complaint.IndexOf(": ", StringComparison.Ordinal)] + "：", chinese.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_without_zones_is_none()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "dns.json"), "{ }");
        var run = Command.RunIn(folder.Path, "serve", "dns", "--config", "dns.json");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("firstbyte: serve dns wants --zone ORIGIN=FILE", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("'dns.json' cannot be read", Command.RunIn(folder.Path, "serve", "dns", "--config", "dns.json").Errors, StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder.Path, "dns.json"), """{ "zones": [{ "origin": "test", "file": "sub/zone" }] }""");
        Assert.Contains("'sub/zone' cannot be read", Command.RunIn(folder.Path, "serve", "dns", "--config", "dns.json").Errors, StringComparison.Ordinal);
    }

    /// <summary>The schema and the reader know the same members: each of the schema's is taken, none beside them.</summary>
    [Fact]
    public void The_schema_is_what_is_taken()
    {
        var schema = JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "serve-dns.schema.json")))!.AsObject();
        Assert.Equal(Known("{ \"?\": 1 }"), Members(schema));
        Assert.Equal(Known("{ \"zones\": [{ \"origin\": \"a\", \"file\": \"b\", \"?\": 1 }] }"), Members(schema["properties"]!["zones"]!["items"]!));
        Assert.Equal(
            Known("{ \"tls\": { \"listen\": \"a\", \"certificate\": \"b\", \"key\": \"c\", \"?\": 1 } }"), Members(schema["properties"]!["tls"]!));
        Assert.Equal(Known("{ \"rateLimit\": { \"perSecond\": 1, \"?\": 1 } }"), Members(schema["properties"]!["rateLimit"]!));

        static string[] Members(JsonNode of) => [.. of["properties"]!.AsObject().Select(static member => member.Key).Order(StringComparer.Ordinal)];

        static string[] Known(string settings)
        {
            using var folder = new TemporaryFolder();
            File.WriteAllText(Path.Combine(folder.Path, "dns.json"), settings);
            var told = Command.RunIn(folder.Path, "serve", "dns", "--config", "dns.json").Errors.Split('\n')[0];
            return [.. told[(told.IndexOf("here, but ", StringComparison.Ordinal) + 10)..].Split(", ").Order(StringComparer.Ordinal)];
        }
    }

    [Fact]
    public void Everything_that_an_option_says_can_stand_in_the_file()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "etc"));
        File.WriteAllText(Path.Combine(folder.Path, "etc", "zone"), Zone);
        File.WriteAllText(Path.Combine(folder.Path, "etc", "keys"), "key \"k.test\" { algorithm hmac-sha256; secret \"aGVsbG8gaGVsbG8gaGVsbG8gaGVsbG8=\"; };\n");
        File.WriteAllText(Path.Combine(folder.Path, "etc", "dns.json"), """
            {
              // Comments are taken.
              "zones": [{ "origin": "example", "file": "zone" }],
              "listen": "127.0.0.1:0",
              "tsigKeys": ["keys"],
              "allowTransfer": ["127.0.0.0/8", "key=k.test"],
              "allowUpdate": "key=k.test",
              "nsid": "ns-7", "version": "nine",
              "rateLimit": { "perSecond": 1000, "slip": 3 },
              "metrics": "127.0.0.1:0",
              "strict": true,
            }
            """);
        using var serving = ServingCommand.Start(folder.Path, "--config", Path.Combine("etc", "dns.json"), "--version-string", "ten");
        var server = $"127.0.0.1:{serving.Port}";
        Assert.Equal("192.0.2.1\n", Command.Run("dig", "@127.0.0.1", "-p", $"{serving.Port}", "+short", "www.example").Output);
        Assert.Contains("\"ns-7\"", Command.Run("dig", "@127.0.0.1", "-p", $"{serving.Port}", "id.server", "CH", "TXT").Output, StringComparison.Ordinal);
        Assert.Contains("\"ten\"", Command.Run("dig", "@127.0.0.1", "-p", $"{serving.Port}", "version.bind", "CH", "TXT").Output, StringComparison.Ordinal);
        Assert.Contains("192.0.2.1", Command.Run("dig", "@127.0.0.1", "-p", $"{serving.Port}", "example", "AXFR").Output, StringComparison.Ordinal);
        Assert.Contains("/metrics", serving.Said, StringComparison.Ordinal);
    }

    /// <summary>Zones come and go with SIGHUP; who asks for one that stays never waits, and never hears anything but its data.</summary>
    [Fact]
    public void A_hangup_adds_and_drops_zones_without_losing_a_query()
    {
        if (OperatingSystem.IsWindows()) { Assert.Skip("needs Unix"); }
        using var folder = new TemporaryFolder();
        void Write(params string[] origins) => File.WriteAllText(
            Path.Combine(folder.Path, "dns.json"),
            $$"""{ "listen": "127.0.0.1:0", "zones": [{{string.Join(",", origins.Select(static one => $$"""{ "origin": "{{one}}", "file": "{{one}}.zone" }"""))}}] }""");
        foreach (var origin in (string[])["stays", "comes", "goes"]) { File.WriteAllText(Path.Combine(folder.Path, origin + ".zone"), Zone); }
        Write("stays", "goes");
        using var serving = ServingCommand.Start(folder.Path, "--config", "dns.json");
        using var load = new Questions(serving.Port, "www.stays");
        for (var round = 2; round <= 12; round++)
        {
            File.WriteAllText(Path.Combine(folder.Path, "stays.zone"), Zone.Replace("host 1 ", $"host {round} ", StringComparison.Ordinal));
            Write(round % 2 == 0 ? ["stays", "comes"] : ["stays", "goes"]);
            serving.Signal("HUP");
            serving.WaitFor($"serial {round}");
        }
        serving.WaitFor("zone goes. is served no more");
        serving.WaitFor("zone comes.: ");
        // Both were said in the rounds before too: that this one is over is seen by its answers.
        string Ask(params string[] words) => Command.Run(["dig", "@127.0.0.1", "-p", $"{serving.Port}", .. words]).Output;
        for (var clock = Stopwatch.StartNew(); Ask("+short", "www.comes").Length == 0 && clock.Elapsed < TimeSpan.FromSeconds(20); Thread.Sleep(50)) { }
        Assert.Equal("192.0.2.1\n", Ask("+short", "www.comes"));
        Assert.Contains("REFUSED", Ask("www.goes"), StringComparison.Ordinal);
        var (asked, wrong) = load.Stop();
        Assert.True(asked > 200, $"{asked} questions");
        Assert.Equal(0, wrong);
        File.WriteAllText(Path.Combine(folder.Path, "dns.json"), "{ \"zones\": [{ \"origin\": \"stays\", \"file\": \"stays.zone\" }], \"nsid\": \"other\" }");
        serving.Signal("HUP");
        serving.WaitFor("changed, and taken when the server starts the next time: listen, nsid");
        File.WriteAllText(Path.Combine(folder.Path, "dns.json"), "{ \"zones\": [ }");
        serving.Signal("HUP");
        serving.WaitFor("dns.json:1:14: this is no JSON");
        serving.WaitFor("the zones are served as they were");
        Assert.Equal("192.0.2.1\n", Command.Run("dig", "@127.0.0.1", "-p", $"{serving.Port}", "+short", "www.stays").Output);
    }

    /// <summary>As sd_notify(3) says it: ready when it serves, told of a reload with the time, and of the end.</summary>
    [Fact]
    public void The_manager_that_started_it_hears_of_it()
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("systemd is Linux's"); }
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "zone"), Zone);
        var path = Path.Combine(folder.Path, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 20_000 };
        manager.Bind(new UnixDomainSocketEndPoint(path));
        string Heard()
        {
            var buffer = new byte[1000];
            return System.Text.Encoding.ASCII.GetString(buffer, 0, manager.Receive(buffer));
        }
        using (var serving = ServingCommand.StartWith(folder.Path, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path }, "--zone", "example=zone"))
        {
            Assert.Equal("READY=1", Heard());
            serving.Signal("HUP");
            var before = Environment.TickCount64 * 1000;
            var told = Heard();
            Assert.Matches(@"^RELOADING=1\nMONOTONIC_USEC=\d+$", told);
            Assert.InRange(long.Parse(told.Split('=')[^1]), before - 10_000_000, before + 20_000_000);
            Assert.Equal("READY=1", Heard());
        }
        Assert.Equal("STOPPING=1", Heard());
        using var alone = ServingCommand.StartWith(folder.Path, new Dictionary<string, string> { ["NOTIFY_SOCKET"] = path + "2" }, "--zone", "example=zone");
        alone.WaitFor("where nobody listens");
        Assert.Equal("192.0.2.1\n", Command.Run("dig", "@127.0.0.1", "-p", $"{alone.Port}", "+short", "www.example").Output);
    }

    /// <summary>Asks one question after the other; each must be answered with an address within its time.</summary>
    private sealed class Questions : IDisposable
    {
        private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0)) { Client = { ReceiveTimeout = 2_000 } };
        private readonly Thread _thread;
        private volatile bool _isOver;
        private int _asked, _wrong;

        public Questions(int port, string name)
        {
            byte[] question = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, .. name.Split('.').SelectMany(static label => (byte[])[(byte)label.Length, .. System.Text.Encoding.ASCII.GetBytes(label)]), 0, 0, 1, 0, 1];
            _thread = new Thread(() =>
            {
                var server = new IPEndPoint(IPAddress.Loopback, port);
                while (!_isOver)
                {
                    _asked++;
                    (question[0], question[1]) = ((byte)(_asked >> 8), (byte)_asked);
                    _socket.Send(question, server);
                    try
                    {
                        IPEndPoint? from = null;
                        var answer = _socket.Receive(ref from);
                        // NOERROR and one answer to this question.
                        if (answer[0] != question[0] || answer[1] != question[1] || (answer[3] & 15) != 0 || answer[7] != 1) { _wrong++; }
                    }
                    catch (SocketException) { _wrong++; }
                }
            })
            { IsBackground = true };
            _thread.Start();
        }

        public (int Asked, int Wrong) Stop()
        {
            _isOver = true;
            _thread.Join();
            return (_asked, _wrong);
        }

        public void Dispose()
        {
            Stop();
            _socket.Dispose();
        }
    }
}
