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
    private string _host = "";
    private int _last;

    /// <summary>Whose an address is; null where nobody knows.</summary>
    public Func<IpAddress, string?>? NameOf { get; set; }

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

    private SeenCause? CauseOf(JourneyFailure failure, bool isAsked) => failure switch
    {
        _ when _host.Length == 0 => null,
        { IsUnplugged: true } => null,
        // Where the system says it, it has its own words.
        NotConnected { Attempts: [.., { Error: Errno.ENETDOWN }] } => null,
        NotConnected or NameUnresolved when IsOff(_host) => new HostOff(_host),
        ProxyFailed proxy => CauseOf(proxy.Cause, isAsked),
        NotConnected { Attempts: [.., { Error: Errno.EHOSTUNREACH or Errno.ENETUNREACH or Errno.ETIMEDOUT } last] } =>
            // No machine of the world has the address: then no router is at fault.
            EndFor(last.Address) is var end && end is RouterWithoutWay && last.IsOfWorld != true ? null : end,
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
        return acting.Count > MaxFaults ? [] : [.. acting.Select(static one => new Held($"{one.Change.Fault} {one.Change.Place}", one.Number))];
    }

    private void Begin(string host)
    {
        _host = host;
        _ends.Clear();
        _questions.Clear();
        _own.Clear();
        _senders.Clear();
    }

    private void Send(FrameSent e)
    {
        Keep(e.Host, e.Destination, e.Gateway);
        if (_senders.Count < MaxKept) { _senders.Add((e.Host, e.Source)); }
        if (e.Host == _host) { _own.Add(e.Source); }
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
