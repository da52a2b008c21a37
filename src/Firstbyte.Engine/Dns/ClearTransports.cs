using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>The two transports in clear, which every server has (RFC 7766 section 5).</summary>
public sealed class ClearTransports : IUpstreamTransports
{
    /// <summary>They keep nothing of their own.</summary>
    public static readonly ClearTransports Instance = new();

    /// <inheritdoc/>
    public IUpstreamTransport? Open(DnsTransport transport, INetwork network) => transport switch
    {
        DnsTransport.Udp => new DatagramTransport(network),
        DnsTransport.Tcp => new StreamTransport(network),
        _ => null,
    };
}
