using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Conformance;

/// <summary>Zones that we sign, checked by BIND's and ldns' own verifiers; and keys that BIND made, read by us.</summary>
public class SignedByUsTests
{
    private const string Verifier = "/usr/bin/dnssec-verify", OtherVerifier = "/usr/bin/ldns-verify-zone", Generator = "/usr/bin/dnssec-keygen";

    private const string Text =
        """
        $TTL 300
        @ SOA ns1 mail 7 3600 300 3600000 60
        @ NS ns1
        @ NS ns2.Else.test.
        @ MX 10 Mail
        ns1 A 192.0.2.1
        Mail A 192.0.2.2
        Mail AAAA 2001:db8::2
        *.wild TXT "a" "b"
        deep.down.under A 192.0.2.3
        sub NS ns.sub
        ns.sub A 192.0.2.4
        safe NS ns.elsewhere.test.
        safe DS 55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17
        moved DNAME Other.test.
        srv SRV 1 2 80 Mail
        odd TYPE65400 \# 2 0102
        alias CNAME Mail

        """;

    private static readonly DnsName Origin = DnsName.Parse("Signed.test");

    [Theory]
    [InlineData("ECDSAP256SHA256", false)]
    [InlineData("ECDSAP256SHA256", true)]
    [InlineData("ED25519", false)]
    [InlineData("ED25519", true)]
    [InlineData("RSASHA256", false)]
    [InlineData("RSASHA256", true)]
    public void BIND_and_ldns_accept_what_we_sign(string name, bool isHashed)
    {
        Assert.SkipUnless(File.Exists(Verifier) && File.Exists(OtherVerifier), "dnssec-verify and ldns-verify-zone are not installed (bind9-utils, ldnsutils)");
        Assert.True(SigningAlgorithm.TryParse(name, out var algorithm));
        ZoneKey[] keys = [New(algorithm, true), New(algorithm, false)];
        var folder = Directory.CreateTempSubdirectory("firstbyte-signed-").FullName;
        var file = Path.Combine(folder, "signed");
        try
        {
            File.WriteAllText(file, Sign(keys, isHashed));
            PeerTool.Demand(Verifier, folder, "-o", $"{Origin}", file);
            PeerTool.Demand(OtherVerifier, folder, file);
            // A verifier that accepts everything would accept this as well.
            File.WriteAllText(file, Sign(keys, isHashed).Replace("192.0.2.3", "192.0.2.33", StringComparison.Ordinal));
            Assert.NotEqual(0, PeerTool.Run(Verifier, folder, "-o", $"{Origin}", file).Code);
            Assert.NotEqual(0, PeerTool.Run(OtherVerifier, folder, file).Code);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData("ECDSAP256SHA256")]
    [InlineData("ED25519")]
    [InlineData("RSASHA256")]
    public void Keys_of_BIND_are_read_and_written_as_they_were(string algorithm)
    {
        Assert.SkipUnless(File.Exists(Generator), "dnssec-keygen is not installed (bind9-utils)");
        var folder = Directory.CreateTempSubdirectory("firstbyte-keys-").FullName;
        try
        {
            PeerTool.Demand(Generator, folder, "-q", "-a", algorithm, "-f", "KSK", "Signed.test");
            var publicFile = Assert.Single(Directory.GetFiles(folder, "*.key"));
            var privateText = File.ReadAllText(Path.ChangeExtension(publicFile, ".private"));
            Assert.True(KeyFile.TryRead(File.ReadAllText(publicFile), privateText, out var key, out var flaw), $"{flaw}");
            Assert.Equal(Path.GetFileNameWithoutExtension(publicFile), KeyFile.NameOf(key.Public));
            var theirs = privateText.Split('\n').Where(static line => line.Length > 0 && !IsTime(line));
            Assert.Equal(theirs, KeyFile.WritePrivate(key).TrimEnd('\n').Split('\n'));
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    /// <summary>ldns wants a digest that fits (-Z, twice: of a signed zone); with NSEC3 its verifier, version 1.8.3, goes around for ever on this zone.</summary>
    [Fact]
    public void Ldns_finds_the_digest_that_we_make_right()
    {
        Assert.SkipUnless(File.Exists(Verifier) && File.Exists(OtherVerifier), "dnssec-verify and ldns-verify-zone are not installed (bind9-utils, ldnsutils)");
        ZoneKey[] keys = [New(SigningAlgorithm.Ed25519, true), New(SigningAlgorithm.Ed25519, false)];
        var folder = Directory.CreateTempSubdirectory("firstbyte-digest-").FullName;
        try
        {
            var file = Path.Combine(folder, "signed");
            var text = Sign(keys, isHashed: false, hasDigest: true);
            Assert.Contains(" IN CDS ", text, StringComparison.Ordinal);
            Assert.Contains(" IN CDNSKEY ", text, StringComparison.Ordinal);
            File.WriteAllText(file, text);
            PeerTool.Demand(OtherVerifier, folder, "-ZZ", file);
            PeerTool.Demand(Verifier, folder, "-o", $"{Origin}", file);
            File.WriteAllText(file, text.Replace("ns.sub.Signed.test. 300 IN A 192.0.2.4", "ns.sub.Signed.test. 300 IN A 192.0.2.5", StringComparison.OrdinalIgnoreCase));
            Assert.NotEqual(0, PeerTool.Run(OtherVerifier, folder, "-ZZ", file).Code);
            Assert.True(Zone.TryLoad(File.ReadAllText(file), "signed", Origin, out _, out var problems, null, SignaturesOfToday()));
            Assert.Equal(ZoneFlaw.DigestWrong, Assert.Single(problems).Flaw);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    /// <summary>Each line of a signed zone is left out in turn: BIND's verifier refuses what is left exactly where our check has something to tell.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_BIND_s_verifier_refuses_our_check_tells(bool isHashed)
    {
        Assert.SkipUnless(File.Exists(Verifier), "dnssec-verify is not installed (bind9-utils)");
        var lines = Sign([New(SigningAlgorithm.Ed25519, true), New(SigningAlgorithm.Ed25519, false)], isHashed).TrimEnd('\n').Split('\n');
        var folder = Directory.CreateTempSubdirectory("firstbyte-signed-").FullName;
        try
        {
            var file = Path.Combine(folder, "signed");
            var (refused, differing) = (0, new List<string>());
            for (var left = 0; left < lines.Length; left++)
            {
                var text = string.Join('\n', lines.Where((_, i) => i != left)) + "\n";
                if (!Zone.TryLoad(text, "signed", Origin, out _, out var problems, null, SignaturesOfToday())) { continue; }
                File.WriteAllText(file, text);
                var isRefused = PeerTool.Run(Verifier, folder, "-o", $"{Origin}", file).Code != 0;
                refused += isRefused ? 1 : 0;
                if (isRefused != problems.Any(static problem => problem.Flaw >= ZoneFlaw.SignatureExpired)) { differing.Add($"{isRefused}: {lines[left]}"); }
            }
            Assert.True(differing.Count == 0, string.Join('\n', differing));
            Assert.InRange(refused, 20, lines.Length);
        }
        finally { Directory.Delete(folder, recursive: true); }
    }

    [Theory]
    [InlineData]
    [InlineData("-3", "-", "-H", "0")]
    [InlineData("-3", "AB12", "-H", "2", "-A")]
    public void Of_a_zone_that_BIND_signed_our_check_has_nothing_to_tell(params string[] options)
    {
        using var signed = SignedZone.TrySign(DnsPeersTests.Origin, DnsPeersTests.ZoneText, options);
        if (signed is null) { Assert.Skip("dnssec-signzone is not installed"); }
        Assert.True(Zone.TryLoad(signed.Text, "zone", DnsName.Parse(DnsPeersTests.Origin), out _, out var problems, null, SignaturesOfToday()));
        Assert.DoesNotContain(problems, static problem => problem.Flaw >= ZoneFlaw.SignatureExpired);
    }

    private static SignatureInspection SignaturesOfToday() => new((uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds(), SignatureVerifier.IsSigned);

    private static bool IsTime(string line) => line.StartsWith("Created:", StringComparison.Ordinal) || line.StartsWith("Publish:", StringComparison.Ordinal)
        || line.StartsWith("Activate:", StringComparison.Ordinal) || line.StartsWith("SyncPublish:", StringComparison.Ordinal);

    private static ZoneKey New(SigningAlgorithm algorithm, bool isEntryPoint) => ZoneKey.Generate(Origin, isEntryPoint, algorithm, OsRandom.Instance);

    private static string Sign(ZoneKey[] keys, bool isHashed, bool hasDigest = false)
    {
        Assert.True(Zone.TryLoad(Text, "", Origin, out var zone, out var problems), string.Join('\n', problems));
        var now = (uint)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        return string.Join('\n', ZoneSigner.Sign(zone, keys, new SigningOptions(now - 3600, now + 86400, isHashed) { HasDigest = hasDigest, AsksParent = hasDigest })) + "\n";
    }
}
