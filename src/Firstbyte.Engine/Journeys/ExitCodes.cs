namespace Firstbyte.Journeys;

/// <summary>curl's exit codes, as far as a journey uses them (curl(1), "EXIT CODES").</summary>
public static class ExitCodes
{
    /// <summary>All went well.</summary>
    public const int Success = 0;

    /// <summary>CURLE_UNSUPPORTED_PROTOCOL</summary>
    public const int UnsupportedProtocol = 1;

    /// <summary>CURLE_FAILED_INIT; curl's tool uses it for a command line that it cannot understand.</summary>
    public const int Usage = 2;

    /// <summary>CURLE_URL_MALFORMAT</summary>
    public const int UrlMalformed = 3;

    /// <summary>CURLE_COULDNT_RESOLVE_PROXY</summary>
    public const int ProxyNotResolved = 5;

    /// <summary>CURLE_COULDNT_RESOLVE_HOST</summary>
    public const int NameNotResolved = 6;

    /// <summary>CURLE_COULDNT_CONNECT</summary>
    public const int ConnectFailed = 7;

    /// <summary>CURLE_WEIRD_SERVER_REPLY</summary>
    public const int WeirdReply = 8;

    /// <summary>CURLE_REMOTE_ACCESS_DENIED</summary>
    public const int AccessDenied = 9;

    /// <summary>CURLE_FTP_WEIRD_PASS_REPLY</summary>
    public const int WeirdPassReply = 11;

    /// <summary>CURLE_FTP_WEIRD_PASV_REPLY</summary>
    public const int WeirdPassiveReply = 13;

    /// <summary>CURLE_FTP_WEIRD_227_FORMAT</summary>
    public const int WeirdPassiveAddress = 14;

    /// <summary>CURLE_FTP_COULDNT_SET_TYPE</summary>
    public const int TypeRefused = 17;

    /// <summary>CURLE_FTP_COULDNT_RETR_FILE</summary>
    public const int RetrieveFailed = 19;

    /// <summary>CURLE_HTTP_RETURNED_ERROR: an error was answered, and is not to pass for a page.</summary>
    public const int ErrorAnswered = 22;

    /// <summary>CURLE_UPLOAD_FAILED</summary>
    public const int UploadFailed = 25;

    /// <summary>CURLE_FTP_PORT_FAILED</summary>
    public const int PortFailed = 30;

    /// <summary>CURLE_FTP_COULDNT_USE_REST</summary>
    public const int RestartRefused = 31;

    /// <summary>CURLE_RANGE_ERROR</summary>
    public const int RangeRefused = 33;

    /// <summary>CURLE_BAD_DOWNLOAD_RESUME</summary>
    public const int BadResume = 36;

    /// <summary>A file of this host cannot be read (FILE_COULDNT_READ_FILE).</summary>
    public const int FileUnread = 37;

    /// <summary>CURLE_USE_SSL_FAILED</summary>
    public const int TlsNotOffered = 64;

    /// <summary>CURLE_SEND_FAIL_REWIND</summary>
    public const int NoRewind = 65;

    /// <summary>CURLE_LOGIN_DENIED</summary>
    public const int LoginDenied = 67;

    /// <summary>CURLE_REMOTE_DISK_FULL</summary>
    public const int RemoteDiskFull = 70;

    /// <summary>CURLE_PROXY: a SOCKS proxy made no tunnel.</summary>
    public const int ProxyRefused = 97;

    /// <summary>CURLE_REMOTE_FILE_NOT_FOUND</summary>
    public const int RemoteFileNotFound = 78;

    /// <summary>CURLE_PARTIAL_FILE</summary>
    public const int CutShort = 18;

    /// <summary>CURLE_WRITE_ERROR</summary>
    public const int WriteFailed = 23;

    /// <summary>CURLE_READ_ERROR</summary>
    public const int ReadFailed = 26;

    /// <summary>CURLE_OPERATION_TIMEDOUT</summary>
    public const int TimedOut = 28;

    /// <summary>CURLE_SSL_CONNECT_ERROR</summary>
    public const int TlsFailed = 35;

    /// <summary>CURLE_BAD_FUNCTION_ARGUMENT: a field or method that would break the message.</summary>
    public const int BadArgument = 43;

    /// <summary>CURLE_TOO_MANY_REDIRECTS</summary>
    public const int TooManyRedirects = 47;

    /// <summary>CURLE_GOT_NOTHING</summary>
    public const int EmptyReply = 52;

    /// <summary>CURLE_SEND_ERROR</summary>
    public const int SendFailed = 55;

    /// <summary>CURLE_RECV_ERROR</summary>
    public const int ReceiveFailed = 56;

    /// <summary>CURLE_PEER_FAILED_VERIFICATION</summary>
    public const int CertificateRefused = 60;

    /// <summary>CURLE_FILESIZE_EXCEEDED</summary>
    public const int SizeExceeded = 63;

    /// <summary>CURLE_SSL_CERTPROBLEM: the own certificate cannot be used.</summary>
    public const int OwnCertificate = 58;

    /// <summary>CURLE_SSL_CIPHER</summary>
    public const int CipherUnknown = 59;

    /// <summary>CURLE_SSL_CACERT_BADFILE</summary>
    public const int TrustFile = 77;

    /// <summary>CURLE_SSL_PINNEDPUBKEYNOTMATCH</summary>
    public const int KeyNotPinned = 90;

    /// <summary>CURLE_SSL_CLIENTCERT</summary>
    public const int CertificateDemanded = 98;

    /// <summary>CURLE_TOO_LARGE: a head of a response, a line of it, or their number.</summary>
    public const int TooLarge = 100;

    /// <summary>CURLE_BAD_CONTENT_ENCODING; curl uses it for transfer codings as well.</summary>
    public const int BadTransferCoding = 61;

    /// <summary>All of them, in order: what <c>--help</c> lists.</summary>
    public static IReadOnlyList<int> All { get; } =
    [
        Success, UnsupportedProtocol, Usage, UrlMalformed, ProxyNotResolved, NameNotResolved, ConnectFailed, WeirdReply, AccessDenied, WeirdPassReply,
        WeirdPassiveReply, WeirdPassiveAddress, TypeRefused, CutShort, RetrieveFailed, ErrorAnswered, WriteFailed, UploadFailed, ReadFailed, TimedOut,
        PortFailed, RestartRefused, RangeRefused, TlsFailed, BadResume, FileUnread, BadArgument, TooManyRedirects, EmptyReply, SendFailed, ReceiveFailed,
        OwnCertificate, CipherUnknown, CertificateRefused, BadTransferCoding, SizeExceeded, TlsNotOffered, NoRewind, LoginDenied, RemoteDiskFull,
        TrustFile, RemoteFileNotFound, KeyNotPinned, ProxyRefused, CertificateDemanded, TooLarge,
    ];
}
