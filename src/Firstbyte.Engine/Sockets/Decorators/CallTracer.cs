using Firstbyte.Addressing;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Sockets.Decorators;

/// <summary>Numbers the calls of one host's programs and tells them: down, and back. Every call that goes down comes back, by an exception too.</summary>
/// <param name="host">What the machine is called; empty for this machine.</param>
/// <param name="span">The step that the events belong to.</param>
public sealed class CallTracer(string host, TraceSpan span)
{
    private long _lastCall;

    /// <summary>What the machine is called; empty for this machine.</summary>
    public string Host => host;

    /// <summary>The network, with its calls told as those of whoever makes them.</summary>
    public INetwork Watch(INetwork network, CallSource source) => new CallTracingNetwork(network, this, source);

    /// <summary>A stream of TLS, with what goes through it told as calls.</summary>
    public IByteStream Watch(IByteStream stream, int descriptor) => new CallTracingStream(stream, descriptor, this);

    internal long Down(CallSource source, SocketCall call, int descriptor, Func<CallMade, CallMade>? details = null)
    {
        var number = ++_lastCall;
        if (span.IsListening)
        {
            var made = new CallMade(number, host, source, call, descriptor);
            span.Tell(details is null ? made : details(made));
        }
        return number;
    }

    internal void Back(long number, SocketCall call, int descriptor, int? result = null, Endpoint? local = null, Endpoint? remote = null)
    {
        if (span.IsListening) { span.Tell(new CallReturned(number, host, call, descriptor, Errno.None) { Result = result, Local = local, Remote = remote }); }
    }

    // A caller who gives up gets ECANCELED, as if the socket had been closed under the call.
    internal void Back(long number, SocketCall call, int descriptor, Exception failure)
    {
        var error = failure is OperationCanceledException ? Errno.ECANCELED : IoErrors.ToErrno(failure);
        if (span.IsListening) { span.Tell(new CallReturned(number, host, call, descriptor, error)); }
    }
}

/// <summary>A network whose calls are told.</summary>
internal sealed class CallTracingNetwork(INetwork inner, CallTracer tracer, CallSource source) : INetwork
{
    public TimeProvider Time => inner.Time;

    public IRandomSource Random => inner.Random;

    public IHostFiles Files => inner.Files;

    public IReadOnlyList<IpAddress> GetAddresses() => inner.GetAddresses();

    public bool HasCarrier => inner.HasCarrier;

    public bool? IsOfWorld(IpAddress address) => inner.IsOfWorld(address);

    public ISocket CreateSocket(IpVersion version, SocketKind kind)
    {
        var call = tracer.Down(source, SocketCall.Socket, -1, made => made with { Version = version, Kind = kind });
        ISocket socket;
        try { socket = inner.CreateSocket(version, kind); }
        catch (Exception e)
        {
            tracer.Back(call, SocketCall.Socket, -1, e);
            throw;
        }
        tracer.Back(call, SocketCall.Socket, socket.Descriptor);
        return new CallTracingSocket(socket, tracer, source);
    }
}

/// <summary>What goes into TLS and comes out of it, told as calls of the application: between them lie those that TLS makes itself.</summary>
internal sealed class CallTracingStream(IByteStream inner, int descriptor, CallTracer tracer) : IByteStream
{
    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var call = tracer.Down(CallSource.Application, SocketCall.SealedRead, descriptor, made => made with { Length = buffer.Length });
        try
        {
            var count = await inner.ReceiveAsync(buffer, cancellationToken);
            tracer.Back(call, SocketCall.SealedRead, descriptor, count);
            return count;
        }
        catch (Exception e)
        {
            tracer.Back(call, SocketCall.SealedRead, descriptor, e);
            throw;
        }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        var call = tracer.Down(CallSource.Application, SocketCall.SealedWrite, descriptor, made => made with { Length = data.Length });
        try { await inner.SendAsync(data, cancellationToken); }
        catch (Exception e)
        {
            tracer.Back(call, SocketCall.SealedWrite, descriptor, e);
            throw;
        }
        tracer.Back(call, SocketCall.SealedWrite, descriptor, data.Length);
    }

    public long Taken => inner.Taken;

    public void ShutdownSend() => inner.ShutdownSend();

    public void Close() => inner.Close();

    public void Dispose() => Close();
}
