using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Tests.Extensions;

/// <summary>A host whose IPv6 address swallows every segment, in a network namespace of its own: one program, two handlers.</summary>
public sealed partial class BlackHoleTests
{
    [Fact]
    public void A_black_holed_IPv6_address_is_left_behind_where_the_platforms_handler_waits()
    {
        if (NetworkNamespace.Obstacle() is { } obstacle) { Assert.Skip(obstacle); }
        NetworkNamespace.Run(static () =>
        {
            foreach (var line in (string[])[
                "link set lo up", "address add 10.6.0.1/32 dev lo", "-6 address add 2001:db8::1/128 dev lo nodad", "route add default dev lo", "-6 route add default dev lo"])
            {
                NetworkNamespace.Ip(line);
            }
            using var server = new RawServer(
                static connection =>
                {
                    connection.ReadHead();
                    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
                },
                IPAddress.Parse("10.6.0.1"));
            // A listener that nobody serves, and whose queue is full: the kernel answers no SYN more (tcp_abort_on_overflow is off).
            using var hole = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            hole.Bind(new IPEndPoint(IPAddress.Parse("2001:db8::1"), server.Port));
            hole.Listen(0);
            var fill = new List<Socket>();
            for (var i = 0; i < 4; i++)
            {
                var one = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { Blocking = false };
                fill.Add(one);
                try { one.Connect(hole.LocalEndPoint!); }
                catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress) { /* It goes on by itself. */ }
            }
            Thread.Sleep(100);
            try
            {
                // The first request is to another host of the same kind: a program that has just begun compiles itself meanwhile.
                string[] url = [$"http://first.test:{server.Port}/", $"http://dual.test:{server.Port}/"];
                var (waited, sockets) = Run("sockets", url);
                Assert.False(waited, sockets);
                Assert.True(Milliseconds(sockets) >= 2900, sockets);
                foreach (var kind in (string[])["connect", "firstbyte"])
                {
                    var (arrived, told) = Run(kind, url);
                    Assert.True(arrived && Milliseconds(told) < 400, $"{kind}: {told}");
                    TestContext.Current.TestOutputHelper?.WriteLine($"{kind}: {told.Trim()}; sockets: {sockets.Trim()}");
                }
            }
            finally { fill.ForEach(static one => one.Dispose()); }
        });
    }

    // The name stands in a hosts file of the child's own.
    private static (bool Succeeded, string Output) Run(string kind, string[] urls)
    {
        var hosts = Path.GetTempFileName();
        File.WriteAllText(hosts, "2001:db8::1 dual.test first.test\n10.6.0.1 dual.test first.test\n");
        var sample = Path.Combine(AppContext.BaseDirectory, "Firstbyte.Samples.HttpClient.dll");
        var start = new ProcessStartInfo("unshare", ["-m", "sh", "-c", $"mount --bind {hosts} /etc/hosts && exec dotnet {sample} {kind} {string.Join(' ', urls)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        File.Delete(hosts);
        return (process.ExitCode == 0, output + errors.GetAwaiter().GetResult());
    }

    private static int Milliseconds(string told) =>
        Time().Matches(told) is [.., var match] ? int.Parse(match.Groups["ms"].Value, System.Globalization.CultureInfo.InvariantCulture) : throw new InvalidOperationException(told);

    [GeneratedRegex("after (?<ms>[0-9]+) ms", RegexOptions.ExplicitCapture)]
    private static partial Regex Time();
}
