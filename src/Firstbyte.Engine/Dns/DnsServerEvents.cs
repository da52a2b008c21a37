using Firstbyte.Addressing;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>A server began to wait for queries, over UDP and TCP.</summary>
public sealed record DnsServerStarted(Endpoint Listen) : TraceEvent;

/// <summary>A server got a message. Name and type are empty when it has no readable question; the flaw then says why.</summary>
public sealed record QueryReceived(
    Endpoint Client, DnsTransport Transport, int Id, string Name, string Type, bool Edns, int Bytes, MessageFault Flaw) : TraceEvent;

/// <summary>A server sent its response.</summary>
public sealed record ResponseSent(
    Endpoint Client, DnsTransport Transport, int Id, string Code, bool Authoritative, bool Truncated, int AnswerCount, int AuthorityCount,
        int AdditionalCount, int Bytes) : TraceEvent;

/// <summary>A server had a response and could not send it.</summary>
public sealed record ResponseNotSent(Endpoint Client, DnsTransport Transport, Errno Error) : TraceEvent;

/// <summary>Answering failed inside the server, which said SERVFAIL: the server is at fault.</summary>
public sealed record ResponderFailed(Endpoint Client, DnsTransport Transport, string Exception, string Message) : TraceEvent;

/// <summary>A server could not accept a connection (out of descriptors, most likely); it goes on.</summary>
public sealed record DnsAcceptFailed(Endpoint Listen, Errno Error) : TraceEvent;

/// <summary>A server accepts connections again.</summary>
public sealed record DnsAcceptResumed(Endpoint Listen) : TraceEvent;

/// <summary>The data of a zone has changed; the next query is answered by the new zone.</summary>
/// <param name="Zone">The zone's name.</param>
/// <param name="Change">What was changed: "set" and a record, or "unset", a name and a type.</param>
/// <param name="Serial">The zone's serial number from now on.</param>
public sealed record ZoneChanged(string Zone, string Change, uint Serial) : TraceEvent;

/// <summary>Why a server closed a client's connection.</summary>
public enum DnsConnectionEnd
{
    /// <summary>The client ended it.</summary>
    ByClient,

    /// <summary>The client ended it inside a message.</summary>
    Cut,

    /// <summary>Nothing whole came in time, or the client did not take its answers.</summary>
    Idle,

    /// <summary>It made room for another.</summary>
    Evicted,

    /// <summary>There was no room for it.</summary>
    Refused,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>The server stopped.</summary>
    ServerStopped,

    /// <summary>There was no TLS: the client does not speak it, or wants another one.</summary>
    Insecure,
}

/// <summary>A connection of a client is over.</summary>
public sealed record DnsConnectionClosed(Endpoint? Client, DnsConnectionEnd End, int Queries) : TraceEvent;
