using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Probing;

/// <summary>What the network said to a probe.</summary>
public enum ProbeReply
{
    /// <summary>Nothing in time.</summary>
    None,

    /// <summary>The target itself answered: an echo reply, or that nobody listens at the probe's port.</summary>
    Reached,

    /// <summary>A router: no hop is left.</summary>
    HopsExceeded,

    /// <summary>A router: no route to the network.</summary>
    NetworkUnreachable,

    /// <summary>A router, or the own host: nobody on the last link answers for the address.</summary>
    HostUnreachable,

    /// <summary>The target does not speak the protocol.</summary>
    ProtocolUnreachable,

    /// <summary>Too long for a link on the way, and must not be divided.</summary>
    TooBig,

    /// <summary>Forbidden by an administrator.</summary>
    Prohibited,

    /// <summary>Unreachable for another reason.</summary>
    Unreachable,
}

/// <summary>Echo requests are about to be sent (RFC 792, RFC 4443 section 4).</summary>
/// <param name="Target">Whom they ask.</param>
/// <param name="Name">The target as it was asked for.</param>
/// <param name="Source">The address from which they are sent; null where the host has no way to the target.</param>
/// <param name="DataBytes">Bytes of data in each.</param>
public sealed record PingStarted(IpAddress Target, string Name, IpAddress? Source, int DataBytes) : TraceEvent;

/// <summary>An answer to an echo request came: the target's own, or an error from somewhere on the way.</summary>
/// <param name="Sequence">Which request it answers, counted from 1.</param>
/// <param name="From">Who answered.</param>
/// <param name="Name">Its name, where one is known.</param>
/// <param name="Reply">What it said.</param>
/// <param name="HopLimit">Hops that the answer had left; 0 for an error.</param>
/// <param name="Bytes">Bytes of the ICMP message.</param>
/// <param name="ElapsedNanoseconds">The round trip.</param>
/// <param name="IsDuplicate">An answer to this request had come before.</param>
public sealed record EchoAnswered(
    ushort Sequence, IpAddress From, string? Name, ProbeReply Reply, byte HopLimit, int Bytes, long ElapsedNanoseconds, bool IsDuplicate)
        : TraceEvent;

/// <summary>An echo request was not answered before it was time for the next one.</summary>
/// <param name="Sequence">Which request.</param>
public sealed record EchoUnanswered(ushort Sequence) : TraceEvent;

/// <summary>An echo request could not be sent at all.</summary>
/// <param name="Sequence">Which request.</param>
/// <param name="Error">What the host said.</param>
public sealed record EchoNotSent(ushort Sequence, Errno Error) : TraceEvent;

/// <summary>No card of the host that asks hears its link: nothing that it sends leaves it.</summary>
public sealed record HostUnplugged : TraceEvent;

/// <summary>The echo requests are over.</summary>
/// <param name="Name">The target as it was asked for.</param>
/// <param name="Sent">Requests.</param>
/// <param name="Received">Requests that the target answered.</param>
/// <param name="Errors">Errors that came instead.</param>
/// <param name="ElapsedNanoseconds">From the first request to the end.</param>
/// <param name="MinimumNanoseconds">The shortest round trip; 0 when there was none.</param>
/// <param name="MeanNanoseconds">Their mean.</param>
/// <param name="MaximumNanoseconds">The longest.</param>
/// <param name="DeviationNanoseconds">Their standard deviation, what ping calls mdev.</param>
public sealed record PingCompleted(
    string Name, int Sent, int Received, int Errors, long ElapsedNanoseconds, long MinimumNanoseconds, long MeanNanoseconds,
        long MaximumNanoseconds, long DeviationNanoseconds) : TraceEvent;

/// <summary>A path is about to be probed hop by hop.</summary>
/// <param name="Target">Where it leads.</param>
/// <param name="Name">The target as it was asked for.</param>
/// <param name="Source">The address from which the probes are sent; null where the host has no way to the target.</param>
/// <param name="Kind">What the probes are.</param>
/// <param name="MaximumHops">The last hop that is tried.</param>
public sealed record TracerouteStarted(IpAddress Target, string Name, IpAddress? Source, ProbeKind Kind, int MaximumHops) : TraceEvent;

/// <summary>One probe of a path was answered, or was not.</summary>
/// <param name="Hop">The hops it was given, counted from 1.</param>
/// <param name="Probe">Which probe of the hop, counted from 1.</param>
/// <param name="Reply">What came back.</param>
/// <param name="From">Who answered; null when nobody did.</param>
/// <param name="Name">Its name, where one is known.</param>
/// <param name="ElapsedNanoseconds">The round trip, or how long was waited.</param>
public sealed record HopProbed(int Hop, int Probe, ProbeReply Reply, IpAddress? From, string? Name, long ElapsedNanoseconds) : TraceEvent;

/// <summary>A path has been probed.</summary>
/// <param name="Hops">The last hop that was tried.</param>
/// <param name="Reached">Whether the target answered.</param>
public sealed record TracerouteCompleted(int Hops, bool Reached) : TraceEvent;
