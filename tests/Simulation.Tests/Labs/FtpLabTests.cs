using System.Text;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Ftp;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>The chapter's ftp URL, verbatim, in the chapter's lab; and what its server refuses.</summary>
public sealed class FtpLabTests
{
    private const string Chapter = "ftp://user:password@ftp.glasscom.com:21/dir/file1.htm";

    [Fact]
    public void The_chapters_file_comes_over_a_connection_of_its_own()
    {
        var visit = LabVisit.To(Chapter, "glasscom");
        Assert.Null(visit.Result.Failure);
        Assert.Equal(226, visit.Result.Status);
        Assert.Contains("This file came by FTP", Encoding.UTF8.GetString(visit.Body), StringComparison.Ordinal);
        Assert.Equal(
            ["USER", "PASS", "PWD", "FEAT", "OPTS", "CWD", "TYPE", "SIZE", "MDTM", "EPSV", "RETR", "QUIT"],
            visit.Of<FtpCommandSent>().Select(e => e.Verb));
        Assert.Equal(4, Assert.Single(visit.Of<FtpDataConnected>()).Descriptor);
        Assert.Equal(new FtpTransferEnded(false, FtpDataEnd.Whole, visit.Body.Length, 0).Bytes, Assert.Single(visit.Of<FtpTransferEnded>()).Bytes);
        Assert.DoesNotContain(visit.Of<FtpCommandSent>(), e => e.Argument == "password");
    }

    [Theory]
    [InlineData("ftp://user:wrong@ftp.glasscom.com/dir/file1.htm", FtpFault.LoginDenied, 67)]
    [InlineData("ftp://ftp.glasscom.com/dir/file1.htm", FtpFault.LoginDenied, 67)]
    [InlineData("ftp://user:password@ftp.glasscom.com/dir/nothing", FtpFault.FileUnavailable, 78)]
    [InlineData("ftp://user:password@ftp.glasscom.com/nowhere/f", FtpFault.DirectoryRefused, 9)]
    public void What_is_refused_ends_with_the_servers_word_and_curls_exit_code(string url, FtpFault fault, int exitCode)
    {
        var visit = LabVisit.To(url, "glasscom");
        Assert.Equal(fault, Assert.IsType<FtpRefused>(visit.Result.Failure).Fault);
        Assert.Equal(exitCode, visit.Result.ExitCode);
    }

    [Fact]
    public void A_file_is_stored_read_back_and_gone_on_with_over_one_control_connection()
    {
        var visit = LabVisit.After(TimeSpan.FromSeconds(1), LabCatalog.Load("glasscom")!);
        var body = new MemorySink();
        var listing = new MemorySink();
        JourneyResult[] results = visit.World.Run("visit", async () =>
        {
            using var client = new JourneyClient(visit.World.Client, StubResolver.FromSystem(visit.World.Client), new BouncyCastleTlsProvider(visit.World.Client), new JourneyOptions());
            const string Url = "ftp://user:password@ftp.glasscom.com/dir/up.txt";
            return new[]
            {
                await client.RunAsync(new JourneyRequest(Url) { Body = new BytesBody("hello"u8.ToArray()), IsUpload = true }, DiscardingSink.Instance, visit.World.Tracer),
                await client.RunAsync(new JourneyRequest(Url) { Body = new BytesBody("hello, world"u8.ToArray()), IsUpload = true, ResumeAt = -1 }, DiscardingSink.Instance, visit.World.Tracer),
                await client.RunAsync(new JourneyRequest(Url) { ResumeAt = 7 }, body, visit.World.Tracer),
                await client.RunAsync(new JourneyRequest("ftp://user:password@ftp.glasscom.com/dir/"), listing, visit.World.Tracer),
                await client.RunAsync(new JourneyRequest("ftp://user:password@ftp.glasscom.com/closed.txt") { Body = new BytesBody("x"u8.ToArray()), IsUpload = true }, DiscardingSink.Instance, visit.World.Tracer),
            };
        });
        Assert.All(results[..4], result => Assert.Null(result.Failure));
        Assert.Equal(25, results[4].ExitCode);
        Assert.Equal("world", Encoding.ASCII.GetString(body.Body.Span));
        Assert.Contains("size=12", Encoding.ASCII.GetString(listing.Body.Span), StringComparison.Ordinal);
        Assert.Single(visit.Of<FtpCommandSent>(), e => e.Verb == "USER");
        Assert.Equal(["STOR", "APPE", "RETR", "MLSD", "STOR"], visit.Of<FtpCommandSent>().Select(e => e.Verb).Where(verb => verb is "STOR" or "APPE" or "RETR" or "MLSD"));
    }

    /// <summary>Who takes the connection and then says nothing is not waited for without end.</summary>
    [Fact]
    public void A_server_that_never_replies_is_given_up()
    {
        var lab = LabFile.Parse(
            "lab \"a slow server\"\nsubnet lan 10.1.0.0/24\nhost files on lan .21\n  serves ftp delay 200s { /f \"x\" }\nhost client on lan .2\n", "slow.lab");
        var visit = LabVisit.To("ftp://10.1.0.21/f", lab, seconds: 600);
        Assert.Equal(Errno.ETIMEDOUT, Assert.IsType<ResponseUnreceived>(visit.Result.Failure).Error);
        Assert.InRange(visit.Time, TimeSpan.FromSeconds(120), TimeSpan.FromSeconds(125));
    }
}
