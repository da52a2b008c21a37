using System.Text;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Ftp;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
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

    /// <summary>FTP promises no length: what is there is stored, and that it is not what was there is told.</summary>
    [Theory]
    [InlineData(8, false, 5L)]
    [InlineData(5, true, null)]
    [InlineData(5, false, -1L)]
    [InlineData(null, false, -1L)]
    public void A_source_that_is_cut_or_grows_meanwhile_is_stored_and_told(int? said, bool grows, long? read)
    {
        var (visit, results) = Store(new Letters(said, grows, Errno.None));
        Assert.All(results, static result => Assert.Null(result.Failure));
        Assert.Equal("aaaaa", Encoding.ASCII.GetString(visit.Body));
        var told = visit.Of<BodyLengthChanged>().ToArray();
        if (read == -1) { Assert.Empty(told); }
        else { Assert.Equal((said, read), ((int)Assert.Single(told).Said, told[0].Read)); }
    }

    [Fact]
    public void A_source_that_cannot_be_read_ends_the_upload_as_its_own_fault()
    {
        var (_, results) = Store(new Letters(8, false, Errno.EIO));
        Assert.Equal(new BodyUnreadable(new BodyOrigin(BodyKind.Pipe, "letters"), Errno.EIO, 5), results[0].Failure);
        Assert.Equal(26, results[0].ExitCode);
    }

    [Fact]
    public void What_is_gone_on_with_is_read_past_in_a_pipe()
    {
        var (visit, results) = Store(new BytesBody("aa"u8.ToArray()), new Letters(null, false, Errno.None));
        Assert.All(results, static result => Assert.Null(result.Failure));
        Assert.Equal("aaaaa", Encoding.ASCII.GetString(visit.Body));
        Assert.Equal([2, 3], visit.Of<FtpTransferEnded>().Where(static ended => ended.IsUpload).Select(static ended => ended.Bytes));
    }

    // Stores the first, goes on with the others where the server has them, and reads what is there then.
    private static (Visited Visit, JourneyResult[] Results) Store(params IBodySource[] sources)
    {
        var visit = LabVisit.After(TimeSpan.FromSeconds(1), LabCatalog.Load("glasscom")!);
        var body = new MemorySink();
        var results = visit.World.Run("visit", async () =>
        {
            using var client = new JourneyClient(visit.World.Client, StubResolver.FromSystem(visit.World.Client), new BouncyCastleTlsProvider(visit.World.Client), new JourneyOptions());
            const string Url = "ftp://user:password@ftp.glasscom.com/dir/up.txt";
            var results = new List<JourneyResult>();
            foreach (var source in sources)
            {
                var request = new JourneyRequest(Url) { Body = source, IsUpload = true, ResumeAt = results.Count > 0 ? -1 : 0 };
                results.Add(await client.RunAsync(request, DiscardingSink.Instance, visit.World.Tracer));
            }
            if (results[^1].Failure is null) { results.Add(await client.RunAsync(new JourneyRequest(Url), body, visit.World.Tracer)); }
            return results.ToArray();
        });
        return (new Visited(visit, body.Body.ToArray()), results);
    }

    private sealed record Visited(LabVisit Visit, byte[] Body)
    {
        public IEnumerable<T> Of<T>()
            where T : Firstbyte.Tracing.TraceEvent => Visit.Of<T>();
    }

    /// <summary>Five letters once, whatever it says of itself.</summary>
    private sealed class Letters(long? said, bool grows, Errno error) : IBodySource, IBodyReader
    {
        private int _left = 5;

        public BodyOrigin Origin => new(BodyKind.Pipe, "letters");

        public string? Type => null;

        public long? Length => said;

        public bool CanRewind => false;

        public bool IsSpent { get; private set; }

        public bool HasGrown => grows;

        public IBodyReader Open()
        {
            IsSpent = true;
            return this;
        }

        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (_left == 0 && error != Errno.None) { throw new NetworkException(error, "read"); }
            var count = Math.Min(_left, destination.Length);
            destination.Span[..count].Fill((byte)'a');
            _left -= count;
            return new ValueTask<int>(count);
        }
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
