using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A frame on a cable: from where to where, when, and what became of it.</summary>
public sealed class Flight(MapLink link, string from, string to, int sent, Instant sentAt, FrameSeen frame)
{
    /// <summary>The cable.</summary>
    public MapLink Link { get; } = link;

    /// <summary>The element that sent it.</summary>
    public string From { get; } = from;

    /// <summary>The element at the other end.</summary>
    public string To { get; } = to;

    /// <summary>The event in which it was sent.</summary>
    public int Sent { get; } = sent;

    /// <summary>When.</summary>
    public Instant SentAt { get; } = sentAt;

    /// <summary>What it carries.</summary>
    public FrameSeen Frame { get; } = frame;

    /// <summary>The name of what it carries.</summary>
    public string Protocol { get; } = RunView.ProtocolOf(frame.Frame);

    /// <summary>The event in which it arrived; null while it has not.</summary>
    public int? Arrived { get; set; }

    /// <summary>When.</summary>
    public Instant ArrivedAt { get; set; }

    /// <summary>Why it was lost on the way; null when it was not.</summary>
    public FrameDropReason? Lost { get; set; }

    /// <summary>Whether it is on its way after an event.</summary>
    public bool IsMovingAt(int number) => Sent <= number && Lost is null && (Arrived is not { } arrived || arrived > number);
}

/// <summary>A packet from host to host, by whatever way.</summary>
public sealed class Message(int sent, Instant sentAt, string from, FrameSeen frame)
{
    /// <summary>The event in which its host sent it.</summary>
    public int Sent { get; } = sent;

    /// <summary>When.</summary>
    public Instant SentAt { get; } = sentAt;

    /// <summary>Its host.</summary>
    public string From { get; } = from;

    /// <summary>The frame in which it left.</summary>
    public FrameSeen Frame { get; } = frame;

    /// <summary>The host for which it is, as far as an address names it.</summary>
    public string? To { get; set; }

    /// <summary>The event in which it arrived; null while it has not.</summary>
    public int? Arrived { get; set; }

    /// <summary>When.</summary>
    public Instant ArrivedAt { get; set; }

    /// <summary>Where it ended on its way, and why; null where it did not.</summary>
    public Loss? Lost { get; set; }
}

/// <summary>The end of something that did not arrive.</summary>
/// <param name="Number">The event.</param>
/// <param name="Place">The cable on which it was lost, or the element that dropped it.</param>
/// <param name="IsOnCable">Which of the two.</param>
/// <param name="Reason">Why.</param>
public sealed record Loss(int Number, string Place, bool IsOnCable, FrameDropReason Reason);

/// <summary>What moves in a recorded run: frames on cables, and packets from host to host.</summary>
public sealed class Traffic(MapLayout map, Func<IpAddress, string?> nameOf)
{
    /// <summary>Events after which it is written down anew what is on its way (own choice): so many are looked through at most.</summary>
    private const int EventsInBlock = 64;

    private readonly Dictionary<(string Link, string From), List<Flight>> _open = [];
    private readonly Dictionary<MessageKey, List<Message>> _waiting = [];
    private readonly Dictionary<int, List<Flight>> _ended = [];
    private readonly Dictionary<int, List<Loss>> _dropped = [];
    private readonly List<FrameSeen> _here = [];
    private int _hereIn;

    // At the beginning of each block of events: how many frames had been sent, and which of them were on their way.
    private readonly List<(int First, Flight[] Before)> _moving = [(0, [])];

    /// <summary>The frames, in the order in which they were sent.</summary>
    public List<Flight> Flights { get; } = [];

    /// <summary>The frames that are on their way after an event.</summary>
    public IEnumerable<Flight> MovingAt(int number)
    {
        var block = Math.Min(number / EventsInBlock, _moving.Count - 1);
        if (block < 0) { return []; }
        var (first, before) = _moving[block];
        return before.Concat(Flights.Skip(first).TakeWhile(flight => flight.Sent <= number)).Where(flight => flight.IsMovingAt(number));
    }

    /// <summary>The frames that arrived or were lost in an event.</summary>
    public IReadOnlyList<Flight> EndedIn(int number) => _ended.GetValueOrDefault(number) ?? [];

    /// <summary>What elements dropped in an event; what a card hears that is somebody else's is none of it.</summary>
    public IReadOnlyList<Loss> DroppedIn(int number) => _dropped.GetValueOrDefault(number) ?? [];

    /// <summary>The packets, in the order in which they were sent.</summary>
    public List<Message> Messages { get; } = [];

    /// <summary>Takes what was told of an event.</summary>
    public void Take(int number, TraceEvent traceEvent)
    {
        while (_moving.Count <= number / EventsInBlock) { _moving.Add((Flights.Count, [.. _open.Values.SelectMany(static open => open)])); }
        switch (traceEvent)
        {
            case FrameSeen { Direction: FrameDirection.Out } seen: Send(number, seen); break;
            case FrameSeen seen: Arrive(number, seen); break;
            case FrameLost lost: Lose(number, lost); break;
            case FrameDropped { Reason: not FrameDropReason.NotForThisStation } dropped: Drop(number, dropped); break;
        }
    }

    private void Send(int number, FrameSeen seen)
    {
        if (map.LinkAt(seen.Element, seen.Port) is { } link)
        {
            var flight = new Flight(link, seen.Element, link.From.Name == seen.Element ? link.To.Name : link.From.Name, number, seen.At, seen);
            Flights.Add(flight);
            if (!_open.TryGetValue((link.Name, seen.Element), out var open)) { _open.Add((link.Name, seen.Element), open = []); }
            open.Add(flight);
        }
        // What routers say among themselves is none of the conversation; that they could not pass something on is.
        var isSaid = seen.IsOwn && (seen.Kind == ElementKind.Host || (seen.Kind == ElementKind.Router && seen.Frame.Icmp is not null));
        if (isSaid && MessageKey.Of(seen.Frame) is { } key)
        {
            var message = new Message(number, seen.At, seen.Element, seen) { To = seen.Frame.Destination is { } address ? nameOf(address) : null };
            Messages.Add(message);
            if (!_waiting.TryGetValue(key, out var waiting)) { _waiting.Add(key, waiting = []); }
            waiting.Add(message);
        }
    }

    private void Arrive(int number, FrameSeen seen)
    {
        if (map.LinkAt(seen.Element, seen.Port) is { } link
            && _open.TryGetValue((link.Name, link.From.Name == seen.Element ? link.To.Name : link.From.Name), out var open) && open.Count > 0)
        {
            // A frame that was damaged on its way is another one by now: then it is the oldest.
            var index = Math.Max(0, open.FindIndex(flight => flight.Frame.Frame == seen.Frame));
            (open[index].Arrived, open[index].ArrivedAt) = (number, seen.At);
            End(number, open[index]);
            open.RemoveAt(index);
        }
        if (_hereIn != number)
        {
            _hereIn = number;
            _here.Clear();
        }
        _here.Add(seen);
        if (seen.Kind == ElementKind.Host && seen.Frame.Destination is { } target && nameOf(target) == seen.Element
            && MessageKey.Of(seen.Frame) is { } key && _waiting.TryGetValue(key, out var waiting))
        {
            // What is sent again looks as what was lost; where only that is left, another copy of it has come through.
            var index = waiting.FindIndex(message => message.From != seen.Element && message.Lost is null);
            if (index < 0) { index = waiting.FindIndex(message => message.From != seen.Element); }
            if (index < 0) { return; }
            waiting[index].Lost = null;
            (waiting[index].Arrived, waiting[index].ArrivedAt, waiting[index].To) = (number, seen.At, seen.Element);
            waiting.RemoveAt(index);
            if (waiting.Count == 0) { _waiting.Remove(key); }
        }
    }

    private void End(int number, Flight flight)
    {
        if (!_ended.TryGetValue(number, out var ended)) { _ended.Add(number, ended = []); }
        ended.Add(flight);
    }

    private void Lose(int number, FrameLost lost)
    {
        var from = lost.From[(lost.From.LastIndexOf('/') + 1)..];
        if (_open.TryGetValue((lost.Link, from), out var open) && open.Count > 0)
        {
            var flight = open[^1];
            flight.Lost = lost.Reason;
            flight.Arrived = number;
            End(number, flight);
            open.RemoveAt(open.Count - 1);
            // The last one that looks so: those before it are lost already, or ahead of it.
            if (MessageKey.Of(flight.Frame.Frame) is { } key && _waiting.GetValueOrDefault(key)?.FindLast(static one => one.Lost is null) is { } message)
            {
                message.Lost = new Loss(number, lost.Link, IsOnCable: true, lost.Reason);
            }
        }
    }

    private void Drop(int number, FrameDropped dropped)
    {
        var loss = new Loss(number, dropped.Host, IsOnCable: false, dropped.Reason);
        if (!_dropped.TryGetValue(number, out var all)) { _dropped.Add(number, all = []); }
        all.Add(loss);
        // It came in this event, or it has waited here for a neighbour; then its addresses are all that is known of it.
        var came = _hereIn == number ? _here.FindLast(seen => seen.Element == dropped.Host && seen.Frame.Destination == dropped.Destination) : null;
        var message = came is not null && MessageKey.Of(came.Frame) is { } key
            ? _waiting.GetValueOrDefault(key)?.Find(static one => one.Lost is null) : Oldest(dropped);
        if (message is not null) { message.Lost = loss; }
    }

    private Message? Oldest(FrameDropped dropped)
    {
        var open = _waiting.Values.SelectMany(static waiting => waiting)
            .Where(one => one.Lost is null && one.Frame.Frame.Destination == dropped.Destination).ToList();
        // Behind address translation the source is another.
        return open.Where(one => one.Frame.Frame.Source == dropped.Source).MinBy(static one => one.Sent) ?? open.MinBy(static one => one.Sent);
    }

    /// <summary>What of a packet stays the same on its way, also when its addresses are translated.</summary>
    private readonly record struct MessageKey(FrameProtocol Protocol, uint First, uint Second, int Content, string Name)
    {
        public static MessageKey? Of(FrameSummary frame) => frame switch
        {
            { FragmentOffset: > 0 } => null,
            { Dns: { } dns } => new(frame.Protocol, dns.Id, dns.IsResponse ? 1u : 0, frame.Content, dns.Name + dns.Type),
            { Tcp: { } tcp } => new(frame.Protocol, tcp.Sequence, tcp.Acknowledgment, frame.Content, ((TcpFlags)tcp.Flags).ToString()),
            { Icmp: { } icmp } => new(frame.Protocol, icmp.Type, icmp.Sequence ?? icmp.Code, frame.Content, ""),
            { Protocol: FrameProtocol.Udp } => new(frame.Protocol, frame.DestinationPort ?? 0, 0, frame.Content, ""),
            _ => null,
        };
    }
}
