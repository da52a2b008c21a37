using System.Diagnostics;
using System.Net;
using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Transfers;

namespace Firstbyte.Extensions;

/// <summary>A request that failed in Firstbyte, with the failure as a value.</summary>
/// <param name="failure">What failed, with the reason of the step that failed.</param>
/// <param name="error">The nearest of HttpClient's own words.</param>
/// <param name="message">The same as text, without secrets.</param>
public sealed class FirstbyteRequestException(JourneyFailure failure, HttpRequestError error, string message) : HttpRequestException(error, message)
{
    /// <summary>What failed.</summary>
    public JourneyFailure Failure { get; } = failure;

    /// <summary>Whose fault it is.</summary>
    public FaultParty AtFault => FailureTable.Of(Failure).AtFault;
}

/// <summary>The final head of a response, as it was told.</summary>
internal sealed record HeadTold(string Version, int Status, string Reason, HttpField[] Fields);

/// <summary>Between HttpClient's messages and journeys.</summary>
internal static class HandlerMessages
{
    /// <summary>The journey that a request wants.</summary>
    public static JourneyRequest ToJourney(HttpRequestMessage request, bool acceptsCodings, Activity? activity)
    {
        var url = request.RequestUri is { IsAbsoluteUri: true } absolute ? absolute.AbsoluteUri
            : throw new InvalidOperationException("the request has no absolute URL");
        var fields = new List<HttpField>();
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)) { continue; }
            // Cookies are one field (RFC 6265 5.4); products stand beside one another with spaces.
            var separator = Is(name, "Cookie") ? "; " : Is(name, "User-Agent") ? " " : ", ";
            fields.Add(new HttpField(name, string.Join(separator, values)));
        }
        if (activity is not null)
        {
            DistributedContextPropagator.Current.Inject(activity, fields, static (carrier, name, value) =>
            {
                var all = (List<HttpField>)carrier!;
                if (!all.Exists(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) { all.Add(new HttpField(name, value)); }
            });
        }
        // HttpClient's own handler sends neither unless it is told to: an empty one takes ours out.
        foreach (var name in (string[])["User-Agent", "Accept"])
        {
            if (!fields.Exists(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) { fields.Add(new HttpField(name, "")); }
        }
        HttpContentBody? body = null;
        if (request.Content is { } content)
        {
            body = new HttpContentBody(content);
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                if (Is(name, "Content-Length") || Is(name, "Content-Type")) { continue; }
                fields.Add(new HttpField(name, string.Join(", ", values)));
            }
        }
        return new JourneyRequest(url)
        {
            Method = request.Method.Method,
            Fields = fields,
            Body = body,
            AcceptsCodings = acceptsCodings,
            Version = request.Version == System.Net.HttpVersion.Version10 ? Http.HttpVersion.Http10 : Http.HttpVersion.Http11,
        };
    }

    /// <summary>The response that a head announces.</summary>
    public static HttpResponseMessage ToResponse(HttpRequestMessage request, HeadTold head, string? url, ContentDescription content, HttpContent body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            ReasonPhrase = head.Reason,
            Version = head.Version == "HTTP/1.0" ? System.Net.HttpVersion.Version10 : System.Net.HttpVersion.Version11,
            RequestMessage = request,
            Content = body,
        };
        if (url is not null && Uri.TryCreate(url, UriKind.Absolute, out var last)) { request.RequestUri = last; }
        // Where codings were taken off, the content is not what these fields describe.
        var isDecoded = content.Coding is null && Array.Exists(head.Fields, static field => Is(field.Name, "Content-Encoding"));
        foreach (var (name, value) in head.Fields)
        {
            if (isDecoded && (Is(name, "Content-Encoding") || Is(name, "Content-Length"))) { continue; }
            if (!response.Headers.TryAddWithoutValidation(name, value)) { body.Headers.TryAddWithoutValidation(name, value); }
        }
        return response;
    }

    public static void AddTrailers(HttpResponseMessage response, HttpField[] trailers)
    {
        foreach (var (name, value) in trailers) { response.TrailingHeaders.TryAddWithoutValidation(name, value); }
    }

    /// <summary>A failure in HttpClient's words, with itself inside.</summary>
    public static FirstbyteRequestException ToException(JourneyFailure failure, HttpRequestMessage request)
    {
        var masked = SecretText.MaskFailure(failure, [request.RequestUri?.AbsoluteUri ?? ""]);
        return new FirstbyteRequestException(failure, ErrorOf(failure), $"{request.Method.Method} failed at {FailureTable.Of(failure).Step}: {masked}");
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    private static HttpRequestError ErrorOf(JourneyFailure failure) => failure switch
    {
        ProxyFailed or TunnelRefused or SocksRefused => HttpRequestError.ProxyTunnelError,
        NameFailure => HttpRequestError.NameResolutionError,
        HandshakeFailed => HttpRequestError.SecureConnectionError,
        NotConnected or OutOfTime { Step: JourneyStep.Connect } => HttpRequestError.ConnectionError,
        ResponseUnreadable { Fault: MessageFault.EndedBeforeFirstByte or MessageFault.EndedInHead or MessageFault.EndedInBody } or ResponseUnreceived =>
            HttpRequestError.ResponseEnded,
        ResponseUnreadable or ContentUndecodable => HttpRequestError.InvalidResponse,
        ContentTooLarge => HttpRequestError.ConfigurationLimitExceeded,
        _ => HttpRequestError.Unknown,
    };
}

/// <summary>A request's content as a source: read as a stream, as often as its kind allows.</summary>
internal sealed class HttpContentBody(HttpContent content) : IBodySource
{
    public BodyOrigin Origin => new(CanRewind ? BodyKind.Bytes : BodyKind.Stream);

    public string? Type => content.Headers.NonValidated.TryGetValues("Content-Type", out var values) ? values.ToString() : null;

    public long? Length => content.Headers.ContentLength;

    // What is held in memory; a stream's content, and whatever a program has made, may be written once.
    public bool CanRewind => content is ByteArrayContent or ReadOnlyMemoryContent;

    public bool IsSpent { get; private set; }

    public IBodyReader Open()
    {
        if (IsSpent) { throw new InvalidOperationException("the content was sent already"); }
        IsSpent = !CanRewind;
        return new Reader(content);
    }

    private sealed class Reader(HttpContent content) : IBodyReader
    {
        private Stream? _stream;

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (_stream is null)
            {
                _stream = await content.ReadAsStreamAsync(cancellationToken);
                if (_stream.CanSeek) { _stream.Position = 0; }
            }
            return await _stream.ReadAsync(destination, cancellationToken);
        }
    }
}
