using Firstbyte.Sockets;

namespace Firstbyte.Ftp;

/// <summary>The end of a data connection on which a file was stored over TLS.</summary>
/// <remarks>
/// Who closes a connection on which something has come that nobody has read resets it (RFC 1122 section 4.2.2.13), and TLS says things of its own, tickets and
/// its end: a server that had not read all yet would lose the last of it. So its end is waited for.
/// </remarks>
internal static class FtpUploadEnd
{
    // How long a server may take to end a connection whose other end is over (own choice).
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    /// <summary>Ends the own direction and waits for the other; whether all has come, the server's reply says.</summary>
    /// <param name="stream">The connection; it is closed where the server takes too long.</param>
    /// <param name="time">By what time that is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="OperationCanceledException">It was given up.</exception>
    public static async ValueTask AwaitAsync(IByteStream stream, TimeProvider time, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(stream, time);
        try
        {
            stream.ShutdownSend();
            guard.Arm(s_patience);
            // A server has nothing to say here: what it says all the same ends the waiting.
            _ = await stream.ReceiveAsync(new byte[1], cancellationToken);
        }
        catch (IOException)
        {
            // The connection is over, in whatever way.
        }
    }
}
