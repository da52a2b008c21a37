namespace Firstbyte.Routing.Nat;

/// <summary>How long an address translator remembers, and how much.</summary>
public sealed record NatSettings
{
    /// <summary>Silence after which a UDP row goes (RFC 4787 REQ-5: at least 2 minutes, 5 recommended).</summary>
    public TimeSpan UdpTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Silence after which the row of an established TCP connection goes (RFC 5382 REQ-5: at least 2 hours 4 minutes, longer than a
    /// keepalive).
    /// </summary>
    public TimeSpan TcpEstablishedTimeout { get; init; } = TimeSpan.FromMinutes(124);

    /// <summary>The same for one that is opening or closing (RFC 5382 REQ-5: at least 4 minutes).</summary>
    public TimeSpan TcpTransitoryTimeout { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>The same for echo requests (RFC 5508 REQ-2: at least 60 seconds).</summary>
    public TimeSpan EchoTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Rows that are kept (own choice, as small home routers have). When all are in use, packets that need a new one are dropped: nobody's
    /// conversation is ended for a stranger's.
    /// </summary>
    public int MaxRows { get; init; } = 4_096;
}

/// <summary>What an address translator says about a packet.</summary>
public enum NatVerdict : byte
{
    /// <summary>It was rewritten.</summary>
    Translated,

    /// <summary>No row is about it, and it may not make one. The packet is as it was.</summary>
    NoRow,

    /// <summary>It is no TCP, UDP or ICMP that a port could be read from. The packet is as it was.</summary>
    NotTranslatable,

    /// <summary>An ICMP error that does not add up (RFC 5508 REQ-3). The packet is as it was.</summary>
    Malformed,

    /// <summary>It would need a new row, and the table or the ports are used up. The packet is as it was.</summary>
    Full,
}
