using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns;

public sealed class MessageAgeTests
{
    [Theory]
    [InlineData(0u, 600u, 30u)]
    [InlineData(10u, 590u, 20u)]
    [InlineData(100u, 500u, 0u)]
    [InlineData(4_000_000_000u, 0u, 0u)]
    public void Records_get_older_and_the_options_stay(uint age, uint first, uint second)
    {
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer);
        var name = DnsName.Parse("www.example");
        writer.TryWriteQuestion(new Question(name, RecordType.A));
        writer.TryWriteRecord(MessageSection.Answer, new DnsRecord(name, new Ttl(600), new AddressData(Firstbyte.Addressing.IpAddress.Parse("192.0.2.1"))));
        writer.TryWriteRecord(MessageSection.Authority, new DnsRecord(name, new Ttl(30), new NameData(RecordType.NS, name)));
        writer.TryWriteEdns(1232, ResponseCode.NoError, dnssecOk: true, []);
        var message = buffer.AsSpan(0, writer.Finish(7, HeaderFlags.Response, OpCode.Query, ResponseCode.NoError));
        MessageAge.Add(message, age);
        Assert.True(DnsMessage.TryParse(message, out var read, out _));
        Assert.Equal((first, second), (read.Answers[0].Ttl.Seconds, read.Authorities[0].Ttl.Seconds));
        Assert.True(read.Edns!.DnssecOk);
    }

    [Fact]
    public void What_cannot_be_read_stays_as_it_is()
    {
        byte[] broken = [0, 1, 2];
        MessageAge.Add(broken, 5);
        Assert.Equal([0, 1, 2], broken);
    }
}
