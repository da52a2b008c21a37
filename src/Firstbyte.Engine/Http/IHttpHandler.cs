using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Http;

/// <summary>Answers requests.</summary>
public interface IHttpHandler
{
    /// <summary>The response to one request. The request and what it shows are valid until the response is sent.</summary>
    ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken);
}

/// <summary>A request as a handler sees it: its head, who sent it, and its body, read as it comes.</summary>
public sealed class ServerRequest
{
    private readonly ServerConnection _connection;

    internal ServerRequest(ServerConnection connection, RequestHead head, Endpoint? remote) => (_connection, Head, Remote) = (connection, head, remote);

    /// <summary>The request line and the fields; the trailers once the body was read.</summary>
    public RequestHead Head { get; }

    /// <summary>The client's address and port, where the stream has one.</summary>
    public Endpoint? Remote { get; }

    /// <summary>The next bytes of the body; 0 at its end. A client that waits for 100 Continue is told to go on by the first call.</summary>
    /// <exception cref="IOException">The connection failed, or the body is malformed: let it pass, the server answers.</exception>
    public ValueTask<int> ReadBodyAsync(Memory<byte> destination, CancellationToken cancellationToken = default) =>
        _connection.ReadBodyAsync(destination, cancellationToken);
}

/// <summary>A response with a body that is made while it is sent, or a plain response.</summary>
/// <param name="Message">Status, fields, and the body where it is a value.</param>
/// <param name="Source">The body where it is made piece by piece; null for the message's own.</param>
public readonly record struct ServerResponse(HttpResponse Message, IResponseBody? Source = null)
{
    /// <summary>
    /// What becomes of the connection once the head is sent, where that answers CONNECT with 2xx: it is a tunnel (RFC 9110 9.3.6), whose stream is the
    /// function's to close. Null for every other response.
    /// </summary>
    public Func<IByteStream, CancellationToken, ValueTask>? Tunnel { get; init; }

    /// <summary>A response whose body is a value.</summary>
    public static implicit operator ServerResponse(HttpResponse message) => new(message);

    /// <summary>A response whose body is a value.</summary>
    public static ServerResponse FromHttpResponse(HttpResponse message) => new(message);
}

/// <summary>A body that is made while it is sent.</summary>
public interface IResponseBody : IBodyReader
{
    /// <summary>Its length in bytes, or -1 when that is not known in advance: then it goes out in chunks, or until close for HTTP/1.0.</summary>
    long Length { get; }
}
