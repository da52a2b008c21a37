using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>What a server's reply means for a question.</summary>
internal enum ReplyKind
{
    /// <summary>The records asked for, perhaps behind aliases.</summary>
    Answer,

    /// <summary>Aliases only: the question goes on with the last name.</summary>
    Alias,

    /// <summary>The name does not exist.</summary>
    NameError,

    /// <summary>The name has no records of the type.</summary>
    NoData,

    /// <summary>The servers of a zone further down.</summary>
    Referral,

    /// <summary>A DNAME makes the name longer than a name can be (RFC 6672 2.2).</summary>
    NameTooLong,

    /// <summary>Useless; why stands in <see cref="ScrubbedReply.Lameness"/>.</summary>
    Lame,
}

/// <summary>A reply cut down to what its sender may say, and read (RFC 1034 5.3.3 step 4).</summary>
/// <remarks>
/// Theory of operation. A server is asked because it was named for a zone (the cut). What it says about names outside that zone is not its
/// business and is dropped before anything is kept: so no server can put records of others into the cache (Kaminsky 2008, and every variant with
/// forwarders since). A referral counts only when it leads strictly downward from the cut and toward the name, so that a chain
/// of referrals ends after as many steps as a name has labels. Address records beside a referral are kept only as glue of that
/// referral. Everything else in authority and additional sections is ignored.
/// </remarks>
internal sealed class ScrubbedReply
{
    public required ReplyKind Kind { get; init; }
    public LamenessKind Lameness { get; init; }

    /// <summary>The aliases and the records asked for, set by set, in their order.</summary>
    public List<SignedSet> Chain { get; init; } = [];

    /// <summary>NSEC and NSEC3 sets of the authority section, and before them the zone's SOA set: what proves a denial or a wildcard.</summary>
    public SignedSet[] Proof { get; init; } = [];

    /// <summary>The DS set beside a referral.</summary>
    public SignedSet? DelegationSigner { get; init; }

    /// <summary>The name at the end of the aliases.</summary>
    public required DnsName LastName { get; init; }

    /// <summary>The zone's SOA record beside a denial.</summary>
    public DnsRecord? Soa { get; init; }

    /// <summary>The servers that a referral names.</summary>
    public Delegation? Delegation { get; init; }

    /// <summary>How many addresses came with the referral.</summary>
    public int GlueCount { get; init; }

    /// <summary>Whether the aliases lead back to one of themselves.</summary>
    public bool IsCircle => Kind == ReplyKind.Alias && LeadsBack(Chain, LastName);

    /// <summary>
    /// Reads a reply from a server of <paramref name="cut"/> to a question; with <paramref name="hardensGlue"/> a referral's addresses count only within the
    /// zone that it leads to.
    /// </summary>
    public static ScrubbedReply Read(Reply reply, Delegation cut, DnsName name, RecordType type, Instant now, bool hardensGlue = false)
    {
        if (reply.Code == ResponseCode.Refused) { return Lame(LamenessKind.Refused, name); }
        if (reply.Code == ResponseCode.ServerFailure) { return Lame(LamenessKind.ServerFailure, name); }
        if (reply.Code != ResponseCode.NoError && reply.Code != ResponseCode.NameError && reply.Code != ResponseCode.NameExists)
        {
            return Lame(LamenessKind.OtherError, name);
        }

        var chain = new List<SignedSet>();
        var end = FollowChain(reply, cut.Zone, name, type, chain, out var tooLong);
        if (tooLong) { return Found(ReplyKind.NameTooLong, chain, end, []); }
        if (chain.Count > 0)
        {
            var isAlias = chain[^1].Type == RecordType.CNAME && type != RecordType.CNAME && type != RecordType.Any;
            // Records beside a code that says there can be none: one of the two is not true. Behind an alias the code speaks of its target.
            if (!isAlias && reply.Code != ResponseCode.NoError || reply.Code == ResponseCode.NameExists) { return Lame(LamenessKind.OtherError, name); }
            return Found(isAlias ? ReplyKind.Alias : ReplyKind.Answer, chain, end, ReadProof(reply, cut.Zone, null));
        }
        var soa = FindSoa(reply, cut.Zone, name);
        if (reply.Code == ResponseCode.NameError)
        {
            return new ScrubbedReply { Kind = ReplyKind.NameError, LastName = name, Soa = soa, Proof = ReadProof(reply, cut.Zone, soa) };
        }
        if (reply.Code == ResponseCode.NameExists) { return Lame(LamenessKind.OtherError, name); }
        if (soa is not null) { return new ScrubbedReply { Kind = ReplyKind.NoData, LastName = name, Soa = soa, Proof = ReadProof(reply, cut.Zone, soa) }; }
        return ReadReferral(reply, cut, name, type, now, hardensGlue);
    }

    private static ScrubbedReply Lame(LamenessKind kind, DnsName name) => new() { Kind = ReplyKind.Lame, Lameness = kind, LastName = name };

    private static ScrubbedReply Found(ReplyKind kind, List<SignedSet> chain, DnsName end, SignedSet[] proof) =>
        new() { Kind = kind, LastName = end, Proof = proof, Chain = chain };

    /// <summary>
    /// Collects the sets that lead from the name to its records. Ends at the zone's border, at a name seen before, or at the limit of
    /// aliases.
    /// </summary>
    private static DnsName FollowChain(Reply reply, DnsName zone, DnsName name, RecordType type, List<SignedSet> chain, out bool tooLong)
    {
        tooLong = false;
        for (var aliases = 0; aliases <= ResolutionLimits.AliasRestarts && name.IsSubdomainOf(zone); aliases++)
        {
            // A DNAME comes first: below it there is nothing, and what a server puts there itself is not believed but worked out.
            if (FindSubstitute(reply.Answer, zone, name) is { } substitute)
            {
                chain.Add(Sign(reply.Answer, [substitute]));
                if (Substitute(name, substitute) is not { } target)
                {
                    tooLong = true;
                    return name;
                }
                var told = Find(reply.Answer, name, RecordType.CNAME);
                chain.Add(new SignedSet([new DnsRecord(name, substitute.Ttl, new NameData(RecordType.CNAME, target))], [])
                {
                    IsContradicted = Array.Exists(told, record => record.Data is NameData other && other.Target != target),
                });
                name = target;
                if (type == RecordType.CNAME) { return name; }
            }
            else if (Find(reply.Answer, name, type) is { Length: > 0 } records)
            {
                chain.Add(Sign(reply.Answer, records));
                return name;
            }
            else if (Find(reply.Answer, name, RecordType.CNAME) is { Length: > 0 } alias)
            {
                // More than one CNAME record is an error of the zone (RFC 1034 3.6.2); the first counts.
                chain.Add(Sign(reply.Answer, [alias[0]]));
                name = ((NameData)alias[0].Data).Target;
            }
            else { return name; }
            // It is the resolution's to say so.
            if (LeadsBack(chain, name)) { return name; }
        }
        return name;
    }

    /// <summary>The set with its signatures out of the same section.</summary>
    private static SignedSet Sign(List<DnsRecord> section, DnsRecord[] records)
    {
        List<DnsRecord>? signatures = null;
        foreach (var record in section)
        {
            if (record.Type != RecordType.RRSIG || record.Owner != records[0].Owner || SignatureFields.CoveredBy(record.Data) != records[0].Type) { continue; }
            if (signatures is { Count: >= ResolutionLimits.SignaturesPerSet }) { break; }
            signatures ??= [];
            if (!Contains(signatures, record)) { signatures.Add(record); }
        }
        return new SignedSet(records, signatures is null ? [] : [.. signatures]);
    }

    /// <summary>The SOA set and the NSEC and NSEC3 sets that a server of a zone may show.</summary>
    private static SignedSet[] ReadProof(Reply reply, DnsName zone, DnsRecord? soa)
    {
        if (soa is null && !reply.Authority.Exists(static record => record.Type == RecordType.NSEC || record.Type == RecordType.NSEC3)) { return []; }
        var sets = new List<SignedSet>();
        if (soa is not null) { sets.Add(Sign(reply.Authority, [soa])); }
        foreach (var record in reply.Authority)
        {
            if (sets.Count > ResolutionLimits.LinksPerDenial) { break; }
            if (record.Type != RecordType.NSEC && record.Type != RecordType.NSEC3 || !record.Owner.IsSubdomainOf(zone)
                || sets.Exists(set => set.Owner == record.Owner && set.Type == record.Type)) { continue; }
            sets.Add(Sign(reply.Authority, Find(reply.Authority, record.Owner, record.Type)));
        }
        return [.. sets];
    }

    private static bool LeadsBack(List<SignedSet> chain, DnsName name)
    {
        foreach (var set in chain)
        {
            if (set.Type == RecordType.CNAME && set.Owner == name) { return true; }
        }
        return false;
    }

    // So many are compared with each other faster than they are hashed.
    private const int FewRecords = 16;

    private static DnsRecord[] Find(List<DnsRecord> section, DnsName name, RecordType type)
    {
        DnsRecord? only = null;
        List<DnsRecord>? found = null;
        HashSet<RecordData>? known = null;
        // All that a message holds: a set that is cut says what its zone does not, and no signature fits it. The message's own length is the limit.
        foreach (var record in section)
        {
            if (record.Type != type && type != RecordType.Any || record.Owner != name) { continue; }
            if (only is null)
            {
                only = record;
                continue;
            }
            found ??= [only];
            if (found.Count < FewRecords)
            {
                if (!Contains(found, record)) { found.Add(record); }
                continue;
            }
            known ??= [.. found.Select(static one => one.Data)];
            if (known.Add(record.Data)) { found.Add(record); }
        }
        return found is not null ? [.. found] : only is not null ? [only] : [];
    }

    private static bool Contains(List<DnsRecord> records, DnsRecord candidate)
    {
        foreach (var record in records) { if (record.Data.Equals(candidate.Data)) { return true; } }
        return false;
    }

    /// <summary>A DNAME record above the name. The server's own CNAME record for the name beside it is not believed: it is worked out here.</summary>
    private static DnsRecord? FindSubstitute(List<DnsRecord> answer, DnsName zone, DnsName name)
    {
        foreach (var record in answer)
        {
            if (record.Type == RecordType.DNAME && name.IsBelow(record.Owner) && record.Owner.IsSubdomainOf(zone)) { return record; }
        }
        return null;
    }

    internal static DnsName? Substitute(DnsName name, DnsRecord dname)
    {
        var target = ((NameData)dname.Data).Target;
        var prefix = name.Wire[..(name.Length - dname.Owner.Length)];
        Span<byte> wire = stackalloc byte[2 * WireName.MaxLength];
        prefix.CopyTo(wire);
        target.Wire.CopyTo(wire[prefix.Length..]);
        return DnsName.TryFromWire(wire[..(prefix.Length + target.Length)], out var substituted) ? substituted : null;
    }

    private static DnsRecord? FindSoa(Reply reply, DnsName zone, DnsName name)
    {
        foreach (var record in reply.Authority)
        {
            if (record.Type != RecordType.SOA || !record.Owner.IsSubdomainOf(zone) || !name.IsSubdomainOf(record.Owner)) { continue; }
            // Its time is that of the denial (RFC 2308 section 5), also for servers that leave it as it stands in their zone.
            var ttl = DnsCache.NegativeTtl(record);
            return ttl == record.Ttl.Seconds ? record : new DnsRecord(record.Owner, new Ttl(ttl), record.Data);
        }
        return null;
    }

    private static ScrubbedReply ReadReferral(Reply reply, Delegation cut, DnsName name, RecordType type, Instant now, bool hardensGlue)
    {
        var (seen, seenElsewhere) = (false, false);
        foreach (var record in reply.Authority)
        {
            if (record.Type != RecordType.NS) { continue; }
            seen = true;
            seenElsewhere |= record.Owner != cut.Zone;
            // The data of type DS stands above the cut: a referral to the name itself would go past it (RFC 4035 3.1.4.1).
            var leadsDown = record.Owner.IsBelow(cut.Zone) && (type == RecordType.DS ? name.IsBelow(record.Owner) : name.IsSubdomainOf(record.Owner));
            if (leadsDown) { return TakeReferral(reply, cut, record.Owner, name, now, hardensGlue); }
        }
        // Some servers put the zone's own NS records beside "there is none"; with AA that is no referral.
        if (seenElsewhere || seen && !reply.IsAuthoritative) { return Lame(LamenessKind.UpwardReferral, name); }
        // Links of a chain say what there is not, whether a SOA record stands beside them or not; what they are worth, validation says.
        if (!seen && ReadProof(reply, cut.Zone, null) is { Length: > 0 } links)
        {
            return new ScrubbedReply { Kind = ReplyKind.NoData, LastName = name, Proof = links };
        }
        if (reply.IsRecursionAvailable && !reply.IsAuthoritative) { return Lame(LamenessKind.RecursionOnly, name); }
        // What was thrown away might have said something: it is not "there is none".
        if (reply.HasUnreadable) { return Lame(LamenessKind.Malformed, name); }
        return Lame(reply.IsAuthoritative ? LamenessKind.EmptyWithoutSoa : LamenessKind.NotAuthoritative, name);
    }

    private static ScrubbedReply TakeReferral(Reply reply, Delegation cut, DnsName zone, DnsName name, Instant now, bool hardensGlue)
    {
        var ttl = ResolutionLimits.MaxTtl;
        var servers = new List<NameServer>();
        var glue = 0;
        foreach (var record in reply.Authority)
        {
            if (record.Type != RecordType.NS || record.Owner != zone) { continue; }
            ttl = Math.Min(ttl, record.Ttl.Seconds);
            var target = ((NameData)record.Data).Target;
            if (servers.Count >= ResolutionLimits.ServersPerDelegation || servers.Exists(server => server.Name == target)) { continue; }
            // The parent may give addresses of names within its own zone, and of those in the zone below; no others.
            var addresses = target.IsSubdomainOf(hardensGlue ? zone : cut.Zone) ? FindGlue(reply, target, ref ttl) : [];
            glue += addresses.Length;
            servers.Add(new NameServer(target, addresses));
        }
        return new ScrubbedReply
        {
            Kind = ReplyKind.Referral,
            LastName = name,
            GlueCount = glue,
            Delegation = new Delegation(zone, [.. servers], now.PlusNanoseconds(ttl * 1_000_000_000L)),
            DelegationSigner = Find(reply.Authority, zone, RecordType.DS) is { Length: > 0 } signers ? Sign(reply.Authority, signers) : null,
            Proof = ReadProof(reply, cut.Zone, null),
        };
    }

    /// <summary>The addresses that a parent's server gives for the name of a server below it, as glue or as its own data.</summary>
    public static IpAddress[] FindGlueOf(Reply reply, DnsName server, out uint ttl)
    {
        ttl = ResolutionLimits.MaxTtl;
        var addresses = new List<IpAddress>();
        foreach (var record in reply.Answer.Concat(reply.Additional))
        {
            if (record.Data is not AddressData data || record.Owner != server || addresses.Contains(data.Address)) { continue; }
            if (addresses.Count >= ResolutionLimits.AddressesPerServer) { break; }
            addresses.Add(data.Address);
            ttl = Math.Min(ttl, record.Ttl.Seconds);
        }
        return [.. addresses];
    }

    private static IpAddress[] FindGlue(Reply reply, DnsName server, ref uint ttl)
    {
        // Most servers have one or two.
        IpAddress[] addresses = [];
        foreach (var record in reply.Additional)
        {
            if (record.Data is not AddressData data || record.Owner != server || addresses.Contains(data.Address)) { continue; }
            if (addresses.Length >= ResolutionLimits.AddressesPerServer) { break; }
            ttl = Math.Min(ttl, record.Ttl.Seconds);
            addresses = [.. addresses, data.Address];
        }
        return addresses;
    }
}
