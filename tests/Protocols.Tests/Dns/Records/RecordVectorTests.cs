using System.Diagnostics;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Records;

/// <summary>The examples of the documents that define the types, beside their bytes; and the same asked of another implementation.</summary>
public class RecordVectorTests
{
    private const string Ldns = "/usr/bin/ldns-read-zone";

    private static readonly IReadOnlyList<RecordVector> s_vectors = RecordVector.All;

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, s_vectors.Count)];

    [Fact]
    public void Every_row_has_an_example() =>
        Assert.Empty(RecordTypes.All.Where(row => row.Standing != Standing.Question).Select(row => row.Mnemonic).Except(s_vectors.Select(vector => vector.Type)));

    [Theory]
    [MemberData(nameof(Numbers))]
    public void The_example_is_read_as_its_bytes_and_they_as_the_same_again(int number)
    {
        var vector = s_vectors[number];
        var type = RecordTypesTests.TypeOf(vector.Type);
        var read = RecordTypesTests.Parse(type, vector.Text);
        Assert.Equal(vector.Hex, Convert.ToHexStringLower(read.Wire));
        Assert.True(RecordData.TryRead(type, Convert.FromHexString(vector.Hex), out var data));
        Assert.Equal(vector.Hex, Convert.ToHexStringLower(RecordTypesTests.Parse(type, data.ToString()).Wire));
    }

    [Theory]
    [InlineData("LOC", "42 21 54 N 71 06 18 W -24m 30m", "42 21 54.000 N 71 6 18.000 W -24.00m 30m 10000m 10m")]
    [InlineData("CERT", "1 65535 8 AQID", "PKIX 65535 8 AQID")]
    [InlineData("SVCB", @"16 foo.example.org. alpn=f\\\092oo\092,bar,h2", """16 foo.example.org. alpn="f\\\\oo\\,bar,h2" """)]
    [InlineData("SVCB", "1 . key1=\\002h2 key65000 mandatory=key65000", """1 . mandatory=key65000 alpn="h2" key65000""")]
    [InlineData("NSEC3", "1 1 12 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS A NS", "1 1 12 - 2t7b4g4vsa5smi47k61mv5bv1a22bojr A NS")]
    [InlineData("DS", "60485 ECDSAP256SHA256 1 ab CD", "60485 13 1 ABCD")]
    [InlineData("WKS", "10.0.0.1 tcp smtp 80", "10.0.0.1 6 25 80")]
    [InlineData("DSYNC", "CSYNC 1 53 x.", "CSYNC NOTIFY 53 x.")]
    [InlineData("DSYNC", "CSYNC 129 53 x.", "CSYNC 129 53 x.")]
    [InlineData("RRSIG", "A 5 3 60 1048354263 20030220173103 1 e. AQID", "A 5 3 60 20030322173103 20030220173103 1 e. AQID")]
    // What these cannot say in words they say in bytes: another version, nothing to the power of three, a gateway to come, zeros at the end.
    [InlineData("LOC", @"\# 4 01020304", null)]
    [InlineData("LOC", @"\# 16 00031613800000008000000000989680", @"\# 16 00031613800000008000000000989680")]
    [InlineData("IPSECKEY", @"\# 5 0A09020102", @"\# 5 0A09020102")]
    [InlineData("WKS", @"\# 7 0A000001064000", @"\# 7 0A000001064000")]
    public void What_is_written_is_the_common_form(string type, string text, string? written)
    {
        var file = ZoneFileReader.Read($"x 1 {type} {text}\n", "db", DnsName.Root);
        Assert.Equal(written?.TrimEnd(), file.Lines.Count == 0 ? null : file.Lines[0].Record.Data.ToString());
    }

    [Theory]
    // RFC 9460 appendix D.3, in its order.
    [InlineData("SVCB 1 foo.example.com. ( key123=abc key123=def )", "ServiceParameterOnce, found 'key123=def'")]
    [InlineData("SVCB 1 foo.example.com. mandatory", "ServiceParameter, found 'mandatory'")]
    [InlineData("SVCB 1 foo.example.com. alpn", "ServiceParameter, found 'alpn'")]
    [InlineData("SVCB 1 foo.example.com. port", "ServiceParameter, found 'port'")]
    [InlineData("SVCB 1 foo.example.com. ipv4hint", "ServiceParameter, found 'ipv4hint'")]
    [InlineData("SVCB 1 foo.example.com. ipv6hint", "ServiceParameter, found 'ipv6hint'")]
    [InlineData("SVCB 1 foo.example.com. no-default-alpn=abc", "ServiceParameter, found 'no-default-alpn=abc'")]
    [InlineData("SVCB 1 foo.example.com. mandatory=key123", "DataOfType SVCB, found 'mandatory=key123'")]
    [InlineData("SVCB 1 foo.example.com. mandatory=mandatory", "ServiceParameter, found 'mandatory=mandatory'")]
    [InlineData("SVCB 1 foo.example.com. ( mandatory=key123,key123 key123=abc )", "ServiceParameter, found 'mandatory=key123,key123'")]
    [InlineData("SVCB 1 . no-default-alpn", "DataOfType SVCB, found 'no-default-alpn'")]
    [InlineData("SVCB 1 . key007=x", "ServiceParameter, found 'key007=x'")]
    [InlineData("SVCB 1 . alpn=a,,b", "ServiceParameter, found 'alpn=a,,b'")]
    [InlineData("DS 1 8 2", "HexadecimalPairs as digest, found nothing")]
    [InlineData("DS 1 8 2 ABC", "HexadecimalPairs as digest, found 'ABC'")]
    [InlineData("DS 65536 8 2 AB", "Number 65535 as keyTag, found '65536'")]
    [InlineData("DS 1 RSASHA3 2 AB", "Algorithm, found 'RSASHA3'")]
    [InlineData("DNSKEY 256 3 8 A", "Base64 as key, found 'A'")]
    [InlineData("NSEC host.example. A FROB", "RecordType, found 'FROB'")]
    [InlineData("NSEC3 1 1 12 aabbc 2t7b4g4v A", "HexadecimalOrNone, found 'aabbc'")]
    [InlineData("NSEC3 1 1 12 aabb 2t7 A", "Base32Hex, found '2t7'")]
    [InlineData("RRSIG A 5 3 60 20030229173103 20030220173103 1 e. AQID", "SignatureTime as expiration, found '20030229173103'")]
    [InlineData("LOC 91 N 71 W 0m", "Latitude, found '91'")]
    [InlineData("LOC 42 60 N 71 W 0m", "Latitude, found '60'")]
    [InlineData("LOC 42 N 71 0m", "Longitude, found '0m'")]
    [InlineData("LOC 42 N 71 W", "Altitude, found nothing")]
    [InlineData("LOC 42 N 71 W 0m -1m", "LocationSize, found '-1m'")]
    [InlineData("APL 1:192.0.2.0/33", "AddressPrefix, found '1:192.0.2.0/33'")]
    [InlineData("APL 2:192.0.2.0/24", "AddressPrefix, found '2:192.0.2.0/24'")]
    [InlineData("IPSECKEY 10 1 2 2001:db8::1 AQ==", "Gateway, found '2001:db8::1'")]
    [InlineData("IPSECKEY 10 4 2 x AQ==", "Gateway, found 'x'")]
    [InlineData("CAA 0 is-sue x", "Tag, found 'is-sue'")]
    [InlineData("CAA 256 issue x", "Number 255 as flags, found '256'")]
    [InlineData("URI 1 1 \"\"", "String, found nothing")]
    [InlineData("EUI48 00-00-5e-00-53", "Eui48, found '00-00-5e-00-53'")]
    [InlineData("NID 10 0014:4fff:ff20", "Locator, found '0014:4fff:ff20'")]
    [InlineData("NSAP 47", "Nsap, found '47'")]
    [InlineData("DSYNC CDS POLL 53 x.", "NotificationScheme, found 'POLL'")]
    [InlineData("HIP 2 zz AQ==", "HostIdentity, found 'zz'")]
    [InlineData("ZONEMD 1 1 1 00112233445566778899aa", "HexadecimalPairs as digest, found '00112233445566778899aa'")]
    [InlineData("WKS 10.0.0.1 tcp frob", "PortOrService, found 'frob'")]
    [InlineData("ISDN 1 2 3", "EndOfRecord ISDN, found '3'")]
    [InlineData("RP a..b c", "DomainName (EmptyLabel) as mailbox, found 'a..b'")]
    [InlineData("NULL x", "GenericData NULL, found 'x'")]
    public void What_is_wrong_is_told_with_the_field(string record, string problem) =>
        Assert.EndsWith($"expected {problem}", Assert.Single(ZoneFileReader.Read($"x 1 {record}\n", "db", DnsName.Root).Problems).ToString(), StringComparison.Ordinal);

    /// <summary>Every bit of 64 has its digit, whichever way round: RFC 6742 sections 2.1.2 and 2.3.2, RFC 7043 section 4.2.</summary>
    [Theory]
    [InlineData("NID", "1 ", ':', 4)]
    [InlineData("L64", "1 ", ':', 4)]
    [InlineData("EUI64", "", '-', 2)]
    public void Eight_octets_are_read_and_written_bit_by_bit(string type, string before, char separator, int digits)
    {
        for (var bit = 0; bit <= 64; bit++)
        {
            var hex = (bit == 64 ? ulong.MaxValue : 1UL << bit).ToString("x16");
            var text = before + string.Join(separator, hex.Chunk(digits).Select(static group => new string(group)));
            var read = RecordTypesTests.Parse(RecordTypesTests.TypeOf(type), text);
            Assert.Equal(hex, Convert.ToHexStringLower(read.Wire[^8..]));
            Assert.Equal(text, read.ToString());
            // Capitals are read as well, and for the locators groups without their leading zeros.
            Assert.Equal(read, RecordTypesTests.Parse(RecordTypesTests.TypeOf(type), text.ToUpperInvariant()));
            if (separator != ':') { continue; }
            var shorter = before + string.Join(separator, hex.Chunk(digits).Select(static group => new string(group).TrimStart('0') is { Length: > 0 } rest ? rest : "0"));
            Assert.Equal(read, RecordTypesTests.Parse(RecordTypesTests.TypeOf(type), shorter));
        }
    }

    /// <summary>No type of today has a number of 8 octets in decimal; the next one may.</summary>
    [Theory]
    [InlineData(1, "255")]
    [InlineData(6, "281474976710655")]
    [InlineData(8, "18446744073709551615")]
    public void A_number_has_all_its_values(int size, string most) => Assert.Equal(most, new NumberField(size).Detail);

    [Theory]
    // Keys that do not ascend, a value cut off, a key twice, an empty protocol: RFC 9460 sections 2.2 and 7.1.1.
    [InlineData("SVCB", "0001 00 0003 0002 01bb 0001 0003 026832")]
    [InlineData("SVCB", "0001 00 0003 0002 01")]
    [InlineData("SVCB", "0001 00 0003 0002 01bb 0003 0002 01bb")]
    [InlineData("SVCB", "0001 00 0001 0001 00")]
    [InlineData("SVCB", "0001 c000")]
    // A window twice, an empty window, zeros at the end, a window too long: RFC 4034 section 4.1.2.
    [InlineData("NSEC", "00 0001 40 0001 40")]
    [InlineData("NSEC", "00 0000")]
    [InlineData("NSEC", "00 0002 4000")]
    [InlineData("NSEC", "00 0021 40")]
    [InlineData("NSEC3", "01 00 0000 00 00 0001 40")]
    [InlineData("APL", "0001 18 03 c00200")]
    [InlineData("APL", "0001 21 01 c0")]
    [InlineData("LOC", "00a21613 80000000 80000000 00989680")]
    [InlineData("LOC", "00121613 ffffffff 80000000 00989680")]
    [InlineData("CAA", "00 00 78")]
    [InlineData("CAA", "00 02 2d2d 78")]
    [InlineData("TXT", "")]
    [InlineData("TLSA", "000001")]
    [InlineData("TA", "0001")]
    public void Malformed_data_is_refused(string type, string hex)
    {
        Assert.False(RecordData.TryRead(RecordTypesTests.TypeOf(type), Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)), out _));
    }

    [Fact]
    public void Sets_are_ordered_by_their_canonical_bytes()
    {
        // RFC 4034 section 6.3: as octets from the left, where what ends first comes first; names in lower case.
        RecordData[] data = [.. new[] { "10 b.example.", "10 A.example.", "9 z.example.", "10 a.exampl." }.Select(text => RecordTypesTests.Parse(RecordType.MX, text))];
        Assert.Equal(["9 z.example.", "10 a.exampl.", "10 A.example.", "10 b.example."], data.Order().Select(one => one.ToString()));
        Assert.True(RecordTypesTests.Parse(RecordType.TXT, "a") < RecordTypesTests.Parse(RecordType.TXT, "a \"\""));
    }

    /// <summary>Debian's ldns (package ldnsutils) reads every example and everything that is written here, and finds the same bytes.</summary>
    [Fact]
    public async Task Ldns_reads_the_same()
    {
        if (!File.Exists(Ldns)) { Assert.Skip($"{Ldns} is not installed"); }
        // Version 1.8 knows no types of messages, has a form of its own for SINK, takes escaped commas in ALPN for commas and NSAP-PTR for text.
        string[] unknown = [.. RecordVector.TypesUnknownTo("ldns"), "TKEY", "TSIG", "SINK", "OPT", "NSAP-PTR"];
        var shared = s_vectors.Where(vector => !unknown.Contains(vector.Type) && !vector.Text.Contains("oo\\", StringComparison.Ordinal)).ToList();
        Assert.True(shared.Count > 85);
        foreach (var form in new Func<RecordType, RecordVector, string>[] { (_, vector) => vector.Text, (type, vector) => RecordTypesTests.Parse(type, vector.Text).ToString() })
        {
            var lines = shared.Select((vector, i) => $"n{i}. 1 IN {vector.Type} {form(RecordTypesTests.TypeOf(vector.Type), vector)}\n");
            var bytes = (await ReadByLdns(string.Concat(lines))).ToDictionary(line => line.Name, line => line.Hex);
            Assert.All(shared.Index(), item => Assert.Equal((item.Item, item.Item.Hex), (item.Item, bytes.GetValueOrDefault($"n{item.Index}."))));
        }
    }

    private static async Task<List<(string Name, string Hex)>> ReadByLdns(string zone)
    {
        // Bytes for all types but the one after -U, which stands nowhere in the zone.
        using var process = Process.Start(new ProcessStartInfo(Ldns) { ArgumentList = { "-U", "UID" }, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await process.StandardInput.WriteAsync(zone);
        process.StandardInput.Close();
        var text = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return [.. text.Split('\n').Select(line => line.Split('\t', ' ')).Where(words => words.Length > 5).Select(words => (words[0], words.Length > 6 ? words[6] : ""))];
    }
}
