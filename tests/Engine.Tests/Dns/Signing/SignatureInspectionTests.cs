using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Signing;

/// <summary>What is told of a signed zone, beginning with one of which there is nothing to tell.</summary>
public class SignatureInspectionTests
{
    private const uint Now = 1_800_000_000;

    private const string Text =
        """
        $TTL 300
        @ SOA ns mail 7 3600 300 3600000 60
        @ NS ns
        ns A 192.0.2.1
        *.wild TXT "a"
        a.deep.down A 192.0.2.3
        sub NS ns.sub
        ns.sub A 192.0.2.4
        safe NS ns.elsewhere.test.
        safe DS 55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17
        moved DNAME Other.test.

        """;

    private static readonly DnsName s_origin = DnsName.Parse("Signed.test");

    private static readonly ZoneKey[] s_keys =
    [
        ZoneKey.Generate(s_origin, true, SigningAlgorithm.Ed25519, new CountingRandom()), ZoneKey.Generate(s_origin, false, SigningAlgorithm.EcdsaP256Sha256, new CountingRandom()),
        ZoneKey.Generate(s_origin, false, SigningAlgorithm.Ed25519, new CountingRandom()),
    ];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Of_a_zone_that_is_signed_well_there_is_nothing_to_tell(bool isHashed) => Assert.Empty(Inspect(Sign(isHashed)));

    [Fact]
    public void A_zone_without_signatures_is_left_alone() => Assert.Empty(Inspect(Text + $"@ DNSKEY {s_keys[0].Public.Data}\n"));

    [Theory]
    [InlineData(Now + 86_401, ZoneFlaw.SignatureExpired)]
    [InlineData(Now - 3_601, ZoneFlaw.SignatureEarly)]
    public void Times_are_told_and_no_more_than_twenty_of_a_kind(uint now, ZoneFlaw flaw)
    {
        var signed = Sign(isHashed: false);
        var problems = Inspect(signed, now);
        Assert.Equal(SignatureInspection.MaxOfKind, problems.Count(problem => problem.Flaw == flaw));
        var more = Assert.Single(problems, problem => problem.Flaw == ZoneFlaw.MoreOfKind);
        Assert.Equal($"{signed.Split(" IN RRSIG ").Length - 1}", more.Found);
        Assert.Equal(SignatureInspection.MaxOfKind + 1, problems.Count);
        Assert.All(problems, static problem => Assert.False(problem.IsError));
        // Who only serves the zone is told as well.
        Assert.Equal(problems.Count, Inspect(signed, now, isWhole: false).Count);
    }

    /// <summary>A line that begins so is gone, or another one is there instead.</summary>
    [Theory]
    [InlineData("ns.signed.test. 300 IN RRSIG A 13", "", ZoneFlaw.SignatureMissing, 5)]
    [InlineData("ns.signed.test. 300 IN A 192.0.2.1", "ns.signed.test. 300 IN A 192.0.2.2", ZoneFlaw.SignatureWrong, 6)]
    [InlineData("*.wild.signed.test. 300 IN TXT", "", ZoneFlaw.SignatureStray, 0)]
    [InlineData("*.wild.signed.test. 60 IN NSEC", "", ZoneFlaw.ChainBroken, 0)]
    public void What_is_wrong_with_a_set_is_told(string begin, string instead, ZoneFlaw flaw, int most)
    {
        var problems = Inspect(Replace(Sign(isHashed: false), begin, instead));
        Assert.Contains(problems, problem => problem.Flaw == flaw);
        if (most > 0) { Assert.All(problems, problem => Assert.Equal(flaw, problem.Flaw)); }
    }

    [Fact]
    public void A_signature_by_a_key_that_the_zone_does_not_show_is_told_with_its_key()
    {
        var text = Replace(Sign(isHashed: false), $"Signed.test. 300 IN DNSKEY {s_keys[2].Public.Data}", "");
        var foreign = Inspect(text).Where(static problem => problem.Flaw == ZoneFlaw.SignatureForeign).ToArray();
        Assert.NotEmpty(foreign);
        Assert.All(foreign, static problem => Assert.Equal($"ED25519 {s_keys[2].Public.KeyTag} signed.test.", problem.Found));
        Assert.NotEqual(0, foreign[0].Place.Line);
    }

    [Fact]
    public void A_signed_zone_without_a_chain_is_told()
    {
        var lines = Sign(isHashed: false).Split('\n').Where(static line => !line.Contains(" IN NSEC ", StringComparison.Ordinal) && !line.Contains(" RRSIG NSEC ", StringComparison.Ordinal));
        Assert.Equal(ZoneFlaw.ChainMissing, Assert.Single(Inspect(string.Join('\n', lines), isWhole: false)).Flaw);
    }

    [Theory]
    [InlineData(150, null)]
    [InlineData(151, ZoneTerm.BelievedIterations)]
    [InlineData(500, ZoneTerm.BelievedIterations)]
    [InlineData(501, ZoneTerm.ServedIterations)]
    public void Too_many_iterations_are_told(int iterations, ZoneTerm? term)
    {
        var problems = Inspect(Sign(isHashed: true).Replace("NSEC3PARAM 1 0 0 -", $"NSEC3PARAM 1 0 {iterations} -", StringComparison.Ordinal), isWhole: false);
        if (term is null) { Assert.Empty(problems); }
        else { Assert.Equal((ZoneFlaw.IterationsTooMany, term.Value, $"{iterations}"), (problems[0].Flaw, problems[0].Expected.Term, problems[0].Found)); }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_link_that_is_gone_points_elsewhere_or_has_other_types_is_told(bool isHashed)
    {
        var signed = Sign(isHashed);
        var type = isHashed ? " IN NSEC3 " : " IN NSEC ";
        var links = signed.Split('\n').Where(line => line.Contains(type, StringComparison.Ordinal)).ToArray();
        Assert.InRange(links.Length, 7, 12);
        foreach (var link in links)
        {
            var others = signed.Replace(link + "\n", "", StringComparison.Ordinal);
            var isApex = !isHashed && link.StartsWith("Signed.test.", StringComparison.Ordinal);
            Assert.Contains(Inspect(others), problem => problem.Flaw == (isApex ? ZoneFlaw.ChainMissing : ZoneFlaw.ChainBroken));
            foreach (var changed in (string[])[link + " TYPE999", isHashed ? ChangeNext(link) : link.Replace(" IN NSEC ", " IN NSEC x.", StringComparison.Ordinal)])
            {
                Assert.Contains(Inspect(signed.Replace(link, changed, StringComparison.Ordinal)), static problem => problem.Flaw == ZoneFlaw.ChainBroken);
            }
        }
        Assert.Contains(
            Inspect(signed + (isHashed ? $"{new string('0', 32)}{links[0][32..]}\n" : $"nothing.{links[0]}\n")),
            static problem => problem.Expected.Term is ZoneTerm.LinkedName or ZoneTerm.NextLink);
    }

    private static string ChangeNext(string link)
    {
        var words = link.Split(' ');
        words[8] = (words[8][0] == '0' ? '1' : '0') + words[8][1..];
        return string.Join(' ', words);
    }

    private static string Replace(string text, string begin, string instead)
    {
        var lines = text.Split('\n').ToList();
        var at = lines.FindIndex(line => line.StartsWith(begin, StringComparison.OrdinalIgnoreCase));
        Assert.True(at >= 0, begin);
        lines[at] = instead;
        return string.Join('\n', lines);
    }

    private static string Sign(bool isHashed)
    {
        Assert.True(Zone.TryLoad(Text, "", s_origin, out var zone, out var problems), string.Join('\n', problems));
        return string.Join('\n', ZoneSigner.Sign(zone, s_keys, new SigningOptions(Now - 3600, Now + 86400, isHashed))) + "\n";
    }

    private static List<ZoneProblem> Inspect(string text, uint now = Now, bool isWhole = true)
    {
        Assert.True(Zone.TryLoad(text, "db", s_origin, out _, out var problems, null, new SignatureInspection(now, isWhole ? SignatureVerifier.IsSigned : null)), string.Join('\n', problems));
        return [.. problems.Where(static problem => problem.Flaw >= ZoneFlaw.SignatureExpired)];
    }
}
