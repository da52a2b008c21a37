using Firstbyte.Sockets;

namespace Firstbyte.Proxies;

/// <summary>Carries bytes between two streams, both ways, until both have ended: what a tunnel is once it stands.</summary>
internal static class StreamRelay
{
    private const int PieceLength = 16 * 1024;

    /// <summary>Carries bytes; the end of one direction is passed on, and the other goes on. Both streams are closed at the end.</summary>
    public static async ValueTask RunAsync(IByteStream client, IByteStream server, CancellationToken cancellationToken)
    {
        var up = CopyAsync(client, server, cancellationToken);
        var down = CopyAsync(server, client, cancellationToken);
        await Task.WhenAll(up, down);
        client.Close();
        server.Close();
    }

    private static async Task CopyAsync(IByteStream source, IByteStream target, CancellationToken cancellationToken)
    {
        var piece = new byte[PieceLength];
        try
        {
            while (await source.ReceiveAsync(piece, cancellationToken) is > 0 and var count)
            {
                await target.SendAsync(piece.AsMemory(0, count), cancellationToken);
            }
            target.ShutdownSend();
        }
        // What broke on one side is over on both: the other direction ends with its streams.
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            source.Close();
            target.Close();
        }
    }
}
