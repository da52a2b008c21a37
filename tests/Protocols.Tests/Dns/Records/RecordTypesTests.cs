using System.Text.Json;
using CsCheck;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Records;

/// <summary>What must hold for every row of the table of record types.</summary>
public class RecordTypesTests
{
    private static readonly DnsName Owner = DnsName.Parse("owner.example");

    /// <summary>Whatever has data: no type of questions.</summary>
    public static TheoryData<string> Mnemonics => [.. RecordTypes.All.Where(row => row.Standing != Standing.Question).Select(row => row.Mnemonic)];

    [Fact]
    public void Rows_are_in_order_and_have_names_and_numbers_of_their_own()
    {
        var numbers = RecordTypes.All.Select(row => row.Type.Value).ToList();
        Assert.Equal(numbers.Distinct().Order(), numbers);
        Assert.All(RecordTypes.All, row =>
        {
            Assert.Equal(row.Mnemonic, row.Type.ToString());
            Assert.True(RecordType.TryParse(row.Mnemonic.ToLowerInvariant(), out var type));
            Assert.Equal(row.Type, type);
            Assert.NotEmpty(row.Source);
            Assert.NotEmpty(row.Fields);
            Assert.Equal(row.Fields.Count, row.Fields.Select(field => field.Name).Distinct().Count());
            // RFC 6895 section 3.1: what only lives in messages has a number of that range, and nothing else has.
            Assert.Equal(row.Type.IsMeta, row.Standing is Standing.Message or Standing.Question);
        });
    }

    [Fact]
    public void Only_names_of_rfc_1035_are_compressed_and_those_of_rfc_4034_are_in_lower_case()
    {
        string[] compressed = ["NS", "MD", "MF", "CNAME", "SOA", "MB", "MG", "MR", "PTR", "MINFO", "MX"];
        Assert.Equal(compressed, RecordTypes.All.Where(row => row.Layout.IsCompressible).Select(row => row.Mnemonic));
        // RFC 4034 section 6.2 without HINFO, which has no name, A6, which is gone, and NSEC, which RFC 6840 section 5.1 takes off.
        string[] folded = [.. compressed, "RP", "AFSDB", "RT", "SIG", "PX", "NXT", "NAPTR", "KX", "SRV", "DNAME", "RRSIG"];
        Assert.Equal(folded.Order(), RecordTypes.All.Where(row => row.Layout.IsFolded).Select(row => row.Mnemonic).Order());
        // The layout finds every name that it must fold or take apart, and a message has room for what they grow to.
        Assert.All(RecordTypes.All, row =>
        {
            Assert.Equal(row.Layout.Names, row.Fields.Count(field => field.Kind is NameField { MayBeCompressed: true }));
            Assert.DoesNotContain(row.Fields, field => field.Kind is NameField { MayBeCompressed: false, IsFolded: true });
            Assert.InRange(row.Layout.Names * WireName.MaxLength, 0, RecordView.MaxExpansion);
        });
    }

    [Theory]
    [MemberData(nameof(Mnemonics))]
    public void Any_data_of_a_row_survives_text_and_message(string mnemonic)
    {
        var row = RecordTypes.Find(mnemonic)!;
        RecordGenerators.Rdata(row).Sample(rdata =>
        {
            Assert.True(RecordData.TryRead(row.Type, rdata, out var data), Convert.ToHexString(rdata));
            Assert.Equal(rdata, data.Wire.ToArray());
            Assert.Equal(rdata, Parse(row.Type, data.ToString()).Wire.ToArray());
            Assert.Equal(rdata, Parse(row.Type, data.ToGenericString()).Wire.ToArray());
            Assert.Equal(data.ToString(), Parse(row.Type, data.ToString()).ToString());
            if (row.Type != RecordType.OPT)
            {
                Assert.True(DnsMessage.TryParse(new DnsMessage { Answers = [new DnsRecord(Owner, new Ttl(1), data)] }.ToArray(), out var message, out var error), error.ToString());
                // A compressed name takes the case of the one it points at; all other bytes stay.
                Assert.Equal(data, message.Answers[0].Data);
                Assert.True(WireName.Equals(rdata, message.Answers[0].RawData));
                Assert.True(row.Layout.IsCompressible || message.Answers[0].RawData.SequenceEqual(rdata));
            }
            Assert.True(RecordData.TryRead(row.Type, data.ToCanonical(), out var canonical));
            Assert.Equal(data, canonical);
            Assert.Equal(0, data.CompareTo(canonical));
            Assert.Equal(row.Fields.Select(field => field.Name), Json(data).EnumerateObject().Select(member => member.Name));
        }, iter: 100);
    }

    [Theory]
    [MemberData(nameof(Mnemonics))]
    public void No_cut_and_no_change_of_a_rows_data_makes_anything_throw(string mnemonic)
    {
        var row = RecordTypes.Find(mnemonic)!;
        Gen.Select(RecordGenerators.Rdata(row), Gen.Select(Gen.Int[0, 100], Gen.Byte).Array[0, 3]).Sample((rdata, changes) =>
        {
            foreach (var (at, value) in changes)
            {
                if (at < rdata.Length) { rdata[at] = value; }
            }
            for (var length = 0; length <= Math.Min(rdata.Length, 80); length++) { Exercise(row.Type, rdata.AsSpan(0, length).ToArray()); }
            Exercise(row.Type, rdata);
        }, iter: 30);
    }

    /// <summary>What is taken at all has a text that is read as the same bytes, and JSON.</summary>
    private static void Exercise(RecordType type, byte[] rdata)
    {
        if (!RecordData.TryRead(type, rdata, out var data)) { return; }
        if (!rdata.AsSpan().SequenceEqual(Parse(type, data.ToString()).Wire)) { Assert.Fail($"{type} {data} is read as {Parse(type, data.ToString()).ToGenericString()}"); }
        data.ToCanonical();
        Json(data);
    }

    [Theory]
    [MemberData(nameof(Mnemonics))]
    public void Words_too_few_and_too_many_are_told(string mnemonic)
    {
        var row = RecordTypes.Find(mnemonic)!;
        if (row.Fields.Any(field => field.Kind is OpaqueField)) { return; }
        Gen.Select(RecordGenerators.Rdata(row), Gen.Int[0, 20], Gen.String[Gen.Char["a1.-\\\"=:/ "], 0, 8]).Sample((rdata, at, noise) =>
        {
            Assert.True(RecordData.TryRead(row.Type, rdata, out var data));
            var words = data.ToString().Split(' ');
            if (at < words.Length) { words[at] = noise; }
            var file = Read($"x 1 IN {row.Mnemonic} {string.Join(' ', words.Take(at + 5))}\n");
            // Either it says what is wrong, or what it read can be written and read again.
            Assert.All(file.Records, record => Assert.Equal(record.Data, Parse(row.Type, record.Data.ToString())));
            Assert.True(file.Problems.Count > 0 || file.Lines.Count == 1);
        }, iter: 50);
    }

    [Fact]
    public void A_type_is_added_by_its_row_alone()
    {
        // A type that nobody has: an address, a name, types and bytes. Its row is all that is written for it.
        var row = new RecordTypeRow(65_281, "PLANTED", "this test", new RecordField("preference", new NumberField(2)), new("host", new NameField(NameUse.Decompressed, isFolded: true)),
            new("types", new TypeBitmapField()));
        byte[] rdata = [0, 10, 4, (byte)'H', (byte)'o', (byte)'s', (byte)'t', 0, 0, 1, 0x40];
        Assert.True(row.IsValid(rdata));
        Assert.False(row.IsValid(rdata.AsSpan(0, rdata.Length - 1)));
        var text = new RecordTextWriter();
        Assert.True(row.TryPrint(rdata, text));
        Assert.Equal("10 Host. A", text.ToString());
        Assert.Equal((2, 0, 1, true, false), (row.Layout.Prefix, row.Layout.Strings, row.Layout.Names, row.Layout.IsFolded, row.Layout.IsCompressible));
        var canonical = rdata.ToArray();
        row.Layout.Canonicalize(canonical);
        Assert.Equal("host"u8.ToArray(), canonical.AsSpan(3, 4).ToArray());
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            row.WriteJson(json, rdata);
            json.WriteEndObject();
        }
        Assert.Equal("""{"preference":10,"host":"Host.","types":["A"]}""", System.Text.Encoding.UTF8.GetString(stream.ToArray()));
        Assert.All(Enumerable.Range(0, 20), _ => Assert.True(row.IsValid(RecordGenerators.Rdata(row).Single())));
    }

    /// <summary>The type of a name that is known to be one.</summary>
    internal static RecordType TypeOf(string mnemonic) => RecordType.TryParse(mnemonic, out var type) ? type : throw new ArgumentException(mnemonic, nameof(mnemonic));

    internal static RecordData Parse(RecordType type, string text)
    {
        var file = Read($"x 1 IN {type} {text}\n");
        Assert.True(file.Problems.Count == 0, $"{type} {text}: {string.Join(", ", file.Problems)}");
        return Assert.Single(file.Lines).Record.Data;
    }

    private static ZoneFile Read(string text) => ZoneFileReader.Read(text, "db", DnsName.Root);

    private static JsonElement Json(RecordData data)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) { data.WriteJson(json); }
        using var document = JsonDocument.Parse(stream.ToArray());
        return document.RootElement.Clone();
    }
}
