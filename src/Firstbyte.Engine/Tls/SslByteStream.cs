using System.Net.Security;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Tls;

/// <summary>The platform's TLS as a pipe of bytes.</summary>
internal sealed class SslByteStream(SslStream stream, IByteStream transport) : IByteStream
{
    private bool _closed;

    /// <summary>The alert by which the peer has ended the session.</summary>
    public TlsAlert? Alert { get; private set; }

    private bool _said;

    public async ValueTask<int> ReceiveAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try { return await stream.ReadAsync(buffer, cancellationToken); }
        catch (IOException broken) when (broken is not NetworkException) { throw Translate(broken, "receive"); }
    }

    public async ValueTask SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken = default)
    {
        try { await stream.WriteAsync(data, cancellationToken); }
        catch (IOException broken) when (broken is not NetworkException) { throw Translate(broken, "send"); }
    }

    public long Taken => transport.Taken;

    /// <summary>close_notify (RFC 8446 section 6.1) ends the own direction; the transport stays open for the peer's.</summary>
    public void ShutdownSend() => _ = SayCloseAsync();

    public void Close()
    {
        if (_closed) { return; }
        _closed = true;
        _ = EndAsync();
    }

    public void Dispose() => Close();

    // What the transport said stands, also wrapped; anything else is a record that breaks the rules of TLS, or a stream cut inside one.
    private NetworkException Translate(IOException broken, string call)
    {
        Alert ??= TransportStream.AlertOf(broken);
        return new NetworkException(broken.InnerException is NetworkException transport ? transport.Error : Errno.EPROTO, call, inner: broken);
    }

    private async Task EndAsync()
    {
        await SayCloseAsync();
        await stream.DisposeAsync();
        transport.Close();
    }

    private async Task SayCloseAsync()
    {
        if (_said) { return; }
        _said = true;
        try
        {
            await stream.ShutdownAsync();
        }
        catch (Exception gone) when (gone is IOException or InvalidOperationException)
        {
            // The peer is gone or a call was cut off in the middle: there is nobody to say it to, and the connection ends either way.
        }
    }
}
