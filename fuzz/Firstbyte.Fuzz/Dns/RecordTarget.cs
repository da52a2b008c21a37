using System.Text;
using System.Text.Json;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>Reads the data of every record type, as bytes and as text: the first byte says which row, the second which of the two.</summary>
internal sealed class RecordTarget : FuzzTarget
{
    private static readonly DnsName s_origin = DnsName.Parse("example.");

    /// <summary>Data of the shapes that rows are made of, as text.</summary>
    private static readonly (string Type, string Text)[] s_texts =
    [
        ("LOC", "42 21 54.5 N 71 06 18 W -24m 30m 1m 1m"), ("APL", "1:192.0.2.0/24 !2:2001:db8::/32"), ("SVCB", "1 . mandatory=alpn alpn=\"h2,a\\\\,b\" port=443 ipv4hint=192.0.2.1 ech=AEj+DQ== key667=x"),
        ("HTTPS", "1 a no-default-alpn alpn=h3 ipv6hint=::1 dohpath=/q"), ("NSEC3", "1 1 12 aabb 2t7b4g4vsa5smi47k61mv5bv1a22bojr A TYPE1234"), ("NSEC", "b A NS"), ("IPSECKEY", "1 3 2 g AQ=="),
        ("AMTRELAY", "1 1 2 2001:db8::1"), ("RRSIG", "A 5 3 60 20030322173103 20030220173103 1 e AQID"), ("HIP", "2 2001 AwEA r s"), ("WKS", "192.0.2.1 tcp smtp 80"), ("CAA", "0 issue \";\""),
        ("NAPTR", "1 2 u s \"!a!b!\" ."), ("URI", "1 2 \"ftp://x\""), ("EUI48", "00-00-5e-00-53-2a"), ("L64", "1 2001:DB8:1140:1000"), ("NSAP", "0x47.0005"), ("CERT", "PKIX 1 RSASHA256 AQID"),
        ("TSIG", "hmac 1 2 3 AQID 4 BADTIME 0"), ("SOA", "a b 1 2h 3 4 5"), ("ISDN", "1 2"), ("DS", "1 8 2 AB CD"),
    ];

    public override string Name => "dns-record";

    public override string Holds => "no exception; data that is taken has a text and JSON, and the text, the generic text and the canonical bytes are read as the same data";

    public override IReadOnlyList<byte[]> Tokens => [.. s_texts.SelectMany(static pair => pair.Text.Split(' ')).Distinct().Select(Encoding.Latin1.GetBytes)];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (var (type, text) in s_texts)
        {
            var row = RecordTypes.All.Index().First(pair => pair.Item.Mnemonic == type);
            yield return [(byte)row.Index, 0, .. Encoding.Latin1.GetBytes(text)];
            if (Read(row.Item.Type, text) is { } data) { yield return [(byte)row.Index, 1, .. data.Wire]; }
        }
    }

    public override void Check(byte[] input)
    {
        if (input.Length < 2) { return; }
        var type = RecordTypes.All[input[0] % RecordTypes.All.Count].Type;
        // No zone file can name it: it is the word for every type.
        if (type == RecordType.Any) { return; }
        if (input[1] % 2 == 0)
        {
            if (Read(type, Encoding.Latin1.GetString(input.AsSpan(2)).ReplaceLineEndings(" ")) is { } parsed) { CheckData(type, parsed); }
            return;
        }
        if (!RecordData.TryRead(type, input.AsSpan(2), out var data)) { return; }
        Require(data.Wire.SequenceEqual(input.AsSpan(2)), "other bytes");
        CheckData(type, data);
    }

    private static void CheckData(RecordType type, RecordData data)
    {
        Require(Read(type, data.ToString()) is { } again && again.Wire.SequenceEqual(data.Wire), $"{type} {data} is read as other data");
        Require(Read(type, data.ToGenericString()) is { } generic && generic.Wire.SequenceEqual(data.Wire), $"{type} {data.ToGenericString()} is read as other data");
        Require(RecordData.TryRead(type, data.ToCanonical(), out var canonical) && canonical.Equals(data) && canonical.CompareTo(data) == 0, "the canonical form is other data");
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) { data.WriteJson(json); }
        using var document = JsonDocument.Parse(stream.ToArray());
    }

    private static RecordData? Read(RecordType type, string text)
    {
        var file = ZoneFileReader.Read($"x 1 {type} {text}\n", "fuzz", s_origin);
        return file.Problems.Count == 0 && file.Lines.Count == 1 ? file.Lines[0].Record.Data : null;
    }
}
