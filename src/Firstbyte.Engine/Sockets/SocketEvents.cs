using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets;

/// <summary>socket() gave a descriptor.</summary>
public sealed record SocketCreated(int Descriptor, IpVersion Version, SocketKind Kind) : TraceEvent;

/// <summary>connect() was called.</summary>
public sealed record ConnectStarted(int Descriptor, Endpoint Remote) : TraceEvent;

/// <summary>connect() succeeded; the own address and port were picked by the stack.</summary>
public sealed record ConnectCompleted(int Descriptor, Endpoint Local, Endpoint Remote, long ElapsedNanoseconds) : TraceEvent;

/// <summary>connect() failed.</summary>
public sealed record ConnectFailed(int Descriptor, Endpoint Remote, Errno Error, long ElapsedNanoseconds) : TraceEvent;

/// <summary>write() or sendto() handed bytes to the stack. <paramref name="Data"/> holds them only when the run was asked for bytes.</summary>
public sealed record BytesSent(int Descriptor, int Count, byte[]? Data) : TraceEvent;

/// <summary>read() or recvfrom() gave bytes. <paramref name="Data"/> holds them only when the run was asked for bytes.</summary>
public sealed record BytesReceived(int Descriptor, int Count, byte[]? Data) : TraceEvent;

/// <summary>read() gave 0: the peer has ended its direction.</summary>
public sealed record StreamEnded(int Descriptor) : TraceEvent;

/// <summary>close() was called; <paramref name="Reset"/> says that it cut the connection off instead of ending it in order.</summary>
public sealed record SocketClosed(int Descriptor, bool Reset) : TraceEvent;

/// <summary>A connection is about to be closed, and whoever carried it has counted how it fared.</summary>
public sealed record TransportMeasured(int Descriptor, TransportFigures Figures) : TraceEvent;
