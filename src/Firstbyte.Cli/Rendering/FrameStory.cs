using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>Tells every frame at every element in one line: when, where, what it carries, and what was decided with which row of which table.</summary>
/// <remarks>
/// An element's decision comes after the frame's arrival, at the same instant: a line is kept until what follows no longer belongs to it.
/// </remarks>
/// <param name="page">Where it is told.</param>
/// <param name="number">The number of the event that is being told; null where events have none.</param>
internal sealed class FrameStory(Page page, Func<int>? number = null)
{
    private const int ElementWidth = 12;

    private FrameSeen? _pending;
    private int _pendingNumber;
    private readonly List<string> _ports = [];
    private readonly List<string> _decisions = [];
    private int _lastNumber = -1;

    /// <summary>Takes an event about frames; false when it is none.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        switch (traceEvent)
        {
            case FrameSeen { Direction: FrameDirection.Out } e when _pending is not null && Belongs(e.Element, e.At) && IsBox(e.Kind): _ports.Add(e.Port); return true;
            // What a router sends on is told where it decides.
            case FrameSeen { Direction: FrameDirection.Out, IsOwn: false }: return true;
            case FrameSeen e: Begin(e); return true;
            case FrameForwarded e: Decide(e.Host, e, FrameWords.Of(e)); return true;
            case FrameDropped e: Decide(e.Host, e, FrameWords.Of(e.Reason)); return true;
            case NeighborLearned e: Decide(e.Host, e, $"learns that {e.Address} is at {e.Hardware}"); return true;
            case TcpStateChanged e when _pending is not null && _pending.At == e.At: _decisions.Add($"{Of(e.Before)} → {Of(e.After)}"); return true;
            case LinkChanged e:
                Flush();
                Line(e.At, e.Link, e.IsUp ? "the cable is plugged in again" : "the cable is pulled: what is sent into it is lost", number?.Invoke() ?? 0);
                return true;
            case TcpStateChanged or TcpQuantityChanged or TcpDecided or TcpSegmentSent or TcpSegmentReceived: return true;
            default: return false;
        }
    }

    /// <summary>Tells the line that is kept.</summary>
    public void Flush()
    {
        if (_pending is not { } seen) { return; }
        _pending = null;
        if (IsBox(seen.Kind) && seen.Direction == FrameDirection.In) { _decisions.Insert(0, OfBox(seen)); }
        var words = FrameWords.Of(seen.Frame);
        Line(seen.At, seen.Element, (seen.Direction == FrameDirection.Out ? "sends " : IsBox(seen.Kind) ? "" : "gets ") + words, _pendingNumber, string.Join("; ", _decisions));
        _ports.Clear();
        _decisions.Clear();
    }

    private static bool IsBox(ElementKind kind) => kind is ElementKind.Hub or ElementKind.Switch;

    private static string Of(TcpState state) => state.ToString();

    private string OfBox(FrameSeen seen) => (seen.Kind, _ports.Count) switch
    {
        (ElementKind.Hub, _) => $"hub: out of {Amounts.Count(_ports.Count, "other port")}",
        (_, 0) => "switch: no other port",
        (_, 1) => $"switch: port {_ports[0]}",
        _ => $"switch: not known where, out of {Amounts.Count(_ports.Count, "other port")}",
    };

    private bool Belongs(string element, Instant at) => _pending!.Element == element && _pending.At == at;

    private void Begin(FrameSeen seen)
    {
        Flush();
        (_pending, _pendingNumber) = (seen, number?.Invoke() ?? 0);
    }

    private void Decide(string host, TraceEvent traceEvent, string words)
    {
        if (_pending is not null && Belongs(host, traceEvent.At)) { _decisions.Add(words); return; }
        Flush();
        Line(traceEvent.At, host, words, number?.Invoke() ?? 0);
    }

    private void Line(Instant at, string element, string what, int eventNumber, string decision = "")
    {
        // Events of one number stand under one number.
        var label = number is null ? "" : (eventNumber == _lastNumber ? "" : $"#{eventNumber}").PadRight(7);
        _lastNumber = eventNumber;
        var start = $"{label}{FrameWords.Clock(at),10}  {Printable.Text(element).PadRight(ElementWidth)} ";
        if (decision.Length == 0 || start.Length + what.Length + 3 + decision.Length <= page.Width)
        {
            page.Full(decision.Length == 0 ? start + what : $"{start}{what} · {decision}");
            return;
        }
        page.Full(start + what);
        page.Full(new string(' ', start.Length + 2) + decision, Ink.Faint);
    }
}
