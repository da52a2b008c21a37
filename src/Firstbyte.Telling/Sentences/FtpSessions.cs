using Firstbyte.Addressing;
using Firstbyte.Journeys;

namespace Firstbyte.Telling.Sentences;

/// <summary>What an FTP server says of sessions over TLS, which it has no code of its own for.</summary>
internal static class FtpSessions
{
    // The network protocol is not supported, says 522 of these two (RFC 2428); of all else vsftpd says it of a session.
    private const int Code = 522;

    /// <summary>
    /// Whether a server wants that the data connection goes on with the session of the control connection (vsftpd's require_ssl_reuse), which is not kept of
    /// one that was named by its address.
    /// </summary>
    public static bool IsWanted(FtpRefused refused) =>
        refused is { Code: Code, Command: not ("EPSV" or "EPRT") } && IpAddress.TryParse(refused.Origin.Host, out _);
}
