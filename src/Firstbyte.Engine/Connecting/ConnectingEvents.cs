using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Connecting;

/// <summary>A connection is wanted; events of its making carry this event's span.</summary>
/// <param name="Scheme">The scheme of the URL that wants it.</param>
/// <param name="Host">The host's name or literal address.</param>
/// <param name="Port">The server's port.</param>
/// <param name="Addresses">The addresses that will be tried, in order.</param>
public sealed record ConnectionWanted(string Scheme, string Host, int Port, IpAddress[] Addresses) : TraceEvent;

/// <summary>connect() had not ended when another address of the same host had answered: it was given up (RFC 8305 5).</summary>
/// <param name="Descriptor">The socket, which is closed next.</param>
/// <param name="Remote">Where it was to lead.</param>
/// <param name="ElapsedNanoseconds">How long it had been tried.</param>
public sealed record ConnectAbandoned(int Descriptor, Endpoint Remote, long ElapsedNanoseconds) : TraceEvent;

/// <summary>The URL names its host by an address: nothing has to be resolved.</summary>
public sealed record HostIsAddress(IpAddress Address) : TraceEvent;

/// <summary>Whoever asks has given the addresses of a host beforehand: no resolver is asked.</summary>
/// <param name="Host">The host.</param>
/// <param name="Port">The port at which it has them.</param>
/// <param name="Addresses">The addresses, those of a version that is not wanted too.</param>
public sealed record AddressesGiven(string Host, int Port, IpAddress[] Addresses) : TraceEvent;
