using Firstbyte.Addressing;

namespace Firstbyte.Sockets;

/// <summary>A network that takes over sockets which were open before the program began: whoever started it has bound them.</summary>
public interface IInheritingNetwork : INetwork
{
    /// <summary>Takes a socket over: a stream that waits for connections, or a datagram socket.</summary>
    ISocket Adopt(InheritedSocket inherited);

    /// <summary>The same for datagrams many at a call, on so many threads that share the one socket; null where there is no such thing.</summary>
    IReadOnlyList<IDatagramBatch>? AdoptBatches(InheritedSocket inherited, int threads);
}

/// <summary>A socket that was open before the program began.</summary>
/// <param name="Descriptor">Its number.</param>
/// <param name="Kind">A stream waits for connections.</param>
/// <param name="LocalEndpoint">Where it is bound. One at all addresses of version 6 may hear version 4 as well, as whoever made it wanted.</param>
/// <param name="Name">What whoever made it calls it; empty where it has no name.</param>
public sealed record InheritedSocket(int Descriptor, SocketKind Kind, Endpoint LocalEndpoint, string Name);
