using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>Tells every frame at every element in one line: when, where, what it carries, and what was decided with which row of which table.</summary>
/// <remarks>
/// An element's decision comes after the frame's arrival, and before a frame that it sends itself, at the same instant: what is told first is
/// kept until it is seen what belongs to it.
/// </remarks>
/// <param name="page">Where it is told.</param>
/// <param name="number">The number of the event that is being told; null where events have none.</param>
internal sealed class FrameStory(Page page, Func<int>? number = null)
{
    private const int ElementWidth = 12;

    private readonly List<string> _decisions = [];
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
            case FrameForwarded e: Decide(e.Host, e, FrameWords.Of(e)); break;
            case FrameRepeated e: Decide(e.Hub, e, FrameWords.Of(e)); break;
            // The station was learned before the frame was sent on; what became of the frame is what one looks for first.
            case FrameSwitched e: Decide(e.Switch, e, FrameWords.Of(e), isFirst: true); break;
            case FrameLost e: Decide(e.From[(e.From.LastIndexOf('/') + 1)..], e, $"lost on {Printable.Text(e.Link)}: {FrameWords.Of(e.Reason)}"); break;
            case FrameDropped e: Decide(e.Host, e, FrameWords.Of(e.Reason)); break;
            case NeighborLearned e: Decide(e.Host, e, $"learns that {e.Address} is at {e.Hardware}"); break;
            case NeighborForgotten e: Decide(e.Host, e, $"forgets the hardware address of {e.Address}"); break;
            case StationLearned e: Decide(e.Switch, e, FrameWords.Of(e)); break;
            case StationForgotten e: Decide(e.Switch, e, $"forgets {e.Station}"); break;
            // What the administrator wrote was there before anything happened.
            case RouteChanged { Origin: RouteOrigin.Connected or RouteOrigin.Static }: break;
            case RouteChanged e: Decide(e.Host, e, FrameWords.Of(e)); break;
            case TranslationChanged e: Decide(e.Host, e, FrameWords.Of(e)); break;
            // Told after the segment that made it so was taken in, or before the one that it makes the host send.
            case TcpStateChanged e when (_pending?.At ?? _intended?.At) == e.At: _decisions.Add($"{FrameWords.Of(e.Before)} → {FrameWords.Of(e.After)}"); break;
            case LinkChanged e:
                Flush();
                Line(e.At, e.Link, e.IsUp ? "the cable is plugged in again" : "the cable is pulled: what is sent into it is lost", number?.Invoke() ?? 0);
                break;
            case FrameDelivered or TcpStateChanged or TcpQuantityChanged or TcpDecided or TcpSegmentSent or TcpSegmentReceived: break;
            default: return false;
        }
        return true;
    }

    /// <summary>Tells a command that somebody gave.</summary>
    public void TellCommand(Instant at, string command)
    {
        Flush();
        Line(at, "", command, number?.Invoke() ?? 0);
    }

    /// <summary>Tells the line that is kept.</summary>
    public void Flush()
    {
        if (_pending is { } seen)
        {
            _pending = null;
            var isMachine = seen.Kind is ElementKind.Host or ElementKind.Router;
            Line(seen.At, seen.Element, (!isMachine ? "" : seen.Direction == FrameDirection.Out ? "sends " : "gets ") + FrameWords.Of(seen.Frame), _pendingNumber, string.Join("; ", _decisions));
            _decisions.Clear();
        }
        if (_intended is { } intended)
        {
            _intended = null;
            if (FrameWords.Of(intended) is { } route)
            {
                _decisions.Insert(0, route + (intended.Neighbor is null ? ", asks for its hardware address" : ""));
                Line(intended.At, intended.Host, $"has a packet for {intended.Destination}", _pendingNumber, string.Join("; ", _decisions));
            }
            _decisions.Clear();
        }
    }

    private void Begin(FrameSeen seen)
    {
        var isIntended = _intended is { } intended && seen.Direction == FrameDirection.Out && intended.Host == seen.Element && intended.At == seen.At
            && seen.Frame.Source == intended.Source && seen.Frame.Destination == intended.Destination;
        var route = isIntended ? FrameWords.Of(_intended!) : null;
        if (isIntended) { _intended = null; }
        Flush();
        (_pending, _pendingNumber) = (seen, number?.Invoke() ?? 0);
        if (route is not null) { _decisions.Insert(0, route); }
    }

    private void Intend(FrameSent sent)
    {
        Flush();
        (_intended, _pendingNumber) = (sent, number?.Invoke() ?? 0);
    }

    private void Decide(string element, TraceEvent traceEvent, string words, bool isFirst = false)
    {
        if (_pending is not null && _pending.Element == element && _pending.At == traceEvent.At)
        {
            _decisions.Insert(isFirst ? 0 : _decisions.Count, words);
            return;
        }
        Flush();
        Line(traceEvent.At, element, words, number?.Invoke() ?? 0);
    }

    private void Line(Instant at, string element, string what, int eventNumber, string decision = "")
    {
        // Lines of one event stand under one number.
        var label = number is null ? "" : (eventNumber == _lastNumber ? "" : $"#{eventNumber}").PadRight(7);
        _lastNumber = eventNumber;
        var start = $"{label}{FrameWords.Clock(at),10}  {Printable.Text(element).PadRight(ElementWidth)} ";
        if (decision.Length == 0 || start.Length + what.Length + 3 + decision.Length <= page.Width)
        {
            page.Full(decision.Length == 0 ? start + what : $"{start}{what} · {decision}");
            return;
        }
        page.Full(start + what);
        page.Paragraph(decision, Ink.Faint, label.Length + 12 + ElementWidth + 3);
    }
}
