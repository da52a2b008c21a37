using Firstbyte.Http.Authentication;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Curl;

/// <summary>What one transfer is about.</summary>
internal sealed record CurlOrder(CurlTask Task, string Url, ICurlSink Sink, CurlInfo Info)
{
    /// <summary>What is sent; null for nothing.</summary>
    public IBodySource? Content { get; init; }

    /// <summary>Whether it is an upload (PUT, STOR), and not a POST.</summary>
    public bool IsUpload { get; init; }

    /// <summary>Whether it is a form.</summary>
    public bool IsForm { get; init; }

    /// <summary>The name of the file that is uploaded.</summary>
    public string UploadName { get; init; } = "";

    /// <summary>From where on; less than 0 for "as much as is there already".</summary>
    public long ResumeFrom { get; init; }

    public string? Range { get; init; }

    /// <summary>Own fields that go behind those of the command line.</summary>
    public IReadOnlyList<string> ExtraHeaders { get; init; } = [];

    public CurlTrace? Trace { get; init; }

    /// <summary>The password that was said for the URL.</summary>
    public NetrcFile? Netrc { get; init; }

    /// <summary>How TLS is spoken with servers.</summary>
    public required Lazy<CurlTls> Tls { get; init; }

    /// <summary>How TLS is spoken with proxies.</summary>
    public required Lazy<CurlTls> ProxyTls { get; init; }

    /// <summary>How fast it may be, and how slow; null for any.</summary>
    public CurlPace? Pace { get; init; }

    /// <summary>Opens a file that a URL names, to be read or written.</summary>
    public required ICurlFiles Files { get; init; }
}

/// <summary>Files that URLs name.</summary>
internal interface ICurlFiles
{
    /// <summary>A file's bytes from a place on, its length and its time; null where it cannot be read.</summary>
    (Stream Content, long Length, DateTimeOffset Written)? OpenRead(string path);

    /// <summary>A file to be written, anew or at its end; null where it cannot be.</summary>
    Stream? OpenWrite(string path, bool appends);

    bool IsFolder(string path);

    /// <summary>The names in a folder.</summary>
    IReadOnlyList<string> List(string path);
}
