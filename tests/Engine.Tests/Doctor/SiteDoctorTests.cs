using Firstbyte.Addressing;
using Firstbyte.Doctor;
using Firstbyte.Errors;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Tls;
using Firstbyte.Tls;

namespace Firstbyte.Tests.Doctor;

/// <summary>A site with which all is well, and every fault planted in it: what is found is that fault and nothing else.</summary>
public class SiteDoctorTests
{
    private static readonly string s_text = new('x', 2000);

    /// <summary>What is planted, and the kinds of findings that it makes, in the order of the examiners.</summary>
    private static readonly Dictionary<string, (Action<DoctorWorld> Plant, Type[] Found)> s_plants = new()
    {
        ["a name that leads nowhere"] = (w => w.Addresses = [], [typeof(JourneyBroken)]),
        ["no page at all"] = (w => All(w, static m => (m.Secure, m.Plain) = (null, null)), [typeof(JourneyBroken)]),
        ["a dead address"] = (w => w.Machines[1].Deaf.Add(w.Machines[1].Addresses[0]), [typeof(AddressBroken), typeof(AddressBroken)]),
        ["a dead family"] = (w => All(w, static m => m.Deaf.Add(m.Addresses[1])), [typeof(AddressBroken), typeof(AddressBroken), typeof(AddressBroken), typeof(AddressBroken)]),
        ["a machine that answers nothing"] = (w => w.Machines[1].Secure = static _ => "", [typeof(AddressBroken), typeof(AddressBroken)]),
        ["no IPv6"] = (w => w.Addresses = [.. w.Machines.Select(static m => m.Addresses[0])], [typeof(FamilyMissing)]),
        ["no IPv4"] = (w => w.Addresses = [.. w.Machines.Select(static m => m.Addresses[1])], [typeof(FamilyMissing)]),
        ["an address without a way"] = (w => w.Addresses = [w.Machines[0].Addresses[1], IpAddress.Parse("203.0.113.1")], [typeof(FamilyUnexamined)]),
        ["many addresses"] = (
            w => w.Addresses = [.. w.Machines[0].Addresses, .. Enumerable.Repeat(w.Machines[0].Addresses[0], DoctorLimits.Addresses)],
            [typeof(AddressesUnexamined)]),
        ["one machine with an old site"] = (w => w.Machines[1].Secure = _ => DoctorWorld.Page(w.Machines[1].Host, status: "404 Not Found"), [typeof(AnswersDiffer), typeof(AnswersDiffer)]),
        ["a server that thinks"] = (w => All(w, static m => m.Thinks = TimeSpan.FromSeconds(2)), [typeof(AnswerSlow)]),
        ["no time"] = (w => (w.MaximumTime, w.Machines[0].Thinks, w.Machines[1].Thinks) = (TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(0.9)), [typeof(ExaminationCut)]),
        ["no TLS"] = (
            w =>
            {
                w.Url = "http://site.test/";
                All(w, static m => (m.Secure, m.Plain) = (null, head => Unsecured(m, head)));
            },
            [typeof(TlsAbsent)]),
        ["an expired certificate"] = (w => All(w, static m => m.Flaw = CertificateFlaw.Expired), [typeof(CertificateFaulty), typeof(CertificatesDiffer), typeof(CertificatesDiffer)]),
        ["a certificate for another name"] = (w => Single(w).Flaw = CertificateFlaw.WrongName, [typeof(CertificateFaulty)]),
        ["a certificate of nobody's"] = (w => Single(w).Flaw = CertificateFlaw.UnknownIssuer, [typeof(CertificateFaulty)]),
        ["a certificate that ends soon"] = (
            w =>
            {
                Single(w);
                w.IssuedBefore = TimeSpan.FromDays(80);
            },
            [typeof(CertificateExpiring)]),
        ["TLS 1.2"] = (w => All(Alone(w), static m => m.NewestTls = TlsVersion.Tls12), [typeof(TlsOld)]),
        ["a page without TLS"] = (w => All(w, static m => m.Plain = head => Unsecured(m, head)), [typeof(PlainServed)]),
        ["a redirect for this once"] = (
            w => All(w, static m => m.Plain = _ => DoctorWorld.Page(
                m.Host, ["Location: https://site.test/", "Strict-Transport-Security:", "Alt-Svc:"], "", "302 Found")),
            [typeof(RedirectTemporary)]),
        ["a redirect out of TLS"] = (
            w =>
            {
                w.Url = "https://site.test/out";
                All(w, m => (m.Secure, m.Plain) = (
                    _ => DoctorWorld.Page(m.Host, ["Location: http://site.test/in"], "", "302 Found"),
                    head => head.Contains("/in", StringComparison.Ordinal) ? Unsecured(m, head)
                        : DoctorWorld.Page(m.Host, ["Location: https://site.test/out", "Strict-Transport-Security:"], "", "301 Moved Permanently")));
            },
            [typeof(RedirectToPlain)]),
        ["a redirect after the other"] = (
            w => All(w, static m =>
            {
                var ordinary = m.Secure!;
                m.Secure = head => Step(head) is { } next ? DoctorWorld.Page(m.Host, [$"Location: /{next}"], "", "301 Moved Permanently") : ordinary(head);
            }),
            [typeof(RedirectsMany)]),
        ["no HSTS"] = (w => Change(w, "Strict-Transport-Security:"), [typeof(HstsMissing)]),
        ["malformed HSTS"] = (w => Change(w, "Strict-Transport-Security: forever"), [typeof(HstsMalformed)]),
        ["short HSTS"] = (w => Change(w, "Strict-Transport-Security: max-age=3600"), [typeof(HstsShort)]),
        ["HSTS taken back"] = (w => Change(w, "Strict-Transport-Security: max-age=0"), [typeof(HstsShort)]),
        ["HSTS without TLS"] = (
            w => All(w, static m => m.Plain = _ => DoctorWorld.Page(m.Host, ["Location: https://site.test/", "Alt-Svc:"], "", "301 Moved Permanently")),
            [typeof(HstsOnPlain)]),
        ["an error"] = (w => All(w, static m => m.Secure = _ => DoctorWorld.Page(m.Host, status: "503 Service Unavailable")), [typeof(ErrorAnswered)]),
        ["an error of the client's"] = (w => All(w, static m => m.Secure = _ => DoctorWorld.Page(m.Host, status: "404 Not Found")), [typeof(ErrorAnswered)]),
        ["a bare line feed"] = (
            w => All(w, static m => m.Secure = head => Whole(m, head).Replace("Vary: Accept-Encoding\r\n", "Vary: Accept-Encoding\n", StringComparison.Ordinal)),
            [typeof(MessageFlawed)]),
        ["a length and the chunked coding"] = (
            w => All(w, static m => m.Secure = head => Is304(head) ? Whole(m, head)
                : DoctorWorld.Page(m.Host, ["Transfer-Encoding: chunked", "Content-Length: 5"], "5\r\nhello\r\n0\r\n\r\n")),
            [typeof(MessageFlawed)]),
        ["content without a length"] = (
            w => All(w, static m => (m.Secure, m.Closes) = (head => Is304(head) ? Whole(m, head) : DoctorWorld.Page(m.Host, ["Content-Length:"]), true)),
            [typeof(EndByClose)]),
        ["connections that are closed"] = (w => Change(w, "Connection: close"), [typeof(ConnectionNotKept)]),
        ["HTTP/1.0"] = (
            w => All(w, static m => m.Secure = head => Whole(m, head).Replace("HTTP/1.1", "HTTP/1.0", StringComparison.Ordinal)), [typeof(VersionOld)]),
        ["no Date"] = (w => Change(w, "Date:"), [typeof(DateMissing)]),
        ["a clock that is slow"] = (w => Change(w, "Date: Wed, 31 Dec 2025 12:00:00 GMT"), [typeof(DateWrong)]),
        ["a clock that is fast"] = (w => Change(w, "Date: Fri, 01 Jan 2027 00:00:00 GMT"), [typeof(DateWrong)]),
        ["no type"] = (w => Change(w, "Content-Type:"), [typeof(TypeMissing)]),
        ["no charset"] = (w => Change(w, "Content-Type: text/html"), [typeof(CharsetMissing)]),
        ["nothing about caching"] = (w => Change(w, "Cache-Control:"), [typeof(CacheSilent)]),
        ["contradictory caching"] = (w => Change(w, "Cache-Control: no-store, max-age=60"), [typeof(CacheContradictory)]),
        ["a cookie for all"] = (
            w => Change(w, "Cache-Control: public, max-age=60", "Set-Cookie: a=1; Secure; HttpOnly; SameSite=Lax"), [typeof(CookieCached)]),
        ["nothing to compare"] = (w => Change(w, "ETag:"), [typeof(ValidatorMissing)]),
        ["a validator that is not heeded"] = (w => All(w, static m => m.Secure = _ => DoctorWorld.Page(m.Host)), [typeof(ValidatorIgnored)]),
        ["a time that is not heeded"] = (
            w => All(w, static m => m.Secure = _ => DoctorWorld.Page(m.Host, ["ETag:", "Last-Modified: Wed, 31 Dec 2025 00:00:00 GMT"])), [typeof(ValidatorIgnored)]),
        ["a long text as it is"] = (
            w => All(w, static m => m.Secure = head => Is304(head) ? Whole(m, head) : DoctorWorld.Page(m.Host, body: s_text)), [typeof(ContentUncoded)]),
        ["codings that caches do not hear of"] = (
            w => All(w, static m => m.Secure = head => Is304(head) ? Whole(m, head)
                : DoctorWorld.Page(m.Host, ["Content-Encoding: gzip", "Vary:"], Gzipped())), [typeof(VaryMissing)]),
        ["an open cookie"] = (w => Change(w, "Set-Cookie: a=1"), [typeof(CookieOpen), typeof(CookieOpen), typeof(CookieOpen)]),
        ["a cookie for scripts"] = (w => Change(w, "Set-Cookie: a=1; Secure; SameSite=Strict"), [typeof(CookieOpen)]),
        ["a cookie of somebody else's"] = (w => Change(w, "Set-Cookie: a=1; Domain=other.test; Secure; HttpOnly"), [typeof(CookieNotKept)]),
        ["no HTTP/2"] = (w => All(w, static m => m.Alpn = ["http/1.1"]), [typeof(Http2NotOffered)]),
        ["no HTTP/3"] = (w => Change(w, "Alt-Svc:"), [typeof(Http3NotOffered)]),
        ["malformed Alt-Svc"] = (
            w =>
            {
                Change(w, "Alt-Svc: h3 443");
                w.HttpsRecord = Offering("h2", "h3");
            },
            [typeof(AltSvcMalformed)]),
        ["a record that promises more"] = (
            w =>
            {
                All(w, static m => m.Alpn = ["http/1.1"]);
                w.HttpsRecord = Offering("h2");
            },
            [typeof(Http2NotOffered), typeof(OfferNotKept)]),
    };

    public static TheoryData<string> Plants => [.. s_plants.Keys];

    [Theory]
    [InlineData("https://site.test/")]
    [InlineData("http://site.test/")]
    [InlineData("https://site.test:443/a?b=c#d")]
    public void Nothing_is_found_where_nothing_is_wrong(string url)
    {
        var world = Alone(new DoctorWorld { Url = url });
        var completed = world.Examine();
        Assert.Empty(world.Findings);
        Assert.Equal((0, 0, 0, 0), (completed.ExitCode, completed.Errors, completed.Warnings, completed.Notes));
        // The journey, two addresses at two ports, what is offered, what is still the same.
        Assert.Equal(7, completed.Looks);
        Assert.Equal(7, world.Events.OfType<LookTaken>().Count());
        Assert.All(world.Events.OfType<LookTaken>(), static look => Assert.Null(look.Failure));
    }

    [Theory]
    [MemberData(nameof(Plants))]
    public void What_is_planted_is_found_and_nothing_else(string what)
    {
        var world = new DoctorWorld();
        var (plant, expected) = s_plants[what];
        plant(world);
        var completed = world.Examine();
        // Two machines have two keys: that is a finding of its own, and not the one that is looked for.
        var found = world.Findings.Where(finding => finding is not CertificatesDiffer || expected.Contains(typeof(CertificatesDiffer))).ToArray();
        Assert.Equal(expected.Select(static type => type.Name).Order(), found.Select(static finding => finding.GetType().Name).Order());
        var worst = found.Max(static finding => FindingTable.Of(finding).Severity);
        Assert.Equal(worst switch { FindingSeverity.Error => 2, FindingSeverity.Warning => 1, _ => 0 }, completed.ExitCode);
    }

    [Fact]
    public void Every_kind_of_finding_has_a_plant()
    {
        var kinds = typeof(Finding).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(Finding)));
        Assert.Empty(kinds.Except(s_plants.Values.SelectMany(static plant => plant.Found)).Except(ZoneDoctorTests.Planted).Except(NameDoctorTests.Planted).Select(static type => type.Name));
    }

    [Fact]
    public void Evidence_says_where_and_how_much()
    {
        var world = Alone(new DoctorWorld());
        world.Machines[0].Thinks = TimeSpan.FromSeconds(2);
        world.Examine();
        Assert.InRange(Assert.IsType<AnswerSlow>(Assert.Single(world.Findings)).WaitNanoseconds, 2_000_000_000, 2_100_000_000);

        world = new DoctorWorld();
        world.Machines[1].Deaf.Add(world.Machines[1].Addresses[0]);
        world.Examine();
        Assert.Equal([443, 80], world.Findings.OfType<AddressBroken>().Select(static one => one.Port));
        var broken = world.Findings.OfType<AddressBroken>().First();
        Assert.Equal((IpAddress.Parse("192.0.2.2"), 443, false), (broken.Address, broken.Port, broken.IsWholeFamily));
        Assert.Equal(Errno.ECONNREFUSED, Assert.IsType<NotConnected>(broken.Failure).Attempts[^1].Error);

        world = Alone(new DoctorWorld { IssuedBefore = TimeSpan.FromDays(80) });
        world.Examine();
        // Whole days, of which the tenth has begun.
        Assert.Equal(9, Assert.IsType<CertificateExpiring>(Assert.Single(world.Findings)).Days);

        world = Alone(new DoctorWorld());
        Change(world, "Date: Wed, 31 Dec 2025 12:00:00 GMT");
        world.Examine();
        Assert.Equal(-12 * 60 * 60, Assert.IsType<DateWrong>(Assert.Single(world.Findings)).Seconds);

        world = Alone(new DoctorWorld());
        Change(world, "Set-Cookie: a=1; Domain=other.test; Secure; HttpOnly");
        world.Examine();
        Assert.Equal(new CookieNotKept("a", CookieRefusal.ForeignDomain), Assert.Single(world.Findings));
    }

    /// <summary>Behind a certificate that browsers refuse there is more to see.</summary>
    [Fact]
    public void A_fault_of_the_certificate_hides_nothing_else()
    {
        var world = Alone(new DoctorWorld());
        world.Machines[0].Flaw = CertificateFlaw.SelfSigned;
        Change(world, "Content-Type:", "Strict-Transport-Security:");
        world.Examine();
        Assert.Equal(
            [nameof(CertificateFaulty), nameof(HstsMissing), nameof(TypeMissing)], world.Findings.Select(static finding => finding.GetType().Name));
        var fault = Assert.IsType<CertificateFaulty>(world.Findings[0]);
        Assert.Equal((CertificateFaultKind.SelfSigned, 2), (fault.Fault.Kind, fault.Addresses.Length));
    }

    /// <summary>A list of addresses, a chain of redirects, an endless page: each comes to its end.</summary>
    [Fact]
    public void What_a_site_does_has_limits()
    {
        var world = Alone(new DoctorWorld());
        world.Machines[0].Secure = _ => DoctorWorld.Page(world.Machines[0].Host, ["Location: /"], "", "302 Found");
        world.Examine();
        Assert.Contains(world.Findings, static finding => finding is JourneyBroken { Failure: RedirectRefused });

        world = Alone(new DoctorWorld());
        var endless = DoctorWorld.Page(world.Machines[0].Host, ["Content-Length: 1000000000"]);
        world.Machines[0].Secure = _ => endless;
        world.Examine();
        Assert.DoesNotContain(world.Findings, static finding => finding is JourneyBroken or AddressBroken);
        Assert.All(world.Events.OfType<LookTaken>(), static look => Assert.InRange(look.BodyBytes, 0, DoctorLimits.ContentBytes));
    }

    [Fact]
    public void From_the_second_round_on_it_is_told_what_has_changed()
    {
        var world = Alone(new DoctorWorld());
        var isWell = false;
        var ordinary = world.Machines[0].Secure!;
        world.Machines[0].Secure = head => isWell ? ordinary(head) : DoctorWorld.Page(world.Machines[0].Host, status: "503 Service Unavailable");
        var rounds = world.Examine(3, round => isWell = round == 2);
        Assert.Equal([2, 0, 2], rounds.Select(static round => round.ExitCode));
        Assert.Equal([1, 2, 3], rounds.Select(static round => round.Round));
        var compared = world.Events.OfType<ExaminationCompared>().ToArray();
        Assert.Equal([(0, 1), (1, 0)], compared.Select(static one => (one.Come.Length, one.Gone.Length)));
        Assert.Equal(new ErrorAnswered(503), compared[0].Gone[0]);
    }

    private static DoctorWorld Alone(DoctorWorld world)
    {
        world.Addresses = [.. world.Machines[0].Addresses];
        return world;
    }

    private static SiteMachine Single(DoctorWorld world) => Alone(world).Machines[0];

    private static void All(DoctorWorld world, Action<SiteMachine> change)
    {
        foreach (var machine in world.Machines) { change(machine); }
    }

    // Fields that stand in the place of the ordinary ones, also where nothing has changed.
    private static void Change(DoctorWorld world, params string[] fields) => All(world, machine =>
        machine.Secure = head => Is304(head)
            ? DoctorWorld.Page(machine.Host, [.. fields.Where(static field => !field.StartsWith("Content-", StringComparison.Ordinal)), "Content-Length:", "Content-Type:"], "", "304 Not Modified")
            : DoctorWorld.Page(machine.Host, fields));

    private static string Whole(SiteMachine machine, string head) =>
        Is304(head) ? DoctorWorld.Page(machine.Host, ["Content-Length:", "Content-Type:"], "", "304 Not Modified") : DoctorWorld.Page(machine.Host);

    private static bool Is304(string head) => head.Contains("If-None-Match", StringComparison.Ordinal);

    private static string Unsecured(SiteMachine machine, string head) => Is304(head)
        ? DoctorWorld.Page(machine.Host, ["Strict-Transport-Security:", "Alt-Svc:", "Content-Length:", "Content-Type:"], "", "304 Not Modified")
        : DoctorWorld.Page(machine.Host, ["Strict-Transport-Security:", "Alt-Svc:"]);

    // Three redirects before the page.
    private static string? Step(string head) => head.Split(' ')[1] switch { "/" => "1", "/1" => "2", "/2" => "3", _ => null };

    private static string Gzipped()
    {
        var compressed = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(compressed, System.IO.Compression.CompressionMode.Compress)) { gzip.Write("hello"u8); }
        return System.Text.Encoding.Latin1.GetString(compressed.ToArray());
    }

    private static byte[] Offering(params string[] protocols)
    {
        byte[] list = [.. protocols.SelectMany(static one => (byte[])[(byte)one.Length, .. System.Text.Encoding.ASCII.GetBytes(one)])];
        return [0, 1, 0, 0, 1, 0, (byte)list.Length, .. list];
    }
}
