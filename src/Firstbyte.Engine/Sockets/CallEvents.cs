using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets;

/// <summary>The calls of the Socket library, and those of a TLS library that stands before it.</summary>
public enum SocketCall
{
    /// <summary>socket()</summary>
    Socket,

    /// <summary>bind()</summary>
    Bind,

    /// <summary>listen()</summary>
    Listen,

    /// <summary>accept()</summary>
    Accept,

    /// <summary>connect()</summary>
    Connect,

    /// <summary>write() on a connected socket.</summary>
    Write,

    /// <summary>read() on a connected socket.</summary>
    Read,

    /// <summary>sendto()</summary>
    SendTo,

    /// <summary>recvfrom()</summary>
    ReceiveFrom,

    /// <summary>shutdown()</summary>
    Shutdown,

    /// <summary>setsockopt()</summary>
    SetOption,

    /// <summary>getsockopt()</summary>
    GetOption,

    /// <summary>close()</summary>
    Close,

    /// <summary>Bytes handed to TLS, which seals them before it calls write().</summary>
    SealedWrite,

    /// <summary>Bytes asked of TLS, which calls read() and opens what came.</summary>
    SealedRead,
}

/// <summary>Who calls.</summary>
public enum CallSource
{
    /// <summary>The program itself.</summary>
    Application,

    /// <summary>The resolver, which is a part of the Socket library.</summary>
    Resolver,
}

/// <summary>A call goes down: from a program, or from the resolver, through the Socket library to the protocol stack.</summary>
/// <param name="Number">Which call it is; its return bears the same number. Unique among the calls of a run's host.</param>
/// <param name="Host">The machine; empty for this machine.</param>
/// <param name="Source">Who calls.</param>
/// <param name="Call">Which call.</param>
/// <param name="Descriptor">The socket's; -1 for socket() itself.</param>
public sealed record CallMade(long Number, string Host, CallSource Source, SocketCall Call, int Descriptor) : TraceEvent
{
    /// <summary>Of socket(): the version.</summary>
    public IpVersion? Version { get; init; }

    /// <summary>The socket's kind.</summary>
    public SocketKind? Kind { get; init; }

    /// <summary>The address and port that the call names.</summary>
    public Endpoint? Endpoint { get; init; }

    /// <summary>Bytes handed over, or room in the buffer that is to be filled.</summary>
    public int? Length { get; init; }

    /// <summary>Of setsockopt() and getsockopt(): the option.</summary>
    public SocketOption? Option { get; init; }

    /// <summary>The option's value, the backlog of listen(), the directions of shutdown().</summary>
    public int? Value { get; init; }
}

/// <summary>A call comes back: the protocol stack has done, or refused, what it was asked for.</summary>
/// <param name="Number">The call's number.</param>
/// <param name="Host">The machine; empty for this machine.</param>
/// <param name="Call">Which call.</param>
/// <param name="Descriptor">The socket's; of socket() and accept() the new one; -1 where there is none.</param>
/// <param name="Error">Why it failed; <see cref="Errno.None"/> when it did not.</param>
public sealed record CallReturned(long Number, string Host, SocketCall Call, int Descriptor, Errno Error) : TraceEvent
{
    /// <summary>Bytes taken, or put into the buffer; the option's value.</summary>
    public int? Result { get; init; }

    /// <summary>The own address and port, where the call settled them.</summary>
    public Endpoint? Local { get; init; }

    /// <summary>The peer's address and port, where the call told them.</summary>
    public Endpoint? Remote { get; init; }
}
