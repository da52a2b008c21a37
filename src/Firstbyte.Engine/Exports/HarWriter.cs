using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Urls;

namespace Firstbyte.Exports;

/// <summary>Writes exchanges as an HTTP archive, HAR 1.2: what Chrome's network panel, Playwright and many others read.</summary>
/// <remarks>
/// An entry is written when its exchange is over, so that no more than one is held. What nobody knows is -1, or is left out, as the format wants it.
/// Secrets in fields, URLs and the content of requests are covered unless they are to be shown; the content of responses is what was fetched, byte for
/// byte: as text where it is text in UTF-8, else in base64.
/// </remarks>
public sealed class HarWriter : IDisposable
{
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly Stream _output;
    private readonly Utf8JsonWriter _json;
    private readonly bool _showsSecrets;
    private bool _hasEnded;

    /// <summary>Begins an archive.</summary>
    /// <param name="output">Where it is written; it stays open.</param>
    /// <param name="creator">Who writes it.</param>
    /// <param name="version">Which version of it.</param>
    /// <param name="showsSecrets">Nothing is covered.</param>
    public HarWriter(Stream output, string creator, string version, bool showsSecrets = false)
    {
        (_output, _showsSecrets) = (output, showsSecrets);
        // Text of other scripts stays readable; what would end a script in a page is escaped by nobody, as this is no page.
        _json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        _json.WriteStartObject();
        _json.WriteStartObject("log");
        _json.WriteString("version", "1.2");
        _json.WriteStartObject("creator");
        _json.WriteString("name", creator);
        _json.WriteString("version", version);
        _json.WriteEndObject();
        _json.WriteStartArray("entries");
    }

    /// <summary>Exchanges that were written.</summary>
    public int Count { get; private set; }

    /// <summary>Writes one exchange.</summary>
    public void Write(RecordedExchange exchange)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        Count++;
        _json.WriteStartObject();
        var began = exchange.StartedAt.ToDateTimeOffset().UtcDateTime;
        _json.WriteString("startedDateTime", began.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
        var connect = exchange.ConnectNanoseconds is null && exchange.TlsNanoseconds is null ? (long?)null
            : (exchange.ConnectNanoseconds ?? 0) + (exchange.TlsNanoseconds ?? 0);
        _json.WriteNumber("time", Milliseconds(
            (exchange.NameNanoseconds ?? 0) + (connect ?? 0) + exchange.SendNanoseconds + exchange.WaitNanoseconds + exchange.ReceiveNanoseconds));
        WriteRequest(exchange);
        WriteResponse(exchange);
        _json.WriteStartObject("cache");
        _json.WriteEndObject();
        _json.WriteStartObject("timings");
        _json.WriteNumber("blocked", -1);
        _json.WriteNumber("dns", exchange.NameNanoseconds is { } name ? Milliseconds(name) : -1);
        _json.WriteNumber("connect", connect is { } made ? Milliseconds(made) : -1);
        _json.WriteNumber("send", Milliseconds(exchange.SendNanoseconds));
        _json.WriteNumber("wait", Milliseconds(exchange.WaitNanoseconds));
        _json.WriteNumber("receive", Milliseconds(exchange.ReceiveNanoseconds));
        _json.WriteNumber("ssl", exchange.TlsNanoseconds is { } tls ? Milliseconds(tls) : -1);
        _json.WriteEndObject();
        if (exchange.RemoteAddress is { } address) { _json.WriteString("serverIPAddress", address.ToString()); }
        // Chrome's own member, which its panel shows.
        if (exchange.IsFromCache) { _json.WriteString("_fromCache", "disk"); }
        _json.WriteEndObject();
        _json.Flush();
    }

    /// <summary>Ends the archive.</summary>
    public void Dispose()
    {
        if (_hasEnded) { return; }
        _hasEnded = true;
        _json.WriteEndArray();
        _json.WriteEndObject();
        _json.WriteEndObject();
        _json.Dispose();
        _output.Write("\n"u8);
    }

    private static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / NanosecondsPerMillisecond, 3);

    private void WriteRequest(RecordedExchange exchange)
    {
        var url = Covered(exchange.Url, SecretText.MaskUrl);
        _json.WriteStartObject("request");
        _json.WriteString("method", exchange.Method);
        _json.WriteString("url", url);
        _json.WriteString("httpVersion", exchange.RequestVersion);
        _json.WriteStartArray("cookies");
        foreach (var field in exchange.RequestFields.Where(static field => field.Name.Equals("Cookie", StringComparison.OrdinalIgnoreCase)))
        {
            foreach (var pair in field.Value.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) { WriteCookie(pair, []); }
        }
        _json.WriteEndArray();
        WriteFields(exchange.RequestFields);
        _json.WriteStartArray("queryString");
        if (url.IndexOf('?', StringComparison.Ordinal) is >= 0 and var query)
        {
            foreach (var pair in url[(query + 1)..].Split('&', StringSplitOptions.RemoveEmptyEntries))
            {
                var equals = pair.IndexOf('=', StringComparison.Ordinal);
                _json.WriteStartObject();
                _json.WriteString("name", Unescaped(equals < 0 ? pair : pair[..equals]));
                _json.WriteString("value", equals < 0 ? "" : Unescaped(pair[(equals + 1)..]));
                _json.WriteEndObject();
            }
        }
        _json.WriteEndArray();
        if (exchange.RequestContentBytes is not 0)
        {
            _json.WriteStartObject("postData");
            _json.WriteString("mimeType", Find(exchange.RequestFields, "Content-Type") ?? "");
            if (exchange.RequestContent is { } content && TextOf(content.Span) is { } text) { _json.WriteString("text", Covered(text, SecretText.Mask)); }
            else
            {
                _json.WriteString("text", "");
                _json.WriteString("comment", "read while it was sent, or no text: not recorded");
            }
            _json.WriteEndObject();
        }
        _json.WriteNumber("headersSize", exchange.RequestHeadBytes);
        _json.WriteNumber("bodySize", exchange.RequestContentBytes ?? -1);
        _json.WriteEndObject();
    }

    private void WriteResponse(RecordedExchange exchange)
    {
        _json.WriteStartObject("response");
        _json.WriteNumber("status", exchange.Status);
        _json.WriteString("statusText", exchange.Reason);
        _json.WriteString("httpVersion", exchange.ResponseVersion);
        _json.WriteStartArray("cookies");
        foreach (var field in exchange.ResponseFields.Where(static field => field.Name.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase)))
        {
            var parts = field.Value.Split(';', StringSplitOptions.TrimEntries);
            WriteCookie(parts[0], parts[1..]);
        }
        _json.WriteEndArray();
        WriteFields(exchange.ResponseFields);
        WriteContent(exchange);
        _json.WriteString("redirectURL", Find(exchange.ResponseFields, "Location") is { } location ? Covered(location, SecretText.MaskUrl) : "");
        _json.WriteNumber("headersSize", exchange.ResponseHeadBytes);
        _json.WriteNumber("bodySize", exchange.IsFromCache ? 0 : exchange.Status == 0 ? -1 : exchange.BodyBytes);
        // Chrome's own member for what came to nothing.
        if (exchange.Failure is { } failure) { _json.WriteString("_error", $"({FailureTable.Of(failure).ExitCode}) {failure.GetType().Name}"); }
        _json.WriteEndObject();
    }

    private void WriteContent(RecordedExchange exchange)
    {
        var type = Find(exchange.ResponseFields, "Content-Type");
        _json.WriteStartObject("content");
        _json.WriteNumber("size", exchange.Content?.Length ?? exchange.BodyBytes);
        if (exchange.Content is { } decoded && !exchange.IsCoded && decoded.Length != exchange.BodyBytes)
        {
            _json.WriteNumber("compression", decoded.Length - exchange.BodyBytes);
        }
        _json.WriteString("mimeType", type ?? "x-unknown");
        if (exchange.Content is not { } content)
        {
            _json.WriteString("comment", string.Create(CultureInfo.InvariantCulture, $"longer than {RecordedExchange.MaximumContent} bytes: not recorded"));
        }
        else if (content.Length > 0)
        {
            // Only what is UTF-8 comes out of JSON in the bytes in which it went in.
            if (IsText(type) && TextOf(content.Span) is { } text) { _json.WriteString("text", text); }
            else
            {
                _json.WriteBase64String("text", content.Span);
                _json.WriteString("encoding", "base64");
            }
        }
        _json.WriteEndObject();
    }

    private void WriteFields(IReadOnlyList<HttpField> fields)
    {
        _json.WriteStartArray("headers");
        foreach (var (name, value) in fields)
        {
            _json.WriteStartObject();
            _json.WriteString("name", name);
            _json.WriteString("value", _showsSecrets ? value : SecretFields.IsSecret(name) ? SecretText.Cover : SecretText.Mask(value));
            _json.WriteEndObject();
        }
        _json.WriteEndArray();
    }

    private void WriteCookie(string pair, string[] attributes)
    {
        var equals = pair.IndexOf('=', StringComparison.Ordinal);
        _json.WriteStartObject();
        _json.WriteString("name", equals < 0 ? "" : pair[..equals]);
        _json.WriteString("value", _showsSecrets ? pair[(equals + 1)..] : SecretText.Cover);
        foreach (var attribute in attributes)
        {
            var at = attribute.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = at < 0 ? (attribute, "") : (attribute[..at], attribute[(at + 1)..]);
            switch (name.ToLowerInvariant())
            {
                case "path": _json.WriteString("path", value); break;
                case "domain": _json.WriteString("domain", value); break;
                case "expires" when HttpDate.TryRead(value, out var until):
                    _json.WriteString("expires", until.ToDateTimeOffset().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
                    break;
                case "httponly": _json.WriteBoolean("httpOnly", true); break;
                case "secure": _json.WriteBoolean("secure", true); break;
            }
        }
        _json.WriteEndObject();
    }

    private string Covered(string text, Func<string, string> cover) => _showsSecrets ? text : cover(text);

    private static string Unescaped(string text) => Encoding.UTF8.GetString(PercentDecoding.Decode(text.Replace('+', ' ')));

    private static string? Find(IReadOnlyList<HttpField> fields, string name) =>
        fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;

    private static bool IsText(string? type) => type is null || (MediaType.TryParse(type, out var media) && media.IsText);

    private static string? TextOf(ReadOnlySpan<byte> bytes)
    {
        if (!System.Text.Unicode.Utf8.IsValid(bytes)) { return null; }
        return Encoding.UTF8.GetString(bytes);
    }
}
