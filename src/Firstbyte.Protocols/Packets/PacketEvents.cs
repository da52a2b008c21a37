using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Packets;

/// <summary>A packet did not arrive.</summary>
/// <param name="Protocol">udp or tcp.</param>
/// <param name="Source">Who sent it.</param>
/// <param name="Target">Whom it was for.</param>
/// <param name="Length">Its payload in bytes.</param>
/// <param name="Reason">Why it was lost.</param>
/// <param name="Place">The link, host or rule where it was lost.</param>
public sealed record PacketDropped(string Protocol, Endpoint Source, Endpoint Target, int Length, PacketDropReason Reason, string Place) : TraceEvent;

/// <summary>Why a packet was lost.</summary>
public enum PacketDropReason
{
    /// <summary>The link loses a share of its packets, and this was one.</summary>
    Loss,

    /// <summary>The link is down.</summary>
    LinkDown,

    /// <summary>The host is switched off.</summary>
    HostDown,

    /// <summary>A fault of the lab swallowed it.</summary>
    Fault,

    /// <summary>No subnet has the address.</summary>
    NoRoute,

    /// <summary>The subnet exists, but nobody there has the address.</summary>
    NoHost,

    /// <summary>The receiver's buffer was full.</summary>
    BufferFull,
}
