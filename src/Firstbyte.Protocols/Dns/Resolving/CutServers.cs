using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Resolving;

/// <summary>The servers of one zone cut during one resolution: whom to ask next, whose address to find, and what came of each.</summary>
/// <remarks>
/// Choice follows what the large resolvers do: the servers asked least often first, and among those one at random whose expected wait is
/// within a band of the best; so the fastest get most questions and a forger cannot know which one is asked (RFC 5452 9.2). Names without
/// an address are looked up only when no server with an address is left, one at a time, and within limits (NXNSAttack).
/// </remarks>
internal sealed class CutServers
{
    private readonly ResolverMemory _memory;
    private readonly IReadOnlyList<Endpoint> _distrusted;
    private readonly List<AskedServer> _servers;
    private readonly List<Target> _targets;
    private List<ServerEvidence>? _evidence;
    private List<(IpAddress Address, DnsName Server)>? _denied;
    private int _lookups;
    private int _failedLookups;
    private bool _parentSideAdded;

    public CutServers(
        Delegation cut, bool fromCache, ResolverMemory memory, Instant now, IReadOnlyList<Endpoint> distrusted,
        IReadOnlyDictionary<(Endpoint Server, DnsName Zone), LamenessKind> dismissed)
    {
        (Cut, IsFromCache, _memory, _distrusted) = (cut, fromCache, memory, distrusted);
        (_servers, _targets) = (new(cut.Servers.Length), new(cut.Servers.Length));
        foreach (var server in cut.Servers)
        {
            var target = new Target(server.Name, memory.Policy);
            _targets.Add(target);
            AddNamed(target, server.Named);
            AddAddresses(target, server.Addresses);
            if (!target.HasAddress) { AddKnownAddresses(target, now); }
        }
        // The same zone entered again: who has said that he does not know this name is not asked for it a second time.
        foreach (var server in _servers)
        {
            if (dismissed.TryGetValue((server.Endpoint, server.Zone), out var kind))
            {
                (server.IsFinished, server.Outcome, server.Lameness) = (true, ServerOutcome.Lame, kind);
            }
        }
    }

    public Delegation Cut { get; }

    /// <summary>Whether the cut was known before this resolution: if all its servers fail, the parent may have named others since.</summary>
    public bool IsFromCache { get; }

    /// <summary>Addresses denied since the last call, for telling.</summary>
    public IReadOnlyList<(IpAddress Address, DnsName Server)> TakeDenied()
    {
        var denied = _denied;
        _denied = null;
        return (IReadOnlyList<(IpAddress, DnsName)>?)denied ?? [];
    }

    /// <summary>A server nothing is known against; null when there is none that may still be asked.</summary>
    public AskedServer? Choose(Instant now, ushort choice) => Choose(server => IsUsable(server) && !IsAvoided(server, now), choice);

    /// <summary>
    /// Any server that has not been asked in vain this time: one that was lame for another name may know this one, and one that was silent may have
    /// woken up. What is known against servers orders them; it is no reason to ask nobody.
    /// </summary>
    public AskedServer? ChooseAnyway(Question question, Instant now, ushort choice) =>
        Choose(server => IsUsable(server) && !IsResting(server, now), choice)
        ?? Choose(server => IsUsable(server) && server.Tries == 0 && _memory.Infrastructure.MayProbe(server.Endpoint.Address, question, Cut.Zone, now), choice);

    private AskedServer? Choose(Predicate<AskedServer> isCandidate, ushort choice)
    {
        var fewest = int.MaxValue;
        foreach (var server in _servers)
        {
            server.Wait = isCandidate(server) ? _memory.Infrastructure.Timeout(server.Endpoint.Address, Cut.Zone) : null;
            if (server.Wait is not null) { fewest = Math.Min(fewest, server.Tries); }
        }
        var preferred = _memory.Policy.Preferred;
        // As fast as the fastest of its own version: the other one has to wait.
        var isPreferring = false;
        foreach (var server in _servers)
        {
            if (server.Tries > fewest) { server.Wait = null; }
            isPreferring |= server.Wait is not null && server.Endpoint.Address.Version == preferred;
        }
        var best = TimeSpan.MaxValue;
        foreach (var server in _servers)
        {
            if (isPreferring && server.Endpoint.Address.Version != preferred) { server.Wait = null; }
            if (server.Wait is { } wait && wait < best) { best = wait; }
        }
        var count = 0;
        foreach (var server in _servers)
        {
            if (server.Wait - best > ResolutionLimits.SelectionBand) { server.Wait = null; }
            if (server.Wait is not null) { count++; }
        }
        if (count == 0) { return null; }
        var place = choice % count;
        return _servers.Find(server => server.Wait is not null && place-- == 0);
    }

    /// <summary>Servers whose names lie in the zone itself and whose addresses are not known.</summary>
    public DnsName[] TargetsInZone() =>
        [.. _targets.Where(target => !target.HasAddress && !target.WasDenied && target.Name.IsSubdomainOf(Cut.Zone)).Select(static target => target.Name)];

    /// <summary>Adds the addresses of a server that the parent gave for its name.</summary>
    public void AddGlue(DnsName name, IpAddress[] addresses)
    {
        if (_targets.Find(candidate => candidate.Name == name) is { } target) { AddAddresses(target, addresses); }
    }

    /// <summary>The next name whose address is to be looked up, and the type; null when there is none or the limits are reached.</summary>
    public Question? NextLookup(ResolutionBudget budget)
    {
        foreach (var target in _targets)
        {
            if (target.HasAddress || target.NextType is not { } type) { continue; }
            if (target.Name.IsSubdomainOf(Cut.Zone))
            {
                // Only these servers know the address of a name in their own zone: without glue there is no way in.
                target.Fail(target.WasDenied ? null : ServerOutcome.Cyclic);
                continue;
            }
            if (!target.IsStarted)
            {
                if (_lookups >= ResolutionLimits.AddressLookupsPerDelegation || _failedLookups >= ResolutionLimits.FailedAddressLookupsPerDelegation
                    || !budget.TryChargeAddressLookup()) { return null; }
                _lookups++;
            }
            target.Advance();
            return new Question(target.Name, type);
        }
        return null;
    }

    /// <summary>
    /// Adds the addresses that parents gave as glue for these names elsewhere: the last chance when the addresses that the names' own
    /// zones give are dead. True when there are any not known yet.
    /// </summary>
    public bool AddParentSideAddresses(Instant now)
    {
        var before = _servers.Count;
        if (_parentSideAdded) { return false; }
        _parentSideAdded = true;
        foreach (var target in _targets)
        {
            // Every parent on the way may have given it, not only the nearest. Each step leads up, so this ends.
            for (var cut = _memory.Delegations.FindDeepest(target.Name, now); cut is not null && !cut.Zone.IsRoot;
                cut = _memory.Delegations.FindDeepest(cut.Zone.Parent, now))
            {
                if (cut.Zone == Cut.Zone) { continue; }
                foreach (var server in cut.Servers) { if (server.Name == target.Name) { AddAddresses(target, server.Addresses); } }
            }
        }
        return _servers.Count > before;
    }

    public void TakeLookup(Question question, ResolutionOutcome outcome, ResolutionBudget budget)
    {
        var target = _targets.Find(candidate => candidate.Name == question.Name);
        if (target is null) { return; }
        if (outcome is ResolvedAnswer answer)
        {
            AddAddresses(target, answer.Addresses);
            if (target.HasAddress) { return; }
        }
        target.Note(outcome);
        if (target.NextType is not null) { return; }
        _failedLookups++;
        budget.NoteFailedAddressLookup();
    }

    /// <summary>What came of every server, in the order of the referral.</summary>
    public ServerEvidence[] Evidence(Instant now)
    {
        var evidence = new List<ServerEvidence>(_evidence ?? []);
        foreach (var server in _servers)
        {
            if (server.Outcome is null && IsResting(server, now)) { server.Outcome = ServerOutcome.Resting; }
            if (server.Outcome is not null) { evidence.Add(server.ToEvidence()); }
        }
        foreach (var target in _targets)
        {
            if (!target.HasAddress && target.Outcome is { } outcome)
            {
                evidence.Add(new ServerEvidence(target.Name.ToHostString(), null, Cut.Zone.ToHostString(), outcome, 0) { Search = target.Search });
            }
        }
        return [.. evidence];
    }

    /// <summary>Whether a try that is being made is the last one that there will be: of no server that may still be asked, or whose address may be found.</summary>
    public bool IsLastTry(AskedServer asked) =>
        asked.Tries >= ResolutionLimits.TriesPerServer && _targets.TrueForAll(static target => target.HasAddress || target.NextType is null)
            && _servers.TrueForAll(server => server == asked || server.IsFinished || server.Tries >= ResolutionLimits.TriesPerServer);

    private static bool IsUsable(AskedServer server)
    {
        if (!server.IsFinished && server.Tries >= ResolutionLimits.TriesPerServer) { server.IsFinished = true; }
        return !server.IsFinished;
    }

    private bool IsAvoided(AskedServer server, Instant now)
    {
        if (IsResting(server, now)) { return true; }
        if (server.Tries > 0) { return false; }
        if (_distrusted.Contains(server.Endpoint)) { return true; }
        if (_memory.Infrastructure.FindLameness(server.Endpoint.Address, Cut.Zone, now) is not { } lameness) { return false; }
        (server.Outcome, server.Lameness) = (ServerOutcome.Lame, lameness);
        return true;
    }

    /// <summary>Root servers never rest: when all of them have been silent, the fault was on this side, and may be over.</summary>
    private bool IsResting(AskedServer server, Instant now) => !Cut.IsHint && _memory.Infrastructure.IsResting(server.Endpoint.Address, Cut.Zone, now);

    private void AddKnownAddresses(Target target, Instant now)
    {
        foreach (var type in (ReadOnlySpan<RecordType>)[RecordType.A, RecordType.AAAA])
        {
            if (!_memory.Cache.TryGet(target.Name, type, now, out var hit) || hit.Outcome != CacheOutcome.Answer) { continue; }
            AddAddresses(target, [.. hit.Entry.Records.Select(record => record.Data).OfType<AddressData>().Select(data => data.Address)]);
        }
    }

    private void AddNamed(Target target, UpstreamServer[] named)
    {
        foreach (var server in named)
        {
            if (!_memory.Policy.AllowsHint(server.Endpoint.Address)) { continue; }
            target.HasAddress = true;
            _servers.Add(new AskedServer(server.Endpoint, null, Cut.Zone) { Named = server });
        }
    }

    private void AddAddresses(Target target, IpAddress[] addresses)
    {
        var taken = 0;
        foreach (var address in addresses)
        {
            if (++taken > ResolutionLimits.AddressesPerServer) { break; }
            var allowed = Cut.IsHint ? _memory.Policy.AllowsHint(address) : _memory.Policy.Allows(address);
            if (!allowed)
            {
                if (address.IsV4 ? !_memory.Policy.UseV4 : !_memory.Policy.UseV6) { continue; }
                target.WasDenied = true;
                (_denied ??= []).Add((address, target.Name));
                (_evidence ??= []).Add(new ServerEvidence(
                    target.Name.ToHostString(), new Endpoint(address, _memory.Policy.Port), Cut.Zone.ToHostString(), ServerOutcome.Denied, 0));
                continue;
            }
            target.HasAddress = true;
            var endpoint = new Endpoint(address, _memory.Policy.Port);
            if (!_servers.Exists(server => server.Endpoint == endpoint)) { _servers.Add(new AskedServer(endpoint, target.Name, Cut.Zone)); }
        }
    }

    /// <summary>A server's name, and how far the search for its address has come: A first, then AAAA, or the other way where IPv6 is preferred.</summary>
    private sealed class Target(DnsName name, UpstreamPolicy policy)
    {
        public DnsName Name { get; } = name;
        public bool HasAddress { get; set; }
        public bool WasDenied { get; set; }
        public bool IsStarted { get; private set; }
        public RecordType? NextType { get; private set; } = First(policy);
        public ServerOutcome? Outcome { get; private set; }
        public ResolutionFailureReason? Search { get; private set; }

        public void Advance()
        {
            IsStarted = true;
            NextType = NextType != First(policy) || !policy.UseV6 ? null : NextType == RecordType.A ? RecordType.AAAA : RecordType.A;
        }

        private static RecordType First(UpstreamPolicy policy) => policy is { Preferred: IpVersion.V6, UseV6: true } ? RecordType.AAAA : RecordType.A;

        public void Fail(ServerOutcome? outcome) => (Outcome, NextType) = (outcome, null);

        public void Note(ResolutionOutcome outcome)
        {
            Outcome = outcome is ResolutionFailure { Reason: ResolutionFailureReason.CyclicDelegation } ? ServerOutcome.Cyclic : ServerOutcome.NoAddress;
            Search = (outcome as ResolutionFailure)?.Reason;
            // A name that does not exist has no AAAA record either, and what failed on the way to one type fails on the way to the other.
            if (outcome is ResolutionFailure || outcome is ResolvedAnswer answered && answered.Code == ResponseCode.NameError) { NextType = null; }
        }
    }
}
