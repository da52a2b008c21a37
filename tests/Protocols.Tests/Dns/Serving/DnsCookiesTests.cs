using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;
using Firstbyte.Tests.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Serving;

/// <summary>Cookies as RFC 7873 and RFC 9018 have them, by way of whole queries.</summary>
public class DnsCookiesTests
{
    // RFC 9018 appendix A.1.
    private const string ClientCookie = "2464C4ABCF10C957";
    private const string ServerCookie = "010000005CF79F111F8130C3EEE29480";
    private static readonly SipKey Secret = SipKey.FromBytes(Convert.FromHexString("E5E973E5A6B2A43F48E7DC849E37BFCF"));
    private static readonly IpAddress Client = IpAddress.Parse("198.51.100.100");
    private static readonly Instant Then = new(1_559_731_985_000_000_000);

    private static readonly ZoneSet Zones = new(ZoneTests.Load("example.", "@ SOA a. b. 1 2 3 4 5\n@ NS a.\nx A 192.0.2.1"));

    [Fact]
    public void A_client_that_shows_its_own_part_gets_the_servers_part_of_the_rfc() =>
        Assert.Equal((ResponseCode.NoError, ClientCookie + ServerCookie), Ask(ClientCookie, Then));

    [Fact]
    public void Every_response_renews_the_cookie()
    {
        var (_, renewed) = Ask(ClientCookie + ServerCookie, Then + TimeSpan.FromSeconds(60));
        Assert.Equal(ClientCookie + "010000005CF79F4D", renewed[..32]);
    }

    [Theory]
    [InlineData("2464C4ABCF10C9")]
    [InlineData("")]
    [InlineData("2464C4ABCF10C957010000005CF79F")]
    [InlineData("2464C4ABCF10C957000102030405060708090A0B0C0D0E0F000102030405060708090A0B0C0D0E0F00")]
    public void A_length_that_no_cookie_has_is_formerr(string cookie) => Assert.Equal((ResponseCode.FormatError, ""), Ask(cookie, Then));

    [Theory]
    [InlineData(ClientCookie, 0, CookieState.ClientOnly)]
    [InlineData(ClientCookie + ServerCookie, 0, CookieState.Valid)]
    [InlineData(ClientCookie + ServerCookie, 3600, CookieState.Valid)]
    [InlineData(ClientCookie + ServerCookie, 3601, CookieState.ClientOnly)]
    [InlineData(ClientCookie + ServerCookie, -300, CookieState.Valid)]
    [InlineData(ClientCookie + ServerCookie, -301, CookieState.ClientOnly)]
    [InlineData("3464C4ABCF10C957" + ServerCookie, 0, CookieState.ClientOnly)]
    [InlineData(ClientCookie + "020000005CF79F111F8130C3EEE29480", 0, CookieState.ClientOnly)]
    [InlineData(ClientCookie + "010000005CF79F11", 0, CookieState.ClientOnly)]
    internal void A_cookie_holds_for_an_hour_and_for_its_client(string cookie, int seconds, CookieState state)
    {
        var cookies = new DnsCookies(Secret);
        Assert.Equal(state, cookies.Check(Convert.FromHexString(cookie), Client, Then + TimeSpan.FromSeconds(seconds)));
        Assert.NotEqual(CookieState.Valid, cookies.Check(Convert.FromHexString(cookie), IpAddress.Parse("198.51.100.101"), Then));
    }

    [Fact]
    public void Whoever_asks_for_nothing_but_a_cookie_gets_one()
    {
        var edns = Edns.Default with { Options = [new EdnsOption(EdnsOptionCode.Cookie, Convert.FromHexString(ClientCookie))] };
        Assert.Equal((ResponseCode.NoError, ClientCookie + ServerCookie), Ask(new DnsMessage { Edns = edns }, Then));
    }

    [Fact]
    public void A_valid_cookie_is_above_the_rate_limit()
    {
        var options = new AuthoritativeServerOptions { CookieSecret = Secret, RateLimit = new ResponseRateLimit(5, 2, new SipKey(3, 4)) };
        var server = new AuthoritativeServer(Zones, options);
        var response = new byte[512];
        int[] Lengths(string? cookie, string name) => [.. Enumerable.Range(0, 20).Select(_ => server.Answer(Query(cookie, name).ToArray(), Source(Then), response))];
        var plain = Lengths(null, "x.example.");
        Assert.Equal(5, plain.TakeWhile(length => length == plain[0]).Count());
        Assert.Contains(0, plain);
        // Every second of the rest goes out cut: a client that is real comes back by TCP.
        Assert.Equal(7, plain.Skip(5).Count(length => length > 0));
        Assert.DoesNotContain(0, Lengths(ClientCookie + ServerCookie, "x.example."));
        // Names that do not exist are one answer, whatever they are.
        Assert.Contains(0, Enumerable.Range(0, 20).Select(i => server.Answer(Query(null, $"n{i}.example.").ToArray(), Source(Then), response)));
        Assert.NotEqual(0, server.Answer(Query(null, "x.example.").ToArray(), new QuerySource(new Endpoint(Client, 1), DnsTransport.Tcp, Then), response));
        Assert.Equal(plain[0], server.Answer(Query(null, "x.example.").ToArray(), Source(Then + TimeSpan.FromSeconds(10)), response));
    }

    private static QuerySource Source(Instant now) => new(new Endpoint(Client, 4242), DnsTransport.Udp, now);

    private static DnsMessage Query(string? cookie, string name) => DnsMessage.Query(1, new Question(DnsName.Parse(name), RecordType.A),
        edns: Edns.Default with { Options = cookie is null ? [] : [new EdnsOption(EdnsOptionCode.Cookie, Convert.FromHexString(cookie))] });

    private static (ResponseCode Code, string Cookie) Ask(string cookie, Instant now) => Ask(Query(cookie, "x.example."), now);

    private static (ResponseCode Code, string Cookie) Ask(DnsMessage query, Instant now)
    {
        var response = new byte[1232];
        var length = new AuthoritativeServer(Zones, new AuthoritativeServerOptions { CookieSecret = Secret }).Answer(query.ToArray(), Source(now), response);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out var error), error.ToString());
        return (answer.ResponseCode, Convert.ToHexString(answer.Edns!.Options.FirstOrDefault(option => option.Code == EdnsOptionCode.Cookie)?.Data ?? []));
    }
}
