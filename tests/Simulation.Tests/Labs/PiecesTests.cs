using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>One content over several connections: the same bytes in the same order, or a reason why not.</summary>
public sealed partial class PiecesTests
{
    private const int Piece = 1000;

    private static readonly byte[] s_content = [.. Enumerable.Range(0, 10_500).Select(static i => (byte)(i * 7 % 251))];

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(32)]
    public void Pieces_come_on_all_connections_and_are_handed_on_in_order(int connections)
    {
        var visit = Go(connections, Ranges("\"v1\""));
        Assert.Null(visit.Result.Failure);
        Assert.Equal(s_content, visit.Sink.Content.ToArray());
        Assert.Equal((1, 1, true), (visit.Sink.Begun, visit.Sink.Ended, visit.Sink.IsWhole));
        Assert.Equal(Math.Min(connections, 11), visit.Connections);
        Assert.Equal(11, visit.Heads.Count);
        Assert.All(visit.Heads.Skip(1), static head => Assert.Contains("If-Range: \"v1\"\r\n", head, StringComparison.Ordinal));
        Assert.Equal(s_content.Length, Assert.Single(visit.Events.OfType<JourneyCompleted>()).BodyBytes);
        Assert.Equal((PiecesOutcome.Pieces, 10_500L), visit.Events.OfType<PiecesJudged>().Select(static e => (e.Outcome, e.Complete!.Value)).Single());
    }

    [Fact]
    public void What_is_here_already_is_gone_on_with()
    {
        var visit = Go(3, Ranges("\"v1\""), resumeAt: 4_321);
        Assert.Equal(s_content[4_321..], visit.Sink.Content.ToArray());
        Assert.Contains("Range: bytes=4321-5320\r\nIf-Range: \"v1\"", visit.Heads[0], StringComparison.Ordinal);
        Assert.Equal(3, visit.Connections);
    }

    [Theory]
    [InlineData("no ranges", PiecesOutcome.NoRanges, 1)]
    [InlineData("weak", PiecesOutcome.NoValidator, 2)]
    [InlineData("no tag", PiecesOutcome.NoValidator, 2)]
    [InlineData("no length", PiecesOutcome.NoLength, 2)]
    [InlineData("less", PiecesOutcome.Less, 2)]
    public void Where_pieces_could_not_be_put_together_the_whole_comes(string server, PiecesOutcome outcome, int requests)
    {
        var visit = Go(4, head => !IsRange(head, out var first, out var last) || server == "no ranges" ? Whole("\"v1\"")
            : server == "weak" ? Part("W/\"v1\"", first, last)
            : server == "no length" ? Part("\"v1\"", first, last, "*")
            : server == "less" ? Part("\"v1\"", first, last - 1)
            : Part(null, first, last));
        Assert.Null(visit.Result.Failure);
        Assert.Equal(s_content, visit.Sink.Content.ToArray());
        Assert.Equal((1, 1, requests), (visit.Sink.Begun, visit.Connections, visit.Heads.Count));
        Assert.Equal(outcome, Assert.Single(visit.Events.OfType<PiecesJudged>()).Outcome);
    }

    [Fact]
    public void Content_that_changes_meanwhile_is_not_mixed()
    {
        var visit = Go(4, head => !IsRange(head, out var first, out var last) ? Whole("\"v2\"") : first < 3 * Piece ? Part("\"v1\"", first, last) : Whole("\"v2\""));
        var failure = Assert.IsType<ContinuationRefused>(visit.Result.Failure);
        Assert.Equal((200, ContinuationFault.OtherStatus), (failure.Status, failure.Fault));
        Assert.Equal((1, false), (visit.Sink.Ended, visit.Sink.IsWhole));
        // What was handed on is the beginning, and of one version.
        Assert.Equal(s_content[..(int)visit.Sink.Content.Length], visit.Sink.Content.ToArray());
    }

    [Theory]
    [InlineData("other place")]
    [InlineData("other tag")]
    [InlineData("other whole")]
    public void A_piece_that_is_not_the_one_that_was_asked_for_ends_the_transfer(string server)
    {
        var visit = Go(4, head => !IsRange(head, out var first, out var last) ? Whole("\"v1\"")
            : first != 5 * Piece ? Part("\"v1\"", first, last)
            : server == "other place" ? Part("\"v1\"", first - 1, last - 1)
            : server == "other tag" ? Part("\"v2\"", first, last)
            : Part("\"v1\"", first, last, "10501"));
        var failure = Assert.IsType<ContinuationRefused>(visit.Result.Failure);
        Assert.Equal((206, ContinuationFault.OtherPart, 5L * Piece), (failure.Status, failure.Fault, failure.Position));
        Assert.Equal(s_content[..(5 * Piece)], visit.Sink.Content.ToArray());
    }

    [Fact]
    public void A_connection_that_breaks_off_is_made_again_once()
    {
        var broken = 0;
        byte[] Answer(string head)
        {
            var answer = IsRange(head, out var first, out var last) ? Part("\"v1\"", first, last) : Whole("\"v1\"");
            return first == 2 * Piece && broken++ == 0 ? answer[..^300] : answer;
        }
        var visit = Go(4, Answer);
        Assert.Null(visit.Result.Failure);
        Assert.Equal(s_content, visit.Sink.Content.ToArray());
        broken = int.MinValue;
        var always = Go(4, head => IsRange(head, out var first, out var last) && first == 2 * Piece ? Part("\"v1\"", first, last)[..^300] : Ranges("\"v1\"")(head));
        Assert.IsType<ResponseUnreadable>(always.Result.Failure);
        Assert.Equal(s_content[..(2 * Piece)], always.Sink.Content.ToArray());
    }

    [Fact]
    public void One_connection_asks_as_ever()
    {
        var visit = Go(1, Ranges("\"v1\""));
        Assert.Equal(s_content, visit.Sink.Content.ToArray());
        Assert.DoesNotContain("Range", Assert.Single(visit.Heads), StringComparison.Ordinal);
        Assert.Empty(visit.Events.OfType<PiecesJudged>());
    }

    [Fact]
    public void Short_and_empty_content_needs_no_second_connection()
    {
        var small = Go(4, static head => IsRange(head, out _, out _) ? Bytes("HTTP/1.1 206 P\r\nETag: \"a\"\r\nContent-Range: bytes 0-4/5\r\nContent-Length: 5\r\n\r\nsmall") : []);
        Assert.Equal(("small", 1), (Encoding.ASCII.GetString(small.Sink.Content.ToArray()), small.Heads.Count));
        var empty = Go(4, static head => IsRange(head, out _, out _)
            ? Bytes("HTTP/1.1 416 No\r\nContent-Range: bytes */0\r\nContent-Length: 3\r\n\r\nno!") : Bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        Assert.Equal((null, 200, 0L, 2), (empty.Result.Failure, empty.Result.Status, empty.Sink.Content.Length, empty.Heads.Count));
        var missing = Go(4, static _ => Bytes("HTTP/1.1 404 No\r\nContent-Length: 4\r\n\r\ngone"));
        Assert.Equal((404, "gone", 1), (missing.Result.Status, Encoding.ASCII.GetString(missing.Sink.Content.ToArray()), missing.Heads.Count));
    }

    private static Func<string, byte[]> Ranges(string tag) => head => IsRange(head, out var first, out var last) ? Part(tag, first, last) : Whole(tag);

    private static byte[] Whole(string tag) => [.. Bytes($"HTTP/1.1 200 OK\r\nETag: {tag}\r\nContent-Length: {s_content.Length}\r\n\r\n"), .. s_content];

    private static byte[] Part(string? tag, int first, int last, string complete = "10500")
    {
        last = Math.Min(last, s_content.Length - 1);
        return
        [
            .. Bytes($"HTTP/1.1 206 Part\r\n{(tag is null ? "" : $"ETag: {tag}\r\n")}Content-Range: bytes {first}-{last}/{complete}\r\nContent-Length: {last - first + 1}\r\n\r\n"),
            .. s_content[first..(last + 1)],
        ];
    }

    private static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);

    private static bool IsRange(string head, out int first, out int last)
    {
        (first, last) = (-1, -1);
        if (Asked().Match(head) is not { Success: true } match) { return false; }
        (first, last) = (int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));
        return true;
    }

    [GeneratedRegex(@"\r\nRange: bytes=(\d+)-(\d+)\r\n")]
    private static partial Regex Asked();

    private static Visit Go(int connections, Func<string, byte[]> answer, long resumeAt = 0)
    {
        var visit = new Visit();
        var world = LabWorld.Build(Lab, null, visit);
        Serve(world, visit, answer);
        visit.Result = world.Run("visit", async () =>
        {
            var options = new JourneyOptions { Connections = connections, PieceLength = Piece, MaximumTime = TimeSpan.FromSeconds(600) };
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), options);
            var request = new JourneyRequest("http://10.1.0.80/") { ResumeAt = resumeAt, ResumeValidator = resumeAt > 0 ? "\"v1\"" : null };
            return await client.RunAsync(request, visit.Sink, world.Tracer);
        });
        Assert.Equal(0, world.Kernel.ForeignEntries);
        return visit;
    }

    /// <summary>A server that answers each request of a connection, until an answer is shorter than it says.</summary>
    private static void Serve(LabWorld world, Visit visit, Func<string, byte[]> answer)
    {
        var host = world.Internet.FindHost("www")!;
        host.StartService("www", async () =>
        {
            var listener = host.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Endpoint(IpAddress.AnyV4, 80));
            listener.Listen(50);
            for (var number = 0; ; number++)
            {
                var socket = await listener.AcceptAsync();
                visit.Connections++;
                host.StartService($"connection {number}", () => AnswerAsync(new SocketByteStream(socket), visit, answer));
            }
        });
    }

    private static async Task AnswerAsync(SocketByteStream stream, Visit visit, Func<string, byte[]> answer)
    {
        using (stream)
        {
            var buffer = new byte[4096];
            var head = new StringBuilder();
            try
            {
                while (await stream.ReceiveAsync(buffer) is > 0 and var count)
                {
                    head.Append(Encoding.Latin1.GetString(buffer, 0, count));
                    if (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) { continue; }
                    visit.Heads.Add(head.ToString());
                    var bytes = answer(head.ToString());
                    head.Clear();
                    await stream.SendAsync(bytes);
                    if (IsCut(bytes)) { return; }
                }
            }
            // A client that wants no more goes.
            catch (NetworkException) { return; }
        }
    }

    private static bool IsCut(byte[] answer)
    {
        var text = Encoding.Latin1.GetString(answer);
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return answer.Length - end - 4 < int.Parse(Length().Match(text).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"\r\nContent-Length: (\d+)\r\n")]
    private static partial Regex Length();

    private static readonly LabDefinition Lab = LabFile.Parse("""
        lab "pieces" client me
        subnet lan 10.1.0.0/24
        host me  on lan .2
        host www on lan .80
        """, "pieces.lab");

    private sealed class Visit : ITraceSink
    {
        public JourneyResult Result { get; set; } = null!;

        public CountingSink Sink { get; } = new();

        public List<string> Heads { get; } = [];

        public List<TraceEvent> Events { get; } = [];

        public int Connections { get; set; }

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => Events.Add(traceEvent);
    }
}
