using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishEvidence : IEvidenceSentences
{
    public Phrase? What(JourneyFailure failure, FailureEvidence seen) => (failure, seen.Cause) switch
    {
        // What was lost stands in a line of its own.
        (_, LosingCable) => null,
        (ProxyFailed { Cause: NotConnected } proxy, { } cause) => Phrase.Say($"The proxy {$"{proxy.Proxy}":name} cannot be used: {Where(cause)}."),
        (ResponseUnreceived broken, { } cause) =>
            $"The connection to {$"{broken.Origin}":name} broke while its response was read (byte {broken.Position}): {Where(cause)}.",
        (NotConnected connect, { } cause) => $"No connection to {$"{connect.Origin}":name}: {Where(cause)}.",
        (NameUnresolved { Server: { } server } name, SilentNeighbor { IsGateway: false } silent) when silent.Address == server.Address =>
            $"The name {name.Name:name} could not be resolved: the DNS server {Named(silent.Address, silent.Name)}, "
            + $"in this host's own network, does not answer for its address: it is off, or its cable is out.",
        (NameUnresolved { Server: { } server } name, { } cause) when seen.IsResolverReached =>
            $"The name {name.Name:name} could not be resolved: the DNS server {server.Address} got the question, "
            + $"and could not find the answer, as {Where(cause)}.",
        (NameUnresolved name, { } cause) => $"The name {name.Name:name} could not be resolved: no question comes to a DNS server, as {Where(cause)}.",
        (NameUnresolved { Server: { } server, Blamed: FaultParty.RecursiveServer, Reason: ResolutionFailureReason.NoServerAnswers } name, null)
            when seen.IsResolverReached =>
            $"The name {name.Name:name} could not be resolved: the DNS server {server.Address} got the question, and had no answer in time.",
        _ => null,
    };

    public Phrase? AtFault(JourneyFailure failure, FailureEvidence seen) => Party(failure, seen) is { } party ? Phrase.Say($"At fault: {party}") : null;

    public Phrase Lost(LosingCable cable)
    {
        var why = cable.Reason switch
        {
            FrameDropReason.LinkDown => "it is cut",
            FrameDropReason.Unplugged => "nothing is plugged in at its other end",
            FrameDropReason.TooBig => "longer than its MTU, which a cable tells nobody",
            FrameDropReason.QueueFull => "more waited than its queue holds",
            _ => "it loses a share of what it carries",
        };
        return cable.Packets == 1
            ? $"Seen: a packet of this was lost on the cable {cable.Name:name} ({why:words})"
            : $"Seen: {cable.Packets} packets of this were lost on the cable {cable.Name:name} ({why:words})";
    }

    public Phrase Holding(IReadOnlyList<Held> faults) => $"Broken in this world: {Phrase.Join(", ", faults.Select(static one => Since(one.What, one.After)))}";

    public Phrase Changed(IReadOnlyList<HeldChange> changes) =>
        $"Changed in this run: {Phrase.Join(", ", changes.Select(static one => Since(one.What, one.After)))}";

    public Phrase TryMending => "Try: the button 'Mend everything', and fetch again; Events shows which frames were lost, and where";

    public Phrase TryLooking(JourneyStep step) => step == JourneyStep.Name
        ? "Try: Relay shows who was asked, and what each of them said; Events shows every packet, lost ones marked"
        : "Try: Events shows every packet, lost ones marked; State shows each machine's routes and neighbours";

    private static Phrase? Party(JourneyFailure failure, FailureEvidence seen) => failure switch
    {
        ProxyFailed { Cause: NotConnected } or NotConnected or NameUnresolved or ResponseUnreceived when seen.Cause is { } cause => Party(cause),
        _ when seen.Cause is LosingCable losing => Party(losing),
        NameUnresolved { Server: { } server, Blamed: FaultParty.RecursiveServer, Reason: ResolutionFailureReason.NoServerAnswers }
            when seen.IsResolverReached => Phrase.Say($"the DNS server {server.Address}, or those that it asked in its turn"),
        NameDoesNotExist or NameWithoutAddress when seen.Changes.Count > 0 =>
            "whoever changed the records of this name in this run (or the name as it was typed)",
        _ => null,
    };

    private static Phrase Where(SeenCause cause) => cause switch
    {
        HostOff off => $"the host that asks, {off.Host:name}, is off itself: nothing leaves it",
        SilentNeighbor { IsGateway: true } router =>
            $"the router {Named(router.Address, router.Name)} of this host's own network does not answer: it is off, or a cable is out",
        SilentNeighbor { Name: null } nobody =>
            Phrase.Say($"nobody in this host's own network answers for the address {nobody.Address}: "
                + $"no host there has it, or that host is off, or its cable is out"),
        SilentNeighbor host =>
            $"the host {Named(host.Address, host.Name)}, in this host's own network, does not answer for its address: it is off, or its cable is out",
        StuckRouter { IsLastHop: true } router =>
            $"{Router(router.Router, router.From, router.IsSender)} stands in the network of {Named(router.NextHop, router.Name)}, "
            + $"and nobody there answers for that address: {(router.Name is null ? "no host there has it, or that host" : "the host"):words} is off, or its cable is out",
        StuckRouter router =>
            $"{Router(router.Router, router.From, router.IsSender)} cannot pass on what is for {router.Destination}: "
            + $"its next hop, {Named(router.NextHop, router.Name)}, does not answer",
        RouterWithoutWay router => $"{Router(router.Router, router.From, router.IsSender)} knows no way to {router.Destination}",
        _ => throw new ArgumentException("a cause without words", nameof(cause)),
    };

    private static Phrase Party(SeenCause cause) => cause switch
    {
        LosingCable losing => losing.Cable is { } cable
            ? Phrase.Say($"the cable {losing.Name:name}, on which '{cable.Fault:name}' acts") : Phrase.Say($"the cable {losing.Name:name}"),
        RouterWithoutWay { Cable: not null } router => $"{router.Router:name}, which has no way there now{Acting(router)}",
        HostOff off => $"{off.Host:name}, the host that asks",
        SilentNeighbor { Name: null } nobody => Phrase.Say($"whoever should have the address {nobody.Address}, or the cables to it"),
        StuckRouter { IsLastHop: true, Name: null } nobody =>
            $"whoever should have the address {nobody.NextHop}, or the cables between it and {nobody.Router:name}",
        SilentNeighbor silent => $"{Named(silent.Address, silent.Name)}, or the cables between it and this host{Acting(silent)}",
        StuckRouter { IsLastHop: true } router => $"{Named(router.NextHop, router.Name)}, or the cables between it and {router.Router:name}{Acting(router)}",
        StuckRouter { Cable: not null } router => $"the way from {router.Router:name} to {Named(router.NextHop, router.Name)}{Acting(router)}",
        StuckRouter router =>
            $"the way from {router.Router:name} to {Named(router.NextHop, router.Name)}: that machine is off, or a cable between the two is out",
        RouterWithoutWay router => $"{router.Router:name}, which has no way there now: its routing table, or a cable of it",
        _ => throw new ArgumentException("a cause without words", nameof(cause)),
    };

    private static Phrase Acting(SeenCause cause) =>
        cause.Cable is { } cable ? Phrase.Say($": on the cable {cable.Name:name} acts '{cable.Fault:name}'") : Phrase.Empty;

    private static Phrase Router(string name, IpAddress? from, bool isHost)
    {
        var kind = isHost ? "the host" : "the router";
        return from is { } address ? Phrase.Say($"{kind:words} {name:name} ({address})") : Phrase.Say($"{kind:words} {name:name}");
    }

    private static Phrase Named(IpAddress address, string? name) => name is null ? Phrase.Say($"{address}") : Phrase.Say($"{name:name} ({address})");

    private static Phrase Since(string what, int after) => after == 0 ? Phrase.Of(what, Role.Name) : Phrase.Say($"{what:name} (from event {after} on)");
}
