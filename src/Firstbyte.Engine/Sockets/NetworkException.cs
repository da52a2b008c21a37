using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Sockets;

/// <summary>A socket call failed: which call, with which errno, toward whom.</summary>
public sealed class NetworkException : IOException
{
    /// <summary>A failure of <paramref name="call"/> ("connect", "bind" …), with the peer or own address it was about.</summary>
    public NetworkException(Errno error, string call, Endpoint? endpoint = null, Exception? inner = null)
        : base(endpoint is { } at ? $"{call} {at}: {error}" : $"{call}: {error}", inner)
    {
        Error = error;
        Call = call;
        Endpoint = endpoint;
    }

    /// <summary>What the call returned.</summary>
    public Errno Error { get; }

    /// <summary>The call, in the Socket library's own word: socket, bind, listen, accept, connect, send, receive, shutdown.</summary>
    public string Call { get; }

    /// <summary>The address that the call was about, where there was one.</summary>
    public Endpoint? Endpoint { get; }
}
