using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Signing;

/// <summary>The examples of RFC 4034 section 5.4 with RFC 4509, RFC 5702, RFC 6605, RFC 6979 and RFC 8080.</summary>
public class SigningVectorTests
{
    private const string RsaSecret =
        """
        Private-key-format: v1.2
        Algorithm:       8 (RSASHA256)
        Modulus:         wVwaxrHF2CK64aYKRUibLiH30KpPuPBjel7E8ZydQW1HYWHfoGmidzC2RnhwCC293hCzw+TFR2nqn8OVSY5t2Q==
        PublicExponent:  AQAB
        PrivateExponent: UR44xX6zB3eaeyvTRzmskHADrPCmPWnr8dxsNwiDGHzrMKLN+i/HAam+97HxIKVWNDH2ba9Mf1SA8xu9dcHZAQ==
        Prime1:          4c8IvFu1AVXGWeFLLFh5vs7fbdzdC6U82fduE6KkSWk=
        Prime2:          2zZpBE8ZXVnL74QjG4zINlDfH+EOEtjJJ3RtaYDugvE=
        Exponent1:       G2xAPFfK0KGxGANDVNxd1K1c9wOmmJ51mGbzKFFNMFk=
        Exponent2:       GYxP1Pa7CAwtHm8SAGX594qZVofOMhgd6YFCNyeVpKE=
        Coefficient:     icQdNRjlZGPmuJm2TIadubcO8X7V4y07aVhX464tx8Q=
        """;

    private const string RsaKey =
        "example.net. IN DNSKEY 256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=\n";

    private const string RsaSet =
        """
        www.example.net. 3600 IN A 192.0.2.91
        www.example.net. 3600 IN RRSIG A 8 3 3600 20300101000000 20000101000000 9033 example.net. (
            kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg== )
        """;

    private const string EcdsaSecret = "Private-key-format: v1.2\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=\n";

    private const string EcdsaKey =
        "example.net. IN DNSKEY 257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==\n";

    private const string EcdsaSet =
        """
        www.example.net. 3600 IN A 192.0.2.1
        www.example.net. 3600 IN RRSIG A 13 3 3600 20100909100439 20100812100439 55648 example.net. (
            qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw== )
        """;

    private const string Ed25519Secret = "Private-key-format: v1.2\nAlgorithm: 15 (ED25519)\nPrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n";

    private const string Ed25519Key = "example.com. IN DNSKEY 257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=\n";

    private const string Ed25519Set =
        """
        example.com. 3600 IN MX 10 mail.example.com.
        example.com. 3600 IN RRSIG MX 15 2 3600 1440021600 1438207200 3613 example.com. (
            oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg== )
        """;

    [Theory]
    [InlineData(RsaKey, RsaSecret, RsaSet, true)]
    [InlineData(EcdsaKey, EcdsaSecret, EcdsaSet, false)]
    [InlineData(Ed25519Key, Ed25519Secret, Ed25519Set, true)]
    public void The_signatures_of_the_RFCs_verify_and_are_made_where_there_is_no_nonce(string publicText, string privateText, string set, bool isOneOnly)
    {
        Assert.True(KeyFile.TryRead(publicText, privateText, out var key, out var flaw), $"{flaw}");
        var (signed, signature) = ReadSigned(set);
        Assert.True(SignatureVerifier.IsSigned(signed, signature, key.Public));
        var headerLength = SignedData.HeaderLength(signature);
        var made = key.Sign(SignedData.Of(signed, signature.Wire[..headerLength]));
        if (isOneOnly) { Assert.Equal(signature.Wire[headerLength..].ToArray(), made); }
        Assert.True(RecordData.TryRead(RecordType.RRSIG, [.. signature.Wire[..headerLength], .. made], out var ours));
        Assert.True(SignatureVerifier.IsSigned(signed, ours, key.Public));

        // Any bit of the signature, of its beginning or of the data that changes makes it worthless.
        for (var bit = 0; bit < signature.Wire.Length * 8; bit += 7)
        {
            var changed = signature.Wire.ToArray();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            if (RecordData.TryRead(RecordType.RRSIG, changed, out var other) && !other.Equals(signature))
            {
                Assert.False(SignatureVerifier.IsSigned(signed, other, key.Public), $"bit {bit}");
            }
        }
    }

    [Fact]
    public void Nonces_are_those_of_RFC_6979_A_2_5()
    {
        var secret = Convert.FromHexString("C9AFA9D845BA75166B5C215767B1D6934E50C3DB36E89B127B8A622B120F6721");
        var text = $"Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: {Convert.ToBase64String(secret)}\n";
        var point = Convert.FromHexString(
            "60FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299");
        Assert.True(KeyFile.TryRead($"example. IN DNSKEY 256 3 13 {Convert.ToBase64String(point)}\n", text, out var key, out var flaw), $"{flaw}");
        Assert.Equal(
            "EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8",
            Convert.ToHexString(key.Sign("sample"u8)));
        Assert.Equal(
            "F1ABB023518351CD71D881567B1EA663ED3EFCF6C5132B354F28D3B0B7D38367019F4113742A2B14BD25926B49C649155F267E60D3814B4C0CC84250E46F0083",
            Convert.ToHexString(key.Sign("test"u8)));
    }

    [Theory]
    [InlineData("dskey.example.com. IN DNSKEY 256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==",
        "60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A")]
    [InlineData(EcdsaKey, "55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17")]
    [InlineData(Ed25519Key, "3613 15 2 3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B")]
    public void Key_tags_and_digests_are_those_of_the_RFCs(string key, string expected)
    {
        var record = Assert.Single(ZoneFileReader.Read("$TTL 0\n" + key, "", DnsName.Root).Records);
        Assert.Equal(expected, new ZonePublicKey(record.Owner, record.Data).ToDelegationSigner().ToString());
    }

    [Theory]
    [InlineData("", EcdsaSecret, KeyFileFlaw.NoDnskey)]
    [InlineData("example.net. IN A 192.0.2.1\n", EcdsaSecret, KeyFileFlaw.NoDnskey)]
    [InlineData(EcdsaKey, "Algorithm: 13\n", KeyFileFlaw.UnknownFormat)]
    [InlineData("example.net. IN DNSKEY 257 3 5 AQOe\n", EcdsaSecret, KeyFileFlaw.UnknownAlgorithm)]
    [InlineData(EcdsaKey, Ed25519Secret, KeyFileFlaw.NotAPair)]
    [InlineData(EcdsaKey, "Private-key-format: v1.2\nAlgorithm: 13\n", KeyFileFlaw.BadSecret)]
    [InlineData(EcdsaKey, "Private-key-format: v1.2\nAlgorithm: 13\nPrivateKey: !\n", KeyFileFlaw.BadSecret)]
    [InlineData(EcdsaKey, "Private-key-format: v1.2\nAlgorithm: 13\nPrivateKey: //////////////////////////////////////////8=\n", KeyFileFlaw.BadSecret)]
    [InlineData(EcdsaKey, "Private-key-format: v1.2\nAlgorithm: 13\nPrivateKey: ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI=\n", KeyFileFlaw.NotAPair)]
    [InlineData(RsaKey, "Private-key-format: v1.2\nAlgorithm: 8\nModulus: AQAB\n", KeyFileFlaw.BadSecret)]
    public void Files_that_are_no_key_say_why(string publicText, string privateText, KeyFileFlaw expected)
    {
        Assert.False(KeyFile.TryRead(publicText, privateText, out _, out var flaw));
        Assert.Equal(expected, flaw);
    }

    [Theory]
    [InlineData("RSASHA256")]
    [InlineData("ECDSAP256SHA256")]
    [InlineData("ED25519")]
    public void A_new_key_is_read_back_from_its_files(string name)
    {
        Assert.True(SigningAlgorithm.TryParse(name, out var algorithm));
        var key = ZoneKey.Generate(DnsName.Parse("Example"), isEntryPoint: true, algorithm, new CountingRandom());
        Assert.True(KeyFile.TryRead(KeyFile.WritePublic(key.Public), KeyFile.WritePrivate(key), out var read, out var flaw), $"{flaw}");
        Assert.Equal(key.Public.Data, read.Public.Data);
        Assert.Equal(key.Sign("data"u8), read.Sign("data"u8));
        Assert.True(SignatureVerifier.IsSigned("data"u8, read.Sign("data"u8), key.Public));
        Assert.Equal($"Kexample.+{algorithm.Value:D3}+{key.Public.KeyTag:D5}", KeyFile.NameOf(key.Public));
    }

    /// <summary>BIND writes numbers without zeros in front: one key in 256 of ECDSA and one in 64 of RSA is shorter than its neighbours.</summary>
    [Theory]
    [InlineData(
        "x.test. IN DNSKEY 256 3 13 deXpWAnbijUlwNMlanfXK6ZH43jQZOr2r6t2AUGxs9DFxSlkSShNE++RZVRhe9h52jCBjg4PA3Q+2tJu5SVi9w==\n",
        "Private-key-format: v1.3\nAlgorithm: 13 (ECDSAP256SHA256)\nPrivateKey: Vs1Mqe/x6xKYyzyewUjpUkAzQLSvlEawhpewfWdISA==\n")]
    [InlineData(
        "x.test. IN DNSKEY 256 3 8 AwEAAanCcnznDzY/KPpNYUVAHIxlETed7JUDfCfr3g1upOQqGeoc2U/2cxgKmcQTNXryLH497gr0PfRkUVQKXEppj2c=\n",
        """
        Private-key-format: v1.3
        Algorithm: 8 (RSASHA256)
        Modulus: qcJyfOcPNj8o+k1hRUAcjGURN53slQN8J+veDW6k5CoZ6hzZT/ZzGAqZxBM1evIsfj3uCvQ99GRRVApcSmmPZw==
        PublicExponent: AQAB
        PrivateExponent: 4Mucz8kpW6xHlyzgodND+qXbJsr5flofDr5ITYE22Oq+VQXP8WXpHYCfvYZnOeSYWsr0+KjN7PyLFgYslfox
        Prime1: 3RmR8YYm2oO5t2C1CC8Z81B7C++eKezAYfQKWnTWEV8=
        Prime2: xI5Dz6Yo0NQxXUvYZ6G1nvBM17ZvKv990p/CpH0blvk=
        Exponent1: dXUgEy8xdOSFxOWbRr2/C4O12qFxZNRhX6hF18g58Q==
        Exponent2: VUNVXSU5/WSeyVbWWBYI4Bpjawuja6aK4SwWVh5DMpk=
        Coefficient: z2zySpS6XH17qbZ4XENf+soLn43Upq7KC64SPs9eJ+8=

        """)]
    public void Numbers_that_are_shorter_than_others_are_read_and_written_as_they_were(string publicText, string privateText)
    {
        Assert.True(KeyFile.TryRead(publicText, privateText, out var key, out var flaw), $"{flaw}");
        Assert.Equal(privateText, KeyFile.WritePrivate(key));
        Assert.True(SignatureVerifier.IsSigned("data"u8, key.Sign("data"u8), key.Public));
    }

    private static (RecordSet Set, RecordData Signature) ReadSigned(string text)
    {
        var file = ZoneFileReader.Read(text, "", DnsName.Root);
        Assert.Empty(file.Problems);
        var records = file.Records.ToArray();
        Assert.Equal(2, records.Length);
        return (new RecordSet(records[0].Owner, records[0].Type, records[0].Class, records[0].Ttl, records[0].Data), records[1].Data);
    }
}
