namespace Firstbyte.Ftp;

/// <summary>How much is taken from an FTP server before it is refused. RFC 959 names no figures; these are the field's.</summary>
public static class FtpLimits
{
    /// <summary>
    /// Bytes of one line of a reply, its end not counted (curl's buffer for one response, 64 KB, holds several such lines; vsftpd writes
    /// at most 4 KB).
    /// </summary>
    public const int ReplyLine = 8 * 1024;

    /// <summary>Bytes of a whole reply with all its lines (curl: DYN_PINGPPONG_CMD, 64 KB).</summary>
    public const int Reply = 64 * 1024;

    /// <summary>Lines of one reply: FEAT of the largest servers has some forty, a greeting may be a page of text.</summary>
    public const int ReplyLines = 500;

    /// <summary>
    /// Preliminary replies (1xx) before the final one of a command: RFC 959 5.4 knows one; 120 may come before a greeting as often as the
    /// server likes to wait.
    /// </summary>
    public const int PreliminaryReplies = 8;

    /// <summary>Directories of one path: each is a command and a round trip (curl has no limit; PATH_MAX on Linux, 4096, allows 2048 of one letter).</summary>
    public const int PathSegments = 256;

    /// <summary>Bytes of one command line without its end (RFC 1123 gives no figure; vsftpd: VSFTP_MAX_COMMAND_LINE, 4096).</summary>
    public const int Command = 4096;

    /// <summary>Bytes of one line of a listing: a name of NAME_MAX's 255 bytes, and facts around it.</summary>
    public const int ListingLine = 4 * 1024;

    /// <summary>Entries of one listing that are read; the bytes go on to whoever keeps them.</summary>
    public const int ListingEntries = 100_000;
}
