using System.Text;
using Firstbyte.Dns;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tcp;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Who asks: what is sent unasked, what a challenge is answered with, and to whom nothing is said.</summary>
public sealed class AuthenticationTests
{
    private const string Staff = "http://www.test/staff";
    private static readonly Credentials s_bob = new("bob", "sesame");

    [Fact]
    public void Basic_goes_unasked()
    {
        var visit = Go(new JourneyRequest(Staff) { Credentials = s_bob });
        Assert.Equal((200, "inside"), (visit.Result.Status, visit.Body));
        Assert.Equal("Basic Ym9iOnNlc2FtZQ==", Assert.Single(visit.Authorizations));
        var sent = Assert.Single(visit.Of<CredentialsSent>());
        Assert.Equal((AuthenticationSchemes.Basic, CredentialsSource.User, true), (sent.Scheme, sent.Source, sent.IsReadable));
    }

    [Theory]
    [InlineData(AuthenticationSchemes.Digest)]
    [InlineData(AuthenticationSchemes.AnyWithPassword)]
    public void A_challenge_is_answered_in_the_same_journey_and_its_content_is_nobodys(AuthenticationSchemes schemes)
    {
        var visit = Go(new JourneyRequest(Staff) { Credentials = s_bob, Authentication = schemes });
        Assert.Equal((200, "inside"), (visit.Result.Status, visit.Body));
        Assert.Equal((1, 1, true), (visit.Sink.Begun, visit.Sink.Ended, visit.Sink.IsWhole));
        Assert.Single(visit.Of<JourneyStarted>());
        Assert.Single(visit.Of<ConnectionReused>());
        Assert.Equal([null, "Digest"], visit.Authorizations.Select(static one => one?.Split(' ')[0]));
        Assert.Contains("algorithm=SHA-256", visit.Authorizations[1]);
        var challenge = Assert.Single(visit.Of<ChallengeReceived>());
        Assert.Equal(["Digest SHA-256", "Digest MD5", "Basic"], challenge.Offered);
        Assert.Equal(("/staff", ChallengeVerdict.Answered, AuthenticationSchemes.Digest), (challenge.Realm, challenge.Verdict, challenge.Answered));
    }

    [Fact]
    public void The_nonce_is_used_again_and_counted_and_renewed_when_it_is_stale()
    {
        var request = new JourneyRequest(Staff) { Credentials = s_bob, Authentication = AuthenticationSchemes.Digest };
        var visit = Go([request, request, request], pause: 2);
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal([null, "nc=00000001", "nc=00000002", "nc=00000003", "nc=00000001"], visit.Authorizations.Select(Count));
        Assert.Equal([false, true], visit.Of<ChallengeReceived>().Select(static e => e.IsStale));
        static string? Count(string? field) => field?.Split(", ").Single(static part => part.StartsWith("nc=", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(AuthenticationSchemes.Basic, 1)]
    [InlineData(AuthenticationSchemes.Digest, 2)]
    public void What_is_refused_is_not_said_again(AuthenticationSchemes schemes, int requests)
    {
        var visit = Go(new JourneyRequest(Staff) { Credentials = s_bob with { Password = "open" }, Authentication = schemes });
        Assert.Equal((401, "Who are you?", 0), (visit.Result.Status, visit.Body, visit.Result.ExitCode));
        Assert.Equal(requests, visit.Authorizations.Count);
        Assert.Equal(ChallengeVerdict.Refused, visit.Of<ChallengeReceived>().Last().Verdict);
    }

    [Fact]
    public void Without_a_password_the_challenge_is_told()
    {
        var visit = Go(new JourneyRequest(Staff));
        Assert.Equal((401, "Who are you?"), (visit.Result.Status, visit.Body));
        Assert.Equal(ChallengeVerdict.NoCredentials, Assert.Single(visit.Of<ChallengeReceived>()).Verdict);
        Assert.Empty(visit.Of<CredentialsSent>());
    }

    [Fact]
    public void What_the_users_own_field_says_is_left_alone()
    {
        var visit = Go(new JourneyRequest(Staff) { Credentials = s_bob, Fields = [new HttpField("Authorization", "Basic Ym9iOm9wZW4=")] });
        Assert.Equal(401, visit.Result.Status);
        Assert.Equal("Basic Ym9iOm9wZW4=", Assert.Single(visit.Authorizations));
    }

    [Theory]
    [InlineData("http://bob:sesame@www.test/staff", CredentialsSource.Url)]
    [InlineData("http://bob:wrong@www.test/staff", CredentialsSource.Netrc)]
    [InlineData("http://www.test/staff", CredentialsSource.Netrc)]
    public void The_file_goes_before_the_url(string url, CredentialsSource source)
    {
        var netrc = source == CredentialsSource.Url ? null : NetrcFile.Read("machine www.test login bob password sesame");
        var visit = Go([new JourneyRequest(url)], netrc: netrc);
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal(source, Assert.Single(visit.Of<CredentialsSent>()).Source);
    }

    [Theory]
    // Of its own origin a redirect takes the credentials along, from wherever they are.
    [InlineData("http://www.test/inward", true, true)]
    [InlineData("http://bob:sesame@www.test/inward", false, true)]
    // To another host, and to another port of the same one, it does not.
    [InlineData("http://www.test/away", true, false)]
    [InlineData("http://bob:sesame@www.test/away", false, false)]
    [InlineData("http://www.test/upstairs", true, false)]
    public void Credentials_never_cross_to_another_origin(string url, bool isGiven, bool stays)
    {
        foreach (var request in (JourneyRequest[])[new JourneyRequest(url) { Credentials = isGiven ? s_bob : null }, new JourneyRequest(url) { BearerToken = "t" }])
        {
            var visit = Go(request);
            Assert.Equal(2, visit.Authorizations.Count);
            Assert.NotNull(visit.Authorizations[0]);
            Assert.Equal(stays, visit.Authorizations[1] is not null);
            Assert.Equal(stays ? [] : ["Authorization"], Assert.Single(visit.Of<RedirectFollowed>()).LeftOut);
        }
    }

    [Fact]
    public void A_password_of_the_file_goes_to_the_host_that_it_is_for_and_to_no_other()
    {
        var visit = Go([new JourneyRequest("http://www.test/away")], netrc: NetrcFile.Read("machine www.test login bob password sesame"));
        Assert.Equal([true, false], visit.Authorizations.Select(static one => one is not null));
    }

    [Fact]
    public void Content_waits_until_the_server_knows_who_sends_it()
    {
        var visit = Go(new JourneyRequest(Staff) { Credentials = s_bob, Authentication = AuthenticationSchemes.Digest, Body = new BytesBody("a=b"u8.ToArray(), "application/x-www-form-urlencoded") });
        // The lab's pages take no POST; that was asked for with the password, and the content went out once.
        Assert.Equal(405, visit.Result.Status);
        var heads = visit.Of<RequestComposed>().ToArray();
        Assert.Contains(heads[0].Fields, static field => field is { Name: "Expect", Value: "100-continue" });
        Assert.Equal(2, heads.Length);
        Assert.DoesNotContain(heads[1].Fields, static field => field.Name == "Expect");
    }

    private static Visit Go(JourneyRequest request) => Go([request]);

    private static Visit Go(JourneyRequest[] requests, NetrcFile? netrc = null, int pause = -1)
    {
        var visit = new Visit();
        var world = LabWorld.Build(Lab, null, visit);
        visit.Result = world.Run("visit", async () =>
        {
            var options = new JourneyOptions { FollowRedirects = true, MaximumTime = TimeSpan.FromSeconds(60), Netrc = netrc };
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), options);
            JourneyResult result = null!;
            for (var i = 0; i < requests.Length; i++)
            {
                if (i == pause) { await world.Kernel.Delay((PasswordGate.NonceLife + TimeSpan.FromSeconds(1)).Ticks * TimeSpan.NanosecondsPerTick); }
                result = await client.RunAsync(requests[i], visit.Sink, world.Tracer);
            }
            return result;
        });
        return visit;
    }

    private static readonly LabDefinition Lab = LabFile.Parse("""
        lab "a page with a password" client me
        subnet lan 10.1.0.0/24
        host me  on lan .2  nameserver 10.1.0.53
        host www on lan .80
          serves http {
            /staff    account "bob" "sesame" "inside"
            /inward   redirect "http://www.test/staff" 302
            /away     redirect "http://other.test/" 302
            /upstairs redirect "http://www.test:8080/" 302
          }
          serves http port 8080 { / "upstairs" }
        host other on lan .81 serves http { / "elsewhere" }
        host ns on lan .53
          serves dns zone "test" {
            @     300 IN SOA ns h 1 2 3 4 5
            @     300 IN NS  ns
            ns    300 IN A   10.1.0.53
            www   300 IN A   10.1.0.80
            other 300 IN A   10.1.0.81
          }
        """, "authentication.lab");

    private sealed class Visit : ITraceSink
    {
        private readonly List<TraceEvent> _events = [];

        public JourneyResult Result { get; set; } = null!;

        public CountingSink Sink { get; } = new();

        public string Body => Encoding.UTF8.GetString(Sink.Content.ToArray()).TrimEnd('\n');

        public IReadOnlyList<string?> Authorizations =>
            [.. Of<RequestComposed>().Select(static e => e.Fields.Where(static one => one.Name == "Authorization").Select(static one => one.Value).SingleOrDefault())];

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => _events.Add(traceEvent);

        public IEnumerable<T> Of<T>() where T : TraceEvent => _events.OfType<T>();
    }
}
