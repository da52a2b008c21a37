using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Ftp;

/// <summary>
/// A small FTP server over any network (RFC 959 5.1's minimum, and EPSV, SIZE, MDTM, MLSD, REST, APPE): a lab's, and a test's. Passive
/// data connections only.
/// </summary>
/// <remarks>
/// Each control connection is one asynchronous flow, as with the other servers; a client that says nothing for <see cref="s_patience"/> is
/// sent away.
/// </remarks>
public sealed class FtpServer(INetwork network, FtpSite site, Func<ValueTask>? think = null) : IDisposable
{
    // vsftpd: idle_session_timeout 300 s; max_clients.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(300);
    private const int MaximumConnections = 256, Backlog = 64;

    private readonly StreamListener _listener = new(network, Backlog, MaximumConnections);

    /// <summary>Binds and listens; port 0 lets the stack choose. Returns the own address.</summary>
    /// <exception cref="NetworkException">EADDRINUSE, EACCES, EADDRNOTAVAIL.</exception>
    public Endpoint Start(Endpoint local) => _listener.Start(local);

    /// <summary>Accepts and serves until the server is disposed.</summary>
    public Task RunAsync() => _listener.RunAsync(ServeAsync);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync(ISocket socket, CancellationToken cancellationToken)
    {
        using var session = new FtpServerSession(network, socket, site, think, s_patience);
        await session.RunAsync();
    }
}
