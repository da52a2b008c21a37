using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Hashing;
using Firstbyte.Tests.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Serving;

/// <summary>Padding as RFC 7830 and RFC 8467 want it: blocks of 468 octets where nobody else reads, and nothing in clear.</summary>
public class ResponsePaddingTests
{
    private static readonly Endpoint s_client = new(IpAddress.LoopbackV4, 4242);
    private static readonly ZoneSet s_zones = new(ZoneTests.Load(
        "example.",
        "@ SOA a. b. 1 2 3 4 5\n@ NS a.\nx A 192.0.2.1\n" + string.Concat(Enumerable.Range(0, 260).Select(static i => $"large TXT \"{new string('t', 240)}{i:D6}\"\n"))));

    private static byte[] Query(string name, RecordType type, params EdnsOption[] options) =>
        DnsMessage.Query(7, new Question(DnsName.Parse(name), type), edns: Edns.Default with { Options = options }).ToArray();

    private static EdnsOption Padding(int zeros) => new(EdnsOptionCode.Padding, new byte[zeros]);

    private static byte[] Ask(byte[] query, DnsTransport transport, AuthoritativeServerOptions? options = null)
    {
        // What lay in the buffer before must not be sent along as padding.
        var response = Enumerable.Repeat((byte)0xAA, MessageView.MaxLength).ToArray();
        return response[..new AuthoritativeServer(s_zones, options).Answer(query, new QuerySource(s_client, transport, new Instant(1_700_000_000_000_000_000)), response)];
    }

    private static byte[]? PaddingOf(byte[] response)
    {
        Assert.True(DnsMessage.TryParse(response, out var message, out _));
        return message.Edns?.Options.SingleOrDefault(static option => option.Code == EdnsOptionCode.Padding)?.Data;
    }

    [Theory]
    [InlineData("x.example.", 1)]
    [InlineData("x.example.", 28)]
    [InlineData("no.example.", 1)]
    [InlineData("x.other.", 1)]
    public void A_padded_query_gets_an_answer_of_whole_blocks_where_nobody_else_reads(string name, int type)
    {
        foreach (var transport in (DnsTransport[])[DnsTransport.Tls, DnsTransport.Https])
        {
            foreach (var sent in (int[])[0, 1, 300])
            {
                var response = Ask(Query(name, new RecordType((ushort)type), Padding(sent)), transport, new() { Identity = "here", CookieSecret = new SipKey(1, 2) });
                Assert.Equal(ResponsePadding.Block, response.Length);
                Assert.All(PaddingOf(response)!, static zero => Assert.Equal(0, zero));
            }
        }
    }

    [Fact]
    public void Nobody_else_is_sent_padding()
    {
        Assert.Null(PaddingOf(Ask(Query("x.example.", RecordType.A, Padding(20)), DnsTransport.Udp)));
        Assert.Null(PaddingOf(Ask(Query("x.example.", RecordType.A, Padding(20)), DnsTransport.Tcp)));
        Assert.Null(PaddingOf(Ask(Query("x.example.", RecordType.A), DnsTransport.Tls)));
        Assert.Null(PaddingOf(Ask(Query("x.example.", RecordType.A, new EdnsOption(EdnsOptionCode.Nsid, [])), DnsTransport.Tls)));
    }

    /// <summary>Each length from one record to more than the limit: whole blocks, or all that a message may have.</summary>
    [Theory]
    [InlineData(0, 468, 464)]
    [InlineData(463, 468, 1)]
    [InlineData(464, 468, 0)]
    [InlineData(465, 936, 467)]
    [InlineData(932, 936, 0)]
    public void The_option_itself_counts(int length, int whole, int zeros)
    {
        Assert.Equal(zeros, ResponsePadding.ZerosAfter(length, MessageView.MaxLength));
        Span<byte> option = stackalloc byte[ResponsePadding.MaxLength];
        Assert.Equal(whole - length, ResponsePadding.Write(option, length, MessageView.MaxLength));
    }

    [Theory]
    [InlineData(65_535, 0)]
    [InlineData(65_532, 0)]
    [InlineData(65_531, 4)]
    [InlineData(65_530, 5)]
    public void There_is_no_more_than_a_message_may_have(int length, int option)
    {
        Span<byte> bytes = stackalloc byte[ResponsePadding.MaxLength];
        Assert.Equal(option, ResponsePadding.Write(bytes, length, MessageView.MaxLength));
    }

    [Fact]
    public void A_long_answer_is_padded_or_cut_and_never_too_long()
    {
        var response = Ask(Query("large.example.", new RecordType(16), Padding(0)), DnsTransport.Tls);
        Assert.True(response.Length is MessageView.MaxLength || response.Length % ResponsePadding.Block == 0, $"{response.Length}");
        Assert.NotNull(PaddingOf(response));
    }

    /// <summary>The signature (RFC 8945) comes last and counts.</summary>
    [Fact]
    public void A_signed_answer_is_of_whole_blocks_with_its_signature()
    {
        var key = new TsigKey(DnsName.Parse("key."), TsigAlgorithm.HmacSha256, Enumerable.Range(0, 32).Select(static i => (byte)i).ToArray());
        var buffer = new byte[1000];
        var query = Query("x.example.", RecordType.A, Padding(3));
        query.CopyTo(buffer, 0);
        var length = new TsigSession(key).Sign(buffer, query.Length, new Instant(1_700_000_000_000_000_000));
        var response = Ask(buffer[..length], DnsTransport.Tls, new() { Keys = new TsigKeyring([key]) });
        Assert.NotNull(PaddingOf(response));
        Assert.Equal(ResponsePadding.Block, response.Length);
    }
}
