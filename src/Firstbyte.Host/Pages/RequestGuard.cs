using Firstbyte.Addressing;
using Firstbyte.Telling.Sentences;
using Microsoft.AspNetCore.Http;

namespace Firstbyte.Host.Pages;

/// <summary>Who may ask the server of the page at all, decided before anything else is looked at.</summary>
/// <param name="names">Names by which it may be called, beside localhost and addresses.</param>
/// <param name="token">What whoever started it knows.</param>
internal sealed class RequestGuard(IReadOnlyList<string> names, AccessToken token)
{
    /// <summary>Why a request is refused; null when it is not.</summary>
    /// <param name="request">What came.</param>
    /// <param name="isForAll">It asks for a file of the page, which holds nothing that is not published: who opens a page cannot say a token yet.</param>
    public HostRefusal? Judge(HttpRequest request, bool isForAll)
    {
        // A page of another site can have its own name lead here (DNS rebinding); its requests then bear that name, which is never an address.
        if (!IsOwnName(request.Host.Host)) { return HostRefusal.WrongHost; }
        if (!isForAll && !token.IsIn(request)) { return HostRefusal.NoToken; }
        return IsReading(request.Method) || IsOwnOrigin(request) ? null : HostRefusal.WrongOrigin;
    }

    private bool IsOwnName(string host) =>
        IpAddress.TryParse(host.Trim('[', ']'), out _) || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || names.Contains(host, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a method only reads (RFC 9110 9.2.1): a page of another site cannot see what comes back.</summary>
    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    // Every browser sends it with what is not a mere reading (Fetch, "append a request Origin header"); who sends none is no page.
    private static bool IsOwnOrigin(HttpRequest request) =>
        request.Headers.Origin is [{ } origin] && origin.Equals($"{request.Scheme}://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);
}
