using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Recording;
using Firstbyte.Tcp;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A layer of an opened packet with the reason for what the element did.</summary>
public sealed record ExplainedLayer(PacketLayer Layer, Phrase Why);

/// <summary>Opens a frame at an element: its layers, and for each a sentence on why this element did what it did.</summary>
public static class PacketView
{
    /// <summary>The layers of a frame at an element.</summary>
    /// <param name="language">The words.</param>
    /// <param name="seen">The frame at its port.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="happened">The event in which it was seen: what was decided stands beside it.</param>
    /// <param name="hasAddress">Whether the element has an address.</param>
    public static IReadOnlyList<ExplainedLayer> Open(
        Language language, FrameSeen seen, ReadOnlySpan<byte> bytes, RecordedEvent happened, Func<Firstbyte.Addressing.IpAddress, bool> hasAddress) =>
        [.. PacketDissector.Dissect(bytes).Select(layer => new ExplainedLayer(layer, Why(language, layer, seen, happened.Changes, hasAddress)))];

    private static Phrase Why(
        Language language, PacketLayer layer, FrameSeen seen, IReadOnlyList<TraceEvent> changes, Func<Firstbyte.Addressing.IpAddress, bool> hasAddress)
    {
        var words = language.Packets;
        var isMachine = seen.Kind is ElementKind.Host or ElementKind.Router;
        var destination = seen.Frame.Destination;
        var isHere = destination is { } address && hasAddress(address);
        return layer.Kind switch
        {
            LayerKind.Ethernet => OfLink(language, seen, changes),
            _ when isMachine && IsForAnother(seen, changes) => words.NotReadHere,
            LayerKind.Arp => !isMachine ? words.NotReadHere : seen.Frame.Neighbor is { Kind: NeighborMessage.Answer } ? words.AnswersNeighbor : words.AsksNeighbor,
            _ when !isMachine => words.NotReadHere,
            LayerKind.Ipv4 or LayerKind.Ipv6 => OfNetwork(language, seen, changes, isHere),
            LayerKind.Icmp or LayerKind.Icmpv6 => words.ReportsTrouble,
            _ when seen is { Kind: ElementKind.Router } && !isHere && !seen.IsOwn => words.RouterReadsOnlyIp,
            LayerKind.Tcp when seen.Kind == ElementKind.Host
                && changes.OfType<TcpStateChanged>().FirstOrDefault(change => IsBy(seen.Direction, change)) is { } state =>
                language.Frames.StateChanged(state.Before, state.After),
            LayerKind.Tcp or LayerKind.Udp => seen.Direction == FrameDirection.In ? words.OfferedToSocket : words.MadeBySocket,
            LayerKind.Dns => seen.Frame.Dns is { IsResponse: true } ? words.AnswersName : words.AsksName,
            LayerKind.Tls => layer.IsClear ? words.NotSealedYet : words.Sealed,
            LayerKind.Http or LayerKind.Data => words.CarriesProgram,
            _ => Phrase.Empty,
        };
    }

    // What a program asks for changes a state and sends a segment; a segment that comes does the rest (RFC 9293 3.3.2).
    private static bool IsBy(FrameDirection direction, TcpStateChanged change) =>
        direction == FrameDirection.Out == change.After is TcpState.SynSent or TcpState.FinWait1 or TcpState.LastAck;

    private static Phrase OfLink(Language language, FrameSeen seen, IReadOnlyList<TraceEvent> changes)
    {
        var words = language.Packets;
        switch (seen.Kind)
        {
            case ElementKind.Hub:
                return changes.OfType<FrameRepeated>().FirstOrDefault(one => one.Hub == seen.Element) is { } repeated
                    ? language.Frames.Repeated(repeated.Copies) : words.HubReadsNothing;
            case ElementKind.Switch:
                return changes.OfType<FrameSwitched>().FirstOrDefault(one => one.Switch == seen.Element) is { } switched
                    ? language.Frames.Switched(switched) : words.SwitchReadsStation;
        }
        if (seen.Direction == FrameDirection.Out) { return seen.Frame.To.IsGroup ? words.ForEverybody : words.NextStop; }
        if (IsForAnother(seen, changes)) { return words.ForAnother; }
        return seen.Frame.To.IsBroadcast ? words.ForEverybody : seen.Frame.To.IsGroup ? words.ForAGroup : words.ForThisStation;
    }

    private static bool IsForAnother(FrameSeen seen, IReadOnlyList<TraceEvent> changes) => seen.Direction == FrameDirection.In
        && changes.OfType<FrameDropped>().Any(one => one.Host == seen.Element && one.Reason == FrameDropReason.NotForThisStation);

    private static Phrase OfNetwork(Language language, FrameSeen seen, IReadOnlyList<TraceEvent> changes, bool isHere)
    {
        var words = language.Packets;
        if (changes.OfType<FrameDropped>().FirstOrDefault(one => one.Host == seen.Element) is { } dropped) { return language.Frames.Dropped(dropped.Reason); }
        if (changes.OfType<FrameForwarded>().FirstOrDefault(one => one.Host == seen.Element) is { } forwarded) { return language.Frames.Forwarded(forwarded); }
        if (seen.Direction == FrameDirection.Out)
        {
            return changes.OfType<FrameSent>().FirstOrDefault(one => one.Host == seen.Element && one.Row is not null) is { } sent
                ? language.Frames.Route(sent.Row!, sent.Gateway, sent.Outbound, sent.Neighbor is null)
                : seen.Frame.Destination is { } target ? words.LeavesFor(target) : Phrase.Empty;
        }
        return seen.Frame.Destination is not { } address ? Phrase.Empty : isHere ? words.HasAddress(address) : words.OnItsWay(address);
    }
}
