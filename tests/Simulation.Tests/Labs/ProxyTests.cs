using System.Text;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Proxies;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Journeys by way of proxies: what each of the three sees, who looks names up, what goes wrong and whose fault it is.</summary>
public sealed class ProxyTests
{
    private static readonly Credentials s_user = new("user", "password");

    [Theory]
    [InlineData("http://proxy.office:3128", "http://www.test/", false)]
    [InlineData("http://proxy.office:3128", "https://www.test/", true)]
    [InlineData("socks4a://socks.office", "http://www.test/", true)]
    [InlineData("socks5h://socks.office", "http://www.test/", true)]
    [InlineData("socks5h://socks.office", "https://www.test/", true)]
    public void What_has_no_way_out_gets_there_by_a_proxy(string proxy, string url, bool isTunnel)
    {
        Assert.NotEqual(0, Go(ProxySettings.None, url).Result.ExitCode);
        var visit = Go(By(proxy), url);
        Assert.Equal((200, "hello"), (visit.Result.Status, visit.Body));
        Assert.Equal(isTunnel, Assert.Single(visit.Of<ProxyChosen>()).IsTunnel);
        Assert.Equal("www.test", Assert.Single(visit.Of<NameLeftToProxy>()).Name);
        Assert.Equal(isTunnel ? 1 : 0, visit.Of<TunnelOpened>().Count());
    }

    [Theory]
    [InlineData("socks4://socks.office")]
    [InlineData("socks5://socks.office")]
    public void A_proxy_that_is_told_addresses_is_told_what_this_host_has_found(string proxy)
    {
        var visit = Go(By(proxy), "http://inner.office/");
        Assert.Equal((200, "inner"), (visit.Result.Status, visit.Body));
        Assert.Empty(visit.Of<NameLeftToProxy>());
        Assert.Equal("10.0.0.80:80", visit.Of<SocksMessageSent>().Last().Target);
        // What only the proxy could find is not found.
        Assert.IsType<NameUnresolved>(Go(By(proxy), "http://www.test/").Result.Failure);
    }

    [Fact]
    public void What_an_http_proxy_reads_is_absolute_and_what_passes_a_tunnel_is_not()
    {
        Assert.Equal(["GET http://www.test/ HTTP/1.1"], Lines(Go(By("http://proxy.office:3128"), "http://u:p@www.test/#f")));
        Assert.Equal(["GET http://www.test:8080/a?b HTTP/1.1"], Lines(Go(By("http://proxy.office:3128"), "http://www.test:8080/a?b")));
        Assert.Equal(["CONNECT www.test:443 HTTP/1.1", "GET / HTTP/1.1"], Lines(Go(By("http://proxy.office:3128"), "https://www.test/")));
        Assert.Equal(["CONNECT www.test:80 HTTP/1.1", "GET / HTTP/1.1"], Lines(Go(By("http://proxy.office:3128") with { TunnelsAll = true }, "http://www.test/")));

        static IEnumerable<string> Lines(Visit visit) => visit.Of<RequestWritten>().Select(static e => $"{e.Method} {e.Target} {e.Version}");
    }

    /// <summary>The proxy's password goes to the proxy alone, the server's to the server alone; through a proxy that reads everything both stand in one head.</summary>
    [Theory]
    [InlineData("http://guarded.office:3128", "http://www.test/staff", "A+P")]
    [InlineData("http://guarded.office:3128", "https://www.test/staff", "P, A")]
    [InlineData("socks5h://socks.office:1081", "http://www.test/staff", "A")]
    public void Neither_sees_what_is_said_to_the_other(string proxy, string url, string said)
    {
        var visit = Go(By(proxy) with { Credentials = s_user }, new JourneyRequest(url) { Credentials = new Credentials("bob", "sesame") });
        Assert.Equal((200, "inside"), (visit.Result.Status, visit.Body));
        Assert.Equal(said, string.Join(", ", visit.Of<RequestWritten>().Select(static e => string.Join('+', e.Fields
            .Where(static field => field.Name is "Authorization" or "Proxy-Authorization").Select(static field => field.Name[..1]).Order(StringComparer.Ordinal)))));
    }

    [Fact]
    public void What_a_user_says_to_a_proxy_in_a_field_passes_no_tunnel()
    {
        var field = new HttpField("Proxy-Authorization", "Basic dXNlcjpwYXNzd29yZA==");
        var visit = Go(By("http://guarded.office:3128"), new JourneyRequest("https://www.test/") { Fields = [field] });
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal([("CONNECT", true), ("GET", false)], visit.Of<RequestWritten>().Select(e => (e.Method, e.Fields.Contains(field))));
        visit = Go(By("socks5h://socks.office"), new JourneyRequest("http://www.test/") { Fields = [field] });
        Assert.DoesNotContain(field, Assert.Single(visit.Of<RequestWritten>()).Fields);
    }

    [Theory]
    [InlineData("http://www.test/")]
    [InlineData("https://www.test/")]
    public void A_challenge_of_a_proxy_is_answered_in_the_same_journey(string url)
    {
        foreach (var schemes in (AuthenticationSchemes[])[AuthenticationSchemes.Digest, AuthenticationSchemes.AnyWithPassword])
        {
            var visit = Go(By("http://guarded.office:3128") with { Credentials = s_user, Authentication = schemes }, url);
            Assert.Equal((200, "hello", 1), (visit.Result.Status, visit.Body, visit.Sink.Begun));
            var challenge = Assert.Single(visit.Of<ChallengeReceived>());
            Assert.Equal((true, ChallengeVerdict.Answered), (challenge.IsOfProxy, challenge.Verdict));
            Assert.Equal((true, AuthenticationSchemes.Digest), (visit.Of<CredentialsSent>().Single().IsForProxy, visit.Of<CredentialsSent>().Single().Scheme));
            Assert.Single(visit.Of<ConnectionWanted>());
        }
    }

    [Fact]
    public void The_nonce_of_a_proxy_is_used_for_the_next_tunnel_and_the_server_asks_for_itself()
    {
        var settings = By("http://guarded.office:3128") with { Credentials = s_user, Authentication = AuthenticationSchemes.Digest };
        var request = new JourneyRequest("https://www.test/staff") { Credentials = new Credentials("bob", "sesame"), Authentication = AuthenticationSchemes.Digest };
        var visit = Go(settings, request, request with { Input = "https://www.test:444/" });
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal([true, false], visit.Of<ChallengeReceived>().Select(static e => e.IsOfProxy));
        Assert.Equal(["nc=00000001", "nc=00000002"], visit.Of<RequestWritten>().Where(static e => e.Method == "CONNECT")
            .SelectMany(static e => e.Fields).Where(static field => field.Name == "Proxy-Authorization")
            .Select(static field => field.Value.Split(", ").Single(static part => part.StartsWith("nc=", StringComparison.Ordinal))));
    }

    [Fact]
    public void Content_waits_until_the_proxy_knows_who_sends_it()
    {
        var request = new JourneyRequest("http://www.test/guestbook") { Body = new BytesBody("a=b"u8.ToArray(), "application/x-www-form-urlencoded") };
        var visit = Go(By("http://guarded.office:3128") with { Credentials = s_user, Authentication = AuthenticationSchemes.Digest }, request);
        Assert.Equal(200, visit.Result.Status);
        Assert.Equal([true, false], visit.Of<RequestComposed>().Select(static e => e.Fields.Any(static field => field.Name == "Expect")));
    }

    [Fact]
    public void A_proxy_that_does_not_accept_the_password_is_not_told_it_twice()
    {
        var wrong = s_user with { Password = "open" };
        var visit = Go(By("http://guarded.office:3128") with { Credentials = wrong }, "https://www.test/");
        Assert.Equal((new TunnelRefused(new Origin("http", "guarded.office", 3128), "www.test:443", 407, "Proxy Authentication Required"), 56), (visit.Result.Failure, visit.Result.ExitCode));
        Assert.Equal(ChallengeVerdict.Refused, Assert.Single(visit.Of<ChallengeReceived>()).Verdict);
        Assert.Single(visit.Of<RequestWritten>());
        visit = Go(By("http://guarded.office:3128") with { Credentials = wrong }, "http://www.test/");
        Assert.Equal((407, 0, "Who are you?"), (visit.Result.Status, visit.Result.ExitCode, visit.Body));
    }

    /// <summary>One connection to the proxy serves all that it reads; a tunnel serves its server, and nobody takes the one for the other.</summary>
    [Fact]
    public void Connections_are_kept_by_the_way_that_they_go()
    {
        var reads = Go(By("http://proxy.office:3128"), new JourneyRequest("http://www.test/"), new JourneyRequest("http://inner.office/"));
        Assert.Equal((1, 1), (reads.Of<ConnectionWanted>().Count(), reads.Of<ConnectionReused>().Count()));
        var tunnels = Go(By("http://proxy.office:3128"), new JourneyRequest("https://www.test/"), new JourneyRequest("https://www.test/"), new JourneyRequest("http://www.test/"));
        Assert.Equal(("https", "www.test", 443), tunnels.Of<ConnectionReused>().Select(static e => (e.Scheme, e.Host, e.Port)).Single());
        Assert.Equal(2, tunnels.Of<ConnectionWanted>().Count());
        // Without the proxy the connection would lead to the same server; another way is another connection.
        var mixed = Go(
            By("socks5h://socks.office") with { Exceptions = new NoProxyList("inner.office") },
            new JourneyRequest("http://inner.office/"), new JourneyRequest("http://10.0.0.80/"));
        Assert.Equal(2, mixed.Of<ConnectionWanted>().Count());
        Assert.Empty(mixed.Of<ConnectionReused>());
    }

    [Fact]
    public void A_host_of_the_list_goes_without_and_says_so()
    {
        var visit = Go(By("http://nobody.office") with { Exceptions = new NoProxyList(".office"), ExceptionsFrom = "no_proxy" }, "http://inner.office/");
        Assert.Equal((200, "inner"), (visit.Result.Status, visit.Body));
        Assert.Equal(("", ".office", "no_proxy"), visit.Of<ProxyBypassed>().Select(static e => (e.Variable, e.Entry, e.ExceptionsFrom)).Single());
        Assert.Empty(visit.Of<ProxyChosen>());
    }

    [Fact]
    public void A_redirect_chooses_its_proxy_anew()
    {
        var settings = new ProxySettings
        {
            Named = [new NamedProxy("http", "http_proxy", Of("http://proxy.office:3128")), new NamedProxy("https", "https_proxy", Of("socks5h://socks.office"))],
        };
        var visit = Go(settings, "http://www.test/secure");
        Assert.Equal((200, "hello"), (visit.Result.Status, visit.Body));
        Assert.Equal([("http_proxy", ProxyKind.Http), ("https_proxy", ProxyKind.Socks5h)], visit.Of<ProxyChosen>().Select(static e => (e.Variable, e.Kind)));
    }

    [Theory]
    [InlineData("socks5h://socks.office")]
    [InlineData("http://proxy.office:3128")]
    public void Ftp_goes_through_tunnels_control_and_data(string proxy)
    {
        var visit = Go(By(proxy), "ftp://www.test/dir/page.txt");
        Assert.Equal((0, "by FTP"), (visit.Result.ExitCode, visit.Body));
        Assert.Equal(2, visit.Of<TunnelOpened>().Count());
    }

    [Theory]
    [InlineData("http://nobody.office", "http://www.test/", "ProxyFailed NameDoesNotExist", 5, FaultParty.User)]
    [InlineData("http://proxy.office:9", "http://www.test/", "ProxyFailed NotConnected", 7, FaultParty.Proxy)]
    [InlineData("http://silent.office", "http://www.test/", "ProxyFailed NotConnected", 7, FaultParty.Network)]
    [InlineData("https://proxy.office:3128", "http://www.test/", "ProxyFailed HandshakeFailed", 35, FaultParty.Proxy)]
    [InlineData("http://socks.office:1080", "http://www.test/", "ProxyFailed ResponseUnreadable", 52, FaultParty.Proxy)]
    [InlineData("http://socks.office:1080", "https://www.test/", "ProxyFailed ResponseUnreadable", 52, FaultParty.Proxy)]
    [InlineData("socks5h://proxy.office:3128", "http://www.test/", "SocksRefused Ended", 97, FaultParty.Proxy)]
    [InlineData("socks5h://socks.office", "http://www.test:9/", "SocksRefused ConnectionRefused", 97, FaultParty.Proxy)]
    [InlineData("socks5h://socks.office", "http://nowhere.test/", "SocksRefused HostUnreachable", 97, FaultParty.Proxy)]
    [InlineData("socks4a://socks.office", "http://www.test:9/", "SocksRefused GeneralFailure", 97, FaultParty.Proxy)]
    [InlineData("socks4a://socks.office:1081", "http://www.test/", "SocksRefused GeneralFailure", 97, FaultParty.Proxy)]
    [InlineData("socks5h://socks.office:1081", "http://www.test/", "SocksRefused CredentialsWanted", 97, FaultParty.Proxy)]
    [InlineData("socks5h://u:p@socks.office:1081", "http://www.test/", "SocksRefused CredentialsRefused", 97, FaultParty.Proxy)]
    [InlineData("socks4://socks.office", "http://[2001:db8::1]/", "SocksRefused NeedsIpv4", 97, FaultParty.User)]
    [InlineData("http://proxy.office:3128", "https://www.test:9/", "TunnelRefused 502", 56, FaultParty.Proxy)]
    [InlineData("http://proxy.office:3128", "https://nowhere.test/", "TunnelRefused 502", 56, FaultParty.Proxy)]
    [InlineData("http://guarded.office:3128", "https://www.test/", "TunnelRefused 407", 56, FaultParty.Proxy)]
    public void What_goes_wrong_at_a_proxy_is_named_and_laid_at_its_door(string proxy, string url, string failure, int exitCode, FaultParty party)
    {
        var visit = Go(By(proxy), url);
        Assert.Equal((failure, exitCode, party), (visit.Result.Failure switch
        {
            ProxyFailed e => $"ProxyFailed {e.Cause.GetType().Name}",
            SocksRefused e => $"SocksRefused {e.Fault}",
            TunnelRefused e => $"TunnelRefused {e.Status}",
            var other => other?.GetType().Name ?? "none",
        }, visit.Result.ExitCode, FailureTable.Of(visit.Result.Failure!).AtFault));
        Assert.Empty(visit.Body);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.0 299 Fine\r\n\r\n", "hello")]
    [InlineData("HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno\n", "TunnelRefused 403 No")]
    [InlineData("HTTP/1.1 403 No\r\n\r\n", "TunnelRefused 403 No")]
    [InlineData("HTTP/1.1 403 No\r\nContent-Length: 99\r\n\r\nno\n", "TunnelRefused 403 No")]
    [InlineData("HTTP/1.1 403 No\r\nContent-Length: 999999\r\n\r\n@", "TunnelRefused 403 No")]
    [InlineData("HTTP/1.1 302 Away\r\nLocation: http://other/\r\nContent-Length: 0\r\n\r\n", "TunnelRefused 302 Away")]
    [InlineData("HTTP/1.1 101 Switching\r\n\r\n", "ProxyFailed SwitchingNotAsked")]
    [InlineData("HTTP/1.1 20x OK\r\n\r\n", "ProxyFailed StatusLineMalformed")]
    [InlineData("SSH-2.0-OpenSSH\r\n", "ProxyFailed NotHttp")]
    [InlineData("HTTP/1.1 403 No\r\n", "ProxyFailed EndedInHead")]
    [InlineData("", "ProxyFailed EndedBeforeFirstByte")]
    public void The_reply_to_connect_is_judged(string reply, string comes)
    {
        var visit = new Visit();
        var world = LabWorld.Build(Lab, null, visit);
        var proxy = world.Internet.FindHost("client")!;
        visit.Result = world.Run("visit", async () =>
        {
            using var listener = proxy.CreateSocket(Addressing.IpVersion.V4, SocketKind.Stream);
            listener.Bind(new Addressing.Endpoint(Addressing.IpAddress.AnyV4, 8888));
            listener.Listen(1);
            var serving = ServeAsync(listener, reply);
            var result = await JourneyAsync(world, visit, By("http://10.0.0.2:8888") with { TunnelsAll = true }, new JourneyRequest("http://www.test/"));
            await serving;
            return result;
        });
        var failure = visit.Result.Failure switch
        {
            null => visit.Body,
            TunnelRefused e => $"TunnelRefused {e.Status} {e.Reason}",
            ProxyFailed { Cause: ResponseUnreadable e } => $"ProxyFailed {e.Fault}",
            var other => other.ToString(),
        };
        Assert.Equal(comes, failure);
    }

    // Says what it was told to, and then what a web server would.
    private static async Task ServeAsync(ISocket listener, string reply)
    {
        using var socket = await listener.AcceptAsync();
        var stream = new SocketByteStream(socket);
        var piece = new byte[4096];
        Assert.StartsWith("CONNECT www.test:80 HTTP/1.1\r\nHost: www.test:80\r\n", Encoding.ASCII.GetString(piece, 0, await stream.ReceiveAsync(piece)));
        try
        {
            await stream.SendAsync(Encoding.ASCII.GetBytes(reply.Replace("@", new string('x', 200_000), StringComparison.Ordinal)));
            if (reply.Contains(" 2", StringComparison.Ordinal) && await stream.ReceiveAsync(piece) > 0) { await stream.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"u8.ToArray()); }
        }
        catch (NetworkException) { /* The client has heard enough, which is what is tested. */ }
        stream.Close();
    }

    private static ProxyAddress Of(string proxy)
    {
        Assert.True(ProxyAddress.TryRead(proxy, ProxyKind.Http, out var read, out _));
        return read;
    }

    private static ProxySettings By(string proxy) => new() { Given = Of(proxy) };

    private static Visit Go(ProxySettings settings, string url) => Go(settings, new JourneyRequest(url));

    private static Visit Go(ProxySettings settings, params JourneyRequest[] requests)
    {
        var visit = new Visit();
        var world = LabWorld.Build(Lab, null, visit);
        visit.Result = world.Run("visit", () => JourneyAsync(world, visit, settings, requests));
        return visit;
    }

    private static async Task<JourneyResult> JourneyAsync(LabWorld world, Visit visit, ProxySettings settings, params JourneyRequest[] requests)
    {
        var options = new JourneyOptions { FollowRedirects = true, ConnectTimeout = TimeSpan.FromSeconds(120), Proxies = settings };
        using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), options);
        JourneyResult result = null!;
        foreach (var request in requests) { result = await client.RunAsync(request, visit.Sink, world.Tracer); }
        return result;
    }

    private static readonly LabDefinition Lab = LabFile.Parse("""
        lab "an office behind proxies" client client
        subnet office  10.0.0.0/24
        subnet outside 203.0.113.0/24
        host client  on office .2   nameserver 10.0.0.53
        host dns     on office .53
          serves dns zone "office" {
            @        60 IN SOA dns h 1 2 3 4 60
            @        60 IN NS  dns
            dns      60 IN A   10.0.0.53
            proxy    60 IN A   10.0.0.8
            guarded  60 IN A   10.0.0.9
            socks    60 IN A   10.0.0.10
            silent   60 IN A   10.0.0.99
            inner    60 IN A   10.0.0.80
          }
        host inner   on office .80  serves http { / "inner" }
        host proxy   on office .8, outside .8    nameserver 203.0.113.54  serves proxy
        host guarded on office .9, outside .9    nameserver 203.0.113.54  serves proxy account "user" "password"
        host socks   on office .10, outside .10  nameserver 203.0.113.54
          serves socks
          serves socks port 1081 account "user" "password"
        host www     on outside .80
          serves http, https for www.test {
            /          "hello"
            /staff     account "bob" "sesame" "inside"
            /guestbook form
            /secure    redirect "https://www.test/" 302
          }
          serves http port 8080 { /a "eight" }
          serves https port 444 for www.test { / "other" }
          serves ftp { /dir/page.txt "by FTP" }
        host ns      on outside .53
          serves dns zone "test" {
            @    60 IN SOA ns h 1 2 3 4 60
            @    60 IN NS  ns
            ns   60 IN A   203.0.113.53
            www  60 IN A   203.0.113.80
          }
        host inns    on outside .54
          serves dns zone "test" {
            @    60 IN SOA ns h 1 2 3 4 60
            @    60 IN NS  ns
            ns   60 IN A   203.0.113.54
            www  60 IN A   203.0.113.80
          }
          serves dns zone "office" {
            @      60 IN SOA ns h 1 2 3 4 60
            @      60 IN NS  ns
            ns     60 IN A   203.0.113.54
            inner  60 IN A   10.0.0.80
          }
        """, "proxies.lab");

    private sealed class Visit : ITraceSink
    {
        private readonly List<TraceEvent> _events = [];

        public JourneyResult Result { get; set; } = null!;

        public CountingSink Sink { get; } = new();

        public string Body => Encoding.UTF8.GetString(Sink.Content.ToArray()).TrimEnd('\n');

        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => _events.Add(traceEvent);

        public IEnumerable<T> Of<T>() where T : TraceEvent => _events.OfType<T>();
    }
}
