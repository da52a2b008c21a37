using System.Text;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>What a lab's web server keeps and removes (RFC 9110 9.3), and the methods that say what it does.</summary>
public sealed class WritableTests
{
    private const string Notes = "http://10.1.0.80/notes/";

    private static readonly LabDefinition s_lab = LabFile.Parse("""
        lab "notes" client me
        subnet lan 10.1.0.0/24
        host me  on lan .2
        host www on lan .80 serves http, https for www.test {
          /         "home"
          /big      size 1MB
          /notes/   writable
          /staff/   account "bob" "sesame" writable
          /closed/  account "bob" "sesame" "in"
        }
        """, "notes.lab");

    [Fact]
    public void What_is_put_is_there_until_it_is_deleted()
    {
        var visits = Go(
            Put("a.txt", "one"), Get("a.txt"), Put("a.txt", "two"), Get("a.txt"), Get(""),
            new JourneyRequest(Notes + "a.txt") { Method = "DELETE" }, Get("a.txt"), new JourneyRequest(Notes + "a.txt") { Method = "DELETE" });
        Assert.Equal([201, 200, 204, 200, 200, 204, 404, 404], visits.Select(static one => one.Status));
        Assert.Equal(("one", "two", "a.txt 3 bytes\n"), (visits[1].Body, visits[3].Body, visits[4].Body));
    }

    [Fact]
    public void Nobody_overwrites_what_he_has_not_seen()
    {
        var seen = new HttpField("If-Match", Representation.TagOf("one"u8).ToString());
        var visits = Go(
            Put("a", "one", new HttpField("If-None-Match", "*")), Put("a", "two", new HttpField("If-None-Match", "*")),
            Put("a", "two", seen), Put("a", "three", seen),
            new JourneyRequest(Notes + "a") { Method = "DELETE", Fields = [seen] }, Get("a"));
        Assert.Equal([201, 412, 204, 412, 412, 200], visits.Select(static one => one.Status));
        Assert.Equal("two", visits[^1].Body);
    }

    [Fact]
    public void What_is_posted_gets_a_name()
    {
        var visits = Go(new JourneyRequest(Notes) { Body = new BytesBody("hello"u8.ToArray()) }, Get("1"), new JourneyRequest(Notes + "1") { Body = new BytesBody(default) });
        Assert.Equal([201, 200, 405], visits.Select(static one => one.Status));
        Assert.Equal(("/notes/1", "hello", "GET, HEAD, PUT, DELETE, OPTIONS, TRACE"), (visits[0].Field("Location"), visits[1].Body, visits[2].Field("Allow")));
    }

    [Fact]
    public void What_is_too_much_or_a_part_is_refused()
    {
        var visits = Go(
            new JourneyRequest(Notes + "a") { Body = new BytesBody(new byte[64 * 1024 * 1024 + 1]), IsUpload = true }, Get("a"),
            Put("a", "one", new HttpField("Content-Range", "bytes 0-2/5")), Get("a"));
        Assert.Equal([413, 404, 400, 404], visits.Select(static one => one.Status));
    }

    [Theory]
    [InlineData("http://10.1.0.80/staff/a")]
    [InlineData("http://10.1.0.80/st%61ff/a")]
    [InlineData("http://10.1.0.80/closed/")]
    [InlineData("http://10.1.0.80/cl%6Fsed/")]
    [InlineData("http://10.1.0.80/closed/index.html")]
    public void A_password_covers_what_is_below(string url)
    {
        var visits = Go(new JourneyRequest(url), new JourneyRequest(url) { Body = new BytesBody("x"u8.ToArray()), IsUpload = true });
        Assert.All(visits, static one => Assert.Equal(401, one.Status));
        Assert.NotEqual(401, Go(new JourneyRequest(url) { Credentials = new Credentials("bob", "sesame") })[0].Status);
    }

    [Fact]
    public void What_methods_there_are_is_said()
    {
        var visits = Go(
            new JourneyRequest("http://10.1.0.80/") { Method = "OPTIONS" }, new JourneyRequest(Notes) { Method = "OPTIONS" },
            new JourneyRequest("http://10.1.0.80/big") { Method = "DELETE" }, new JourneyRequest("http://10.1.0.80/") { Method = "PUT" });
        Assert.Equal([204, 204, 405, 405], visits.Select(static one => one.Status));
        Assert.Equal(
            ["GET, HEAD, OPTIONS", "GET, HEAD, POST, OPTIONS, TRACE", "GET, HEAD, OPTIONS, TRACE", "GET, HEAD, OPTIONS, TRACE"],
            visits.Select(static (one, at) => at == 0 ? one.Field("Allow")!.Replace(", TRACE", "", StringComparison.Ordinal) : one.Field("Allow")));
    }

    [Fact]
    public void Trace_sends_back_what_came_without_secrets()
    {
        var visit = Go(new JourneyRequest("http://10.1.0.80/a?b")
        {
            Method = "TRACE",
            Fields = [new HttpField("X-Mine", "seen")],
            Cookies = "sid=1",
            Credentials = new Credentials("bob", "sesame"),
        })[0];
        Assert.Equal((200, "message/http"), (visit.Status, visit.Field("Content-Type")));
        Assert.StartsWith("TRACE /a?b HTTP/1.1\r\nHost: 10.1.0.80\r\n", visit.Body);
        Assert.Contains("\r\nX-Mine: seen\r\n", visit.Body);
        Assert.DoesNotContain("sid=1", visit.Body);
        Assert.DoesNotContain("Authorization", visit.Body);
    }

    [Fact]
    public void A_part_of_letters_is_what_the_whole_has_there()
    {
        var visits = Go(new JourneyRequest("http://10.1.0.80/big"), new JourneyRequest("http://10.1.0.80/big") { Range = "70001-140000" });
        Assert.Equal((200, 206, 70_000), (visits[0].Status, visits[1].Status, visits[1].Body.Length));
        Assert.Equal(visits[0].Body[70_001..140_001], visits[1].Body);
    }

    private static JourneyRequest Get(string name) => new(Notes + name);

    private static JourneyRequest Put(string name, string content, params HttpField[] fields) =>
        new(Notes + name) { Body = new BytesBody(Encoding.UTF8.GetBytes(content)), IsUpload = true, Fields = fields };

    private static List<Visit> Go(params JourneyRequest[] requests)
    {
        var told = new Told();
        var world = LabWorld.Build(s_lab, null, told);
        var visits = new List<Visit>();
        world.Run("visit", async () =>
        {
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), new JourneyOptions());
            foreach (var request in requests)
            {
                var body = new MemorySink();
                told.Heads.Clear();
                var result = await client.RunAsync(request, body, world.Tracer);
                visits.Add(new Visit(result.Status, Encoding.UTF8.GetString(body.Body.Span), [.. told.Heads.SelectMany(static head => head.Fields)]));
            }
            return 0;
        });
        Assert.Equal(0, world.Kernel.ForeignEntries);
        return visits;
    }

    private sealed record Visit(int Status, string Body, HttpField[] Fields)
    {
        public string? Field(string name) => Fields.FirstOrDefault(field => field.Name == name).Value;
    }

    private sealed class Told : ITraceSink
    {
        public List<ResponseHeadReceived> Heads { get; } = [];

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent)
        {
            if (traceEvent is ResponseHeadReceived head) { Heads.Add(head); }
        }
    }
}
