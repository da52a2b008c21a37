using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;

namespace Firstbyte.Sockets.Stack;

/// <summary>A socket for echo requests over our own stack: what ping and traceroute use. Answers are replies and ICMP errors, each with who sent it.</summary>
public sealed class StackPing : IEchoSocket
{
    private readonly StackNetwork _network;
    private readonly PingSocket _socket;
    private readonly StackWait<EchoAnswer> _receiving;

    internal StackPing(StackNetwork network, IpVersion version)
    {
        _network = network;
        _socket = network.Stack.OpenPing(version);
        _socket.Owner = this;
        _receiving = new StackWait<EchoAnswer>(network.Driver);
    }

    /// <summary>By which its answers are known.</summary>
    public int Identifier => _socket.Identifier;

    /// <summary>Whether routers may divide its requests; if they may not, one that is too long is answered by an error with the MTU.</summary>
    public bool DontFragment
    {
        get => _socket.DontFragment;
        set => _socket.DontFragment = value;
    }

    /// <summary>Sends an echo request.</summary>
    /// <param name="destination">Whom it asks.</param>
    /// <param name="sequence">By which its answer is known.</param>
    /// <param name="data">What is to be sent back.</param>
    /// <param name="hopLimit">Hops that it may take; 0 leaves it to the host.</param>
    /// <exception cref="NetworkException">The stack cannot send it: no route, too long, another version.</exception>
    public void Send(IpAddress destination, ushort sequence, ReadOnlySpan<byte> data, byte hopLimit = 0)
    {
        _network.Driver.RequireInside("send");
        var fault = _network.Stack.SendEcho(_socket, destination, sequence, data, hopLimit, _network.Driver.Now);
        _network.Flush();
        if (fault != Errno.None) { throw new NetworkException(fault, "send", new Endpoint(destination, 0)); }
    }

    /// <summary>The next answer: a reply, or an error of a router on the way.</summary>
    public ValueTask<EchoAnswer> ReceiveAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) { return ValueTask.FromCanceled<EchoAnswer>(cancellationToken); }
        _network.Driver.RequireInside("receive");
        return _socket.TryTake(out var answer) ? new ValueTask<EchoAnswer>(answer) : _receiving.BeginValue(cancellationToken);
    }

    /// <summary>Closes the socket; a call that waits ends with ECANCELED.</summary>
    public void Dispose()
    {
        if (_socket.IsClosed) { return; }
        _network.Stack.Close(_socket);
        _receiving.Fail(new NetworkException(Errno.ECANCELED, "close"));
    }

    internal void OnSignal()
    {
        if (_receiving.IsWaiting && _socket.TryTake(out var answer)) { _receiving.End(answer); }
    }
}
