using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Firstbyte.Cli.Drawing;
using Firstbyte.Telling;

namespace Firstbyte.Tests;

/// <summary>--calls: the inside of a host, from its calls.</summary>
public class CallsTests
{
    private const string Arrow = "►", Back = "◄";

    /// <summary>Journeys that end well, and in every way in which a call can fail.</summary>
    public static TheoryData<string> Lines =>
    [
        "--lab http://www.lab.glasscom.com/dir1/file1.html",
        "--lab --http1.0 http://www.lab.glasscom.com/",
        "--lab https://www.lab.glasscom.com/",
        "--lab https://www.lab.glasscom.com/ http://www.lab.glasscom.com/ http://www.lab.glasscom.com/dir1/file1.html",
        "--lab --iterative http://www.lab.glasscom.com/",
        "--lab http://192.0.2.226/",
        "--lab http://nowhere.lab.glasscom.com/",
        "--lab=troubles http://refused.test/",
        "--lab=troubles http://reset.test/",
        "--lab=troubles http://cut.test/",
        "--lab=troubles https://expired.test/",
        "--lab=troubles --max-time 3 http://mute.test/",
        "--lab=troubles --max-time 3 http://www.silent.test/",
        "--lab=ipv6-only http://www.test/",
        "--lab=dhcp http://www.test/",
        "resolve --lab glasscom.com MX",
        "resolve --lab nowhere.lab.glasscom.com",
        "resolve --lab localhost",
    ];

    /// <summary>What a saved run tells again is what was told, lane for lane; what a result adds behind it, the file does not hold.</summary>
    [Theory]
    [InlineData("--lab --calls -I http://www.lab.glasscom.com/")]
    [InlineData("--lab --calls=www -I http://www.lab.glasscom.com/")]
    [InlineData("--lab=troubles --calls http://refused.test/")]
    [InlineData("resolve --lab --calls glasscom.com MX")]
    public void A_saved_run_shows_the_same_lanes(string line)
    {
        var live = Run(line).Output;
        var told = Command.RunWith(Run(line + " --json=all").Output, null, "story", "-").Output;
        Assert.Contains(Arrow, told, StringComparison.Ordinal);
        Assert.StartsWith(told.TrimEnd('\n'), live, StringComparison.Ordinal);
        Assert.True(live.Length - told.Length < 120, live);
    }

    /// <summary>Every call that goes down comes back once, as the same call on the same host, and nothing comes back that did not go down.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public void Every_call_that_goes_down_comes_back(string line)
    {
        var open = new Dictionary<long, string>();
        var lookups = 0;
        var calls = 0;
        foreach (var text in Run(line + " --calls --json").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using var json = JsonDocument.Parse(text);
            var one = json.RootElement;
            switch (one.GetProperty("event").GetString())
            {
                case "call.made":
                    calls++;
                    Assert.True(open.TryAdd(one.GetProperty("number").GetInt64(), one.GetProperty("call").GetString()!), text);
                    break;
                case "call.returned":
                    Assert.True(open.Remove(one.GetProperty("number").GetInt64(), out var made), text);
                    Assert.Equal(made, one.GetProperty("call").GetString());
                    break;
                case "call.lookup-called": lookups++; break;
                case "call.lookup-returned": lookups--; break;
            }
        }
        Assert.Empty(open);
        Assert.Equal(0, lookups);
        Assert.True(calls > 3 || line.Contains("localhost", StringComparison.Ordinal), $"{calls} calls");
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Lanes_fit_on_every_page_and_control_that_goes_down_comes_back(string line)
    {
        foreach (var language in Languages.All.Select(static one => one.Tag))
        {
            foreach (var width in (int[])[60, 80, 120])
            {
                var run = Command.RunWith(null, new Dictionary<string, string> { ["COLUMNS"] = $"{width}", }, [.. (line + " --calls").Split(' '), "--lang", language]);
                var rows = run.Output.Split('\n').Where(static row => row.AsSpan().IndexOfAny("│┆") >= 0).ToArray();
                Assert.NotEmpty(rows);
                Assert.All(rows, row => Assert.True(DisplayWidth.Of(row) <= width, $"{width}: {row}"));
                // Of frames, which go to the wire and come from it, nobody waits for a return.
                var lanes = rows.Where(row => !IsFrame(row)).ToArray();
                Assert.True(Count(lanes, Arrow) == Count(lanes, Back), run.Output);
            }
        }

        static int Count(string[] rows, string sign) => rows.Count(row => row.Contains(sign, StringComparison.Ordinal));
        // The card's lane is crossed.
        static bool IsFrame(string row) => row.LastIndexOf('┼') is > 0 and var at && row.AsSpan(at).IndexOfAny('│', '┆', '┤') < 0;
    }

    [Fact]
    public void The_resolver_writes_the_address_where_the_application_asked_for_it()
    {
        InOrder(
            Run("--lab --calls http://www.lab.glasscom.com/dir1/file1.html").Output,
            "├────►│     ┆     ┆      addresses = getaddrinfo(\"www.lab.glasscom.com\"); and waits",
            "makes a query for 10.11.12.2: www.lab.glasscom.com IN A, 38 bytes",
            "descriptor = socket(AF_INET, SOCK_DGRAM)",
            "connect(3, 10.11.12.2, 53)",
            "write(3, 38 bytes)",
            "DNS query A www.lab.glasscom.com.",
            "54 bytes in the receive buffer",
            "reads the response message, 54 bytes: 192.0.2.226",
            "descriptor 3 is deleted",
            "│◄────┤     ┆     ┆      in memory: addresses = 192.0.2.226",
            "├─────┼────►│     ┆      descriptor = socket(AF_INET, SOCK_STREAM)",
            "│◄────┼─────┤     ┆      in memory: descriptor = 3",
            "connect(3, 192.0.2.226, 80)",
            "TCP SYN ",
            "connected; the stack has picked the own port ",
            "write(3, 103 bytes)",
            "103 bytes taken over",
            "read(3, receive buffer of 16,384 bytes)",
            "544 bytes in the receive buffer",
            "finds in the receive buffer: 200 OK",
            "close(3)",
            "TCP FIN,ACK",
            "descriptor 3 is deleted");
    }

    [Fact]
    public void A_name_that_does_not_exist_writes_nothing() =>
        InOrder(Run("--lab --calls http://nowhere.lab.glasscom.com/").Output, "NXDOMAIN, 0 answers", "EAI_NONAME: there is no such name; nothing is written to memory", "✗ The name nowhere.lab.glasscom.com does not exist");

    [Fact]
    public void A_refused_connection_and_a_reset_one_come_back_with_their_errno()
    {
        InOrder(Run("--lab=troubles --calls http://refused.test/").Output, "TCP SYN", "TCP RST,ACK", "ECONNREFUSED: the other side refuses", "close(3)", "✗ The connection to refused.test:80 was refused");
        InOrder(Run("--lab=troubles --calls http://reset.test/").Output, "in the receive buffer", "TCP RST", "ECONNRESET: the other side has cut the connection off", "descriptor 3 is deleted", "✗ reset.test:80 reset");
    }

    [Fact]
    public void A_server_of_HTTP_1_0_closes_first() =>
        InOrder(Run("--lab --calls --http1.0 http://www.lab.glasscom.com/").Output, "the server closes", "TCP FIN,ACK", "0: the other side has closed, nothing more will come", "close(3)", "descriptor 3 is deleted");

    [Fact]
    public void A_connection_that_is_kept_carries_the_next_request_without_socket_and_connect()
    {
        var output = Run("--lab --calls http://www.lab.glasscom.com/ http://www.lab.glasscom.com/dir1/file1.html").Output;
        InOrder(output, "connect(3, 192.0.2.226, 80)", "200 OK · 343", "reused: the connection", "write(3, 103 bytes)", "200 OK · 401");
        Assert.Equal(2, output.Split("socket(AF_INET, SOCK_").Length - 1);
        InOrder(output, "makes a query for 10.11.12.2", "has it in its cache");
    }

    [Fact]
    public void TLS_stands_between_the_application_and_the_library() =>
        InOrder(
            Run("--lab --calls https://www.lab.glasscom.com/").Output,
            "connect(3, 192.0.2.226, 443)",
            "●     ┆     ┆     ┆      TLS, a library of the application's own, begins its handshake with",
            "├─────┼────►│     ┆      write(3, ",
            "TLS 1.3",
            "hands 88 bytes to TLS, which seals them",
            "write(3, 110 bytes)",
            "TLS has written them, sealed",
            "asks TLS for what has come",
            "508 bytes in the receive buffer",
            "TLS has opened 486 bytes into the receive buffer",
            "finds in the receive buffer: 200 OK");

    [Fact]
    public void A_host_of_IPv6_asks_for_addresses_of_IPv6() =>
        InOrder(
            Run("--lab=ipv6-only --calls http://www.test/").Output,
            "a way to IPv4 addresses", "│◄────┤     ┆      no", "a way to IPv6 addresses", "yes", "www.test IN AAAA", "socket(AF_INET6, SOCK_DGRAM)", "NDP", "in memory: addresses = 2001:db8:2::80", "socket(AF_INET6, SOCK_STREAM)");

    [Fact]
    public void A_servers_inside_begins_with_the_socket_that_waits() =>
        InOrder(
            Run("--lab --calls=www http://www.lab.glasscom.com/").Output,
            "Inside    www", "descriptor = socket(AF_INET, SOCK_STREAM)", "bind(3, 0.0.0.0, 80)", "listen(3, 511)", "descriptor = accept(3)", "TCP SYN ", "in memory: descriptor = 5, connected with 198.51.100.130:",
            "read(5, ", "bytes in the receive buffer", "write(5, ", "still waiting: descriptor = accept(3)");

    [Fact]
    public async Task The_operating_systems_stack_is_closed_to_us()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerOnceAsync(listener);
        var run = Run($"--calls http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        await answering.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, run.ExitCode);
        InOrder(run.Output, "protocol stack: the operating system's, closed to us", "network card: not seen from here", "descriptor = socket(AF_INET, SOCK_STREAM)", "in memory: descriptor = ", "connect(", "the stack has picked the own port ", "write(", "read(", "in the receive buffer", "is deleted");
        Assert.DoesNotContain("TCP SYN", run.Output);
    }

    /// <summary>At the prompt any host shows its inside, also after going back; the next command tells the story again.</summary>
    [Fact]
    public void The_prompt_of_a_lab_shows_the_inside_of_any_host() =>
        InOrder(
            Command.RunWith("fetch --calls http://www.lab.glasscom.com/ --from client2\nback 3\nresolve --calls www.lab.glasscom.com\nresolve glasscom.com MX\n", null, "lab", "run", "glasscom").Output,
            "Inside    client2", "10.11.12.14 → 10.11.12.2", "connect(3, 192.0.2.226, 80)", "descriptor 3 is deleted", "200 OK · 343 bytes", "back 3",
            "Inside    client:", "answers = res_query(\"www.lab.glasscom.com\", IN, A)", "in memory: answers = 192.0.2.226", "Name      glasscom.com  MX?");

    [Fact]
    public void Without_the_option_nothing_of_it_is_told()
    {
        var run = Run("--lab --json=all http://www.lab.glasscom.com/");
        Assert.DoesNotContain("\"call.", run.Output);
        Assert.DoesNotContain("┆", Run("--lab http://www.lab.glasscom.com/").Output);
    }

    [Theory]
    [InlineData("--calls=www http://127.0.0.1:1/", "only a lab has other hosts")]
    [InlineData("--lab --calls=wwww http://www.lab.glasscom.com/", "www")]
    [InlineData("--lab --calls=home http://www.lab.glasscom.com/", "router")]
    public void A_host_that_cannot_be_looked_into_is_refused(string line, string complaint)
    {
        var run = Run(line);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(complaint, run.Errors);
    }

    private static CommandRun Run(string line) => Command.Run(line.Split(' '));

    private static void InOrder(string output, params string[] excerpts)
    {
        var from = 0;
        foreach (var excerpt in excerpts)
        {
            var at = output.IndexOf(excerpt, from, StringComparison.Ordinal);
            Assert.True(at >= 0, $"'{excerpt}' does not follow in\n{output[from..]}");
            from = at + excerpt.Length;
        }
    }

    private static async Task AnswerOnceAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        var stream = client.GetStream();
        await stream.ReadExactlyAsync(new byte[16]);
        await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"));
    }
}
