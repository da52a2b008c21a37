using System.Globalization;
using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Curl;

/// <summary>A command line, or one transfer of it, ends here, with curl's exit code and what is said of it.</summary>
internal sealed class CurlStop(int code, string message) : Exception(message)
{
    /// <summary>curl's exit code.</summary>
    public int Code { get; } = code;

    /// <summary>The option that is curl's and not carried out here; null where something else is the matter.</summary>
    public string? NotDone { get; init; }
}

/// <summary>Files of a command line beside the content: heads, traces, cookies, entity tags, what -w says.</summary>
internal static class CurlFiles
{
    /// <summary>Writes, or ends what is under way as curl ends where it cannot write.</summary>
    /// <exception cref="CurlStop">The file takes no more.</exception>
    public static void Put(Stream file, ReadOnlySpan<byte> bytes)
    {
        // Of standard output its owner keeps the account.
        if (file is OutputStream)
        {
            file.Write(bytes);
            return;
        }
        try { file.Write(bytes); }
        catch (IOException)
        {
            throw new CurlStop(CurlCode.WriteError, string.Create(
                CultureInfo.InvariantCulture, $"Failure writing output to destination, passed {bytes.Length} returned 0"));
        }
    }
}

/// <summary>curl's exit codes by the names of libcurl (libcurl-errors(3)).</summary>
internal static class CurlCode
{
    public const int UnsupportedProtocol = 1, FailedInit = 2, UrlMalformat = 3, NotBuiltIn = 4, CouldntResolveProxy = 5, CouldntResolveHost = 6,
        CouldntConnect = 7, WeirdServerReply = 8, RemoteAccessDenied = 9, FtpAcceptFailed = 10, FtpWeirdPassReply = 11, FtpAcceptTimeout = 12,
        FtpWeirdPasvReply = 13, FtpWeird227Format = 14, FtpCantGetHost = 15, FtpCouldntSetType = 17, PartialFile = 18, FtpCouldntRetrFile = 19,
        QuoteError = 21, HttpReturnedError = 22, WriteError = 23, UploadFailed = 25, ReadError = 26, OperationTimedout = 28, FtpPortFailed = 30,
        FtpCouldntUseRest = 31, RangeError = 33, SslConnectError = 35, BadDownloadResume = 36, FileCouldntReadFile = 37,
        BadFunctionArgument = 43, InterfaceFailed = 45, TooManyRedirects = 47, SetoptOptionSyntax = 49, GotNothing = 52, SendError = 55, RecvError = 56,
        SslCertProblem = 58, SslCipher = 59, PeerFailedVerification = 60, BadContentEncoding = 61, FilesizeExceeded = 63, UseSslFailed = 64,
        SendFailRewind = 65, LoginDenied = 67, RemoteDiskFull = 70, SslCacertBadfile = 77, RemoteFileNotFound = 78, SslCrlBadfile = 82,
        SslPinned = 90,
        AuthError = 94, Proxy = 97, TooLarge = 100;
}
