using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Doctor;
using Firstbyte.Sockets.Os;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Doctor;

/// <summary>A zone that is well but for one thing, which the doctor must find; and a zone that is well, in which it finds nothing but what its parent is to be given.</summary>
public class ZoneDoctorTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly uint s_moment = (uint)s_now.ToUnixTimeSeconds();
    private static readonly DnsName s_origin = DnsName.Parse("example.com.");
    private static readonly Lazy<ZoneKey> s_key = new(() => NewKey(SigningAlgorithm.EcdsaP256Sha256));

    /// <summary>What is planted here, and not in a site.</summary>
    internal static IReadOnlyList<Type> Planted { get; } =
    [
        typeof(ZoneFaulty), typeof(ZoneServersFew), typeof(ZoneServersTogether), typeof(ZoneServersWithout), typeof(ZoneServerUnreachable), typeof(ZonePrimaryHidden),
        typeof(ZoneTimerUnwise), typeof(ZoneMailboxMiswritten), typeof(ZoneReferralLong), typeof(ZoneUnsigned), typeof(ZoneSignaturesExpiring), typeof(ZoneAlgorithmOld),
        typeof(ZoneHashesCostly), typeof(ZoneChildRecordForeign), typeof(ZoneAsksForUnsigning), typeof(ZoneDelegation),
    ];

    // Addresses of networks that anybody may reach: those of documents are a finding themselves.
    private const string Well = """
        $TTL 3600
        @ SOA ns1 hostmaster 1 7200 900 1209600 300
        @ NS ns1
        @ NS ns2
        ns1 A 198.41.0.4
        ns1 AAAA 2001:503:ba3e::2:30
        ns2 A 192.33.4.12
        ns2 AAAA 2001:500:2::c
        www A 192.33.4.80

        """;

    private static ZoneKey NewKey(SigningAlgorithm algorithm) => ZoneKey.Generate(s_origin, isEntryPoint: true, algorithm, new OsNetwork().Random);

    private static Zone Load(string text)
    {
        Assert.True(Zone.TryLoad(text, "db", s_origin, out var zone, out var problems), string.Join('\n', problems));
        return zone;
    }

    private static Zone Signed(string text, int days = 30, bool isHashed = false, bool asksParent = false, ZoneKey? key = null) => Load(string.Join('\n', ZoneSigner.Sign(
        Load(text), [key ?? s_key.Value], new SigningOptions(s_moment - 3600, s_moment + (uint)days * 86_400, isHashed) { AsksParent = asksParent })) + "\n");

    private static Finding[] Find(Zone zone) => [.. ZoneDoctor.FindingsOf(zone, s_now)];

    [Fact]
    public void A_signed_zone_that_is_well_has_nothing_but_what_its_parent_is_to_be_given()
    {
        foreach (var isHashed in (bool[])[false, true])
        {
            var delegation = Assert.IsType<ZoneDelegation>(Assert.Single(Find(Signed(Well, isHashed: isHashed, asksParent: true))));
            Assert.True(delegation.IsSigned);
            Assert.Equal(
                [
                    "example.com. IN NS ns1.example.com.", "example.com. IN NS ns2.example.com.",
                    "ns1.example.com. IN A 198.41.0.4", "ns1.example.com. IN AAAA 2001:503:ba3e::2:30",
                    "ns2.example.com. IN A 192.33.4.12", "ns2.example.com. IN AAAA 2001:500:2::c",
                    $"example.com. IN DS {s_key.Value.Public.ToDelegationSigner()}",
                ],
                delegation.Records);
        }
    }

    [Fact]
    public void An_unsigned_one_is_told_so() => Assert.Equal([new ZoneUnsigned()], Find(Load(Well))[..^1]);

    [Fact]
    public void Servers_outside_the_zone_are_not_spoken_of()
    {
        var findings = Find(Load("$TTL 3600\n@ SOA ns1.example.net. hostmaster 1 7200 900 1209600 300\n@ NS ns1.example.net.\n@ NS ns2.example.net.\n"));
        Assert.Equal([new ZoneUnsigned()], findings[..^1]);
        Assert.Equal(["example.com. IN NS ns1.example.net.", "example.com. IN NS ns2.example.net."], Assert.IsType<ZoneDelegation>(findings[^1]).Records);
    }

    public static TheoryData<string, string, Finding> Plants => new()
    {
        { "@ NS ns2\n", "", new ZoneServersFew() },
        { "ns2 A 192.33.4.12\nns2 AAAA 2001:500:2::c", "ns2 A 198.41.0.5", new ZoneServersTogether(IpPrefix.Parse("198.41.0.0/24"), 2) },
        { "ns1 AAAA 2001:503:ba3e::2:30\nns2 A 192.33.4.12\nns2 AAAA 2001:500:2::c", "ns2 A 192.33.4.12", new ZoneServersWithout(IpVersion.V6) },
        { "ns1 A 198.41.0.4\nns1 AAAA 2001:503:ba3e::2:30\nns2 A 192.33.4.12", "ns1 AAAA 2001:503:ba3e::2:30", new ZoneServersWithout(IpVersion.V4) },
        { "198.41.0.4", "192.168.1.4", new ZoneServerUnreachable("ns1.example.com.", IpAddress.Parse("192.168.1.4"), AddressKind.Private) },
        { "198.41.0.4", "127.0.0.1", new ZoneServerUnreachable("ns1.example.com.", IpAddress.Parse("127.0.0.1"), AddressKind.Loopback) },
        { "SOA ns1 ", "SOA hidden ", new ZonePrimaryHidden("hidden.example.com.") },
        { " 7200 ", " 1000 ", new ZoneTimerUnwise(SoaTimer.Refresh, 1000, 1200, 86_400) },
        { " 900 ", " 7200 ", new ZoneTimerUnwise(SoaTimer.Retry, 7200, 120, 7199) },
        { " 1209600 ", " 604799 ", new ZoneTimerUnwise(SoaTimer.Expire, 604_799, 604_800, 3_628_800) },
        { " 7200 900 1209600 ", " 86400 85000 4294967295 ", new ZoneTimerUnwise(SoaTimer.Expire, 4_294_967_295, 604_800, 3_628_800) },
        { " 300\n", " 86401\n", new ZoneTimerUnwise(SoaTimer.Minimum, 86_401, 60, 86_400) },
        { " hostmaster ", " admin@example.com. ", new ZoneMailboxMiswritten("admin\\@example.com.") },
    };

    [Theory]
    [MemberData(nameof(Plants))]
    public void One_thing_that_is_wrong_is_the_one_that_is_found(string good, string bad, Finding finding)
    {
        Assert.Contains(good, Well, StringComparison.Ordinal);
        Assert.Equal([finding], Find(Signed(Well.Replace(good, bad, StringComparison.Ordinal)))[..^1]);
    }

    [Fact]
    public void A_long_referral_is_found()
    {
        var many = string.Concat(Enumerable.Range(3, 20).Select(static i => $"@ NS {new string((char)('a' + i), 20)}.example.net.\n"));
        Assert.InRange(Assert.IsType<ZoneReferralLong>(Find(Signed(Well + many))[0]).Bytes, 513, 2000);
    }

    [Theory]
    [InlineData(7, -1)]
    [InlineData(6, 6)]
    [InlineData(1, 1)]
    public void Signatures_that_end_within_a_week_are_found(int days, int told)
    {
        var found = Find(Signed(Well, days)).OfType<ZoneSignaturesExpiring>().ToArray();
        if (told < 0) { Assert.Empty(found); }
        else { Assert.Equal((told, Instant.FromDateTimeOffset(s_now.AddDays(days))), (Assert.Single(found).Days, found[0].Until)); }
    }

    [Fact]
    public void What_a_zone_asks_of_its_parent_must_fit_its_keys()
    {
        var other = NewKey(SigningAlgorithm.Ed25519);
        Assert.Equal(
            [new ZoneChildRecordForeign("CDS", $"{other.Public.ToDelegationSigner()}"), new ZoneChildRecordForeign("CDNSKEY", $"{other.Public.Data}")],
            Find(Signed($"{Well}@ CDS {other.Public.ToDelegationSigner()}\n@ CDNSKEY {other.Public.Data}\n"))[..^1]);
        Assert.Equal([new ZoneAsksForUnsigning()], Find(Signed(Well + "@ CDS 0 0 0 00\n@ CDNSKEY 0 3 0 AA==\n"))[..^1]);
    }

    [Fact]
    public void A_key_that_should_sign_no_more_is_found()
    {
        var old = new ZonePublicKey(s_origin, 256, new SigningAlgorithm(5), [3, 1, 0, 1, .. Enumerable.Repeat((byte)0xC5, 128)]);
        Assert.Equal([new ZoneAlgorithmOld(old.KeyTag, "RSASHA1")], Find(Signed($"{Well}@ DNSKEY {old.Data}\n"))[..^1]);
    }

    [Fact]
    public void Hashes_that_cost_more_than_they_must_are_found() => Assert.Equal(
        [new ZoneHashesCostly(10, 4)], Find(Load($"{Well}@ DNSKEY {s_key.Value.Public.Data}\n@ NSEC3PARAM 1 0 10 aabbccdd\n"))[..^1]);

    /// <summary>What the file shows is weighed: what keeps a zone from being served or believed is an error, the rest warns; later rounds tell what has changed.</summary>
    [Fact]
    public void What_the_file_shows_is_weighed_and_later_rounds_tell_what_has_changed()
    {
        var events = new List<TraceEvent>();
        var tracer = new Tracer(new Listener(events));
        var doctor = new ZoneDoctor(new OsNetwork());
        Assert.False(Zone.TryLoad(Well + "www CNAME ns1\n", "db", s_origin, out _, out var errors));
        Assert.Equal(2, doctor.Examine("example.com=db", null, errors, tracer).ExitCode);
        Assert.True(Zone.TryLoad(Well + "sub NS ns.sub\n", "db", s_origin, out var zone, out var warnings));
        Assert.Equal(1, doctor.Examine("example.com=db", zone, warnings, tracer).ExitCode);
        Assert.True(Zone.TryLoad(Well, "db", s_origin, out zone, out warnings));
        Assert.Equal(0, doctor.Examine("example.com=db", zone, warnings, tracer).ExitCode);
        Assert.Equal(
            [ZoneFlaw.CnameNotAlone, ZoneFlaw.GlueMissing],
            events.OfType<FindingFound>().Select(static found => found.Finding).OfType<ZoneFaulty>().Select(static faulty => faulty.Problem.Flaw));
        var compared = events.OfType<ExaminationCompared>().ToArray();
        Assert.Equal([2, 3], compared.Select(static one => one.Round));
        Assert.IsType<ZoneFaulty>(Assert.Single(compared[1].Gone));
        Assert.Empty(compared[1].Come);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_validators_refuse_is_an_error(bool isExpired)
    {
        var text = string.Join('\n', ZoneSigner.Sign(Load(Well), [s_key.Value], new SigningOptions(s_moment - 7200, s_moment - 3600, IsHashed: false))) + "\n";
        var inspection = new SignatureInspection(isExpired ? s_moment : s_moment - 5000, SignatureVerifier.IsSigned);
        Assert.True(Zone.TryLoad(text, "db", s_origin, out var zone, out var problems, inspection: inspection));
        Assert.Equal(isExpired ? 2 : 0, new ZoneDoctor(new OsNetwork()).Examine("example.com=db", zone, problems, Tracer.Silent).ExitCode);
    }

    private sealed class Listener(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }
}
