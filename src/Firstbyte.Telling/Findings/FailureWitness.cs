using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Findings;

/// <summary>Looks on while a journey is under way, and says of its failure what was seen of the cause.</summary>
/// <remarks>
/// Theory of operation. A program is told EHOSTUNREACH, or nothing at all; in a lab every router's decision and every fault is told as it happens. The
/// witness keeps what concerns where packets end, from the journey's beginning on, and offers only what belongs to the address that the failure
/// is about. On a real network none of these events comes, and it has nothing to say.
/// </remarks>
/// <param name="number">The number of the event that is told, where events have one.</param>
public sealed class FailureWitness(Func<int>? number) : ITraceSink
{
    /// <summary>Faults that are named beside a failure (own choice): a lab of twelve troubles would name eleven others.</summary>
    public const int MaxFaults = 4;

    /// <summary>Dead ends, next hops and questions that are kept of a journey; the oldest goes first (own choice).</summary>
    private const int MaxKept = 512;

    private readonly List<(int Number, FaultChanged Change)> _faults = [];
    private readonly List<(int Number, ZoneChanged Change)> _changes = [];
    private readonly OrderedDictionary<(string Host, IpAddress Destination), IpAddress> _nextHops = [];
    private readonly List<DeadEnd> _ends = [];
    private readonly List<QueryReceived> _questions = [];
    private readonly HashSet<IpAddress> _own = [];
    private readonly HashSet<(string Host, IpAddress Address)> _senders = [];
    private readonly HashSet<(string Host, IpAddress Destination)> _asked = [];
    private readonly List<FrameLost> _losses = [];
    private IpAddress _partner;
    private string _host = "";
    private int _last;

    /// <summary>Whose an address is; null where nobody knows.</summary>
    public Func<IpAddress, string?>? NameOf { get; set; }

    /// <summary>Whether a cable, named first, ends at a machine; null where nobody knows.</summary>
    public Func<string, string, bool>? IsAt { get; set; }

    /// <inheritdoc/>
    public bool IsListening => true;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case JourneyStarted e: Begin(e.Host ?? ""); break;
            // A question that is asked for its own sake: who asks is not told.
            case ResolutionStarted { Parent: 0, Mode: ResolutionMode.Stub }: Begin(""); break;
            case FaultChanged e: _faults.Add((Now(), e)); break;
            case ZoneChanged e: _changes.Add((Now(), e)); break;
            case FrameForwarded e: Keep(e.Host, e.Destination, e.Gateway); break;
            case FrameSent e: Send(e); break;
            case FrameDropped { Reason: FrameDropReason.NeighborUnreachable or FrameDropReason.NoRoute } e:
                if (_ends.Count == MaxKept) { _ends.RemoveAt(0); }
                _ends.Add(new DeadEnd(e));
                break;
            case FrameLost
            {
                Reason: FrameDropReason.LinkDown or FrameDropReason.Unplugged or FrameDropReason.Chance or FrameDropReason.TooBig or FrameDropReason.QueueFull
            } e:
                if (_losses.Count == MaxKept) { _losses.RemoveAt(0); }
                _losses.Add(e);
                break;
            // What is waited for comes: what was lost before it did not end the journey.
            case FrameDelivered e when e.Host == _host && _losses.Count > 0:
                _losses.RemoveAll(lost => lost.Source == e.Source || lost.Destination == e.Source);
                break;
            case QueryReceived e when _questions.Count < MaxKept: _questions.Add(e); break;
        }
    }

    /// <summary>What was seen of a failure's cause.</summary>
    public FailureEvidence Of(JourneyFailure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        _ = Now();
        var name = failure switch
        {
            NameUnresolved e => e.Name,
            NameDoesNotExist e => e.Name,
            NameWithoutAddress e => e.Name,
            _ => null,
        };
        // A name that leads elsewhere since it was changed, or to nobody.
        var changed = name ?? failure switch
        {
            NotConnected e => e.Origin.Host,
            HandshakeFailed e => e.Origin.Host,
            _ => null,
        };
        var isAsked = name is not null && _questions.Exists(
            one => _own.Contains(one.Client.Address) && string.Equals(one.Name.TrimEnd('.'), name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase));
        // What was typed wrong is not the world's fault.
        var isOfWorld = failure is NameFailure || FailureTable.Of(failure).AtFault != FaultParty.User;
        return new FailureEvidence(
            CauseOf(failure, isAsked), isAsked,
            isOfWorld && failure is not (NameDoesNotExist or NameWithoutAddress or VersionUnavailable) ? Faults() : [],
            changed is null
                ? []
                : [.. _changes.Select(static one => new HeldChange(one.Change.Zone, one.Change.Change, one.Number)).Where(one => one.IsOf(changed))]);
    }

    // The way's end as the machines there know it, and beside it the fault that acts on a cable of it; where none knows an end, the cable that has lost
    // what was sent.
    private SeenCause? CauseOf(JourneyFailure failure, bool isAsked)
    {
        if (EndOf(failure, isAsked) is { } end) { return end is HostOff ? end : end with { Cable = CableAt(end) }; }
        if (_host.Length == 0 || failure.IsUnplugged) { return null; }
        return failure switch
        {
            ProxyFailed proxy => CauseOf(proxy.Cause, isAsked),
            NotConnected { Attempts: [.., { Error: Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ETIMEDOUT } last] } => LossOf(one => one == last.Address),
            NameUnresolved { Reason: ResolutionFailureReason.Bogus } => null,
            NameUnresolved { Server: { } server } =>
                LossOf(one => _asked.Contains((_host, one)) || (NameOf?.Invoke(server.Address) is { } name && _asked.Contains((name, one)))),
            OutOfTime or RequestUnsent { Error: Errno.ETIMEDOUT } or ResponseUnreceived { Error: Errno.ETIMEDOUT }
                or HandshakeFailed { Error: Errno.ETIMEDOUT } =>
                LossOf(one => one == _partner),
            _ => null,
        };
    }

    private LosingCable? LossOf(Func<IpAddress, bool> isPartner)
    {
        var lost = _losses.FindAll(one => isPartner(one.Source) || isPartner(one.Destination));
        if (lost.Count == 0) { return null; }
        var most = lost.GroupBy(static one => one.Link, StringComparer.Ordinal).MaxBy(static link => link.Count())!;
        return new LosingCable(most.Key, most.Count(), most.Last().Reason) { Cable = FaultOn(most.Key) };
    }

    // A cable that has lost a frame of those two, by a fault; else one of theirs that is cut, for what hears no link sends nothing that could be lost.
    private FaultyCable? CableAt(SeenCause end)
    {
        (string? near, string? far) = end switch
        {
            SilentNeighbor silent => (_host, silent.Name),
            StuckRouter stuck => (stuck.Router, stuck.Name),
            RouterWithoutWay router => (router.Router, null),
            _ => ((string?)null, (string?)null),
        };
        var acting = ActingFaults.After(_faults).FindAll(static one => one.Change.Fault == Cut.Kind.Word || one.Change.Fault == Impairment.Kind.Word);
        var found = acting.FindLast(one => _losses.Exists(lost => lost.Link == CableIn(one.Change) && lost.Source.Version == IpVersion.None));
        if (found.Change is null) { found = acting.FindLast(one => IsCutAt(one.Change, far)); }
        if (found.Change is null) { found = acting.FindLast(one => IsCutAt(one.Change, near)); }
        return found.Change is { } change ? new FaultyCable(CableIn(change), Text(change)) : null;
    }

    private bool IsCutAt(FaultChanged change, string? machine) =>
        machine is not null && change.Fault == Cut.Kind.Word && IsAt?.Invoke(CableIn(change), machine) == true;

    private FaultyCable? FaultOn(string cable) =>
        ActingFaults.After(_faults).FindLast(one => CableIn(one.Change) == cable) is { Change: { } change } ? new FaultyCable(cable, Text(change)) : null;

    // Of a direction alone the place is the end that sends.
    private static string CableIn(FaultChanged change) => change.Place.Split('/')[0];

    private static string Text(FaultChanged change) => change.Said ?? $"{change.Fault} {change.Place}";

    private SeenCause? EndOf(JourneyFailure failure, bool isAsked) => failure switch
    {
        _ when _host.Length == 0 => null,
        { IsUnplugged: true } => null,
        // Where the system says it, it has its own words.
        NotConnected { Attempts: [.., { Error: Errno.ENETDOWN }] } => null,
        NotConnected or NameUnresolved when IsOff(_host) => new HostOff(_host),
        ProxyFailed proxy => EndOf(proxy.Cause, isAsked),
        NotConnected { Attempts: [.., { Error: Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ETIMEDOUT } last] } =>
            // No machine of the world has the address: then no router is at fault.
            EndFor(last.Address) is var end && end is RouterWithoutWay && last.IsOfWorld != true ? null : end,
        ResponseUnreceived { Error: Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ETIMEDOUT } => EndFor(_partner),
        NameUnresolved { Reason: ResolutionFailureReason.Bogus } => null,
        NameUnresolved { Server: { } server } when EndFor(server.Address) is { } cause => cause,
        // What the own server of the lab asked is for us: the last that got no further.
        NameUnresolved when isAsked && _ends.FindLast(end => end.Drop.Host != _host) is { } far => Cause(far),
        _ => null,
    };

    private SeenCause? EndFor(IpAddress destination) => _ends.FindLast(end => end.Drop.Destination == destination) is { } end ? Cause(end) : null;

    private SeenCause? Cause(DeadEnd end)
    {
        var (host, destination) = (end.Drop.Host, end.Drop.Destination);
        var isSender = _senders.Contains((host, end.Drop.Source));
        if (end.Drop.Reason == FrameDropReason.NoRoute)
        {
            return host == _host ? null : new RouterWithoutWay(host, end.SaidFrom, destination) { IsSender = isSender };
        }
        if (!_nextHops.TryGetValue((host, destination), out var next)) { return null; }
        var name = NameOf?.Invoke(next);
        return host == _host
            ? new SilentNeighbor(next, name, next != destination)
            : new StuckRouter(host, end.SaidFrom, next, name, destination) { IsSender = isSender };
    }

    private bool IsOff(string host) => ActingFaults.After(_faults).Exists(one => one.Change.Fault == Outage.Kind.Word && one.Change.Place == host);

    private Held[] Faults()
    {
        var acting = ActingFaults.After(_faults);
        return acting.Count > MaxFaults ? [] : [.. acting.Select(static one => new Held(Text(one.Change), one.Number))];
    }

    private void Begin(string host)
    {
        _host = host;
        _ends.Clear();
        _questions.Clear();
        _own.Clear();
        _senders.Clear();
        _asked.Clear();
        _losses.Clear();
        _partner = default;
    }

    private void Send(FrameSent e)
    {
        Keep(e.Host, e.Destination, e.Gateway);
        if (_senders.Count < MaxKept) { _senders.Add((e.Host, e.Source)); }
        if (_asked.Count < MaxKept) { _asked.Add((e.Host, e.Destination)); }
        if (e.Host == _host)
        {
            _own.Add(e.Source);
            _partner = e.Destination;
        }
        // A router that drops a packet tells its sender at once.
        else if (_ends is [.., { SaidFrom: null } end] && end.Drop.Host == e.Host && end.Drop.At == e.At && end.Drop.Source == e.Destination)
        {
            end.SaidFrom = e.Source;
        }
    }

    private void Keep(string host, IpAddress destination, IpAddress gateway)
    {
        if (_nextHops.Count == MaxKept && !_nextHops.ContainsKey((host, destination))) { _nextHops.RemoveAt(0); }
        _nextHops[(host, destination)] = gateway.Version == IpVersion.None ? destination : gateway;
    }

    // Who goes back in a run goes on without what was done behind.
    private int Now()
    {
        var now = number?.Invoke() ?? 0;
        if (now < _last)
        {
            _faults.RemoveAll(one => one.Number > now);
            _changes.RemoveAll(one => one.Number > now);
        }
        return _last = now;
    }

    private sealed class DeadEnd(FrameDropped drop)
    {
        public FrameDropped Drop { get; } = drop;

        public IpAddress? SaidFrom { get; set; }
    }
}
