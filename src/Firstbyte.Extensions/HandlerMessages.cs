using System.Diagnostics;
using System.Net;
using System.Text;
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

/// <summary>Between HttpClient's messages and journeys.</summary>
internal static class HandlerMessages
{
    // HttpClient's own handler sends neither unless it is told to: an empty one takes ours out.
    private static readonly HttpField[] s_unlessAsked = [new("User-Agent", ""), new("Accept", "")];

    /// <summary>The journey that a request wants.</summary>
    public static JourneyRequest ToJourney(HttpRequestMessage request, bool acceptsCodings, Activity? activity, HandlerTurns turns)
    {
        var url = request.RequestUri is { IsAbsoluteUri: true } absolute ? absolute.AbsoluteUri
            : throw new InvalidOperationException("the request has no absolute URL");
        var given = request.Headers.NonValidated;
        if (given.Count == 0 && request.Content is null && activity is null)
        {
            return Journey(url, request, s_unlessAsked, null, acceptsCodings);
        }
        var fields = new List<HttpField>(given.Count + s_unlessAsked.Length);
        foreach (var (name, values) in given)
        {
            if (Is(name, "Transfer-Encoding")) { continue; }
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
        foreach (var unasked in s_unlessAsked)
        {
            if (!request.Headers.NonValidated.Contains(unasked.Name)) { fields.Add(unasked); }
        }
        HttpContentBody? body = null;
        if (request.Content is { } content)
        {
            body = new HttpContentBody(content, turns);
            foreach (var (name, values) in content.Headers.NonValidated)
            {
                if (Is(name, "Content-Length") || Is(name, "Content-Type")) { continue; }
                fields.Add(new HttpField(name, string.Join(", ", values)));
            }
        }
        return Journey(url, request, fields, body, acceptsCodings);
    }

    private static JourneyRequest Journey(
        string url, HttpRequestMessage request, IReadOnlyList<HttpField> fields, HttpContentBody? body, bool acceptsCodings) =>
        new(url)
        {
            Method = request.Method.Method,
            Fields = fields,
            Body = body,
            AcceptsCodings = acceptsCodings,
            Version = request.Version == System.Net.HttpVersion.Version10 ? Http.HttpVersion.Http10 : Http.HttpVersion.Http11,
        };

    /// <summary>The response that a head announces.</summary>
    public static HttpResponseMessage ToResponse(HttpRequestMessage request, ResponseHead head, ContentDescription content, HttpContent body)
    {
        var response = new HttpResponseMessage((HttpStatusCode)head.Status)
        {
            Version = head.Version == Http.HttpVersion.Http10 ? System.Net.HttpVersion.Version10 : System.Net.HttpVersion.Version11,
            RequestMessage = request,
            Content = body,
        };
        // The usual phrase is the status' own: no text is made for it.
        if (!(response.ReasonPhrase is { } usual && Ascii.Equals(head.Reason, usual))) { response.ReasonPhrase = head.ReasonText; }
        if (content.FoundAt is { } url && Uri.TryCreate(url, UriKind.Absolute, out var last)) { request.RequestUri = last; }
        var fields = head.Fields;
        for (var i = 0; i < fields.Count; i++)
        {
            var name = HandlerFieldNames.TextOf(fields.NameAt(i));
            // Where codings were taken off, the content is not what these fields describe.
            if (content.IsDecoded && (Is(name, "Content-Encoding") || Is(name, "Content-Length"))) { continue; }
            var value = Encoding.Latin1.GetString(fields.ValueAt(i));
            // Those of content begin in one way, but for three (RFC 9110 8); others that a program may have made are found out.
            if (name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && body.Headers.TryAddWithoutValidation(name, value)) { continue; }
            if (!response.Headers.TryAddWithoutValidation(name, value)) { body.Headers.TryAddWithoutValidation(name, value); }
        }
        return response;
    }

    public static void AddTrailers(HttpResponseMessage response, FieldTable trailers)
    {
        for (var i = 0; i < trailers.Count; i++)
        {
            response.TrailingHeaders.TryAddWithoutValidation(HandlerFieldNames.TextOf(trailers.NameAt(i)), Encoding.Latin1.GetString(trailers.ValueAt(i)));
        }
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
/// <param name="content">The content.</param>
/// <param name="turns">Where the journey goes on that sends it.</param>
internal sealed class HttpContentBody(HttpContent content, HandlerTurns turns) : IBodySource
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
        return new Reader(content, CanRewind || turns.ReadsInPlace ? null : turns);
    }

    private sealed class Reader(HttpContent content, HandlerTurns? turns) : IBodyReader
    {
        private Stream? _stream;

        public async ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken)
        {
            if (turns is null) { return await ReadHereAsync(destination, cancellationToken); }
            // It may be anybody's code, which takes its time or waits for something of its own: the turns are not kept from others for it.
            try { return await Task.Run(() => ReadHereAsync(destination, cancellationToken), cancellationToken); }
            finally { await turns.ReturnAsync(); }
        }

        private async Task<int> ReadHereAsync(Memory<byte> destination, CancellationToken cancellationToken)
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
