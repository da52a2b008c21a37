namespace Firstbyte.Cli.Curl;

/// <summary>What a line of a head is.</summary>
internal enum CurlHeader
{
    Status,
    Field,
    End,
    Trailer,
    Connect,
    Ftp,
}

/// <summary>Where what comes goes.</summary>
internal interface ICurlSink
{
    /// <summary>A line of a head, as it came.</summary>
    void Header(byte[] line, CurlHeader kind);

    /// <summary>A piece of content.</summary>
    /// <exception cref="CurlStop">It cannot be kept.</exception>
    void Body(ReadOnlyMemory<byte> piece);
}
