namespace Firstbyte.Http;

/// <summary>What a redirect makes of a request (RFC 9110 15.4).</summary>
/// <remarks>Pure rules; who follows redirects, how many, and whereto not, is the client's to decide.</remarks>
public static class Redirection
{
    // RFC 9110 15.4: fields that were meant for the origin that was asked first, and say something else, or too much, to another.
    private static readonly string[] s_ofOrigin = ["Authorization", "Cookie", "Proxy-Authorization", "Host"];

    // Those that describe content which is not sent any more.
    private static readonly string[] s_ofContent = ["Content-Type", "Content-Length", "Content-Encoding", "Content-Language",
        "Content-Location", "Transfer-Encoding", "Expect", "Trailer"];

    /// <summary>Whether a response of this status, with a Location, is a redirect that a client may follow by itself.</summary>
    public static bool IsFollowed(int status) => status is 301 or 302 or 303 or 307 or 308;

    /// <summary>
    /// The method of the next request: 303 asks for another resource; 301 and 302 have changed POST to GET since the first browsers; 307
    /// and 308 change nothing.
    /// </summary>
    public static string NextMethod(int status, string method) => status switch
    {
        303 when method != "HEAD" => "GET",
        301 or 302 when method == "POST" => "GET",
        _ => method,
    };

    /// <summary>The fields that the next request leaves out, of those that the one before had.</summary>
    /// <param name="fields">The user's own fields.</param>
    /// <param name="crossesOrigin">The next request goes to another scheme, host or port.</param>
    /// <param name="dropsContent">The next request has no content any more.</param>
    public static IEnumerable<HttpField> LeftOut(IReadOnlyList<HttpField> fields, bool crossesOrigin, bool dropsContent) => fields.Where(field =>
        (crossesOrigin && (s_ofOrigin.Contains(field.Name, StringComparer.OrdinalIgnoreCase) || SecretFields.IsSecret(field.Name)))
        || (dropsContent && s_ofContent.Contains(field.Name, StringComparer.OrdinalIgnoreCase)));
}
