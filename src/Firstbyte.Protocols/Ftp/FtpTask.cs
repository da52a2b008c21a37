namespace Firstbyte.Ftp;

/// <summary>What is wanted of a server.</summary>
public enum FtpOperation : byte
{
    /// <summary>RETR: a file comes.</summary>
    Retrieve,

    /// <summary>MLSD, LIST or NLST: a directory comes.</summary>
    List,

    /// <summary>STOR: a file goes, in the place of one that is there.</summary>
    Store,

    /// <summary>SIZE and MDTM: what is known of a file comes, and nothing of the file.</summary>
    Look,

    /// <summary>APPE: a file goes behind the end of one that is there.</summary>
    Append,
}

/// <summary>Where TLS begins.</summary>
public enum FtpSecurity : byte
{
    /// <summary>Nowhere: ftp.</summary>
    None,

    /// <summary>After AUTH TLS (RFC 4217 4), and nothing goes on without it.</summary>
    Explicit,

    /// <summary>Before the first byte: ftps, port 990.</summary>
    Implicit,
}

/// <summary>One thing to do on a control connection.</summary>
/// <param name="Operation">What.</param>
/// <param name="Path">With which file or directory.</param>
public sealed record FtpTask(FtpOperation Operation, FtpPath Path)
{
    /// <summary>Who asks for no account (RFC 1635 2).</summary>
    public const string Anonymous = "anonymous";

    /// <summary>By courtesy a mail address (RFC 1635 3); curl's, and nobody's.</summary>
    public const string AnonymousPassword = "ftp@example.com";

    /// <summary>The argument of USER.</summary>
    public string User { get; init; } = Anonymous;

    /// <summary>The argument of PASS.</summary>
    public string Password { get; init; } = AnonymousPassword;

    /// <summary>The argument of ACCT, should the server ask for one.</summary>
    public string? Account { get; init; }

    /// <summary>Where TLS begins.</summary>
    public FtpSecurity Security { get; init; }

    /// <summary>The server connects to the client (PORT, EPRT) instead of the client to the server.</summary>
    public bool IsActive { get; init; }

    /// <summary>The control connection goes over IPv6, where PASV and PORT have no words for the address.</summary>
    public bool IsV6 { get; init; }

    /// <summary>Bytes of the file that are here already, and need not come again; for an upload, 0 or less than 0 for "as many as the server has".</summary>
    public long Offset { get; init; }

    /// <summary>Which part of the file is wanted; null for all of it.</summary>
    public FtpRange? Range { get; init; }

    /// <summary>The length of what is stored, where it is known.</summary>
    public long? UploadLength { get; init; }

    /// <summary>The content flows to this side.</summary>
    public bool IsDownload => Operation is FtpOperation.Retrieve or FtpOperation.List or FtpOperation.Look;
}

/// <summary>Why a conversation did not do what it was to do.</summary>
public enum FtpFault : byte
{
    /// <summary>It did.</summary>
    None,

    /// <summary>The server greets with something else than 220: too busy, or another protocol.</summary>
    NotReady,

    /// <summary>421: the server closes the connection.</summary>
    ServerCloses,

    /// <summary>AUTH TLS or PROT P is refused; nothing goes on in the clear.</summary>
    SecurityRefused,

    /// <summary>User or password are refused, or an account is wanted and none was given.</summary>
    LoginDenied,

    /// <summary>To the password or the account the server says something that is neither yes nor no.</summary>
    LoginReplyUnknown,

    /// <summary>A directory of the path cannot be entered.</summary>
    DirectoryRefused,

    /// <summary>The type of the transfer is refused.</summary>
    TypeRefused,

    /// <summary>Neither EPSV nor PASV is taken.</summary>
    PassiveRefused,

    /// <summary>The place that the server names cannot be read.</summary>
    PassiveUnreadable,

    /// <summary>Neither EPRT nor PORT is taken.</summary>
    PortRefused,

    /// <summary>The data connection could not be made.</summary>
    DataUnconnected,

    /// <summary>REST is refused: no resuming here.</summary>
    RestartRefused,

    /// <summary>More bytes are here than the server's file has.</summary>
    OffsetBeyondEnd,

    /// <summary>The last bytes are wanted of a file whose length the server does not tell.</summary>
    LengthUnknown,

    /// <summary>The part that is wanted begins behind the end of the file.</summary>
    RangeBeyondEnd,

    /// <summary>550: no such file, or not for this user.</summary>
    FileUnavailable,

    /// <summary>The server does not send.</summary>
    RetrieveRefused,

    /// <summary>The server does not take the file.</summary>
    StoreRefused,

    /// <summary>452 or 552: no room there.</summary>
    NoRoom,

    /// <summary>The data ended before their end: by the size that was told, by the server's word, or because the connection broke.</summary>
    CutShort,

    /// <summary>A reply of a class that does not answer the command.</summary>
    ReplyUnknown,

    /// <summary>The transfer was given up from this side.</summary>
    Abandoned,
}
