namespace Firstbyte.Tests;

/// <summary>A DNS server that fails for somebody else's fault is not blamed, where it says why, or its relay was seen.</summary>
public sealed class ResolverReasonTests
{
    [Theory]
    [InlineData("www.changed.test", "the signature is not that of these records", "changed.test")]
    [InlineData("www.expired.test", "the signature has expired", "expired.test")]
    public void In_a_lab_the_zone_is_blamed_whose_signatures_do_not_hold(string name, string flaw, string zone)
    {
        foreach (var words in (string[][])[["--lab=signed-zones", $"http://{name}/"], ["resolve", "--lab=signed-zones", name]])
        {
            var run = Command.Run(words);
            Assert.Equal(6, run.ExitCode);
            Assert.Contains(flaw, run.Output, StringComparison.Ordinal);
            Assert.Contains($"At fault: the operators of {zone} (their signatures or their parent's DS records are wrong)", run.Output, StringComparison.Ordinal);
            Assert.Contains($"Try: firstbyte resolve --lab=signed-zones {name} --explain shows where the chain of trust breaks", run.Output, StringComparison.Ordinal);
        }
        var explained = Command.Run("resolve", "--lab=signed-zones", name, "--explain").Output;
        Assert.Contains(flaw, explained, StringComparison.Ordinal);
        Assert.DoesNotContain("Try:", explained, StringComparison.Ordinal);
    }

    /// <summary>What the server says of its error (RFC 8914) is told, and who is at fault follows from it.</summary>
    [Theory]
    [InlineData(7, "signature expired at broken.test.", "(it says: Signature Expired: signature expired at broken.test.)", "the operators of www.broken.test (their signatures")]
    [InlineData(22, "", "(it says: No Reachable Authority)", "the operators of www.broken.test, or the network on the way to their servers")]
    [InlineData(15, "by order", "(it says: Blocked: by order)", "the DNS server that was asked")]
    [InlineData(null, "", "SERVFAIL, 1 try", "the DNS server that was asked")]
    public async Task What_a_server_says_of_its_error_is_told(int? code, string text, string told, string atFault)
    {
        using var server = new System.Net.Sockets.UdpClient(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var answering = Task.Run(async () =>
        {
            var query = await server.ReceiveAsync(TestContext.Current.CancellationToken);
            await server.SendAsync(ServerFailure(query.Buffer, code, text), query.RemoteEndPoint, TestContext.Current.CancellationToken);
        }, TestContext.Current.CancellationToken);
        var run = Command.Run("resolve", "--server", server.Client.LocalEndPoint!.ToString()!, "www.broken.test");
        await answering;
        Assert.Equal(6, run.ExitCode);
        Assert.Contains(told, run.Output, StringComparison.Ordinal);
        Assert.Contains($"At fault: {atFault}", run.Output, StringComparison.Ordinal);
    }

    // The question, and an OPT record with an extended error (RFC 6891 6.1.2, RFC 8914 2).
    private static byte[] ServerFailure(byte[] query, int? code, string text)
    {
        var end = 12;
        while (query[end] != 0) { end += query[end] + 1; }
        end += 5;
        byte[] error = code is { } number ? [0, 15, 0, (byte)(2 + text.Length), (byte)(number >> 8), (byte)number, .. System.Text.Encoding.ASCII.GetBytes(text)] : [];
        return
        [
            query[0], query[1], 0x81, 0x82, 0, 1, 0, 0, 0, 0, 0, 1, .. query[12..end],
            0, 0, 41, 4, 208, 0, 0, 0, 0, 0, (byte)error.Length, .. error,
        ];
    }
}
