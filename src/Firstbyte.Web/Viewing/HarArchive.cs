using System.Globalization;
using System.Text;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Web.Viewing;

/// <summary>An exchange of an archive.</summary>
public sealed record HarExchange
{
    /// <summary>"GET".</summary>
    public required string Method { get; init; }

    /// <summary>Where to.</summary>
    public required string Url { get; init; }

    /// <summary>The status; 0 without a response.</summary>
    public required int Status { get; init; }

    /// <summary>The version that the request's head names.</summary>
    public required string RequestVersion { get; init; }

    /// <summary>The request's fields.</summary>
    public required IReadOnlyList<HttpField> RequestFields { get; init; }

    /// <summary>The first line of the response's head.</summary>
    public required string StatusLine { get; init; }

    /// <summary>The response's fields.</summary>
    public required IReadOnlyList<HttpField> Fields { get; init; }

    /// <summary>Its content, as far as the archive has it.</summary>
    public required byte[] Content { get; init; }

    /// <summary>Whether the archive has it as text already, whatever its Content-Type says of its characters.</summary>
    public required bool IsText { get; init; }

    /// <summary>Bytes of its content.</summary>
    public required long Length { get; init; }

    /// <summary>When it began, nanoseconds since the first.</summary>
    public required long Start { get; init; }

    /// <summary>How long each part took, nanoseconds.</summary>
    public required IReadOnlyList<(ExchangePart Part, long Length)> Parts { get; init; }
}

/// <summary>An HTTP archive (HAR 1.2) of whoever wrote it, as far as the page shows it.</summary>
/// <remarks>
/// What a member is not there for, or is of another type, is taken as nothing: archives of many programs lack something. Only what is no archive at all is
/// refused. It is somebody else's text: nothing of it is believed to be safe to show.
/// </remarks>
public sealed class HarArchive
{
    /// <summary>The largest file that is read (own choice): the browser holds it three times meanwhile.</summary>
    public const long MaxLength = 32 * 1024 * 1024;

    /// <summary>Exchanges that are shown (own choice): each is a row with its bars.</summary>
    public const int MaxExchanges = 200;

    private static readonly (string Name, ExchangePart Part)[] s_timings =
    [
        ("blocked", ExchangePart.Blocked), ("dns", ExchangePart.Name), ("connect", ExchangePart.Connect), ("send", ExchangePart.Send), ("wait", ExchangePart.Wait),
        ("receive", ExchangePart.Receive),
    ];

    private const string Base64 = "base64";

    private HarArchive(IReadOnlyList<HarExchange> exchanges, int count) => (Exchanges, Count) = (exchanges, count);

    /// <summary>The exchanges that are shown.</summary>
    public IReadOnlyList<HarExchange> Exchanges { get; }

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>Reads an archive; null when it is none.</summary>
    public static HarArchive? Read(ReadOnlyMemory<byte> file)
    {
        if (file.Span.StartsWith("\uFEFF"u8)) { file = file[3..]; }
        try
        {
            using var document = JsonDocument.Parse(file, new JsonDocumentOptions { AllowTrailingCommas = true });
            if (Member(Member(document.RootElement, "log"), "entries") is not { ValueKind: JsonValueKind.Array } entries) { return null; }
            var exchanges = new List<HarExchange>();
            DateTimeOffset? first = null;
            foreach (var entry in entries.EnumerateArray().Take(MaxExchanges))
            {
                var began = DateTimeOffset.TryParse(Text(Member(entry, "startedDateTime")), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : first;
                first ??= began;
                exchanges.Add(Exchange(entry, Math.Max(0, ((began - first)?.Ticks ?? 0) * TimeSpan.NanosecondsPerTick)));
            }
            return new HarArchive(exchanges, entries.GetArrayLength());
        }
        catch (JsonException) { return null; }
        // Half a surrogate pair in an escape, which is JSON and no text.
        catch (InvalidOperationException) { return null; }
    }

    /// <summary>The exchanges as a waterfall.</summary>
    public Waterfall ToWaterfall()
    {
        var waterfall = new Waterfall();
        foreach (var exchange in Exchanges)
        {
            var row = new WaterfallRow(exchange.Start)
            {
                Method = Printable.Text(exchange.Method),
                Url = Printable.Text(exchange.Url),
                Status = exchange.Status,
                Type = Waterfall.TypeOf(exchange.Fields),
                Bytes = exchange.Status == 0 ? null : exchange.Length,
                IsFailed = exchange.Status == 0,
            };
            var at = exchange.Start;
            foreach (var (part, length) in exchange.Parts)
            {
                row.Bars.Add(new WaterfallBar(part, at, length));
                at += length;
            }
            row.End = at;
            waterfall.Rows.Add(row);
        }
        return waterfall;
    }

    private static HarExchange Exchange(JsonElement entry, long start)
    {
        var (request, response) = (Member(entry, "request"), Member(entry, "response"));
        var content = Member(response, "content");
        var status = (int)Math.Clamp(Number(Member(response, "status")), 0, 999);
        var bytes = BytesOf(content);
        return new HarExchange
        {
            Method = Text(Member(request, "method")),
            // Whoever wrote it may have left them there.
            Url = SecretText.MaskUrl(Text(Member(request, "url"))),
            RequestVersion = Text(Member(request, "httpVersion")),
            RequestFields = Fields(Member(request, "headers")),
            Status = status,
            StatusLine = $"{Text(Member(response, "httpVersion"))} {status} {Text(Member(response, "statusText"))}".Trim(),
            Fields = Fields(Member(response, "headers")),
            Content = bytes,
            IsText = Text(Member(content, "encoding")) != Base64,
            Length = Math.Max(bytes.Length, (long)Number(Member(content, "size"))),
            Start = start,
            Parts = [.. PartsOf(Member(entry, "timings"))],
        };
    }

    // The time for TLS is a part of the one for connecting (HAR 1.2, "timings").
    private static IEnumerable<(ExchangePart, long)> PartsOf(JsonElement timings)
    {
        var tls = Math.Max(0, Number(Member(timings, "ssl")));
        foreach (var (name, part) in s_timings)
        {
            var length = Number(Member(timings, name));
            if (length < 0) { continue; }
            if (part != ExchangePart.Connect) { yield return (part, Nanoseconds(length)); }
            else
            {
                yield return (part, Nanoseconds(Math.Max(0, length - tls)));
                if (tls > 0) { yield return (ExchangePart.Tls, Nanoseconds(Math.Min(tls, length))); }
            }
        }
    }

    private static byte[] BytesOf(JsonElement content)
    {
        var text = Text(Member(content, "text"));
        if (Text(Member(content, "encoding")) != Base64) { return Encoding.UTF8.GetBytes(text); }
        var bytes = new byte[text.Length / 4 * 3 + 3];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : [];
    }

    private static List<HttpField> Fields(JsonElement headers) => headers.ValueKind != JsonValueKind.Array ? []
        : [.. headers.EnumerateArray().Select(static one => SecretText.MaskField(new HttpField(Text(Member(one, "name")), Text(Member(one, "value")))))];

    private static JsonElement Member(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : default;

    private static string Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString()! : "";

    private static double Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number) ? number : -1;

    // An hour is longer than any part that a page can show.
    private static long Nanoseconds(double milliseconds) => (long)(Math.Clamp(milliseconds, 0, 3_600_000) * 1e6);
}
