using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Tcp;

namespace Firstbyte.Frames;

/// <summary>What a frame carries, as far as a look at it tells: the headers' fields that a learner asks for, as plain data.</summary>
/// <param name="From">The station that sent it on this link.</param>
/// <param name="To">The station that it is for on this link.</param>
/// <param name="Length">The frame in bytes.</param>
/// <param name="Protocol">What it carries: the innermost that was recognised.</param>
public sealed record FrameSummary(MacAddress From, MacAddress To, int Length, FrameProtocol Protocol)
{
    /// <summary>The IP packet's source.</summary>
    public IpAddress? Source { get; init; }

    /// <summary>The IP packet's destination.</summary>
    public IpAddress? Destination { get; init; }

    /// <summary>Hops that it may still take.</summary>
    public byte? HopLimit { get; init; }

    /// <summary>UDP's or TCP's source port.</summary>
    public ushort? SourcePort { get; init; }

    /// <summary>UDP's or TCP's destination port.</summary>
    public ushort? DestinationPort { get; init; }

    /// <summary>Bytes of content behind the last header that was read.</summary>
    public int Content { get; init; }

    /// <summary>Where a fragment stands in its packet, in bytes; null for a whole packet.</summary>
    public int? FragmentOffset { get; init; }

    /// <summary>What is said about neighbours.</summary>
    public NeighborNote? Neighbor { get; init; }

    /// <summary>What ICMP says.</summary>
    public IcmpNote? Icmp { get; init; }

    /// <summary>What TCP says.</summary>
    public TcpNote? Tcp { get; init; }

    /// <summary>What DNS asks or answers.</summary>
    public DnsNote? Dns { get; init; }
}

/// <summary>What was recognised in a frame.</summary>
public enum FrameProtocol
{
    /// <summary>Nothing that is spoken here, or bytes that are not what they claim to be.</summary>
    Unknown,

    /// <summary>A question about, or an answer with, an IPv4 neighbour's hardware address.</summary>
    Arp,

    /// <summary>The same for IPv6, and what routers say of themselves.</summary>
    Ndp,

    /// <summary>An IP packet whose content is not looked into: another protocol, or a later fragment.</summary>
    Ip,

    /// <summary>ICMP of either version.</summary>
    Icmp,

    /// <summary>A datagram.</summary>
    Udp,

    /// <summary>A datagram with a DNS message.</summary>
    Dns,

    /// <summary>A TCP segment.</summary>
    Tcp,
}

/// <summary>An ARP packet (RFC 826) or a message of neighbour discovery (RFC 4861).</summary>
/// <param name="Kind">What it does.</param>
/// <param name="Target">The address that is asked for or answered with; null where the message has none.</param>
/// <param name="Sender">Who asks or answers, by IP address.</param>
/// <param name="Hardware">The hardware address that is told.</param>
public sealed record NeighborNote(NeighborMessage Kind, IpAddress? Target, IpAddress? Sender, MacAddress? Hardware);

/// <summary>What a message about neighbours does.</summary>
public enum NeighborMessage
{
    /// <summary>Who has this address?</summary>
    Question,

    /// <summary>I have it.</summary>
    Answer,

    /// <summary>Is there a router?</summary>
    RouterQuestion,

    /// <summary>I am a router.</summary>
    RouterAnswer,

    /// <summary>There is a better first hop.</summary>
    Redirect,
}

/// <summary>An ICMP message.</summary>
/// <param name="Type">The type by its number; its meaning depends on the version of the addresses.</param>
/// <param name="Code">The code.</param>
/// <param name="Sequence">Of an echo or its reply: which it is.</param>
/// <param name="Mtu">Of "fragmentation needed" and "packet too big": the next link's MTU.</param>
/// <param name="About">Of an error: whom the packet was for that it is about.</param>
public sealed record IcmpNote(byte Type, byte Code, ushort? Sequence, int? Mtu, IpAddress? About);

/// <summary>The header of a TCP segment.</summary>
public sealed record TcpNote(TcpFlags Flags, uint Sequence, uint Acknowledgment, int Window);

/// <summary>A DNS message.</summary>
/// <param name="Id">Its number.</param>
/// <param name="IsResponse">An answer, not a question.</param>
/// <param name="Name">The name that is asked for; empty where there is no question.</param>
/// <param name="Type">The type that is asked for.</param>
/// <param name="Code">How the answer ended.</param>
/// <param name="IsAuthoritative">The answer's AA bit.</param>
/// <param name="Answers">Records in the answer section.</param>
/// <param name="Authorities">Records in the authority section.</param>
public sealed record DnsNote(ushort Id, bool IsResponse, string Name, string Type, string Code, bool IsAuthoritative, int Answers, int Authorities);
