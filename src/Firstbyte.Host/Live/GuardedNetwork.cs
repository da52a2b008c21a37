using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Host.Live;

/// <summary>The network of journeys that others ask for: it connects where the rules allow, listens nowhere, and has no files.</summary>
/// <param name="inner">The machine's.</param>
/// <param name="rules">Where one may go.</param>
internal sealed class GuardedNetwork(INetwork inner, TargetRules rules) : INetwork
{
    /// <inheritdoc/>
    public TimeProvider Time => inner.Time;

    /// <inheritdoc/>
    public IRandomSource Random => inner.Random;

    /// <inheritdoc/>
    public IHostFiles Files => NoFiles.Instance;

    /// <inheritdoc/>
    public bool HasCarrier => inner.HasCarrier;

    /// <inheritdoc/>
    public IReadOnlyList<IpAddress> GetAddresses() => inner.GetAddresses();

    /// <inheritdoc/>
    public ISocket CreateSocket(IpVersion version, SocketKind kind) => new GuardedSocket(inner.CreateSocket(version, kind), rules);

    private sealed class NoFiles : IHostFiles
    {
        public static readonly NoFiles Instance = new();

        public byte[]? Read(string path) => null;
    }
}

/// <summary>A socket that connects only where the rules allow. What is refused ends as the system's own refusals do: EACCES.</summary>
internal sealed class GuardedSocket(ISocket inner, TargetRules rules) : ISocket
{
    public int Descriptor => inner.Descriptor;

    public IpVersion Version => inner.Version;

    public SocketKind Kind => inner.Kind;

    public Endpoint? LocalEndpoint => inner.LocalEndpoint;

    public Endpoint? RemoteEndpoint => inner.RemoteEndpoint;

    public void Bind(Endpoint local) => throw new NetworkException(Errno.EACCES, "bind", local);

    public void Listen(int backlog) => throw new NetworkException(Errno.EACCES, "listen");

    public ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default) => throw new NetworkException(Errno.EACCES, "accept");

    /// <summary>A datagram socket that is connected only looks for a route (RFC 6724): it sends nothing, see below.</summary>
    public ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default) => Kind == SocketKind.Datagram || rules.Allows(remote)
        ? inner.ConnectAsync(remote, cancellationToken)
        : ValueTask.FromException(new NetworkException(Errno.EACCES, "connect", remote));

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default) => Kind == SocketKind.Stream
        ? inner.SendAsync(data, cancellationToken)
        : ValueTask.FromException<int>(new NetworkException(Errno.EACCES, "send", inner.RemoteEndpoint));

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => inner.ReceiveAsync(buffer, cancellationToken);

    public ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default) =>
        ValueTask.FromException<int>(new NetworkException(Errno.EACCES, "sendto", remote));

    public ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.ReceiveFromAsync(buffer, cancellationToken);

    public void Shutdown(SocketDirections directions) => inner.Shutdown(directions);

    public void SetOption(SocketOption option, int value) => inner.SetOption(option, value);

    public int GetOption(SocketOption option) => inner.GetOption(option);

    public void Close() => inner.Close();

    public void Dispose() => inner.Dispose();
}
