namespace Firstbyte.Http;

/// <summary>A request as a value: what will be asked, and of whom (RFC 9112 3).</summary>
/// <remarks>
/// The target is written as it stands: origin form ("/dir?q"), absolute form ("http://host/…" to a proxy), authority form (CONNECT), asterisk
/// form (OPTIONS). The fields are written in their order and case.
/// </remarks>
public sealed record HttpRequest
{
    /// <summary>A request of the given method for the given target, to be asked of <paramref name="host"/>.</summary>
    /// <param name="method">The method token; case matters (RFC 9110 9.1).</param>
    /// <param name="target">The request target, in the bytes that go on the wire.</param>
    /// <param name="host">The value of the Host field: host, and port where it is not the scheme's own.</param>
    public HttpRequest(string method, string target, string host)
    {
        Method = method;
        Target = target;
        Host = host;
    }

    /// <summary>The method token.</summary>
    public string Method { get; init; }

    /// <summary>The request target.</summary>
    public string Target { get; init; }

    /// <summary>The value of the Host field, written first. A Host among <see cref="Fields"/> takes its place; null writes none.</summary>
    public string? Host { get; init; }

    /// <summary>The version to be spoken.</summary>
    public HttpVersion Version { get; init; } = HttpVersion.Http11;

    /// <summary>The other fields, in the order in which they are written.</summary>
    public IReadOnlyList<HttpField> Fields { get; init; } = [];

    /// <summary>The content where it is at hand. Its length is written as Content-Length, unless the fields ask for the chunked coding.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the content is not at hand, but handed over while it is sent.</summary>
    public bool IsStreamed { get; init; }

    /// <summary>
    /// Bytes of content: those of <see cref="Body"/>, or what streamed content says of itself. Null where nobody knows: it goes out in the
    /// chunked coding, unless a Content-Length among the fields promises one (RFC 9112 6.1).
    /// </summary>
    public long? ContentLength { get => IsStreamed ? field : Body.Length; init; } = 0;

    /// <summary>Whether there is content, as far as is known.</summary>
    public bool HasContent => ContentLength is not 0;

    /// <summary>What of the request decides how its response is read.</summary>
    public RequestKind Kind => Method switch
    {
        "HEAD" => RequestKind.Head,
        "CONNECT" => RequestKind.Connect,
        _ => Find("Upgrade") is null ? RequestKind.Other : RequestKind.Upgrade,
    };

    /// <summary>Whether the request itself ends the connection: "Connection: close", or HTTP/1.0 without "keep-alive".</summary>
    public bool ClosesConnection => Version == HttpVersion.Http10 ? !ConnectionHas("keep-alive") : ConnectionHas("close");

    /// <summary>Whether its content waits for 100 Continue: it has content, and says so (RFC 9110 10.1.1).</summary>
    public bool ExpectsContinue =>
        HasContent && Version == HttpVersion.Http11 && Find("Expect") is { } value && value.Equals("100-continue", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether doing it twice means the same as doing it once (RFC 9110 9.2.2), so that it may be sent again.</summary>
    public bool IsIdempotent => IsIdempotentMethod(Method);

    /// <summary>Whether doing what a method asks twice means the same as doing it once.</summary>
    public static bool IsIdempotentMethod(string method) => method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS" or "TRACE";

    /// <summary>The same request, which waits for nothing: what a server that refuses the expectation is sent (RFC 9110 10.1.1).</summary>
    public HttpRequest WithoutExpectation() =>
        this with { Fields = [.. Fields.Where(static field => !field.Name.Equals("Expect", StringComparison.OrdinalIgnoreCase))] };

    /// <summary>The first value of a field, in any case, or null.</summary>
    public string? Find(string name)
    {
        // By number: an enumerator would be an object each time.
        for (var i = 0; i < Fields.Count; i++)
        {
            if (Fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return Fields[i].Value; }
        }
        return null;
    }

    private bool ConnectionHas(string option)
    {
        for (var i = 0; i < Fields.Count; i++)
        {
            var field = Fields[i];
            if (!field.Name.Equals("Connection", StringComparison.OrdinalIgnoreCase)) { continue; }
            foreach (var member in field.Value.AsSpan().Split(','))
            {
                if (field.Value.AsSpan(member).Trim().Equals(option, StringComparison.OrdinalIgnoreCase)) { return true; }
            }
        }
        return false;
    }
}
