using System.Text;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Redirects are followed, each as a journey of its own, and not for ever.</summary>
public sealed class RedirectTests
{
    [Fact]
    public void Each_hop_is_a_journey_with_its_own_times_and_only_the_last_brings_content()
    {
        var visit = Go("http://www.test/old#here");
        Assert.Equal((200, "new"), (visit.Result.Status, visit.Body));
        Assert.Equal([1, 2], visit.Of<JourneyStarted>().Select(e => e.Number));
        Assert.Equal([(301, "http://www.test/old#here"), (200, "http://www.test/new#here")], visit.Of<JourneyCompleted>().Select(e => (e.Status, e.Href)));
        Assert.All(visit.Of<JourneyCompleted>(), e => Assert.True(e.Succeeded && e.TotalNanoseconds > 0));
        Assert.Equal(new RedirectFollowed(301, "http://www.test/new#here", "GET", []).Href, Assert.Single(visit.Of<RedirectFollowed>()).Href);
        // The second goes over the first one's connection.
        Assert.Single(visit.Of<ConnectionReused>());
        Assert.Equal((1, 1, true), (visit.Sink.Begun, visit.Sink.Ended, visit.Sink.IsWhole));
    }

    [Fact]
    public void Without_the_wish_nothing_is_followed()
    {
        var visit = Go("http://www.test/old", follow: false);
        Assert.Equal(301, visit.Result.Status);
        Assert.Equal("/new", Assert.Single(visit.Of<RedirectNotFollowed>()).Location);
        Assert.Equal((1, 1, true), (visit.Sink.Begun, visit.Sink.Ended, visit.Sink.IsWhole));
        Assert.Empty(visit.Of<RedirectFollowed>());
        Assert.Single(visit.Of<JourneyStarted>());
    }

    [Theory]
    [InlineData("/loop", RedirectFault.Loop, 47)]
    [InlineData("/self", RedirectFault.Loop, 47)]
    [InlineData("/file", RedirectFault.OtherScheme, 1)]
    [InlineData("/broken", RedirectFault.NotAUrl, 3)]
    public void What_leads_nowhere_is_refused_with_its_reason(string path, RedirectFault fault, int exitCode)
    {
        var visit = Go("http://www.test" + path);
        Assert.Equal(fault, Assert.IsType<RedirectRefused>(visit.Result.Failure).Fault);
        Assert.Equal(exitCode, visit.Result.ExitCode);
        Assert.Equal((1, false), (visit.Sink.Ended, visit.Sink.IsWhole));
        Assert.Equal("", visit.Body);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void No_more_are_followed_than_allowed(int allowed, int journeys)
    {
        var visit = Go("http://www.test/first", maximum: allowed);
        Assert.Equal(new RedirectRefused(visit.Failure.Origin, allowed == 0 ? "/second" : "/new", RedirectFault.Limit, allowed), visit.Failure);
        Assert.Equal(journeys, visit.Of<JourneyStarted>().Count());
    }

    [Fact]
    public void As_many_as_allowed_are_followed() => Assert.Equal(200, Go("http://www.test/first", maximum: 2).Result.Status);

    [Fact]
    public void Secrets_stay_with_the_origin_they_were_given_to()
    {
        HttpField[] fields = [new("Authorization", "Bearer t"), new("Cookie", "a=b"), new("X-Kept", "y")];
        var visit = Go("http://www.test/away", fields);
        Assert.Equal(["Authorization", "Cookie"], Assert.Single(visit.Of<RedirectFollowed>()).LeftOut);
        var sent = visit.Of<RequestComposed>().Select(e => string.Join(' ', e.Fields.Select(field => field.Name))).ToArray();
        Assert.Contains("Authorization Cookie", sent[0]);
        Assert.DoesNotContain("Authorization", sent[1]);
        Assert.DoesNotContain("Cookie", sent[1]);
        Assert.Contains("X-Kept", sent[1]);
        Assert.Equal((200, "elsewhere"), (visit.Result.Status, visit.Body));
    }

    [Fact]
    public void A_limit_of_time_ends_the_hop_under_way()
    {
        var visit = Go("http://www.test/slow", seconds: 2);
        Assert.Equal("10.1.0.82:80", Assert.IsType<OutOfTime>(visit.Result.Failure).Party);
        Assert.Equal([true, false], visit.Of<JourneyCompleted>().Select(e => e.Succeeded));
    }

    /// <summary>What had come by then is told with it: the head, and a part of the content.</summary>
    [Fact]
    public void A_limit_of_time_behind_the_head_tells_the_status_that_came()
    {
        var visit = Go("http://10.1.0.83/", seconds: 2);
        Assert.Equal(TimeLimit.WholeJourney, Assert.IsType<OutOfTime>(visit.Result.Failure).Limit);
        Assert.Equal((200, ExitCodes.TimedOut), (visit.Result.Status, visit.Result.ExitCode));
        var told = Assert.Single(visit.Of<JourneyCompleted>());
        Assert.Equal((false, 200, "OK"), (told.Succeeded, told.Status, told.Reason));
        Assert.InRange(told.BodyBytes, 1, 19_999);
    }

    private static Visit Go(string url, HttpField[]? fields = null, bool follow = true, int maximum = 50, int seconds = 60)
    {
        var visit = new Visit();
        var world = LabWorld.Build(Lab, null, visit);
        visit.Result = world.Run("visit", async () =>
        {
            var options = new JourneyOptions { FollowRedirects = follow, MaximumRedirects = maximum, MaximumTime = TimeSpan.FromSeconds(seconds) };
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), options);
            return await client.RunAsync(new JourneyRequest(url) { Fields = fields ?? [] }, visit.Sink, world.Tracer);
        });
        return visit;
    }

    private static readonly LabDefinition Lab = LabFile.Parse("""
        lab "redirects" client me
        subnet lan 10.1.0.0/24
        host me  on lan .2  nameserver 10.1.0.53
        host www on lan .80 serves http {
          /old    redirect "/new" 301
          /new    "new"
          /first  redirect "/second" 302
          /second redirect "/new" 307
          /loop   redirect "/back" 302
          /back   redirect "/loop" 302
          /self   redirect "/self" 302
          /file   redirect "file:///etc/passwd" 302
          /broken redirect "http://[" 302
          /away   redirect "http://10.1.0.81/" 302
          /slow   redirect "http://10.1.0.82/" 302
        }
        host other on lan .81 serves http { / "elsewhere" }
        host slow  on lan .82 serves http delay 10s { / "late" }
        host paced on lan .83 serves http pace 5kB { / size 20kB }
        host ns on lan .53
          serves dns zone "test" {
            @    300 IN SOA ns h 1 2 3 4 5
            @    300 IN NS  ns
            ns   300 IN A   10.1.0.53
            www  300 IN A   10.1.0.80
          }
        """, "redirects.lab");

    private sealed class Visit : ITraceSink
    {
        private readonly List<TraceEvent> _events = [];

        public JourneyResult Result { get; set; } = null!;

        public CountingSink Sink { get; } = new();

        public string Body => Encoding.UTF8.GetString(Sink.Content.ToArray()).TrimEnd('\n');

        public RedirectRefused Failure => Assert.IsType<RedirectRefused>(Result.Failure);

        public bool IsListening => true;

        public IEnumerable<T> Of<T>() => _events.OfType<T>();

        public void Tell(TraceEvent traceEvent) => _events.Add(traceEvent);
    }
}
