using System.Buffers.Binary;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;

namespace Firstbyte.Dns;

/// <summary>A TCP connection for each message: what a resolver asks the servers of the world over TCP is rare, and goes to another one each time.</summary>
internal sealed class StreamTransport(INetwork network) : IUpstreamTransport
{
    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        var asking = new SocketAsking(network, query.Server, SocketKind.Stream, listener);
        asking.Run(socket => ConverseAsync(asking, socket, query.Message));
        return asking;
    }

    public void Dispose() { }

    private static async Task ConverseAsync(SocketAsking asking, ISocket socket, byte[] message)
    {
        using var stream = new SocketByteStream(socket);
        // Length and message in one write: some servers give up after a segment with only the length (RFC 7766 8).
        var framed = new byte[DnsStreamReader.PrefixLength + message.Length];
        DnsStreamReader.WritePrefix(framed, message.Length);
        message.CopyTo(framed, DnsStreamReader.PrefixLength);
        await stream.SendAsync(framed);
        asking.WasSent = true;
        var head = await ReadExactlyAsync(stream, DnsStreamReader.PrefixLength);
        var reply = head is null ? null : await ReadExactlyAsync(stream, BinaryPrimitives.ReadUInt16BigEndian(head));
        if (reply is null) { asking.Listener.Failed(new UpstreamFailure(Errno.ECONNRESET, WasSent: true)); }
        else { asking.Listener.Received(reply); }
    }

    private static async Task<byte[]?> ReadExactlyAsync(SocketByteStream stream, int length)
    {
        var buffer = new byte[length];
        for (var have = 0; have < length;)
        {
            var read = await stream.ReceiveAsync(buffer.AsMemory(have));
            if (read == 0) { return null; }
            have += read;
        }
        return buffer;
    }
}
