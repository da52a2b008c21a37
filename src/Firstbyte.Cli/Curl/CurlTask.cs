namespace Firstbyte.Cli.Curl;

/// <summary>A text that was given with an option, and as what it is taken.</summary>
internal enum CurlFormKind
{
    /// <summary><c>-F</c>: files by @ and &lt;, and what stands behind semicolons.</summary>
    Form,

    /// <summary><c>--form-string</c>: the text as it stands.</summary>
    Text,
}

/// <summary>The condition of <c>-z</c>.</summary>
internal enum CurlTimeCondition
{
    None,
    IfModifiedSince,
    IfUnmodifiedSince,
    LastModified,
}

/// <summary>How an FTP client goes to a file's folder (<c>--ftp-method</c>).</summary>
internal enum CurlFtpMethod
{
    MultiCwd,
    NoCwd,
    SingleCwd,
}

/// <summary>The ways to show a password that were allowed (curl's CURLAUTH bits).</summary>
[Flags]
internal enum CurlAuth
{
    None = 0,
    Basic = 1,
    Digest = 2,
    Bearer = 64,
    Any = Basic | Digest,
}

/// <summary>One URL of a command line, with the output and the upload that were said for it.</summary>
internal sealed class CurlNode
{
    public string? Url { get; set; }

    public bool IsUrlSet { get; set; }

    public string? Output { get; set; }

    public bool UsesRemoteName { get; set; }

    public bool IsOutputSet { get; set; }

    public bool DiscardsOutput { get; set; }

    public string? Upload { get; set; }

    public bool IsUploadSet { get; set; }
}

/// <summary>What stands between two <c>--next</c>: URLs, and all that is the same for them.</summary>
internal sealed class CurlTask
{
    public List<CurlNode> Nodes { get; } = [];

    // Output, and uploads: each option goes to the first URL that has none yet.
    public int NextUrl { get; set; }

    public int NextOutput { get; set; }

    public int NextUpload { get; set; }

    // The request.
    public string? Method { get; set; }

    public bool IsHead { get; set; }

    public bool UsesGet { get; set; }

    public MemoryStream? Data { get; set; }

    public bool IsJson { get; set; }

    public List<(CurlFormKind Kind, string Text)> Form { get; } = [];

    public bool EscapesForm { get; set; }

    public List<string> Headers { get; } = [];

    public List<string> ProxyHeaders { get; } = [];

    public string? UserAgent { get; set; }

    public string? Referer { get; set; }

    public bool AutoReferer { get; set; }

    public List<string> UrlQuery { get; } = [];

    public string? RequestTarget { get; set; }

    public bool PathAsIs { get; set; }

    public bool GlobOff { get; set; }

    public string? Range { get; set; }

    public long ResumeFrom { get; set; }

    public bool ResumesHere { get; set; }

    public CurlTimeCondition TimeCondition { get; set; }

    public long ConditionTime { get; set; }

    public string? EtagSave { get; set; }

    public string? EtagCompare { get; set; }

    public bool Compressed { get; set; }

    public bool Raw { get; set; }

    public bool TransferEncoding { get; set; }

    public int HttpVersion { get; set; }

    public bool AllowsHttp09 { get; set; }

    public bool IgnoresContentLength { get; set; }

    public double ExpectTimeout { get; set; } = 1;

    // Redirects.
    public bool Follows { get; set; }

    public bool FollowsWithMethod { get; set; }

    public bool IsTrusted { get; set; }

    public int MaxRedirects { get; set; } = 50;

    public bool Post301 { get; set; }

    public bool Post302 { get; set; }

    public bool Post303 { get; set; }

    public HashSet<string>? Protocols { get; set; }

    public HashSet<string>? RedirectProtocols { get; set; }

    public string? DefaultProtocol { get; set; }

    public bool RefusesUserInUrl { get; set; }

    // Who asks.
    public string? User { get; set; }

    public CurlAuth Auth { get; set; }

    public string? Bearer { get; set; }

    public string? ProxyUser { get; set; }

    public CurlAuth ProxyAuth { get; set; }

    public bool Netrc { get; set; }

    public bool NetrcOptional { get; set; }

    public string? NetrcFile { get; set; }

    // Cookies.
    public List<string> Cookies { get; } = [];

    public List<string> CookieFiles { get; } = [];

    public string? CookieJar { get; set; }

    public bool JunksSessionCookies { get; set; }

    // Connecting.
    public string? Proxy { get; set; }

    public string ProxyScheme { get; set; } = "http";

    public bool ProxyTunnel { get; set; }

    public bool ProxyHttp10 { get; set; }

    public string? NoProxy { get; set; }

    public string? PreProxy { get; set; }

    public bool SuppressesConnectHeaders { get; set; }

    public List<string> Resolve { get; } = [];

    public List<string> ConnectTo { get; } = [];

    public string? Interface { get; set; }

    public (int From, int To)? LocalPorts { get; set; }

    public string? UnixSocket { get; set; }

    public bool AbstractSocket { get; set; }

    public int IpVersion { get; set; }

    public double ConnectTimeout { get; set; }

    public double MaxTime { get; set; }

    public bool NoKeepAlive { get; set; }

    // TLS.
    public CurlTlsWords Tls { get; set; } = new();

    public CurlTlsWords ProxyTls { get; set; } = new();

    /// <summary>Where it is kept which hosts want TLS; empty for nowhere, null where nobody heeds it.</summary>
    public string? Hsts { get; set; }

    public bool TriesSsl { get; set; }

    public bool NeedsSsl { get; set; }

    // What comes.
    public bool ShowsHeaders { get; set; }

    public string? DumpHeader { get; set; }

    public bool RemoteHeaderName { get; set; }

    public bool RemoteNameAll { get; set; }

    public string? OutputDir { get; set; }

    public bool CreatesDirs { get; set; }

    public bool? NoClobber { get; set; }

    public bool SkipsExisting { get; set; }

    public bool RemovesOnError { get; set; }

    public bool KeepsRemoteTime { get; set; }

    public string? WriteOut { get; set; }

    public bool Fails { get; set; }

    public bool FailsWithBody { get; set; }

    public long? MaxFileSize { get; set; }

    public long? RateLimit { get; set; }

    public long? SlowestSpeed { get; set; }

    public long? SlowestSeconds { get; set; }

    public int Retry { get; set; }

    public bool RetryAllErrors { get; set; }

    public bool RetryConnRefused { get; set; }

    public double RetryDelay { get; set; }

    public double RetryMaxTime { get; set; }

    public bool UseAscii { get; set; }

    public bool Crlf { get; set; }

    public bool Append { get; set; }

    // FTP.
    public bool ListOnly { get; set; }

    public string? FtpPort { get; set; }

    public bool NoEpsv { get; set; }

    public bool NoEprt { get; set; }

    public bool TrustsPasvAddress { get; set; }

    public bool CreatesFtpDirs { get; set; }

    public CurlFtpMethod FtpMethod { get; set; }

    public List<string> Quote { get; } = [];

    public List<string> PostQuote { get; } = [];

    public List<string> PreQuote { get; } = [];

    public string? FtpAccount { get; set; }

    public string? FtpAlternative { get; set; }

    public bool FtpPret { get; set; }
}

/// <summary>What is the same for the whole command line.</summary>
internal sealed class CurlLineSettings
{
    public bool IsSilent { get; set; }

    public bool ShowsErrors { get; set; }

    public bool HidesMeter { get; set; }

    public bool ShowsBar { get; set; }

    public int Verbosity { get; set; }

    public string? TraceFile { get; set; }

    public bool TraceIsAscii { get; set; }

    public bool TraceTime { get; set; }

    public bool TraceIds { get; set; }

    public string? ErrorFile { get; set; }

    public bool NoBuffer { get; set; }

    public bool IsParallel { get; set; }

    public int ParallelMax { get; set; } = 50;

    public bool FailsEarly { get; set; }

    public double? Rate { get; set; }

    public bool WantsHelp { get; set; }

    public string HelpCategory { get; set; } = "";

    public bool WantsVersion { get; set; }

    public bool WantsManual { get; set; }

    /// <summary>Values of <c>--variable</c>.</summary>
    public Dictionary<string, byte[]> Variables { get; } = new(StringComparer.Ordinal);
}
