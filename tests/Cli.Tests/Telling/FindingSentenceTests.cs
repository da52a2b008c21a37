using System.Text;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Doctor;
using Firstbyte.Errors;
using Firstbyte.Http;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Telling;

/// <summary>Everything that the doctor can find, told: the pages FindingSentences.*.txt are what a user reads.</summary>
public partial class FindingSentenceTests
{
    private static readonly IpAddress s_one = IpAddress.Parse("192.0.2.80"), s_other = IpAddress.Parse("2001:db8::80");
    private static readonly Instant s_day = Instant.SimulationEpoch;
    private static readonly Origin s_origin = new("https", "www.example.test", 443);
    private static readonly JourneyFailure s_refused = new NotConnected(s_origin, [new ConnectAttempt(s_one, Errno.ECONNREFUSED, 1000)]);
    private static readonly JourneyFailure s_empty = new ResponseUnreadable(s_origin, MessageFault.EndedBeforeFirstByte, 0);

    public static TheoryData<string> Tags => [.. Languages.All.Where(static language => language.IsComplete).Select(static language => language.Tag)];

    [Theory]
    [MemberData(nameof(Tags))]
    public void Every_finding_has_its_sentence_its_weight_its_clause_and_its_cure(string tag)
    {
        var words = Languages.Of(tag)!.Doctor;
        var page = new StringBuilder();
        foreach (var finding in All)
        {
            var verdict = FindingTable.Of(finding);
            page.Append(verdict.Severity).Append(' ').Append(words.What(finding)).Append('\n');
            if (words.Cure(finding, Standpoint.Here) is { } cure) { page.Append("    ").Append(cure).Append('\n'); }
            if (verdict.Clause is { } clause) { page.Append("    ").Append(clause).Append('\n'); }
        }
        ApprovedText.Check($"FindingSentences.{tag}.txt", page.ToString());
    }

    [Theory]
    [MemberData(nameof(Tags))]
    public void A_sentence_ends_and_shows_no_name_of_ours(string tag) => Assert.All(All, finding =>
    {
        var words = Languages.Of(tag)!.Doctor;
        foreach (var said in (string?[])[words.What(finding).ToString(), words.Cure(finding, Standpoint.Here)?.ToString()])
        {
            if (said is null) { continue; }
            if (!said.StartsWith("Try", StringComparison.Ordinal) && !said.StartsWith("可以", StringComparison.Ordinal)) { Assert.Matches("[.。]$", said); }
            Assert.DoesNotMatch(OurName(), said);
        }
    });

    [Fact]
    public void No_kind_of_finding_is_left_out()
    {
        var kinds = typeof(Finding).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Finding))).ToArray();
        Assert.Empty(kinds.Except(All.Select(static finding => finding.GetType())));
        // Each has a name of its own in JSON, and stands by it in the document.
        var names = typeof(Finding).GetCustomAttributes(typeof(JsonDerivedTypeAttribute), false).Cast<JsonDerivedTypeAttribute>().ToArray();
        Assert.Empty(kinds.Except(names.Select(static one => one.DerivedType)));
        var document = File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "doctor.md"));
        Assert.All(names, name => Assert.Contains($"`{name.TypeDiscriminator}`", document, StringComparison.Ordinal));
    }

    [Fact]
    public void No_english_words_are_left_in_chinese() => Assert.All(All, finding =>
    {
        var words = Languages.Chinese.Doctor;
        var said = Value().Replace($"{words.What(finding)} {words.Cure(finding, Standpoint.Here)}", "");
        Assert.DoesNotMatch("[a-z]{3,} [a-z]{2,} [a-z]{2,}", said);
    });

    private static IEnumerable<Finding> All =>
    [
        new JourneyBroken(new NameDoesNotExist("www.example.test", new(Dns.Outcomes.AnswerSourceKind.RecursiveServer, null, "", "", false, 0, 0))),
        new JourneyBroken(s_refused), new JourneyBroken(s_empty),
        new AddressBroken(s_one, 443, s_refused, false), new AddressBroken(s_other, 443, s_refused, true), new AddressBroken(s_one, 443, s_empty, false),
        new FamilyMissing(IpVersion.V4), new FamilyMissing(IpVersion.V6), new FamilyUnexamined(IpVersion.V6, 1), new FamilyUnexamined(IpVersion.V4, 2),
        new AddressesUnexamined(12, 8), new AnswersDiffer(s_one, 200, s_other, 404), new AnswerSlow(2_345_000_000), new ExaminationCut(3, 4),
        new TlsAbsent(443),
        .. Enum.GetValues<CertificateFaultKind>().Select(static kind => new CertificateFaulty(
            new CertificateFault(kind, 0, "CN=www.example.test", "CN=Root", s_day, s_day, s_day, ["other.test"], "www.example.test"), [s_one, s_other])),
        new CertificateFaulty(
            new CertificateFault(CertificateFaultKind.Expired, 1, "CN=Between", "CN=Root", s_day, s_day, s_day, [], "www.example.test"), [s_one, s_one, s_one, s_one]),
        new CertificateExpiring("CN=www.example.test", s_day, 1), new CertificateExpiring("CN=www.example.test", s_day, 12),
        new CertificateExpiring("CN=www.example.test", s_day, 0), new CertificatesDiffer(s_one, s_day, s_other, s_day), new TlsOld(TlsVersion.Tls12),
        new PlainServed(200), new RedirectTemporary(302, "https://www.example.test/"), new RedirectToPlain("https://www.example.test/", "http://www.example.test/"),
        new RedirectsMany(4), new HstsMissing(), new HstsMalformed("forever"), new HstsShort(0), new HstsShort(3600), new HstsShort(8_640_000), new HstsOnPlain(),
        new ErrorAnswered(404), new ErrorAnswered(503), new ErrorAnswered(599),
        .. Enum.GetValues<MessageFlaw>().Select(static flaw => new MessageFlawed(flaw, FlawAction.AcceptedThenClose)),
        .. Enum.GetValues<FlawAction>().Select(static action => new MessageFlawed(MessageFlaw.BareLineFeed, action)),
        new EndByClose(), new ConnectionNotKept(), new VersionOld("HTTP/1.0"), new DateMissing(), new DateWrong(-3600), new DateWrong(864_000),
        new TypeMissing(), new CharsetMissing("text/html"), new CacheSilent(), new CacheContradictory("no-store, max-age=60"), new CookieCached("public"),
        new ValidatorMissing(), new ValidatorIgnored("\"1\""), new ContentUncoded("text/html", 123_456), new VaryMissing("gzip"),
        .. Enum.GetValues<CookieGap>().Select(static gap => new CookieOpen("id", gap)),
        .. Enum.GetValues<CookieRefusal>().Where(static why => why != CookieRefusal.None).Select(static why => new CookieNotKept("id", why)),
        new CookieNotKept("", CookieRefusal.Empty),
        new Http2NotOffered(null), new Http2NotOffered("http/1.1"), new Http3NotOffered(), new AltSvcMalformed("h3 443"), new OfferNotKept("h2", "http/1.1"),
        new OfferNotKept("h3", null),
        .. Enum.GetValues<ZoneFlaw>().Select(static flaw => new ZoneFaulty(
            new ZoneProblem(new ZonePlace("db.example", 12, 5), flaw, new ZoneExpectation(ZoneTerm.NsAtOrigin, "example."), "www.example. 60 IN A 192.0.2.1"))),
        new ZoneServersFew(), new ZoneServersTogether(IpPrefix.Parse("192.0.2.0/24"), 2), new ZoneServersWithout(IpVersion.V4), new ZoneServersWithout(IpVersion.V6),
        new ZoneServerUnreachable("ns1.example.", IpAddress.Parse("192.168.0.1"), AddressKind.Private),
        new ZoneServerUnreachable("ns1.example.", s_one, AddressKind.Documentation), new ZonePrimaryHidden("primary.example."),
        .. Enum.GetValues<SoaTimer>().SelectMany(static timer => (Finding[])[new ZoneTimerUnwise(timer, 5, 60, 86_400), new ZoneTimerUnwise(timer, 90_000, 60, 86_400)]),
        new ZoneMailboxMiswritten("admin@example.com."), new ZoneReferralLong(612), new ZoneUnsigned(),
        new ZoneSignaturesExpiring("www.example.", "A", s_day, 0), new ZoneSignaturesExpiring("www.example.", "A", s_day, 3), new ZoneAlgorithmOld(4104, "RSASHA1"),
        new ZoneHashesCostly(10, 8), new ZoneChildRecordForeign("CDS", "4104 13 2 ABCD"), new ZoneAsksForUnsigning(),
        new ZoneDelegation(["example. IN NS ns1.example."], false), new ZoneDelegation(["example. IN NS ns1.example.", "example. IN DS 4104 13 2 ABCD"], true),
        new NameServerSilent("example.", "ns1.example.", s_one, true), new NameServerSilent("example.", "ns1.example.", s_one, false),
        new NameServerLame("example.", "ns1.example.", s_one, "REFUSED"), new NameServerLame("example.", "ns1.example.", s_one, "NOERROR"),
        new NameServerSlow("example.", "ns1.example.", s_one, 812_000_000),
        .. Enum.GetValues<ServerSkill>().Select(static skill => new NameServerDeaf("example.", "ns1.example.", s_one, skill)),
        new NameSerialsDiffer("example.", [6, 7]), new NameServersDiffer("example.", ["ns2.example."], []), new NameServersDiffer("example.", [], ["ns3.example."]),
        new NameServersDiffer("example.", ["ns2.example."], ["ns3.example."]), new NameTtlsDiffer("example.", 172_800, 3600), new NameGlueMissing("example.", "ns1.example."),
        new NameGlueDiffers("example.", "ns1.example.", [s_one], [s_other]), new NameGlueDiffers("example.", "ns1.example.", [s_one], []),
        new NameServerUnknown("example.", "ns.elsewhere."), new NameAnswersDiffer("www.example.", "A", ["A 192.0.2.1", ""]),
        .. Enum.GetValues<Dns.Outcomes.ValidationFlaw>().Where(static flaw => flaw != Dns.Outcomes.ValidationFlaw.None).Select(static flaw => new NameBogus("www.example.", "example.", flaw)),
    ];

    // Names in capitals are the field's; two capitals inside one word of small letters are ours.
    [GeneratedRegex(@"\b(?!HttpOnly\b|SameSite\b)[A-Z][a-z]+[A-Z][a-z]+[A-Za-z]*\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex OurName();

    // Names of fields and commands stand as they are typed.
    [GeneratedRegex(@"firstbyte [ -~]+|[A-Z][\w-]+: [\w=;, ""-]+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Value();
}
