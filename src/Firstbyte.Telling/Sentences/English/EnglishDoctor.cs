using Firstbyte.Addressing;
using Firstbyte.Dns.Zones;
using Firstbyte.Doctor;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishDoctor : IDoctorSentences
{
    private readonly EnglishAmounts _amounts = new();
    private readonly EnglishFailures _failures = new();
    private readonly EnglishSources _sources = new();

    public Phrase Site(SiteFound site)
    {
        var addresses = site.Addresses.Length == 0 ? "no address" : string.Join(", ", site.Addresses);
        return site.Offers is { } offers
            ? $"{site.Host:name} · {addresses} · its HTTPS record offers {string.Join(", ", offers)}"
            : $"{site.Host:name} · {addresses}";
    }

    public Phrase Looking(LookStarted look) =>
        $"look {look.Number} of {look.Total}: {Kind(look.Kind)} {look.Href}{(look.Address is { } address ? $" at {address}" : "")}";

    public Phrase Look(LookTaken look)
    {
        if (look.Failure is { } failure) { return $"{Where(look)}: {_failures.What(failure)}"; }
        return look.Kind switch
        {
            LookKind.Journey or LookKind.Address => Phrase.Join(" · ", Facts(look)),
            LookKind.Offers => $"{Where(look)}: of h2 and http/1.1 it takes {look.Alpn ?? "neither"}",
            LookKind.Validation => $"{Where(look)} {Status(look.Status)}",
        };
    }

    public Phrase What(Finding finding) => finding switch
    {
        JourneyBroken journey => _failures.What(journey.Failure),
        AddressBroken { IsWholeFamily: true } one =>
            $"No {Version(one.Address.Version)} address serves the site. {one.Address} port {one.Port}: {_failures.What(one.Failure)}",
        AddressBroken one => $"{one.Address} port {one.Port} does not serve the site as the others do. {_failures.What(one.Failure)}",
        FamilyMissing family => $"The name has no {Version(family.Version)} address: {OnlyBy(family.Version):words}.",
        FamilyUnexamined family =>
            $"Nobody has looked at {(family.Addresses == 1 ? Say($"the {Version(family.Version)} address") : Say($"the {family.Addresses} {Version(family.Version)} addresses"))}: this host has no way there.",
        AddressesUnexamined addresses => $"The name has {addresses.Found} addresses, and {addresses.Examined} of them were looked at.",
        AnswersDiffer answers =>
            $"Addresses of the same name answer differently: {answers.Address} with {answers.Status}, {answers.Other} with {answers.OtherStatus}.",
        AnswerSlow answer => $"The server thought for {_amounts.Duration(answer.WaitNanoseconds)} before its first byte.",
        ExaminationCut cut => $"The time was over after {cut.Looks} looks: what was left has not been seen.",
        TlsAbsent tls => $"Nobody speaks TLS for the site: nothing listens at port {tls.Port}.",
        CertificateFaulty one => $"Browsers refuse the site: {EnglishTls.Fault(one.Fault)}{Shown(one.Addresses)}.",
        CertificateExpiring { Days: 0 } one => $"The certificate of {one.Name:name} ends within a day ({Amounts.Day(one.NotAfter)}).",
        CertificateExpiring one => $"The certificate of {one.Name:name} ends in {Days(one.Days)} ({Amounts.Day(one.NotAfter)}).",
        CertificatesDiffer one =>
            $"Addresses show different certificates: {one.Address} one until {Amounts.Day(one.NotAfter)}, {one.Other} one until {Amounts.Day(one.OtherNotAfter)}.",
        TlsOld => "The server speaks TLS 1.2, and not TLS 1.3, which is a round trip faster and leaves less to be set wrongly.",
        PlainServed plain => $"http: is answered with {Status(plain.Status)}, and not with a redirect to https: whoever types the bare name is not protected.",
        RedirectTemporary redirect => $"http: leads to https: by {Status(redirect.Status)}, which is asked for again each time.",
        RedirectToPlain redirect => $"A redirect leads out of TLS: {redirect.From} to {redirect.To}.",
        RedirectsMany redirects => $"It takes {redirects.Count} redirects to get to the page, each of them a round trip or more.",
        HstsMissing => "The site does not ask browsers to stay with TLS (no Strict-Transport-Security): the next bare name goes out without it.",
        HstsMalformed hsts => $"Strict-Transport-Security cannot be read, and is void: {hsts.Value}.",
        HstsShort { Seconds: 0 } => "Strict-Transport-Security says max-age=0: browsers forget that the site wants TLS.",
        HstsShort hsts => $"Strict-Transport-Security lasts {Age(hsts.Seconds)} (max-age={hsts.Seconds}), less than half a year.",
        HstsOnPlain => "Strict-Transport-Security is sent without TLS, where browsers must pass it over.",
        ErrorAnswered error => $"The page is an error: {Status(error.Status)}.",
        MessageFlawed message => $"The response is not well-formed: {EnglishHttp.Flaw(message.Flaw)} (here: {EnglishHttp.Action(message.Action)}).",
        EndByClose => "Only the end of the connection ends the content: nobody sees whether some of it is missing.",
        ConnectionNotKept => "The server closes the connection after each response: every request pays for a new one.",
        VersionOld version => $"The server answers in {version.Version}.",
        DateMissing => "The response does not say when it was made (no Date).",
        DateWrong { Seconds: < 0 } date => $"By its Date the response is {Age(-date.Seconds)} old: the server's clock is wrong, or that of this host.",
        DateWrong date => $"By its Date the response comes from the future, {Age(date.Seconds)} from now: the server's clock is wrong, or that of this host.",
        TypeMissing => "The content does not say what it is (no Content-Type): browsers guess.",
        CharsetMissing text => $"{text.Type} without charset: which characters it is written in is guessed.",
        CacheSilent => "The response does not say how long it may be kept: caches guess.",
        CacheContradictory cache => $"Cache-Control contradicts itself: {cache.Value}.",
        CookieCached cache => $"The response sets a cookie, and caches that serve many may keep it (Cache-Control: {cache.Value}).",
        ValidatorMissing => "The response has neither ETag nor Last-Modified: to see whether it is still the same, all of it has to be sent again.",
        ValidatorIgnored validator => $"Asked whether the page is still the same ({validator.Validator}), the server sends all of it again.",
        ContentUncoded content => $"{content.Type} of {_amounts.Bytes(content.Bytes)} is sent as it is, to a client that takes gzip, br and zstd.",
        VaryMissing vary =>
            $"The content is sent as {vary.Coding}, and Vary does not name Accept-Encoding: a cache may hand it to a client that cannot read it.",
        CookieOpen { Gap: CookieGap.Secure } cookie => $"The cookie {cookie.Name:name} has no Secure: it also goes over connections that everybody reads.",
        CookieOpen { Gap: CookieGap.HttpOnly } cookie => $"The cookie {cookie.Name:name} has no HttpOnly: every script of the page can read it.",
        CookieOpen cookie => $"The cookie {cookie.Name:name} has no SameSite: which requests of other sites take it along is left to the browser.",
        CookieNotKept cookie =>
            $"Browsers do not keep the cookie {(cookie.Name.Length > 0 ? cookie.Name : "without a name"):name}: {EnglishHttp.Refusal(cookie.Why)}.",
        Http2NotOffered { Chosen: null } => "HTTP/2 is not offered: the handshake agrees on no protocol (ALPN).",
        Http2NotOffered http2 => $"HTTP/2 is not offered: the handshake agrees on {http2.Chosen} (ALPN).",
        Http3NotOffered => "HTTP/3 is not offered, neither by Alt-Svc nor by an HTTPS record.",
        AltSvcMalformed service => $"Alt-Svc cannot be read: {service.Value}.",
        OfferNotKept offer => $"The HTTPS record of the name offers {offer.Protocol}, and the server takes {offer.Chosen ?? "nothing"}.",
        _ => OfZone(finding),
    };

    private Phrase OfZone(Finding finding) => finding switch
    {
        ZoneFaulty zone => $"{_sources.ZoneProblem(zone.Problem)}.",
        ZoneServersFew => "The zone has one name server alone: when it is silent, the zone is gone.",
        ZoneServersTogether together => $"All {together.Servers} name servers are in {together.Network}, and fall silent together.",
        ZoneServersWithout without => $"No name server has an {Version(without.Version)} address.",
        ZoneServerUnreachable { Use: AddressKind.Private or AddressKind.UniqueLocal or AddressKind.SharedAddressSpace } one =>
            $"{one.Server:name} has the address {one.Address}, which means another host in every network.",
        ZoneServerUnreachable one => $"{one.Server:name} has the address {one.Address}, at which nobody on the Internet can ask it.",
        ZonePrimaryHidden primary => $"The SOA record names {primary.Primary:name} as primary server, which is none of the zone's name servers.",
        ZoneTimerUnwise timer =>
            $"{Timer(timer.Timer):words} is {_amounts.Duration(timer.Seconds * 1_000_000_000L)} ({timer.Seconds}), where operators keep it from {timer.Least} to {timer.Most}.",
        ZoneMailboxMiswritten mailbox => $"The mailbox of the SOA record is {mailbox.Mailbox:name}: there the first dot stands for the @.",
        ZoneReferralLong referral => $"A referral to the zone has {_amounts.Bytes(referral.Bytes)}, and 512 fit into a datagram without EDNS.",
        ZoneUnsigned => "The zone is not signed: nobody can tell a forged answer from one of its own.",
        ZoneSignaturesExpiring { Days: 0 } one => $"Signatures end within a day ({Amounts.Day(one.Until)}), the first that of {one.Name:name} {one.Type}.",
        ZoneSignaturesExpiring one => $"Signatures end in {Days(one.Days)} ({Amounts.Day(one.Until)}), the first that of {one.Name:name} {one.Type}.",
        ZoneAlgorithmOld key => $"Key {key.KeyTag} is of {key.Algorithm:name}, which should sign no more: validators drop it one by one.",
        ZoneHashesCostly hashes =>
            $"Names are hashed {hashes.Iterations} times more than once, with {_amounts.Bytes(hashes.SaltLength)} of salt: that costs servers and validators and protects nothing.",
        ZoneChildRecordForeign record => $"{record.Type} asks the parent to point to a key that the zone does not show: {record.Record}.",
        ZoneAsksForUnsigning => "CDS or CDNSKEY asks the parent to take its DS records away: the zone will count as unsigned.",
        ZoneDelegation { IsSigned: true } delegation =>
            $"The parent zone has to be given {Count(delegation.Records.Length, "record")}, so that the zone is found and believed.",
        ZoneDelegation delegation => $"The parent zone has to be given {Count(delegation.Records.Length, "record")}, so that the zone is found.",
        _ => OfName(finding),
    };

    private Phrase OfName(Finding finding) => finding switch
    {
        NameServerSilent { IsLast: true } server =>
            $"{At(server.Server, server.Address)} says nothing, and no other server of {server.Zone:name} does: all below it is gone.",
        NameServerSilent server =>
            $"{At(server.Server, server.Address)} says nothing when it is asked about {server.Zone:name}: who asks it first waits for seconds.",
        NameServerLame { Said: "NOERROR" } server =>
            $"{At(server.Server, server.Address)} is named as a server of {server.Zone:name} and does not serve it: it has no answer of its own.",
        NameServerLame server => $"{At(server.Server, server.Address)} is named as a server of {server.Zone:name} and does not serve it: {server.Said}.",
        NameServerSlow server => $"{At(server.Server, server.Address)} takes {_amounts.Duration(server.Nanoseconds)} to answer about {server.Zone:name}.",
        NameServerDeaf { Skill: ServerSkill.Edns } server =>
            $"{At(server.Server, server.Address)} does not answer questions with EDNS: longer answers and signatures are not to be had of it at once.",
        NameServerDeaf server =>
            $"{At(server.Server, server.Address)} does not answer over TCP: answers that do not fit into a datagram are not to be had of it.",
        NameSerialsDiffer one => $"The servers of {one.Zone:name} have different versions of it: serial {string.Join(", ", one.Serials)}.",
        NameServersDiffer { OnlyChild.Length: 0 } one =>
            $"The parent names servers for {one.Zone:name} that the zone does not: {string.Join(", ", one.OnlyParent):name}.",
        NameServersDiffer { OnlyParent.Length: 0 } one => $"{one.Zone:name} names servers that its parent does not: {string.Join(", ", one.OnlyChild):name}.",
        NameServersDiffer one =>
            $"The parent names {string.Join(", ", one.OnlyParent):name} for {one.Zone:name}, where the zone names {string.Join(", ", one.OnlyChild):name}.",
        NameTtlsDiffer one => $"The NS records of {one.Zone:name} live for {one.Parent} s by the parent's word and for {one.Child} s by the zone's.",
        NameGlueMissing one => $"{one.Server:name} lies in {one.Zone:name}, which it serves, and the parent gives no address along: nobody finds it.",
        NameGlueDiffers { Child.Length: 0 } one =>
            $"The parent gives {one.Server:name} the address {string.Join(", ", one.Parent)}, and {one.Zone:name} gives it none.",
        NameGlueDiffers one =>
            $"The parent gives {one.Server:name} the address {string.Join(", ", one.Parent)}, and {one.Zone:name} gives it {string.Join(", ", one.Child)}.",
        NameServerUnknown one => $"{one.Server:name} is named as a server of {one.Zone:name}, and has no address.",
        NameAnswersDiffer one =>
            $"Servers answer differently when they are asked for {one.Name:name} {one.Type}: {string.Join("; ", one.Answers.Select(static answer =>
                answer.Length == 0 ? "nothing" : answer))}.",
        NameBogus one => $"Validators refuse {one.Name:name}: at {one.Zone:name}, {EnglishNames.Flaw(one.Flaw)}.",
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "a finding without words"),
    };

    private static string Timer(SoaTimer timer) => timer switch
    {
        SoaTimer.Refresh => "REFRESH",
        SoaTimer.Retry => "RETRY",
        SoaTimer.Expire => "EXPIRE",
        SoaTimer.Minimum => "MINIMUM",
    };

    public Phrase? Cure(Finding finding, Standpoint at) => finding switch
    {
        JourneyBroken journey => _failures.Try(journey.Failure, at),
        AddressBroken one => _failures.Try(one.Failure, at) ?? Do("repair the server at this address, or take the address out of the DNS until then."),
        _ when Remedy(finding) is { } remedy => Do(remedy),
        _ => null,
    };

    public Phrase Summary(ExaminationCompleted e) => e.Looks == 0
        ? $"{Counted(e)} · {Amounts.Time(e.ElapsedNanoseconds):words}"
        : $"{Counted(e)} · {Count(e.Looks, "look")} · {Amounts.Time(e.ElapsedNanoseconds):words}";

    public Phrase Unchanged(ExaminationCompleted e) => $"round {e.Round}: nothing has changed · {Counted(e)}";

    public Phrase Changed(ExaminationCompleted e) => $"round {e.Round}: {Counted(e)}";

    public Phrase Change(bool hasCome, Phrase what) => hasCome ? Say($"+ now: {what}") : Say($"- no longer: {what}");

    private static Phrase? Remedy(Finding finding) => finding switch
    {
        FamilyMissing { Version: IpVersion.V4 } => "add A records; networks without IPv6 are many.",
        FamilyMissing => "add AAAA records once the servers have IPv6 addresses.",
        FamilyUnexamined => "examine the site again from a host that has such an address.",
        AnswersDiffer => "see that all servers behind the name have the same version of the site.",
        AnswerSlow => "look at what the server does before it answers; -n 20 shows whether it is so each time.",
        ExaminationCut => "give it more time with --max-time.",
        TlsAbsent => "have the server speak TLS at port 443; certificates are free of charge (RFC 8555).",
        CertificateFaulty certificate => Remedy(certificate.Fault.Kind),
        CertificateExpiring => "replace it, and look into why that was not done by itself.",
        CertificatesDiffer => "if that is not on purpose, one of the servers was forgotten.",
        TlsOld => "switch TLS 1.3 on.",
        PlainServed => "redirect every request at port 80 to https: with 301 or 308.",
        RedirectTemporary => "use 301 or 308, which browsers remember.",
        RedirectToPlain => "let the redirect name an https: URL; often an application behind a proxy does not know that it is asked over TLS.",
        RedirectsMany => "let the first redirect name the last URL.",
        HstsMissing => "send Strict-Transport-Security: max-age=31536000 over TLS.",
        HstsMalformed => "write it as max-age=31536000, with ; includeSubDomains where all names below do the same.",
        HstsShort { Seconds: 0 } => "unless TLS is to be given up, send max-age=31536000.",
        HstsShort => "raise max-age to a year (31536000) once all works over TLS.",
        HstsOnPlain => "send it over TLS alone.",
        ErrorAnswered { Status: >= 500 } => "look into the server's log.",
        ErrorAnswered => "check the URL, and whether one has to log in.",
        MessageFlawed => "correct what writes the message: others refuse it, or read it otherwise.",
        EndByClose => "send Content-Length or the chunked coding.",
        ConnectionNotKept => "leave Connection: close out, and allow connections to be kept.",
        VersionOld => "let the server, or the proxy before it, speak HTTP/1.1.",
        DateMissing => "send Date: every server with a clock has to.",
        DateWrong => "set the clock by NTP.",
        TypeMissing => "send Content-Type.",
        CharsetMissing => "say charset=utf-8 in Content-Type.",
        CacheSilent => "send Cache-Control: no-cache for what may change, max-age for what may not.",
        CacheContradictory => "say one thing; no-store beats all others.",
        CookieCached => "say private or no-store where a response is for one visitor.",
        ValidatorMissing => "send ETag, or Last-Modified.",
        ValidatorIgnored => "answer 304 where If-None-Match or If-Modified-Since fit; a coding on the way often drops the ETag.",
        ContentUncoded => "compress text on the server.",
        VaryMissing => "send Vary: Accept-Encoding.",
        CookieOpen { Gap: CookieGap.Secure } => "set it with Secure.",
        CookieOpen { Gap: CookieGap.HttpOnly } => "set it with HttpOnly, unless a script needs it.",
        CookieOpen => "set it with SameSite=Lax, or with None where other sites need it.",
        CookieNotKept => "correct the attributes of the cookie.",
        Http2NotOffered => "switch HTTP/2 on: many requests share one connection then.",
        Http3NotOffered => "where the server speaks QUIC, say so with Alt-Svc or an HTTPS record.",
        AltSvcMalformed => "write it as h3=\":443\"; ma=86400.",
        OfferNotKept => "switch the protocol on, or take it out of the record.",
        ZoneFaulty { BreaksTrust: true } => "sign the zone anew, with all its keys: firstbyte zone sign.",
        ZoneFaulty zone => Remedy(zone.Problem.Flaw),
        ZoneServersFew => "have a second one, in another network.",
        ZoneServersTogether => "move one of them to another network, or let somebody else serve the zone beside you.",
        ZoneServersWithout { Version: IpVersion.V4 } => "give one of them an IPv4 address: resolvers without IPv6 are many.",
        ZoneServersWithout => "give one of them an IPv6 address.",
        ZoneServerUnreachable => "give it the address at which the Internet reaches it.",
        ZonePrimaryHidden => "if that is not on purpose (a hidden primary), correct the SOA record: updates and notices go there.",
        ZoneTimerUnwise { Timer: SoaTimer.Expire } timer when timer.Seconds < timer.Least =>
            "make it two weeks or more: a primary that is down for so long takes the zone with it.",
        ZoneTimerUnwise { Timer: SoaTimer.Retry } timer when timer.Seconds > timer.Most => "make it shorter than REFRESH.",
        ZoneTimerUnwise timer => $"choose one from {timer.Least} to {timer.Most}.",
        ZoneMailboxMiswritten => "write hostmaster.example.com. for hostmaster@example.com.",
        ZoneReferralLong => "have fewer servers, or names that have more in common.",
        ZoneUnsigned => "sign it: firstbyte zone key, firstbyte zone sign.",
        ZoneSignaturesExpiring => "sign the zone anew, and let that be done by itself.",
        ZoneAlgorithmOld => "move to ECDSAP256SHA256: sign with both, then change the DS record, then leave the old one out (RFC 6781 4.1.4).",
        ZoneHashesCostly => "sign without salt and without further iterations; firstbyte zone sign --nsec3 does so.",
        ZoneChildRecordForeign => "make it anew from the keys of the zone, or take it out: a parent that follows it makes the zone bogus.",
        ZoneAsksForUnsigning => "take it out, unless the zone is to be unsigned.",
        NameServerSilent => "see that it runs and that port 53 is open to everybody, or have the parent name it no longer.",
        NameServerLame => "have it serve the zone, or have the parent name it no longer.",
        NameServerSlow => "see what keeps it, or serve the zone from nearer by.",
        NameServerDeaf { Skill: ServerSkill.Edns } => "bring the server up to date, and see that no firewall drops messages with an OPT record.",
        NameServerDeaf => "open port 53 for TCP.",
        NameSerialsDiffer => "see that transfers work: firstbyte dig @SERVER ZONE SOA tells how old each is.",
        NameServersDiffer => "have the parent name the servers that the zone names.",
        NameTtlsDiffer =>
            "leave the old servers on for the longer of the two times after both name the same ones: some resolvers go by the parent's, most by the zone's.",
        NameGlueMissing => "give the parent the address of the server along with its name.",
        NameGlueDiffers => "give the parent the addresses that the zone has.",
        NameServerUnknown => "correct the name, or give it an address.",
        NameAnswersDiffer => "if that is not on purpose, see that all servers have the same version of the zone.",
        NameBogus => "firstbyte resolve --explain tells the chain of trust, and where it breaks.",
        _ => null,
    };

    private static Phrase? Remedy(ZoneFlaw flaw) => flaw switch
    {
        ZoneFlaw.NsMissing => "name the zone's servers by NS records at its own name.",
        ZoneFlaw.GlueMissing => "add the server's A or AAAA record, or name a server that has one.",
        ZoneFlaw.NsIsAlias or ZoneFlaw.MxIsAlias => "name the server by its own name and not by an alias.",
        ZoneFlaw.CnameNotAlone => "keep the alias or the other records, not both.",
        ZoneFlaw.TtlsDiffer => "give all records of the set one TTL.",
        ZoneFlaw.Duplicate => "take one of the two out.",
        ZoneFlaw.Hidden => "move it into the zone that is delegated there.",
        ZoneFlaw.SignatureStray => "sign the zone anew: firstbyte zone sign.",
        _ => "correct the line.",
    };

    private static Phrase Remedy(CertificateFaultKind kind) => kind switch
    {
        CertificateFaultKind.Expired => "replace it, and have that done by itself (RFC 8555).",
        CertificateFaultKind.NotYetValid => "check the clocks of the server and of this host.",
        CertificateFaultKind.WrongName => "get one that names this host, or see that the server chooses by the name that it is asked for (SNI).",
        CertificateFaultKind.UnknownIssuer =>
            "let the server send the certificates between its own and the root; or, if the authority is one's own, name its root with --cacert.",
        CertificateFaultKind.SelfSigned => "get one from an authority; or name it with --cacert where that is on purpose.",
        CertificateFaultKind.Revoked => "get a new one with a new key.",
        CertificateFaultKind.RevocationUnknown => "get the issuer's newest list of what it has revoked.",
        CertificateFaultKind.WeakSignature => "get one that is signed with SHA-256 or better.",
        CertificateFaultKind.BadSignature or CertificateFaultKind.BadUsage or CertificateFaultKind.NotAnAuthority or CertificateFaultKind.Malformed
            or CertificateFaultKind.Missing => "get a proper one, with the chain that its authority hands out.",
    };

    private static Phrase Do(Phrase remedy) => $"Do: {remedy}";

    private IEnumerable<Phrase> Facts(LookTaken look)
    {
        yield return Where(look);
        yield return Status(look.Status);
        yield return _amounts.Bytes(look.BodyBytes);
        if (look.Tls is { } version) { yield return version == TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2"; }
        if (look.Hops > 0) { yield return Count(look.Hops, "redirect"); }
    }

    private static Phrase Where(LookTaken look)
    {
        var scheme = look.Href.StartsWith("https:", StringComparison.Ordinal) ? "https" : "http";
        return look.Kind switch
        {
            LookKind.Journey => $"{look.Href}",
            LookKind.Address => $"{scheme} at {look.Address?.ToString() ?? "no address"}",
            LookKind.Offers => $"protocols at {look.Address?.ToString() ?? "no address"}",
            LookKind.Validation => "still the same?",
        };
    }

    private static Phrase Kind(LookKind kind) => kind switch
    {
        LookKind.Journey => "the journey to",
        LookKind.Address => "one address of",
        LookKind.Offers => "protocols of",
        LookKind.Validation => "still the same?",
    };

    private static Phrase Status(int status) => ReasonPhrase.Of(status) is { Length: > 0 } reason ? Say($"{status} {reason:words}") : Say($"{status}");

    private static Phrase At(string server, IpAddress address) => $"{server:name} ({address})";

    private static string Version(IpVersion version) => version == IpVersion.V6 ? "IPv6" : "IPv4";

    private static string OnlyBy(IpVersion missing) => missing == IpVersion.V6
        ? "visitors whose networks have IPv6 alone come by a translator, if at all"
        : "visitors without IPv6 do not get there";

    private static Phrase Shown(IpAddress[] addresses) => addresses.Length switch
    {
        0 => "",
        > 3 => $" (at {addresses[0]} and {addresses.Length - 1} more)",
        _ => $" (at {string.Join(", ", addresses)})",
    };

    private static Phrase Days(int days) => Count(days, "day");

    private Phrase Age(long seconds) => seconds >= 2 * 24 * 60 * 60 ? Days((int)(seconds / (24 * 60 * 60))) : _amounts.Duration(seconds * 1_000_000_000);

    private static Phrase Counted(ExaminationCompleted e) => e is { Errors: 0, Warnings: 0, Notes: 0 }
        ? "nothing found"
        : $"{Count(e.Errors, "error")}, {Count(e.Warnings, "warning")}, {Count(e.Notes, "note")}";

    private static Phrase Count(long count, string noun) => $"{count:#,0} {(count == 1 ? noun : noun + "s"):words}";
}
