using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>The transports over which a resolver can ask.</summary>
public interface IUpstreamTransports
{
    /// <summary>Opens a transport on a network; null for one that is not to be had here.</summary>
    IUpstreamTransport? Open(DnsTransport transport, INetwork network);
}

/// <summary>
/// One way to bring a message to a server and its replies back. It keeps whatever outlives one message: sockets, connections, what it knows of servers.
/// </summary>
public interface IUpstreamTransport : IDisposable
{
    /// <summary>Asks; ends by itself when that fails.</summary>
    /// <param name="query">What, and whom.</param>
    /// <param name="listener">Hears what comes of it, on any thread, until the result is disposed; also within this call.</param>
    IDisposable Ask(UpstreamQuery query, IUpstreamListener listener);
}

/// <summary>A message to a server.</summary>
/// <param name="Server">Whom.</param>
/// <param name="Message">The message, with an id that nobody can guess.</param>
/// <param name="Span">The step that it is sent for: what is done for it alone is told there.</param>
public readonly record struct UpstreamQuery(Endpoint Server, byte[] Message, TraceSpan Span)
{
    /// <summary>The server as somebody has named it; null for one that was found.</summary>
    public UpstreamServer? Named { get; init; }
}

/// <summary>Hears what comes of asking a server.</summary>
public interface IUpstreamListener : IExchangeListener
{
    /// <summary>It brought no answer. Nothing follows.</summary>
    void Failed(UpstreamFailure failure);

    /// <summary>This program has a fault: those who wait must hear of it instead of waiting for ever.</summary>
    void Broke(Exception error);
}

/// <summary>Why a transport brought no answer.</summary>
/// <param name="Error">The call's error, or the nearest one.</param>
/// <param name="WasSent">Whether the message had left by then.</param>
/// <param name="Fault">What is wrong with the secured connection, where the error does not say it.</param>
public readonly record struct UpstreamFailure(Errno Error, bool WasSent, UpstreamFault Fault = UpstreamFault.None);
