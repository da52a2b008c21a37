using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Content that has to be sent again: what can be read again is, and what cannot ends the journey and says so.</summary>
public sealed class BodyTests
{
    private static readonly Credentials s_bob = new("bob", "sesame");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_redirect_that_keeps_the_content_needs_it_again(bool canRewind)
    {
        // Short content does not wait for 100 Continue: it is gone when the redirect comes.
        var visit = Go(Post("http://www.test/moved", canRewind, length: 5));
        if (canRewind)
        {
            Assert.Equal(["307", "405"], visit.Statuses);
            Assert.Equal(2, visit.Of<ContentSent>().Count(static sent => sent is { Bytes: 5, How: ContentEnd.Whole }));
            return;
        }
        var failure = Assert.IsType<BodyNotRepeatable>(visit.Result.Failure);
        Assert.Equal((RepeatCause.Redirect, 307, BodyKind.Stream, 65), (failure.Cause, failure.Status, failure.From.Kind, visit.Result.ExitCode));
        Assert.Single(visit.Of<JourneyStarted>());
    }

    [Fact]
    public void A_redirect_that_drops_the_content_does_not() =>
        Assert.Equal(["303", "200"], Go(Post("http://www.test/see", canRewind: false, length: 5)).Statuses);

    [Fact]
    public void Content_that_still_waits_is_not_spent_when_a_redirect_comes_first()
    {
        // Its length is not known, so the server is asked first, and sends elsewhere.
        var visit = Go(Post("http://www.test/moved", canRewind: false, length: null));
        Assert.Equal(["307", "405"], visit.Statuses);
    }

    [Theory]
    [InlineData(true, AuthenticationSchemes.Digest)]
    [InlineData(false, AuthenticationSchemes.Digest)]
    [InlineData(true, AuthenticationSchemes.AnyWithPassword)]
    [InlineData(false, AuthenticationSchemes.AnyWithPassword)]
    public void A_challenge_is_answered_before_the_content_goes_out(bool canRewind, AuthenticationSchemes schemes)
    {
        // The page takes no POST; who asks was accepted.
        var visit = Go(Post("http://www.test/staff", canRewind, length: 5) with { Credentials = s_bob, Authentication = schemes });
        Assert.Equal(["405"], visit.Statuses);
        Assert.Single(visit.Of<ContentSent>());
    }

    [Fact]
    public void A_nonce_that_was_too_old_costs_content_that_can_be_had_only_once()
    {
        var requests = new[]
        {
            new JourneyRequest("http://www.test/staff") { Credentials = s_bob, Authentication = AuthenticationSchemes.Digest },
            Post("http://www.test/staff", canRewind: false, length: 5) with { Credentials = s_bob, Authentication = AuthenticationSchemes.Digest },
        };
        var visit = Go(requests, pause: PasswordGate.NonceLife + TimeSpan.FromSeconds(1));
        var failure = Assert.IsType<BodyNotRepeatable>(visit.Result.Failure);
        Assert.Equal((RepeatCause.Challenge, 401), (failure.Cause, failure.Status));
    }

    [Fact]
    public void The_second_url_does_not_get_what_the_first_has_taken()
    {
        var body = new Once(5);
        var visit = Go([.. ((string[])["a", "b"]).Select(path => new JourneyRequest($"http://www.test/{path}") { Body = body })]);
        Assert.Equal(RepeatCause.NextUrl, Assert.IsType<BodyNotRepeatable>(visit.Result.Failure).Cause);
        Assert.Single(visit.Of<ContentSent>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_server_of_http_10_gets_no_chunks_once_that_is_known(bool isKnown)
    {
        var requests = new List<JourneyRequest>();
        if (isKnown) { requests.Add(new JourneyRequest("http://old.test/")); }
        requests.Add(new JourneyRequest("http://old.test/") { Body = new Once(null), IsUpload = true });
        var visit = Go([.. requests]);
        if (isKnown) { Assert.Equal(WriteFault.LengthUnknownInHttp10, Assert.IsType<RequestUnwritable>(visit.Result.Failure).Fault); }
        else { Assert.Equal(200, visit.Result.Status); }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_retry_needs_the_content_again_and_without_it_the_answer_stands(bool canRewind)
    {
        var visit = Go(Post("http://busy.test/", canRewind, length: 5));
        Assert.Equal((503, null), (visit.Result.Status, visit.Result.Failure));
        Assert.Equal(canRewind ? 3 : 1, visit.Of<ContentSent>().Count());
        Assert.Equal(canRewind ? 2 : 0, visit.Of<RetryPlanned>().Count());
        Assert.Equal(canRewind ? 0 : 1, visit.Of<RetryImpossible>().Count());
        // The last answer is the answer.
        Assert.Equal("busy", visit.Body);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Content_that_is_hashed_is_read_twice(bool canRewind)
    {
        var visit = Go(Post("http://hash.test/", canRewind, length: 5) with { Credentials = s_bob, Authentication = AuthenticationSchemes.Digest });
        if (!canRewind)
        {
            Assert.Equal(RepeatCause.Hash, Assert.IsType<BodyNotRepeatable>(visit.Result.Failure).Cause);
            return;
        }
        Assert.Equal(200, visit.Result.Status);
        var authorization = visit.Of<RequestComposed>().Last().Fields.Single(static field => field.Name == "Authorization").Value;
        Assert.Contains("qop=auth-int", authorization);
        var answers = new List<Challenge>();
        Assert.True(ChallengeReader.TryRead(authorization, answers));
        // What is hashed is in DigestTests; here, that it is the content. MD5 of "aaaaa", by md5sum.
        var challenge = DigestChallenge.Of(new Challenge("Digest", null, [new("realm", "r"), new("nonce", "n"), new("qop", "auth-int")]))!;
        var subject = new DigestSubject(s_bob, "POST", "/", 1, answers[0].Find("cnonce")!) { ContentHash = "594f803b380a41396ed63dca39503542" };
        Assert.Equal(DigestAnswer.Response(challenge, subject), answers[0].Find("response"));
    }

    private static JourneyRequest Post(string url, bool canRewind, long? length) =>
        new(url) { Body = canRewind ? new Again(length) : new Once(length) };

    private static Visit Go(params JourneyRequest[] requests) => Go(requests, default);

    private static Visit Go(JourneyRequest[] requests, TimeSpan pause)
    {
        var visit = new Visit();
        var world = LabWorld.Build(Lab, null, visit);
        Serve(world, "old", static _ => "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok");
        Serve(world, "busy", static _ => "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\nConnection: close\r\n\r\nbusy");
        Serve(world, "hash", static head => head.Contains("Authorization", StringComparison.Ordinal)
            ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
            : "HTTP/1.1 401 Who\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", qop=\"auth-int\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        visit.Result = world.Run("visit", async () =>
        {
            var options = new JourneyOptions { FollowRedirects = true, MaximumTime = TimeSpan.FromSeconds(600), Retries = 2 };
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), options);
            JourneyResult result = null!;
            foreach (var request in requests)
            {
                result = await client.RunAsync(request, visit.Sink, world.Tracer);
                if (pause > TimeSpan.Zero) { await world.Kernel.Delay(pause.Ticks * TimeSpan.NanosecondsPerTick); }
            }
            return result;
        });
        return visit;
    }

    /// <summary>A server that reads a request, says what it says, and closes.</summary>
    private static void Serve(LabWorld world, string name, Func<string, string> answer)
    {
        var host = world.Internet.FindHost(name)!;
        host.StartService(name, async () =>
        {
            var listener = host.CreateSocket(IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Endpoint(IpAddress.AnyV4, 80));
            listener.Listen(5);
            while (true)
            {
                using var stream = new SocketByteStream(await listener.AcceptAsync());
                var request = new StringBuilder();
                var buffer = new byte[4096];
                while (!IsWhole(request.ToString()) && await stream.ReceiveAsync(buffer) is > 0 and var count)
                {
                    request.Append(Encoding.Latin1.GetString(buffer, 0, count));
                }
                await stream.SendAsync(Encoding.Latin1.GetBytes(answer(request.ToString())));
            }
        });
    }

    private static bool IsWhole(string request)
    {
        var end = request.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0) { return false; }
        if (request.Contains("Expect:", StringComparison.Ordinal)) { return true; }
        return request.Contains("chunked", StringComparison.Ordinal) ? request.EndsWith("0\r\n\r\n", StringComparison.Ordinal)
            : !request.Contains("Content-Length: 5", StringComparison.Ordinal) || request.Length == end + 9;
    }

    private static readonly LabDefinition Lab = LabFile.Parse("""
        lab "bodies" client me
        subnet lan 10.1.0.0/24
        host me   on lan .2  nameserver 10.1.0.53
        host www  on lan .80 serves http {
          /seen  "seen"
          /moved redirect "/seen" 307
          /see   redirect "/seen" 303
          /staff account "bob" "sesame" "in"
        }
        host old  on lan .81
        host busy on lan .82
        host hash on lan .83
        host ns   on lan .53
          serves dns zone "test" {
            @    300 IN SOA ns h 1 2 3 4 5
            @    300 IN NS  ns
            ns   300 IN A   10.1.0.53
            www  300 IN A   10.1.0.80
            old  300 IN A   10.1.0.81
            busy 300 IN A   10.1.0.82
            hash 300 IN A   10.1.0.83
          }
        """, "bodies.lab");

    /// <summary>Letters that can be read again and again.</summary>
    private sealed class Again(long? length) : IBodySource
    {
        public BodyOrigin Origin => new(BodyKind.File, "letters");

        public string? Type => null;

        public long? Length => length;

        public bool CanRewind => true;

        public bool IsSpent => false;

        public IBodyReader Open() => new Letters();
    }

    /// <summary>Letters that are there once.</summary>
    private sealed class Once(long? length) : IBodySource
    {
        public BodyOrigin Origin => new(BodyKind.Stream);

        public string? Type => null;

        public long? Length => length;

        public bool CanRewind => false;

        public bool IsSpent { get; private set; }

        public IBodyReader Open()
        {
            Assert.False(IsSpent);
            IsSpent = true;
            return new Letters();
        }
    }

    private sealed class Letters : IBodyReader
    {
        private int _left = 5;

        public ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            var count = Math.Min(_left, destination.Length);
            destination.Span[..count].Fill((byte)'a');
            _left -= count;
            return new ValueTask<int>(count);
        }
    }

    private sealed class Visit : ITraceSink
    {
        private readonly List<TraceEvent> _events = [];

        public JourneyResult Result { get; set; } = null!;

        public MemorySink Sink { get; } = new();

        public string Body => Encoding.UTF8.GetString(Sink.Body.Span);

        public string[] Statuses => [.. Of<JourneyCompleted>().Select(static e => $"{e.Status}")];

        public bool IsListening => true;

        public IEnumerable<T> Of<T>() => _events.OfType<T>();

        public void Tell(TraceEvent traceEvent) => _events.Add(traceEvent);
    }
}
