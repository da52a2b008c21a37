using System.Globalization;
using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Makes the request message for a URL: Host, Authorization, User-Agent and Accept, then the user's own fields (curl's order).</summary>
public static class RequestComposer
{
    /// <summary>
    /// Bytes of content that go out unasked. What is longer, or of a length that nobody knows, waits for 100 Continue, as curl's does
    /// (EXPECT_100_THRESHOLD): what may be refused is not sent for nothing.
    /// </summary>
    public const int ExpectAbove = 1024 * 1024;

    /// <summary>The request for the URL.</summary>
    /// <param name="url">An http or https URL.</param>
    /// <param name="journey">What the user wants of it.</param>
    /// <param name="userAgent">The product that asks, such as "firstbyte/0.1.0" (RFC 9110 10.1.5).</param>
    /// <param name="cookies">The value of the Cookie field; null for none.</param>
    /// <param name="authorization">The value of the Authorization field; null for none.</param>
    /// <param name="withholdsContent">Content waits for 100 Continue, however long it is.</param>
    public static HttpRequest Compose(
        Url url, JourneyRequest journey, string userAgent, string? cookies = null, string? authorization = null, bool withholdsContent = false) =>
        Compose(url, journey, userAgent, cookies, authorization, withholdsContent, null, null);

    /// <summary>The request for the URL, or for the rest of what it names; by way of the proxy of a journey.</summary>
    internal static HttpRequest Compose(
        Url url, JourneyRequest journey, string userAgent, string? cookies, string? authorization, bool withholdsContent, ResumePoint? resume,
        Journey? proxy)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(journey);
        var fields = new List<HttpField>(8);
        if (proxy?.ProxyAuthorization is { } proven) { Own("Proxy-Authorization", proven); }
        if (authorization is not null) { Own("Authorization", authorization); }
        // Behind Authorization, as curl has it.
        if (proxy?.Piece is { } piece) { Own("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={piece.First}-{piece.Last}")); }
        else if (resume is not null) { Own("Range", string.Create(CultureInfo.InvariantCulture, $"bytes={resume.Position}-")); }
        else if (journey.Range is { } range) { Own("Range", "bytes=" + range); }
        if (proxy?.Piece?.Validator is { } tag) { Own("If-Range", tag); }
        else if (resume?.Validator is { } validator) { Own("If-Range", validator); }
        Own("User-Agent", userAgent);
        Own("Accept", "*/*");
        if (journey.AcceptsCodings) { Own("Accept-Encoding", ContentCodings.Accepted); }
        if (cookies is not null) { Own("Cookie", cookies); }
        if (journey.Body?.Type is { } type) { Own("Content-Type", type); }
        var waits = journey.Body is { Length: null or > ExpectAbove } || (withholdsContent && journey.Body is { Length: not 0 });
        if (waits && journey.Version == HttpVersion.Http11) { Own("Expect", "100-continue"); }
        string? host = url.Host;
        // By number: an enumerator would be an object each time.
        for (var i = 0; i < journey.Fields.Count; i++)
        {
            var field = journey.Fields[i];
            // Who asks a proxy is said to the proxy alone: to one that reads every message in every message, to another where the tunnel is made.
            if (proxy?.Proxy is { IsTunnel: true } && field.Name.Equals("Proxy-Authorization", StringComparison.OrdinalIgnoreCase)) { continue; }
            if (field.Value.Length == 0) { if (field.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)) { host = null; } continue; }
            fields.Add(field);
        }
        var target = journey.MethodOnTheWire == "CONNECT" && TargetOf(url) == "/" ? AuthorityOf(url)
            : proxy?.Proxy is { IsTunnel: false } ? AbsoluteTargetOf(url) : TargetOf(url);
        return new HttpRequest(journey.MethodOnTheWire, target, host!)
        {
            Host = host,
            Version = journey.Version,
            Fields = fields,
            Body = (journey.Body as BytesBody)?.Bytes ?? default,
            IsStreamed = journey.Body is not (null or BytesBody),
            ContentLength = journey.Body?.Length,
        };

        void Own(string name, string value)
        {
            for (var i = 0; i < journey.Fields.Count; i++)
            {
                if (journey.Fields[i].Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return; }
            }
            fields.Add(new HttpField(name, value));
        }
    }

    /// <summary>The request target in absolute form, as a proxy wants it (RFC 9112 3.2.2): without fragment and credentials.</summary>
    internal static string AbsoluteTargetOf(Url url) => $"{url.Scheme}://{url.Host}{TargetOf(url)}";

    // The request target in authority form, which is CONNECT's (RFC 9112 3.2.3): the port is said also where it is the usual one.
    private static string AuthorityOf(Url url) => string.Create(CultureInfo.InvariantCulture, $"{url.Hostname}:{url.EffectivePort}");

    /// <summary>The request target in origin form (RFC 9112 3.2.1).</summary>
    internal static string TargetOf(Url url) => url.PathAndQuerySpan is { Length: > 0 } target ? target.ToString() : "/";
}
