using System.Text.Json.Nodes;

namespace Firstbyte.Tests;

/// <summary>How a connection fared: told where the kernel of Linux carries it, and said to be absent elsewhere.</summary>
public class TransportFigureTests
{
    [Fact]
    public void The_kernel_says_how_a_connection_fared()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux counts");
        using var server = RawServer.Of("", new byte[200_000]);
        var run = Command.Run("-v", server.Url);
        Assert.Matches(@"\nTCP       round trip \d+\.\d{3} ms ± \d+\.\d{3}(, at least \d+\.\d{3})? · \d+ segments out, \d+ in, 0 sent again", run.Output);
        Assert.DoesNotContain("\nTCP ", Command.Run(server.Url).Output, StringComparison.Ordinal);

        var json = Command.Run("--json", server.Url).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonNode.Parse(line)!).ToArray();
        var names = json.Select(static line => line["event"]!.GetValue<string>()).ToList();
        var at = names.IndexOf("socket.transport-measured");
        Assert.InRange(at, 1, names.IndexOf("socket.closed"));
        var figures = json[at]["figures"]!;
        // Connecting and one request: at least SYN, ACK and the data.
        Assert.True(figures["segmentsSent"]!.GetValue<long>() >= 3, figures.ToJsonString());
        Assert.True(figures["segmentsReceived"]!.GetValue<long>() >= 3, figures.ToJsonString());
        Assert.True(figures["roundTripNanoseconds"]!.GetValue<long>() > 0, figures.ToJsonString());
        Assert.True(figures["segmentBytes"]!.GetValue<long>() >= 500, figures.ToJsonString());
    }

    /// <summary>By TLS, and where the calls are looked at, the socket below is the same.</summary>
    [Fact]
    public void It_is_said_below_TLS_and_beside_the_calls_too()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux counts");
        using var authority = new TestAuthority();
        using var peer = new TlsPeer(authority.Issue("server"));
        Assert.Contains("\nTCP       round trip ", Command.Run("-v", "-k", peer.Url).Output, StringComparison.Ordinal);
        Assert.Contains("\"socket.transport-measured\"", Command.Run("--calls", "--json", "-k", peer.Url).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_that_was_never_made_has_none()
    {
        var run = Command.Run("--json", "http://127.0.0.1:1/");
        Assert.Equal(7, run.ExitCode);
        Assert.DoesNotContain("transport-measured", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("en", "\nTCP       round trips and retransmissions: not told here, only by the kernel of Linux\n")]
    [InlineData("zh", "\nTCP       往返时间和重传次数：这里没有，只有 Linux 内核给出\n")]
    public void Elsewhere_it_is_said_that_there_is_none(string language, string said)
    {
        Assert.Contains(said, Command.Run("-v", "--lab", "--lang", language, "http://www.lab.glasscom.com/").Output, StringComparison.Ordinal);
        Assert.DoesNotContain(said, Command.Run("--lab", "--lang", language, "http://www.lab.glasscom.com/").Output, StringComparison.Ordinal);
        Assert.DoesNotContain("transport-measured", Command.Run("--lab", "--json", "http://www.lab.glasscom.com/").Output, StringComparison.Ordinal);
    }
}
