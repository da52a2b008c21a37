using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation;

/// <summary>What streams and mailboxes of a simulated host have in common: descriptor, own end, options, and the checks at the door.</summary>
internal abstract class PlainSocket(PlainStack stack, IpVersion version, SocketKind kind, int descriptor) : ISocket
{
    // Linux: net.core.rmem_default and wmem_default are 212,992; it accounts for twice what is asked for, we for what is asked.
    protected const int DefaultBuffer = 212_992;

    // Linux: SOCK_MIN_RCVBUF, about 2 kB.
    private const int LeastBuffer = 2048;

    private bool _reuse;
    private bool _noDelay;
    private bool _keepAlive;
    private int _timeToLive = 64;

    public int Descriptor { get; } = descriptor;

    public IpVersion Version { get; } = version;

    public SocketKind Kind { get; } = kind;

    public Endpoint? LocalEndpoint { get; protected set; }

    public Endpoint? RemoteEndpoint { get; protected set; }

    /// <summary>SO_REUSEADDR.</summary>
    public bool Shares => _reuse;

    public virtual bool IsListening => false;

    protected PlainStack Stack => stack;

    protected bool IsClosed { get; private set; }

    protected int LingerSeconds { get; private set; } = -1;

    protected int ReceiveBuffer { get; private set; } = DefaultBuffer;

    protected int SendBuffer { get; private set; } = DefaultBuffer;

    public void Bind(Endpoint local)
    {
        Enter("bind", local);
        RequireVersion(local, "bind");
        if (LocalEndpoint is not null) { throw new NetworkException(Errno.EINVAL, "bind", local); }
        LocalEndpoint = stack.Bind(this, local, "bind");
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
            case SocketOption.ReuseAddress: _reuse = value != 0; break;
            case SocketOption.NoDelay when Kind == SocketKind.Stream: _noDelay = value != 0; break;
            case SocketOption.KeepAlive: _keepAlive = value != 0; break;
            case SocketOption.LingerSeconds: LingerSeconds = value < 0 ? -1 : value; break;
            case SocketOption.ReceiveBuffer: ReceiveBuffer = Math.Max(value, LeastBuffer); BuffersChanged(); break;
            case SocketOption.SendBuffer: SendBuffer = Math.Max(value, LeastBuffer); BuffersChanged(); break;
            case SocketOption.TimeToLive when value is > 0 and < 256: _timeToLive = value; break;
            // The plain model keeps the versions apart: 0 (both) is what it cannot give.
            case SocketOption.V6Only when Version == IpVersion.V6 && value != 0: break;
            case SocketOption.TimeToLive: throw new NetworkException(Errno.EINVAL, "setsockopt", LocalEndpoint);
            default: throw new NetworkException(Errno.EOPNOTSUPP, "setsockopt", LocalEndpoint);
        }
    }

    public int GetOption(SocketOption option)
    {
        Enter("getsockopt", LocalEndpoint);
        return option switch
        {
            SocketOption.ReuseAddress => _reuse ? 1 : 0,
            SocketOption.NoDelay when Kind == SocketKind.Stream => _noDelay ? 1 : 0,
            SocketOption.KeepAlive => _keepAlive ? 1 : 0,
            SocketOption.LingerSeconds => LingerSeconds,
            SocketOption.ReceiveBuffer => ReceiveBuffer,
            SocketOption.SendBuffer => SendBuffer,
            SocketOption.TimeToLive => _timeToLive,
            SocketOption.V6Only when Version == IpVersion.V6 => 1,
            _ => throw new NetworkException(Errno.EOPNOTSUPP, "getsockopt", LocalEndpoint),
        };
    }

    public void Close()
    {
        if (IsClosed) { return; }
        stack.Kernel.RequireInside("close");
        IsClosed = true;
        CloseCore();
        stack.Free(this);
    }

    public void Dispose() => Close();

    public abstract void ReportWaits(List<WaitingCall> waits);

    /// <summary>The door of every call: inside the pump, and the descriptor still open.</summary>
    protected void Enter(string call, Endpoint? endpoint)
    {
        stack.Kernel.RequireInside(call);
        if (IsClosed) { throw new NetworkException(Errno.EBADF, call, endpoint); }
    }

    protected void RequireVersion(Endpoint endpoint, string call)
    {
        if (endpoint.Address.Version != Version) { throw new NetworkException(Errno.EAFNOSUPPORT, call, endpoint); }
    }

    protected IpAddress Any => Version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6;

    protected NetworkException Failure(Errno error, string call) => new(error, call, RemoteEndpoint ?? LocalEndpoint);

    protected WaitingCall Waiting(string call) => new(stack.Host.Name, call, Descriptor, RemoteEndpoint ?? LocalEndpoint);

    protected virtual void BuffersChanged() { }

    protected abstract void CloseCore();
}
