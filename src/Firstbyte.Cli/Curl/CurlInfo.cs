namespace Firstbyte.Cli.Curl;

/// <summary>What is known of a transfer when it is over: what <c>-w</c> tells.</summary>
internal sealed class CurlInfo
{
    public string Url { get; set; } = "";

    public string? EffectiveUrl { get; set; }

    public int UrlNumber { get; set; }

    public int TransferNumber { get; set; }

    public string? Method { get; set; }

    public string? Referer { get; set; }

    public string? RedirectUrl { get; set; }

    public int ResponseCode { get; set; }

    public string Reason { get; set; } = "";

    public int ConnectCode { get; set; }

    public string HttpVersion { get; set; } = "0";

    public string? ContentType { get; set; }

    public string? FtpEntryPath { get; set; }

    public string? FileName { get; set; }

    public string Scheme { get; set; } = "";

    public int Connects { get; set; }

    public int Redirects { get; set; }

    public int Retries { get; set; }

    public int HeaderLines { get; set; }

    public long ConnectionId { get; set; } = -1;

    public string LocalIp { get; set; } = "";

    public int LocalPort { get; set; }

    public string RemoteIp { get; set; } = "";

    public int RemotePort { get; set; }

    public bool ProxyUsed { get; set; }

    public int SslVerify { get; set; }

    public int ProxySslVerify { get; set; }

    /// <summary>Bytes of content as they came: without framing, and coded where they are.</summary>
    public long Downloaded { get; set; }

    /// <summary>Bytes of content that were promised; null where they were not.</summary>
    public long? Expected { get; set; }

    /// <summary>Bytes of content as they are handed on.</summary>
    public long Delivered { get; set; }

    public long Uploaded { get; set; }

    /// <summary>Bytes of content that will go out; null where only their end will show it.</summary>
    public long? ExpectedUpload { get; set; }

    public long HeaderBytes { get; set; }

    public long RequestBytes { get; set; }

    public long? FileTime { get; set; }

    // Microseconds since the start.
    public long Queue { get; set; }

    public long NameLookup { get; set; }

    public long Connect { get; set; }

    public long AppConnect { get; set; }

    public long PreTransfer { get; set; }

    public long PostTransfer { get; set; }

    public long StartTransfer { get; set; }

    public long Redirect { get; set; }

    public long Total { get; set; }

    public int ExitCode { get; set; }

    public string? Error { get; set; }

    /// <summary>The fields of the last response, in their order; those of a head before are gone.</summary>
    public List<(string Name, string Value)> Headers { get; } = [];
}
