namespace Firstbyte.Http;

/// <summary>How much of a message is taken from a peer before it is refused. Bytes, unless the name says otherwise.</summary>
/// <remarks>The client's figures are curl's, the most generous in the field; the server's are nginx's and Apache's.</remarks>
public static class HttpLimits
{
    /// <summary>All field lines and the status line of one response head (curl: MAX_HTTP_RESP_HEADER_SIZE, 300 KB).</summary>
    public const int ResponseHead = 300 * 1024;

    /// <summary>One line of a response head (curl: CURL_MAX_HTTP_HEADER, 100 KB).</summary>
    public const int ResponseLine = 100 * 1024;

    /// <summary>Field lines in one head or trailer section, dropped ones included (curl: MAX_HTTP_RESP_HEADER_COUNT, 5000).</summary>
    public const int FieldCount = 5000;

    /// <summary>One chunk-size line with its extensions (.NET's HttpClient and Node: 16 KB).</summary>
    public const int ChunkLine = 16 * 1024;

    /// <summary>All chunk extensions of one body together (Node: 16 KB). They carry nothing that is used, so more is an attack.</summary>
    public const int ChunkExtensions = 16 * 1024;

    /// <summary>Hexadecimal digits of a chunk size (curl: 16; more cannot be held in 64 bits without leading zeros).</summary>
    public const int ChunkSizeDigits = 16;

    /// <summary>Interim (1xx) responses before the final one. No specification names a number; more than a hundred is no progress.</summary>
    public const int InformationalResponses = 100;

    /// <summary>The trailer section of a chunked body: as much as a response head (curl counts both together).</summary>
    public const int TrailerSection = ResponseHead;

    /// <summary>The request line a server takes (RFC 9112 3: at least 8000 octets recommended; nginx takes 8 KB with default buffers).</summary>
    public const int RequestLine = 16 * 1024;

    /// <summary>All of a request head a server takes (nginx: 4 buffers of 8 KB).</summary>
    public const int RequestHead = 64 * 1024;

    /// <summary>Field lines of a request a server takes (Apache: LimitRequestFields 100).</summary>
    public const int RequestFieldCount = 200;

    /// <summary>Empty lines a server skips before a request line (RFC 9112 2.2: at least one).</summary>
    public const int EmptyLinesBeforeRequest = 4;

    /// <summary>Flaws of one message that are kept with their positions; the kinds of the others are still counted.</summary>
    public const int FlawsKept = 32;
}
