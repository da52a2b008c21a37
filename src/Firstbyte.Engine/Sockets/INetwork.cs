using Firstbyte.Addressing;

namespace Firstbyte.Sockets;

/// <summary>The chapter's Socket library: what a program may ask of one host's protocol stack, and the clock, randomness and files of that host.</summary>
/// <remarks>
/// Theory of operation. Everything above this seam (resolvers, HTTP, servers, journeys) is the same code on every network. <c>OsNetwork</c>
/// passes the calls to the operating system unchanged; a simulated host answers them itself in virtual time. One conformance suite runs
/// on all of them, with the operating system as the oracle. Failures are <see cref="NetworkException"/> with the errno that the
/// call would have returned.
/// </remarks>
public interface INetwork
{
    /// <summary>The host's clock: calendar time, monotonic timestamps and timers.</summary>
    TimeProvider Time { get; }

    /// <summary>The host's randomness: the operating system's, or a stream seeded for this host.</summary>
    IRandomSource Random { get; }

    /// <summary>The host's files (resolv.conf, hosts, documents).</summary>
    IHostFiles Files { get; }

    /// <summary>The getifaddrs() call: the addresses of the host's cards as they are now, without those by which it reaches itself alone.</summary>
    IReadOnlyList<IpAddress> GetAddresses();

    /// <summary>
    /// Whether a card of the host hears its link, those aside by which it reaches itself alone. Without one nothing that is sent leaves the host,
    /// whatever its routes say. A network that cannot know has one.
    /// </summary>
    bool HasCarrier => true;

    /// <summary>
    /// Whether that is why some of these did not answer: no card hears its link, and none of them is the host itself, to which no cable leads.
    /// </summary>
    /// <param name="asked">The addresses that were asked; none where it did not come to that.</param>
    bool IsUnpluggedFrom(params ReadOnlySpan<IpAddress> asked)
    {
        foreach (var address in asked)
        {
            if (address.IsLoopback) { return false; }
        }
        return !HasCarrier;
    }

    /// <summary>
    /// Whether an address belongs to a machine or a subnet of the host's world; null where nobody can know the whole of it, as on the Internet.
    /// </summary>
    bool? IsOfWorld(IpAddress address) => null;

    /// <summary>The socket() call.</summary>
    /// <exception cref="NetworkException">EMFILE when the host has no descriptor left; EAFNOSUPPORT when it does not speak the version.</exception>
    ISocket CreateSocket(IpVersion version, SocketKind kind);
}

/// <summary>What a socket carries.</summary>
public enum SocketKind
{
    /// <summary>A pipe of bytes in both directions (TCP).</summary>
    Stream,

    /// <summary>Messages with borders, each on its own (UDP).</summary>
    Datagram,
}

/// <summary>Randomness as an argument of the world.</summary>
public interface IRandomSource
{
    /// <summary>Fills the span with random bytes.</summary>
    void Fill(Span<byte> destination);
}
