using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>Opens streams to origins: resolves, connects, and puts TLS over it where the scheme asks for it.</summary>
public interface IHttpConnector
{
    /// <summary>
    /// The addresses that the origin's name has now, from a cache that heeds its TTL: an idle connection to any other address is closed
    /// instead of used. Null, the default, where nobody looks: then every idle connection to the origin is as good.
    /// </summary>
    ValueTask<IpAddress[]?> FindAsync(Origin origin, TraceSpan span, CancellationToken cancellationToken) => ValueTask.FromResult<IpAddress[]?>(null);

    /// <summary>A stream that is ready for the first request, or why there is none.</summary>
    /// <param name="origin">Who is wanted.</param>
    /// <param name="addresses">What <see cref="FindAsync"/> has found.</param>
    /// <param name="span">The step that the events belong to.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<HttpConnecting> ConnectAsync(Origin origin, IpAddress[]? addresses, TraceSpan span, CancellationToken cancellationToken);
}

/// <summary>What came of connecting: a stream, or the error that it ended in.</summary>
/// <param name="Stream">The stream; null when there is none.</param>
/// <param name="Remote">The address that it leads to; null where nobody told.</param>
/// <param name="Error">Why there is no stream, as an errno.</param>
public readonly record struct HttpConnecting(IByteStream? Stream, IpAddress? Remote = null, Errno Error = Errno.None);
