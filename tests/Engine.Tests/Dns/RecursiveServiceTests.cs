using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>What a resolver that is run for others owes them, over whatever transport they come: nothing here asks anybody.</summary>
public sealed class RecursiveServiceTests
{
    private static readonly IpPrefix[] s_cards = [IpPrefix.Parse("192.0.2.0/24")];

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("192.0.2.77", true)]
    [InlineData("198.51.100.7", false)]
    [InlineData("2001:db8::7", false)]
    public async Task Strangers_are_refused(string client, bool isServed) =>
        Assert.Equal(isServed ? ResponseCode.NoError : ResponseCode.Refused, await AskAsync(new RecursiveServiceOptions(), client));

    [Fact]
    public async Task Who_is_named_may_ask_and_nobody_else()
    {
        var options = new RecursiveServiceOptions { Clients = [IpPrefix.Parse("198.51.100.0/24")] };
        Assert.Equal(ResponseCode.NoError, await AskAsync(options, "198.51.100.7"));
        Assert.Equal(ResponseCode.Refused, await AskAsync(options, "127.0.0.1"));
    }

    private static async Task<ResponseCode> AskAsync(RecursiveServiceOptions options, string client)
    {
        var network = new OsNetwork();
        using var service = await RecursiveService.OpenAsync(network, options, s_cards);
        // A name that the service knows of itself.
        var query = new DnsMessage
        {
            Id = 7,
            Flags = HeaderFlags.RecursionDesired,
            Questions = [new Question(DnsName.Parse("localhost"), RecordType.A)],
        }.ToArray();
        var response = new byte[512];
        var length = await service.Responder.AnswerAsync(
            query, new Endpoint(IpAddress.Parse(client), 5353), DnsTransport.Https, response, Tracer.Silent.Root(network), TestContext.Current.CancellationToken);
        Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
        return answer.ResponseCode;
    }
}
