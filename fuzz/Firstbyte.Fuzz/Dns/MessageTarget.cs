using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Reads messages in every way there is, and compares the readings with each other and with what is written from them.</summary>
internal sealed class MessageTarget : FuzzTarget
{
    public override string Name => "dns-message";

    public override string Holds => "no exception; every refusal has its reason and place; two readings of record data agree; what is written reads as the same";

    public override int MaximumLength => 8192;

    public override IReadOnlyList<byte[]> Tokens => DnsTokens.All;

    public override IEnumerable<byte[]> Seeds()
    {
        var (www, ns) = (DnsName.Parse("www.Example.com"), DnsName.Parse("ns1.example.com"));
        DnsRecord Record(RecordData data) => new(www, new Ttl(300), data);
        var rich = new DnsMessage
        {
            Id = 7,
            Flags = HeaderFlags.Response,
            Questions = [new Question(www, RecordType.A)],
            Answers =
            [
                Record(new NameData(RecordType.CNAME, ns)), Record(new AddressData(IpAddress.Parse("192.0.2.1"))), Record(new AddressData(IpAddress.Parse("2001:db8::1"))),
                Record(new MxData(10, ns)), Record(new TxtData(["v=spf1 -all"u8.ToArray(), []])), Record(new SrvData(1, 2, 3, ns)),
            ],
            Authorities = [Record(new NameData(RecordType.NS, ns)), Record(new SoaData(ns, www, 1, 2, 3, 4, 5))],
            Additionals = [Record(new AddressData(IpAddress.Parse("192.0.2.53")))],
            Edns = new Edns(1232, 0, true, [new EdnsOption(EdnsOptionCode.Cookie, [1, 2, 3, 4, 5, 6, 7, 8])]),
        };
        return [rich.ToArray(), DnsMessage.Query(1, new Question(www, RecordType.Any), edns: Edns.Default).ToArray(), new DnsMessage().ToArray()];
    }

    public override void Check(byte[] bytes)
    {
        if (!MessageView.TryRead(bytes, out var view, out var error))
        {
            Require(error.Fault != MessageFault.None && error.Offset <= bytes.Length, $"a refusal without reason: {error}");
            return;
        }
        var room = new byte[MessageView.MaxLength + 1024];
        foreach (var section in (ReadOnlySpan<MessageSection>)[MessageSection.Answer, MessageSection.Authority, MessageSection.Additional])
        {
            foreach (var record in view.Records(section))
            {
                record.TryGetAddress(out _);
                record.TryGetNegativeTtl(out _);
                if (record.TryGetTarget(out var target)) { Require(target.ToName().Length <= WireName.MaxLength, "a name too long"); }
                var expanded = record.TryExpandData(room, out var length);
                if (record.TryGetData(out var data)) { Require(expanded && data.Wire.SequenceEqual(room.AsSpan(0, length)), "two readings of RDATA differ"); }
            }
        }
        if (bytes.Length > MessageView.MaxLength || !DnsMessage.TryParse(bytes, out var message, out _)) { return; }
        var room2 = new byte[MessageView.MaxLength];
        int written;
        // Questions that were compressed against each other may be too many to write at all.
        try { written = message.Write(room2); }
        catch (ArgumentException) when (message.Questions.Count > 1) { return; }
        Require(DnsMessage.TryParse(room2.AsSpan(0, written), out var again, out error), $"what was written cannot be read: {error}");
        Require(again.IsTruncated || again.Answers.SequenceEqual(message.Answers) && again.Authorities.SequenceEqual(message.Authorities)
            && again.Additionals.SequenceEqual(message.Additionals) && again.ResponseCode == message.ResponseCode, "what was written reads differently");
    }
}
