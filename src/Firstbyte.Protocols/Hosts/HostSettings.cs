using Firstbyte.Tcp;

namespace Firstbyte.Hosts;

/// <summary>What a host's administrator has decided.</summary>
public sealed record HostSettings
{
    /// <summary>Whether it sends on packets that are not for it.</summary>
    public bool IsRouter { get; init; }

    /// <summary>Whether it answers echo requests.</summary>
    public bool AnswersEcho { get; init; } = true;

    /// <summary>Hops that its packets may take (RFC 1700: 64).</summary>
    public byte HopLimit { get; init; } = 64;

    /// <summary>ICMP errors a second (Linux: icmp_msgs_per_sec 1000).</summary>
    public int IcmpErrorsPerSecond { get; init; } = 1_000;

    /// <summary>ICMP errors at once (Linux: icmp_msgs_burst 50).</summary>
    public int IcmpErrorBurst { get; init; } = 50;

    /// <summary>The first ephemeral port (RFC 6335 section 6: 49152).</summary>
    public ushort FirstEphemeralPort { get; init; } = 49_152;

    /// <summary>The last ephemeral port.</summary>
    public ushort LastEphemeralPort { get; init; } = 65_535;

    /// <summary>What TCP connections start with; the segment sizes come from the interface.</summary>
    public TcpSettings Tcp { get; init; } = new() { SendCapacity = 1 << 16, ReceiveCapacity = 1 << 16 };

    /// <summary>Bytes of datagrams that wait in a mailbox (Linux: rmem_default 212,992).</summary>
    public int DatagramBuffer { get; init; } = 212_992;

    /// <summary>Whether it makes itself IPv6 addresses of the prefixes that routers advertise (RFC 4862).</summary>
    public bool AcceptsRouterAdvertisements { get; init; } = true;
}
