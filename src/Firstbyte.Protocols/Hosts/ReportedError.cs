using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Hosts;

/// <summary>An ICMP error about a datagram that a mailbox has sent: what traceroute lives on (Linux: IP_RECVERR).</summary>
/// <param name="From">Who reported it: a router on the way, the destination, or this host itself when nobody on the link answered.</param>
/// <param name="About">Where the datagram was sent.</param>
/// <param name="Type">The ICMP type, of the address's version.</param>
/// <param name="Code">The ICMP code.</param>
/// <param name="NextHopMtu">The next link's MTU in bytes when the datagram was too long for it; else 0.</param>
/// <param name="Fault">What it means to a program.</param>
public readonly record struct ReportedError(IpAddress From, Endpoint About, byte Type, byte Code, int NextHopMtu, Errno Fault);
