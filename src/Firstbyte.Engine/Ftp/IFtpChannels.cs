using Firstbyte.Addressing;
using Firstbyte.Sockets;

namespace Firstbyte.Ftp;

/// <summary>A data connection that stands.</summary>
/// <param name="Descriptor">Its socket.</param>
/// <param name="Local">The own end.</param>
/// <param name="Remote">The server's end.</param>
/// <param name="Stream">Its bytes.</param>
internal sealed record FtpDataConnection(int Descriptor, Endpoint Local, Endpoint Remote, IByteStream Stream);

/// <summary>Makes the connections that a conversation asks for. What hinders it is for whoever made it to know: the conversation hears yes or no.</summary>
internal interface IFtpChannels
{
    /// <summary>The own address of the control connection.</summary>
    IpAddress LocalAddress { get; }

    /// <summary>A connection to a port of the server, at the address of the control connection; null when there is none.</summary>
    ValueTask<FtpDataConnection?> ConnectAsync(ushort port, CancellationToken cancellationToken);

    /// <summary>A listening socket at the own address of the control connection; null when there is none.</summary>
    ISocket? Listen();

    /// <summary>The server's connection to that socket; others are turned away. Null when none comes.</summary>
    ValueTask<FtpDataConnection?> AcceptAsync(ISocket listener, CancellationToken cancellationToken);

    /// <summary>TLS over the control connection; null when there is none.</summary>
    ValueTask<IByteStream?> SecureControlAsync(CancellationToken cancellationToken);

    /// <summary>TLS over a data connection; null when there is none.</summary>
    ValueTask<IByteStream?> SecureDataAsync(FtpDataConnection data, CancellationToken cancellationToken);
}
