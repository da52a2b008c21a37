using Firstbyte.Hosts;

namespace Firstbyte.Sockets;

/// <summary>
/// What a datagram socket of an <see cref="IProbeNetwork"/> offers beside <see cref="ISocket"/>: the ICMP errors about its datagrams, with
/// who reported them.
/// </summary>
public interface IErrorQueue
{
    /// <summary>From now on errors are kept for <see cref="ReceiveErrorAsync"/> instead of failing the other calls.</summary>
    void KeepErrors();

    /// <summary>The next error; keeps them from the first call on at the latest.</summary>
    ValueTask<ReportedError> ReceiveErrorAsync(CancellationToken cancellationToken = default);
}
