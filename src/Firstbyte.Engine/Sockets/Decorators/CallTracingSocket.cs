using Firstbyte.Addressing;

namespace Firstbyte.Sockets.Decorators;

/// <summary>A socket whose calls are told; they pass through unchanged.</summary>
internal sealed class CallTracingSocket(ISocket inner, CallTracer tracer, CallSource source) : ISocket, ITransportFigures
{
    // close() frees the number, which another socket may have by the time somebody asks.
    private readonly int _descriptor = inner.Descriptor;
    private bool _isClosed;

    public int Descriptor => _descriptor;

    // No call of the program's: it is the story that asks.
    public TransportFigures? ReadFigures() => (inner as ITransportFigures)?.ReadFigures();

    public IpVersion Version => inner.Version;

    public SocketKind Kind => inner.Kind;

    public Endpoint? LocalEndpoint => inner.LocalEndpoint;

    public Endpoint? RemoteEndpoint => inner.RemoteEndpoint;

    public void Bind(Endpoint local)
    {
        var call = Down(SocketCall.Bind, made => made with { Endpoint = local });
        At(call, SocketCall.Bind, () => inner.Bind(local));
        tracer.Back(call, SocketCall.Bind, _descriptor, local: inner.LocalEndpoint);
    }

    public void Listen(int backlog)
    {
        var call = Down(SocketCall.Listen, made => made with { Value = backlog });
        At(call, SocketCall.Listen, () => inner.Listen(backlog));
        tracer.Back(call, SocketCall.Listen, _descriptor);
    }

    public async ValueTask<ISocket> AcceptAsync(CancellationToken cancellationToken = default)
    {
        var call = Down(SocketCall.Accept);
        var accepted = await AtAsync(call, SocketCall.Accept, () => inner.AcceptAsync(cancellationToken));
        tracer.Back(call, SocketCall.Accept, accepted.Descriptor, local: accepted.LocalEndpoint, remote: accepted.RemoteEndpoint);
        return new CallTracingSocket(accepted, tracer, source);
    }

    public async ValueTask ConnectAsync(Endpoint remote, CancellationToken cancellationToken = default)
    {
        var call = Down(SocketCall.Connect, made => made with { Endpoint = remote });
        try { await inner.ConnectAsync(remote, cancellationToken); }
        catch (Exception e)
        {
            tracer.Back(call, SocketCall.Connect, _descriptor, e);
            throw;
        }
        tracer.Back(call, SocketCall.Connect, _descriptor, local: inner.LocalEndpoint, remote: remote);
    }

    public async ValueTask<int> SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        var call = Down(SocketCall.Write, made => made with { Length = data.Length });
        var count = await AtAsync(call, SocketCall.Write, () => inner.SendAsync(data, cancellationToken));
        tracer.Back(call, SocketCall.Write, _descriptor, count);
        return count;
    }

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var call = Down(SocketCall.Read, made => made with { Length = buffer.Length });
        var count = await AtAsync(call, SocketCall.Read, () => inner.ReceiveAsync(buffer, cancellationToken));
        tracer.Back(call, SocketCall.Read, _descriptor, count);
        return count;
    }

    public async ValueTask<int> SendToAsync(ReadOnlyMemory<byte> data, Endpoint remote, CancellationToken cancellationToken = default)
    {
        var call = Down(SocketCall.SendTo, made => made with { Length = data.Length, Endpoint = remote });
        var count = await AtAsync(call, SocketCall.SendTo, () => inner.SendToAsync(data, remote, cancellationToken));
        tracer.Back(call, SocketCall.SendTo, _descriptor, count);
        return count;
    }

    public async ValueTask<ReceivedDatagram> ReceiveFromAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var call = Down(SocketCall.ReceiveFrom, made => made with { Length = buffer.Length });
        var datagram = await AtAsync(call, SocketCall.ReceiveFrom, () => inner.ReceiveFromAsync(buffer, cancellationToken));
        tracer.Back(call, SocketCall.ReceiveFrom, _descriptor, datagram.Length, remote: datagram.Remote);
        return datagram;
    }

    public void Shutdown(SocketDirections directions)
    {
        var call = Down(SocketCall.Shutdown, made => made with { Value = (int)directions });
        At(call, SocketCall.Shutdown, () => inner.Shutdown(directions));
        tracer.Back(call, SocketCall.Shutdown, _descriptor);
    }

    public void SetOption(SocketOption option, int value)
    {
        var call = Down(SocketCall.SetOption, made => made with { Option = option, Value = value });
        At(call, SocketCall.SetOption, () => inner.SetOption(option, value));
        tracer.Back(call, SocketCall.SetOption, _descriptor);
    }

    public int GetOption(SocketOption option)
    {
        var call = Down(SocketCall.GetOption, made => made with { Option = option });
        var value = 0;
        At(call, SocketCall.GetOption, () => value = inner.GetOption(option));
        tracer.Back(call, SocketCall.GetOption, _descriptor, value);
        return value;
    }

    public void Close()
    {
        // Closing twice is harmless, and only the first time a call.
        if (_isClosed) { return; }
        _isClosed = true;
        var call = Down(SocketCall.Close);
        At(call, SocketCall.Close, inner.Close);
        tracer.Back(call, SocketCall.Close, _descriptor);
    }

    public void Dispose() => Close();

    private long Down(SocketCall call, Func<CallMade, CallMade>? details = null) =>
        tracer.Down(source, call, _descriptor, made => (details is null ? made : details(made)) with { Kind = Kind });

    private void At(long call, SocketCall kind, Action work)
    {
        try { work(); }
        catch (Exception e)
        {
            tracer.Back(call, kind, _descriptor, e);
            throw;
        }
    }

    private async ValueTask<T> AtAsync<T>(long call, SocketCall kind, Func<ValueTask<T>> work)
    {
        try { return await work(); }
        catch (Exception e)
        {
            tracer.Back(call, kind, _descriptor, e);
            throw;
        }
    }
}
