using Firstbyte.Dns;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells every frame at every element in one row: when, where, what it carries, and what was decided with which row of which table.</summary>
/// <remarks>
/// An element's decision comes after the frame's arrival, and before a frame that it sends itself, at the same instant: what is told first is
/// kept until it is seen what belongs to it.
/// </remarks>
/// <param name="rows">Where it is told.</param>
/// <param name="language">In which language.</param>
/// <param name="number">The number of the event that is being told; null where events have none.</param>
public sealed class FrameStory(IRowSink rows, Language language, Func<int>? number = null)
{
    private readonly IFrameSentences _words = language.Frames;
    private readonly List<Phrase> _decisions = [];
    private FrameSeen? _pending;
    private FrameSent? _intended;
    private int _pendingNumber;
    private int _lastNumber = -1;

    /// <summary>Takes an event about frames; false when it is none.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            // What a router, hub or switch passes on is told where it decides.
            case FrameSeen { Direction: FrameDirection.Out, IsOwn: false }: break;
            case FrameSeen e: Begin(e); break;
            case FrameSent e: Intend(e); break;
            case FrameForwarded e: Decide(e.Host, e, _words.Forwarded(e)); break;
            case FrameRepeated e: Decide(e.Hub, e, _words.Repeated(e.Copies)); break;
            // The station was learned before the frame was sent on; what became of the frame is what one looks for first.
            case FrameSwitched e: Decide(e.Switch, e, _words.Switched(e), isFirst: true); break;
            case FrameLost e: Decide(e.From[(e.From.LastIndexOf('/') + 1)..], e, _words.Lost(e.Link, e.Reason)); break;
            case FrameDropped e: Decide(e.Host, e, _words.Dropped(e.Reason)); break;
            case NeighborLearned e: Decide(e.Host, e, _words.NeighborLearned(e.Address, e.Hardware)); break;
            case NeighborForgotten e: Decide(e.Host, e, _words.NeighborForgotten(e.Address)); break;
            case StationLearned e: Decide(e.Switch, e, _words.StationLearned(e.Station, e.Port)); break;
            case StationForgotten e: Decide(e.Switch, e, _words.StationForgotten(e.Station)); break;
            // What the administrator wrote was there before anything happened.
            case RouteChanged { Origin: RouteOrigin.Connected or RouteOrigin.Static }: break;
            case RouteChanged e: Decide(e.Host, e, _words.RouteChanged(e)); break;
            case TranslationChanged e: Decide(e.Host, e, _words.TranslationChanged(e)); break;
            // Told after the segment that made it so was taken in, or before the one that it makes the host send.
            case TcpStateChanged e when (_pending?.At ?? _intended?.At) == e.At: _decisions.Add(_words.StateChanged(e.Before, e.After)); break;
            case LinkChanged e:
                Flush();
                Show(e.At, e.Link, e.IsUp ? _words.CableIn : _words.CableOut, number?.Invoke() ?? 0, Phrase.Empty);
                break;
            case FaultChanged e: TellCommand(e.At, language.Labs.FaultChanged(e.Fault, e.Place, e.IsActing)); break;
            case ZoneChanged e: TellCommand(e.At, language.Labs.ZoneChanged(e.Zone, e.Change, e.Serial)); break;
            case FrameDelivered or TcpStateChanged or TcpQuantityChanged or TcpDecided or TcpSegmentSent or TcpSegmentReceived: break;
            default: return false;
        }
        return true;
    }

    /// <summary>Tells a command that somebody gave, or what a lab had planned for this moment.</summary>
    public void TellCommand(Instant at, Phrase command)
    {
        Flush();
        Show(at, "", command, number?.Invoke() ?? 0, Phrase.Empty);
    }

    /// <summary>Tells the row that is kept.</summary>
    public void Flush()
    {
        if (_pending is { } seen)
        {
            _pending = null;
            var isMachine = seen.Kind is ElementKind.Host or ElementKind.Router;
            var what = !isMachine ? _words.Frame(seen.Frame) : seen.Direction == FrameDirection.Out ? _words.Sends(seen.Frame) : _words.Gets(seen.Frame);
            Show(seen.At, seen.Element, what, _pendingNumber, TakeDecisions());
        }
        if (_intended is { } intended)
        {
            _intended = null;
            if (RouteOf(intended, intended.Neighbor is null) is { } route)
            {
                _decisions.Insert(0, route);
                Show(intended.At, intended.Host, _words.HasPacketFor(intended.Destination), _pendingNumber, TakeDecisions());
            }
            _decisions.Clear();
        }
    }

    private Phrase TakeDecisions()
    {
        var together = Phrase.Join(_words.Between, _decisions);
        _decisions.Clear();
        return together;
    }

    private void Begin(FrameSeen seen)
    {
        var isIntended = _intended is { } intended && seen.Direction == FrameDirection.Out && intended.Host == seen.Element && intended.At == seen.At
            && seen.Frame.Source == intended.Source && seen.Frame.Destination == intended.Destination;
        var route = isIntended ? RouteOf(_intended!, asksForNeighbor: false) : null;
        if (isIntended) { _intended = null; }
        Flush();
        (_pending, _pendingNumber) = (seen, number?.Invoke() ?? 0);
        if (route is not null) { _decisions.Insert(0, route); }
    }

    private Phrase? RouteOf(FrameSent e, bool asksForNeighbor) => e.Row is null ? null : _words.Route(e.Row, e.Gateway, e.Outbound, asksForNeighbor);

    private void Intend(FrameSent sent)
    {
        Flush();
        (_intended, _pendingNumber) = (sent, number?.Invoke() ?? 0);
    }

    private void Decide(string element, TraceEvent traceEvent, Phrase words, bool isFirst = false)
    {
        if (_pending is not null && _pending.Element == element && _pending.At == traceEvent.At)
        {
            _decisions.Insert(isFirst ? 0 : _decisions.Count, words);
            return;
        }
        Flush();
        Show(traceEvent.At, element, words, number?.Invoke() ?? 0, Phrase.Empty);
    }

    private void Show(Instant at, string element, Phrase what, int eventNumber, Phrase decision)
    {
        // Rows of one event stand under one number.
        var label = number is null ? null : eventNumber == _lastNumber ? "" : $"#{eventNumber}";
        _lastNumber = eventNumber;
        rows.Show(new Row(RowKind.Frame) { Place = new FramePlace(label, Amounts.Clock(at), Phrase.Of(element, Role.Name)), Text = what, Aside = decision });
    }
}
