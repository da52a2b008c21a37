using Firstbyte.Addressing;
using Firstbyte.Hosts;

namespace Firstbyte.Telling.Sentences;

/// <summary>What whoever looks on has seen of the world around a journey until it failed: more than the program on its host could know.</summary>
/// <param name="Cause">Where the way ended, as far as it was seen; null where it was not.</param>
/// <param name="IsResolverReached">Whether the DNS server that was asked has the question.</param>
/// <param name="Faults">What is broken in the world; none where there are more than can be told in a line.</param>
/// <param name="Changes">What was changed of zones in this run.</param>
public sealed record FailureEvidence(
    SeenCause? Cause, bool IsResolverReached, IReadOnlyList<Held> Faults, IReadOnlyList<HeldChange> Changes)
{
    /// <summary>Nothing was seen: on a real network, or in a file of a journey's own events.</summary>
    public static FailureEvidence None { get; } = new(null, false, [], []);
}

/// <summary>Something that was done to the world, and holds.</summary>
/// <param name="What">In the words of lab files.</param>
/// <param name="After">The event from which on it holds; 0 where events have no numbers, or from the beginning.</param>
public readonly record struct Held(string What, int After);

/// <summary>A change of a zone.</summary>
/// <param name="Zone">Which.</param>
/// <param name="What">The change, in the words of lab files: set or unset, then the name.</param>
/// <param name="After">The event from which on it holds; 0 where events have no numbers.</param>
public readonly record struct HeldChange(string Zone, string What, int After)
{
    /// <summary>Whether it is about the records of a name.</summary>
    public bool IsOf(string name) =>
        What.Split(' ') is [_, var owner, ..] && string.Equals(owner.TrimEnd('.'), name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);
}

/// <summary>Where the way of a journey's packets ended.</summary>
public abstract record SeenCause
{
    private protected SeenCause() { }

    /// <summary>The cable at the end of the way on which a fault acts; null where none was seen to.</summary>
    public FaultyCable? Cable { get; init; }
}

/// <summary>A cable on which a fault acts.</summary>
/// <param name="Name">Which.</param>
/// <param name="Fault">The fault in the words of lab files.</param>
public sealed record FaultyCable(string Name, string Fault);

/// <summary>A cable on the way has lost packets of the journey, and nothing of what was waited for has come since.</summary>
/// <param name="Name">Which.</param>
/// <param name="Packets">How many.</param>
/// <param name="Reason">Why the last of them.</param>
public sealed record LosingCable(string Name, int Packets, FrameDropReason Reason) : SeenCause;

/// <summary>The journey's own host is off, or its card is: nothing leaves it.</summary>
/// <param name="Host">Which.</param>
public sealed record HostOff(string Host) : SeenCause;

/// <summary>In the journey's host's own network nobody answers for an address (ARP, NDP).</summary>
/// <param name="Address">Which.</param>
/// <param name="Name">Whose it is; null where nobody knows.</param>
/// <param name="IsGateway">Whether it is the router of that network, by which the packet was to go on.</param>
public sealed record SilentNeighbor(IpAddress Address, string? Name, bool IsGateway) : SeenCause;

/// <summary>A router, or a host that asks for this one, gets no answer from the next hop.</summary>
/// <param name="Router">Which.</param>
/// <param name="From">The address from which it has said so (ICMP); null where it said nothing.</param>
/// <param name="NextHop">Who does not answer.</param>
/// <param name="Name">Whose that is; null where nobody knows.</param>
/// <param name="Destination">For whom the packet is.</param>
public sealed record StuckRouter(string Router, IpAddress? From, IpAddress NextHop, string? Name, IpAddress Destination) : SeenCause
{
    /// <summary>Whether the packet is its own: then it is a host, as of a DNS server that asks others.</summary>
    public bool IsSender { get; init; }

    /// <summary>Whether the next hop is the host that the packet is for.</summary>
    public bool IsLastHop => NextHop == Destination;
}

/// <summary>A router knows no way to an address.</summary>
/// <param name="Router">Which.</param>
/// <param name="From">The address from which it has said so (ICMP); null where it said nothing.</param>
/// <param name="Destination">For whom the packet is.</param>
public sealed record RouterWithoutWay(string Router, IpAddress? From, IpAddress Destination) : SeenCause
{
    /// <summary>Whether the packet is its own: then it is a host.</summary>
    public bool IsSender { get; init; }
}
