using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Wire;

public class MessageTests
{
    /// <summary>A response of www.example.com: CNAME, A, NS, SOA, MX, TXT, SRV, AAAA, unknown type, EDNS.</summary>
    internal static DnsMessage Rich { get; } = new()
    {
        Id = 0xBEEF,
        Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer | HeaderFlags.RecursionDesired,
        ResponseCode = ResponseCode.NameError,
        Questions = [new Question(DnsName.Parse("www.Example.com"), RecordType.A)],
        Answers =
        [
            Record("www.example.com", new NameData(RecordType.CNAME, DnsName.Parse("web.example.com"))),
            Record("web.example.com", new AddressData(IpAddress.Parse("192.0.2.1"))),
            Record("web.example.com", new AddressData(IpAddress.Parse("2001:db8::1"))),
            Record("example.com", new MxData(10, DnsName.Parse("mail.example.com"))),
            Record("example.com", new TxtData("v=spf1 -all"u8.ToArray(), [])),
            Record("_http._tcp.example.com", new SrvData(1, 2, 80, DnsName.Parse("web.example.com"))),
            Record("example.com", Opaque(new RecordType(65280), [1, 2, 3])),
        ],
        Authorities =
        [
            Record("example.com", new NameData(RecordType.NS, DnsName.Parse("ns1.example.com"))),
            Record("example.com", new SoaData(DnsName.Parse("ns1.example.com"), DnsName.Parse("hostmaster.example.com"), 2026, 7200, 900, 1209600, 300)),
        ],
        Additionals = [Record("ns1.example.com", new AddressData(IpAddress.Parse("192.0.2.53")))],
        Edns = new Edns(1232, 0, true, [new EdnsOption(EdnsOptionCode.Cookie, [1, 2, 3, 4, 5, 6, 7, 8])]),
    };

    [Fact]
    public void A_message_survives_writing_and_reading()
    {
        var bytes = Rich.ToArray();
        Assert.True(DnsMessage.TryParse(bytes, out var again, out var error), error.ToString());
        // A pointer takes the case of the name it points to.
        Assert.Equal(Rich.ToString(), again.ToString(), ignoreCase: true);
        Assert.Equal(Rich.Answers, again.Answers);
        Assert.Equal(Rich.Edns!.Options[0].Data, again.Edns!.Options[0].Data);
        Assert.Equal(bytes, again.ToArray());
    }

    [Fact]
    public void Names_are_compressed_as_in_rfc_1035_section_4_1_4()
    {
        // F.ISI.ARPA at 12 (where the RFC has 20), FOO.F.ISI.ARPA with a pointer to it, ARPA with a pointer into it, the root as one zero.
        var buffer = new byte[512];
        var writer = new MessageWriter(buffer);
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse("F.ISI.ARPA"), RecordType.A)));
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse("FOO.F.ISI.ARPA"), RecordType.A)));
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Parse("ARPA"), RecordType.A)));
        Assert.True(writer.TryWriteQuestion(new Question(DnsName.Root, RecordType.A)));
        byte[] expected =
        [
            1, (byte)'F', 3, (byte)'I', (byte)'S', (byte)'I', 4, (byte)'A', (byte)'R', (byte)'P', (byte)'A', 0, 0, 1, 0, 1,
            3, (byte)'F', (byte)'O', (byte)'O', 0xC0, 12, 0, 1, 0, 1,
            0xC0, 18, 0, 1, 0, 1,
            0, 0, 1, 0, 1,
        ];
        Assert.Equal(expected, buffer[12..writer.Length]);
    }

    [Fact]
    public void Names_in_rdata_are_compressed_only_where_rfc_3597_section_4_allows_it()
    {
        var ns = Size(new NameData(RecordType.NS, DnsName.Parse("www.example.com")));
        var srv = Size(new SrvData(0, 0, 0, DnsName.Parse("www.example.com")));
        var dname = Size(new NameData(RecordType.DNAME, DnsName.Parse("www.example.com")));
        Assert.Equal((2, 6 + 17, 17), (ns, srv, dname));

        static int Size(RecordData data)
        {
            var message = new DnsMessage { Answers = [Record("www.example.com", data)] };
            return message.ToArray().Length - 12 - 17 - 10;
        }
    }

    [Fact]
    public void Compressed_names_in_rdata_are_read_for_every_type_that_has_names()
    {
        // SRV data with a pointer, as some servers send it against RFC 2782.
        byte[] bytes =
        [
            0, 1, 0x80, 0, 0, 1, 0, 1, 0, 0, 0, 0,
            1, (byte)'a', 0, 0, 33, 0, 1,
            0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 9, 0, 8, 0, 1, 0, 2, 0, 3, 0xC0, 12,
        ];
        Assert.True(DnsMessage.TryParse(bytes, out var message, out _));
        Assert.Equal("a. 9 IN SRV 1 2 3 a.", message.Answers[0].ToString());
    }

    [Fact]
    public void Case_of_a_question_is_kept_and_does_not_stop_compression()
    {
        var bytes = Rich.ToArray();
        Assert.True(MessageView.TryRead(bytes, out var view, out _));
        Assert.True(view.TryGetQuestion(out var question));
        Assert.True(question.Name.EqualsExactly(DnsName.Parse("www.Example.com")));
        foreach (var record in view.Answers)
        {
            Assert.Equal([0xC0, 12], bytes[record.Offset..(record.Offset + 2)]);
            break;
        }
    }

    [Fact]
    public void A_view_reads_and_a_writer_writes_without_allocating()
    {
        var bytes = Rich.ToArray();
        var buffer = new byte[1232];
        var (ns, web) = (DnsName.Parse("ns1.example.com"), DnsName.Parse("web.example.com"));
        var found = 0;
        var read = Allocations.Of(() =>
        {
            Assert.True(MessageView.TryRead(bytes, out var view, out _));
            foreach (var record in view.Answers)
            {
                if (record.TryGetAddress(out _) && record.Owner.Equals(web)) { found++; }
                if (record.TryGetTarget(out var target) && target.Equals(web)) { found++; }
            }
            foreach (var record in view.Authorities)
            {
                if (record.TryGetTarget(out var target) && target.Equals(ns)) { found++; }
                if (record.TryGetNegativeTtl(out _)) { found++; }
                if (record.TryExpandData(buffer, out _)) { found++; }
            }
            if (view.Edns.TryGetOption(EdnsOptionCode.Cookie, out var cookie) && cookie.Length == 8) { found++; }
        });
        Assert.Equal(0, read);
        Assert.True(found > 0);

        var question = Rich.Questions[0];
        var set = new RecordSet(web, RecordType.A, RecordClass.IN, new Ttl(300), new AddressData(IpAddress.Parse("192.0.2.1")), new AddressData(IpAddress.Parse("192.0.2.2")));
        var (mx, length) = (Rich.Answers[3], 0);
        var write = Allocations.Of(() =>
        {
            var writer = new MessageWriter(buffer);
            writer.TryReserveEdns(0);
            writer.TryWriteQuestion(question);
            writer.TryWriteRecordSet(MessageSection.Answer, set);
            writer.TryWriteRecord(MessageSection.Answer, mx);
            writer.TryWriteEdns(1232, ResponseCode.NoError, false, default);
            length = writer.Finish(1, HeaderFlags.Response, OpCode.Query, ResponseCode.NoError);
        });
        Assert.Equal(0, write);
        Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, length), out var message, out _));
        Assert.Equal(3, message.Answers.Count);
    }

    [Fact]
    public void What_does_not_fit_is_not_written_and_leaves_no_trace()
    {
        var whole = Rich.ToArray();
        for (var size = 80; size < whole.Length; size++)
        {
            var buffer = new byte[size];
            var length = Rich.Write(buffer);
            Assert.True(length <= size);
            Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, length), out var cut, out var error), $"{size}: {error}");
            Assert.True(cut.IsTruncated);
            Assert.NotNull(cut.Edns);
            Assert.Equal(Rich.Answers.Take(cut.Answers.Count), cut.Answers);
        }
    }

    [Fact]
    public void Only_so_many_names_are_compressed()
    {
        // Each record brings two new labels; past the limit names are written out and are still right.
        var records = Enumerable.Range(0, 200).Select(i => Record($"a{i}.b{i}.example", new NameData(RecordType.NS, DnsName.Parse($"a{i}.b{i}.example")))).ToList();
        var message = new DnsMessage { Answers = records };
        Assert.True(DnsMessage.TryParse(message.ToArray(), out var again, out _));
        Assert.Equal(records, again.Answers);
    }

    [Fact]
    public void Any_records_survive_writing_and_reading() => Gen.Select(DnsGenerators.Record.Array[0, 30], Gen.Bool).Sample((records, edns) =>
    {
        var message = new DnsMessage { Id = 7, Answers = records, Edns = edns ? Edns.Default : null };
        Assert.True(DnsMessage.TryParse(message.ToArray(), out var again, out var error), error.ToString());
        Assert.Equal(records, again.Answers);
        Assert.Equal(records.Select(record => record.RawData.ToArray()), again.Answers.Select(record => record.RawData.ToArray()), ByteArrayComparer);
    });

    internal static DnsRecord Record(string owner, RecordData data) => new(DnsName.Parse(owner), new Ttl(300), data);

    internal static RecordData Opaque(RecordType type, byte[] bytes)
    {
        Assert.True(RecordData.TryRead(type, bytes, out var data));
        return data;
    }

    private static readonly IEqualityComparer<byte[]> ByteArrayComparer =
        EqualityComparer<byte[]>.Create((a, b) => WireName.Equals(a, b), bytes => bytes.Length);
}
