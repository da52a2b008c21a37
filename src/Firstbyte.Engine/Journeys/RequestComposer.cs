using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>Makes the request message for a URL: Host, Authorization, User-Agent and Accept, then the user's own fields (curl's order).</summary>
public static class RequestComposer
{
    // Content that is longer waits for 100 Continue, as curl's does (EXPECT_100_THRESHOLD): what may be refused is not sent for nothing.
    private const int ExpectAbove = 1024 * 1024;

    /// <summary>The request for the URL.</summary>
    /// <param name="url">An http or https URL.</param>
    /// <param name="journey">What the user wants of it.</param>
    /// <param name="userAgent">The product that asks, such as "firstbyte/0.1.0" (RFC 9110 10.1.5).</param>
    /// <param name="cookies">The value of the Cookie field; null for none.</param>
    public static HttpRequest Compose(Url url, JourneyRequest journey, string userAgent, string? cookies = null)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(journey);
        var fields = new List<HttpField>(8);
        // RFC 7617: credentials in the URL become Basic authentication.
        if (url.HasCredentials) { Own("Authorization", "Basic " + Convert.ToBase64String(Credentials(url))); }
        Own("User-Agent", userAgent);
        Own("Accept", "*/*");
        if (journey.AcceptsCodings) { Own("Accept-Encoding", ContentCodings.Accepted); }
        if (cookies is not null) { Own("Cookie", cookies); }
        if (journey is { Body: not null, Upload: null }) { Own("Content-Type", "application/x-www-form-urlencoded"); }
        if (journey.Body is { Length: > ExpectAbove } && journey.Version == HttpVersion.Http11) { Own("Expect", "100-continue"); }
        string? host = url.Host;
        foreach (var field in journey.Fields)
        {
            if (field.Value.Length == 0) { if (field.Name.Equals("Host", StringComparison.OrdinalIgnoreCase)) { host = null; } continue; }
            fields.Add(field);
        }
        var target = url.PathAndQuerySpan.ToString();
        return new HttpRequest(journey.MethodOnTheWire, target.Length == 0 ? "/" : target, host!)
        {
            Host = host,
            Version = journey.Version,
            Fields = fields,
            Body = journey.Body ?? default,
        };

        void Own(string name, string value)
        {
            foreach (var field in journey.Fields)
            {
                if (field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) { return; }
            }
            fields.Add(new HttpField(name, value));
        }
    }

    private static byte[] Credentials(Url url) => [.. PercentDecoding.Decode(url.UsernameSpan), (byte)':', .. PercentDecoding.Decode(url.PasswordSpan)];
}
