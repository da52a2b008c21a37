using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Stack;

/// <summary>What streams and mailboxes over our own stack have in common: descriptor, ends, options, and the checks at the door.</summary>
internal abstract class StackSocket : ISocket
{
    private readonly HostSocket _socket;

    protected StackSocket(StackNetwork network, HostSocket socket)
    {
        Network = network;
        _socket = socket;
        Descriptor = network.Add(this);
        socket.Owner = this;
    }

    public int Descriptor { get; }

    public IpVersion Version => _socket.Version;

    public abstract SocketKind Kind { get; }

    public Endpoint? LocalEndpoint => _socket.Local.Address.Version == IpVersion.None ? null : _socket.Local;

    public Endpoint? RemoteEndpoint => _socket.Remote.Address.Version == IpVersion.None || !IsConnected ? null : _socket.Remote;

    protected StackNetwork Network { get; }

    protected HostStack Stack => Network.Stack;

    protected Instant Now => Network.Driver.Now;

    protected bool IsClosed { get; private set; }

    protected int LingerSeconds { get; private set; } = -1;

    protected abstract bool IsConnected { get; }

    public void Bind(Endpoint local)
    {
        Enter("bind", local);
        Check(BindCore(local), "bind", local);
    }

    public abstract void Listen(int backlog);

    public abstract ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default);

    public abstract ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default);

    public abstract ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default);

    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public abstract ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default);

    public abstract ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default);

    public abstract void Shutdown(SocketDirections directions);

    public void SetOption(SocketOption option, int value)
    {
        Enter("setsockopt", LocalEndpoint);
        switch (option)
        {
            case SocketOption.ReuseAddress: _socket.ReuseAddress = value != 0; break;
            case SocketOption.LingerSeconds: LingerSeconds = value < 0 ? -1 : value; break;
            case SocketOption.TimeToLive when value is > 0 and < 256: _socket.HopLimit = (byte)value; break;
            // The stack keeps the versions apart: 0 (both) is what it cannot give.
            case SocketOption.V6Only when Version == IpVersion.V6 && value != 0: break;
            case SocketOption.TimeToLive: throw Failure(Errno.EINVAL, "setsockopt");
            default:
                if (!TrySetOption(option, value)) { throw Failure(Errno.EOPNOTSUPP, "setsockopt"); }
                break;
        }
    }

    public int GetOption(SocketOption option)
    {
        Enter("getsockopt", LocalEndpoint);
        return option switch
        {
            SocketOption.ReuseAddress => _socket.ReuseAddress ? 1 : 0,
            SocketOption.LingerSeconds => LingerSeconds,
            SocketOption.TimeToLive => _socket.HopLimit == 0 ? Stack.Settings.HopLimit : _socket.HopLimit,
            SocketOption.V6Only when Version == IpVersion.V6 => 1,
            _ => TryGetOption(option, out var value) ? value : throw Failure(Errno.EOPNOTSUPP, "getsockopt"),
        };
    }

    public void Close()
    {
        if (IsClosed) { return; }
        Network.Driver.RequireInside("close");
        IsClosed = true;
        CloseCore();
        Network.Remove(this);
        Network.Flush();
    }

    public void Dispose() => Close();

    /// <summary>The stack says that waiting calls may have an answer now.</summary>
    public abstract void OnSignal();

    /// <summary>The calls that wait, in the Socket library's own words.</summary>
    public abstract IEnumerable<string> WaitingCalls();

    protected abstract Errno BindCore(Endpoint local);

    protected abstract bool TrySetOption(SocketOption option, int value);

    protected abstract bool TryGetOption(SocketOption option, out int value);

    protected abstract void CloseCore();

    /// <summary>The door of every call: inside the driver's loop, and the descriptor still open.</summary>
    protected void Enter(string call, Endpoint? endpoint)
    {
        Network.Driver.RequireInside(call);
        if (IsClosed) { throw new NetworkException(Errno.EBADF, call, endpoint); }
    }

    protected static void Check(Errno fault, string call, Endpoint? endpoint)
    {
        if (fault != Errno.None) { throw new NetworkException(fault, call, endpoint); }
    }

    protected NetworkException Failure(Errno error, string call) => new(error, call, RemoteEndpoint ?? LocalEndpoint);
}
