using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns.Digging;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Shows any message as dig does, in the form that its first byte chooses.</summary>
internal sealed class DigTarget : FuzzTarget
{
    public override string Name => "dig";

    public override string Holds =>
        "no exception; what is shown has no control characters but tabs and line ends, whatever a server says; options read are written as the same";

    public override int MaximumLength => 4096;

    public override IReadOnlyList<byte[]> Tokens => DnsTokens.All;

    public override IEnumerable<byte[]> Seeds()
    {
        var name = DnsName.Parse("www.example");
        var message = new DnsMessage
        {
            Flags = HeaderFlags.Response,
            Questions = [new Question(name, RecordType.A)],
            Answers = [new DnsRecord(name, new Ttl(300), new AddressData(IpAddress.Parse("192.0.2.1")))],
            Authorities = [new DnsRecord(name, new Ttl(300), new SoaData(name, name, 1, 7200, 900, 1209600, 60))],
            Edns = new Edns(1232, 0, true,
            [
                new EdnsOption(EdnsOptionCode.Nsid, "ns"u8.ToArray()), new EdnsOption(EdnsOptionCode.ClientSubnet, [0, 1, 24, 0, 192, 0, 2]),
                new EdnsOption(EdnsOptionCode.ExtendedError, [0, 20, (byte)'x']), new EdnsOption(EdnsOptionCode.KeepAlive, [0, 100]),
                new EdnsOption(EdnsOptionCode.Expire, [0, 0, 1, 0]), new EdnsOption(EdnsOptionCode.Cookie, [1, 2, 3, 4, 5, 6, 7, 8]),
                new EdnsOption(EdnsOptionCode.Padding, [0, 0]), new EdnsOption(EdnsOptionCode.Chain, [0]),
            ]),
        };
        return [[0, .. message.ToArray()], [1, .. message.ToArray()], [0xFE, .. message.ToArray()]];
    }

    public override void Check(byte[] input)
    {
        if (input.Length == 0) { return; }
        var form = input[0];
        var bytes = input.AsSpan(1);
        var display = new DigDisplay
        {
            IsMultiline = (form & 1) != 0,
            TtlUnits = (form & 2) != 0,
            Ttl = (form & 4) == 0,
            Class = (form & 8) == 0,
            IsUnknownFormat = (form & 16) != 0,
            Crypto = (form & 32) == 0,
            RecordComments = (form & 64) != 0 ? true : null,
            Split = (form & 128) != 0 ? 4 : null,
        };
        var text = DigPage.Message(bytes, new DigQuery { Display = display }, isQuery: false, [1, 2, 3, 4, 5, 6, 7, 8]);
        foreach (var c in text) { Require(c is '\n' or '\t' or >= ' ' and not '\x7F', $"a control character {(int)c} is shown"); }
        if (!MessageView.TryRead(bytes, out var view, out _) || !view.HasEdns) { return; }
        foreach (var option in view.Edns.ToEdns().Options)
        {
            if (option.Code != EdnsOptionCode.ClientSubnet || !ClientSubnet.TryRead(option.Data, out var subnet)) { continue; }
            Require(subnet.ToArray().AsSpan().SequenceEqual(option.Data), $"{subnet} is written otherwise than it was read");
            Require(BinaryPrimitives.ReadUInt16BigEndian(option.Data) == subnet.Family, "another family");
        }
    }
}
