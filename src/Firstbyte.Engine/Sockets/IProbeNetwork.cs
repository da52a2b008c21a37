using Firstbyte.Addressing;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets;

/// <summary>
/// A network from which one can also ask by ICMP whether somebody is there: what ping and traceroute need beside sockets. Not every
/// operating system offers it, and not to everybody.
/// </summary>
/// <remarks>The datagram sockets of such a network are <see cref="IErrorQueue"/>s.</remarks>
public interface IProbeNetwork : INetwork
{
    /// <summary>A socket for echo requests.</summary>
    /// <exception cref="NetworkException">EACCES or EPERM where the host lets this user have none; EAFNOSUPPORT; EMFILE.</exception>
    IEchoSocket CreateEchoSocket(IpVersion version);

    /// <summary>The address from which a packet to the target would go; null when there is no way to it.</summary>
    IpAddress? SourceFor(IpAddress target);
}

/// <summary>Sends echo requests and takes what comes back: replies, and errors of whoever had to drop a request.</summary>
public interface IEchoSocket : IDisposable
{
    /// <summary>Sends an echo request.</summary>
    /// <param name="destination">Whom it asks.</param>
    /// <param name="sequence">By which its answer is known.</param>
    /// <param name="data">What is to be sent back.</param>
    /// <param name="hopLimit">Hops that it may take; 0 leaves it to the host.</param>
    /// <exception cref="NetworkException">The host cannot send it: no route, too long, another version.</exception>
    void Send(IpAddress destination, ushort sequence, ReadOnlySpan<byte> data, byte hopLimit = 0);

    /// <summary>The next answer: a reply, or an error of a router on the way.</summary>
    ValueTask<EchoAnswer> ReceiveAsync(CancellationToken cancellationToken = default);
}
