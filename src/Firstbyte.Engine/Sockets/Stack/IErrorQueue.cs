using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Stack;

/// <summary>What a datagram socket of our own stack offers beside <see cref="ISocket"/>: the ICMP errors about its datagrams, with who reported them.</summary>
public interface IErrorQueue
{
    /// <summary>The next error. From the first call on, errors are kept for this call instead of failing the other ones.</summary>
    ValueTask<ReportedError> ReceiveErrorAsync(CancellationToken cancellationToken = default);
}
