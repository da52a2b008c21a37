using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>What the zones of a world say themselves, at every moment: the oracle.</summary>
internal sealed class WorldTruth(WorldPlan plan)
{
    /// <summary>A question takes ten seconds at most, and what was heard at its beginning stands in its answer.</summary>
    private static readonly TimeSpan s_slack = ResolutionLimits.ClientQueryTime + TimeSpan.FromSeconds(2);

    private readonly Dictionary<(Zone Zone, DnsName Name, RecordType Type), DnsMessage> _said = [];

    /// <summary>What of an answer was never so; null when all of it was.</summary>
    public (WorldRule Rule, string Detail)? Judge(ResolvedAnswer answer, Question question, Instant now, bool isChecked)
    {
        var name = question.Name;
        var isSecure = true;
        var isDoubtful = Doubtful(question);
        var records = answer.Records;
        for (var at = 0; at < records.Length;)
        {
            var count = records.Skip(at).TakeWhile(record => record.Owner == records[at].Owner && record.Type == records[at].Type).Count();
            var set = records[at..(at + count)];
            at += count;
            var (owner, type) = (set[0].Owner, set[0].Type);
            if (type == RecordType.DNAME ? !name.IsBelow(owner) : owner != name) { return (WorldRule.Truth, $"{question}: {owner} {type} does not belong to it"); }
            var zone = plan.ZoneOf(name, question.Type);
            isSecure &= zone.IsSecure;
            if (zone == plan.Evil) { isDoubtful = true; }
            if (!isDoubtful && JudgeSet(zone, name, question.Type, set, now) is { } breach) { return breach; }
            // What a liar says of his own zone is his affair; what he leads to is not.
            if (set.Any(static record => record.Data is AddressData { Address: var address } && address == IpAddress.Parse("203.0.113.66")) && zone != plan.Evil)
            {
                return (WorldRule.Truth, $"{question}: {owner} has a forged address");
            }
            if (type == RecordType.CNAME && question.Type != RecordType.CNAME) { name = ((NameData)set[0].Data).Target; }
        }
        if (answer.IsDenial)
        {
            if (question.Type == RecordType.A && IsBroken(question.Name))
            {
                return (WorldRule.Truth, $"{question}: an address came that cannot be read, and {answer.Code} says that there is none");
            }
            var zone = plan.ZoneOf(name, question.Type);
            isSecure &= zone.IsSecure;
            if (zone == plan.Evil) { isDoubtful = true; }
            if (!isDoubtful && answer.Soa is { } soa && soa.Ttl.Seconds > zone.Versions.Max(static version => NegativeTime(version.Zone)))
            {
                return (WorldRule.Time, $"{question}: denied for {soa.Ttl.Seconds} s, which {zone.Origin} never says");
            }
            if (!isDoubtful && !WasDenied(zone, name, question.Type, answer, now)) { return (WorldRule.Truth, $"{question}: {name} was there all the time, and {answer.Code} says not"); }
        }
        if (isChecked && !isDoubtful && isSecure != (answer.Status == SecurityStatus.Secure))
        {
            return (WorldRule.Security, $"{question} is {answer.Status} ({answer.Flaw}), and its zones are {(isSecure ? "signed" : "not signed")}");
        }
        return null;
    }

    /// <summary>Whether every server that has to be asked for the answer answers each time.</summary>
    public bool IsHealthy(Question question)
    {
        if (Doubtful(question)) { return false; }
        var name = question.Name;
        for (var aliases = 0; aliases < 12; aliases++)
        {
            var zone = plan.ZoneOf(name, question.Type);
            if (!IsHealthy(zone, 0)) { return false; }
            if (Say(zone.Versions[^1].Zone, name, question.Type).Answers.LastOrDefault(static record => record.Type == RecordType.CNAME) is not { } alias
                || question.Type == RecordType.CNAME) { return true; }
            name = ((NameData)alias.Data).Target;
        }
        return true;
    }

    /// <summary>Whether the truth is not what counts: names about which servers say odd things, zones of liars, aliases without end.</summary>
    public bool Doubtful(Question question)
    {
        var name = question.Name;
        for (var aliases = 0; aliases < 12; aliases++)
        {
            var zone = plan.ZoneOf(name, question.Type);
            if (zone == plan.Evil || name.IsSubdomainOf(WorldPlan.Stolen) || $"{name}".StartsWith("odd", StringComparison.Ordinal) || IsBroken(name)) { return true; }
            if (Say(zone.Versions[^1].Zone, name, question.Type).Answers.LastOrDefault(static record => record.Type == RecordType.CNAME) is not { } alias
                || question.Type == RecordType.CNAME) { return false; }
            name = ((NameData)alias.Data).Target;
        }
        return true;
    }

    /// <summary>The times that the versions of a zone give a record.</summary>
    public IEnumerable<uint> TimesOf(DnsRecord record) => plan.ZoneOf(record.Owner, record.Type).Versions
        .SelectMany(version => Say(version.Zone, record.Owner, record.Type).Answers.Where(said => said.Data.Equals(record.Data)).Select(static said => said.Ttl.Seconds))
        .Distinct();

    public bool Loops(Question question) => $"{question.Name}".StartsWith("loop.", StringComparison.Ordinal) && question.Type != RecordType.CNAME;

    private static bool IsBroken(DnsName name) => $"{name}".StartsWith("broken.", StringComparison.Ordinal);

    private static uint NegativeTime(Zone zone) => Math.Min(zone.SoaRecord.Ttl.Seconds, zone.Soa.Minimum);

    private bool IsHealthy(WorldZone zone, int depth)
    {
        if (depth > 8) { return false; }
        for (var one = zone; one is not null; one = one.Parent)
        {
            if (!one.IsHealthy || one.NeededZones.Any(needed => !IsHealthy(needed, depth + 1))) { return false; }
        }
        return true;
    }

    private (WorldRule, string)? JudgeSet(WorldZone zone, DnsName name, RecordType wanted, DnsRecord[] set, Instant now)
    {
        var ttl = set.Max(static record => record.Ttl.Seconds);
        var (isKnown, longest) = (false, 0u);
        foreach (var version in zone.Versions)
        {
            var said = Say(version.Zone, name, wanted).Answers.Where(record => record.Owner == set[0].Owner && record.Type == set[0].Type).ToArray();
            if (said.Length != set.Length || !said.All(record => set.Any(other => other.Data.Equals(record.Data)))) { continue; }
            isKnown = true;
            longest = Math.Max(longest, said[0].Ttl.Seconds);
            if (ttl <= said[0].Ttl.Seconds && Overlaps(version, now, said[0].Ttl.Seconds - ttl)) { return null; }
        }
        if (isKnown && ttl > longest) { return (WorldRule.Time, $"{set[0].Owner} {set[0].Type} has {ttl} s, and its zone gives {longest}"); }
        return (WorldRule.Truth, isKnown
            ? $"{set[0].Owner} {set[0].Type} {set[0].Data}, {ttl} s left, is no longer so"
            : $"{set[0].Owner} {set[0].Type} {set[0].Data} ({set.Length}) was never so in {zone.Origin}");
    }

    private bool WasDenied(WorldZone zone, DnsName name, RecordType type, ResolvedAnswer answer, Instant now)
    {
        foreach (var version in zone.Versions)
        {
            var said = Say(version.Zone, name, type);
            if (said.Answers.Count > 0 || said.ResponseCode != answer.Code) { continue; }
            var whole = NegativeTime(version.Zone);
            var left = answer.Soa is { } soa ? Math.Min(soa.Ttl.Seconds, whole) : 0;
            if (Overlaps(version, now, whole - left)) { return true; }
        }
        return false;
    }

    /// <summary>Whether a version was served at a moment since so many seconds ago.</summary>
    private static bool Overlaps(WorldZone.Version version, Instant now, uint seconds) =>
        version.Until == Instant.Never || version.Until + s_slack + TimeSpan.FromSeconds(seconds + 1) >= now;

    private DnsMessage Say(Zone zone, DnsName name, RecordType type)
    {
        if (_said.TryGetValue((zone, name, type), out var known)) { return known; }
        var buffer = new byte[65_535];
        var query = DnsMessage.Query(1, new Question(name, type), HeaderFlags.None).ToArray();
        var length = new AuthoritativeServer(new ZoneSet([zone])).Answer(query, new QuerySource(new Endpoint(IpAddress.LoopbackV4, 1), DnsTransport.Tcp), buffer);
        Assert.True(DnsMessage.TryParse(buffer.AsSpan(0, length), out var said, out _));
        return _said[(zone, name, type)] = said;
    }
}
