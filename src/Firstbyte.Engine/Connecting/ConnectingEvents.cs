using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>A connection is wanted; events of its making carry this event's span.</summary>
/// <param name="Scheme">The scheme of the URL that wants it.</param>
/// <param name="Host">The host's name or literal address.</param>
/// <param name="Port">The server's port.</param>
/// <param name="Addresses">The addresses that will be tried, in order.</param>
public sealed record ConnectionWanted(string Scheme, string Host, int Port, IpAddress[] Addresses) : TraceEvent;

/// <summary>The URL names its host by an address: nothing has to be resolved.</summary>
public sealed record HostIsAddress(IpAddress Address) : TraceEvent;
