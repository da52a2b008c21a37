using System.Text;
using System.Text.Json;
using Firstbyte.Exports;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Exports;

/// <summary>HTTP archives: the input is a field of a response, its type and its content, each behind a line end of its own.</summary>
internal sealed class HarTarget : FuzzTarget
{
    private const string Secret = "s3cr3tOfTheUser";

    public override string Name => "har";

    public override string Holds =>
        "what a reader of JSON finds is what was recorded, byte for byte and field for field, each exchange its own, and a password is in no archive that covers them";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "text/plain\n", "text/html; charset=utf-8\n", "application/json\n", "image/png\n", "application/x-www-form-urlencoded\n", "\ud83d\ude00", "\\u0000", "</script>", "\"", "\u2028", "é");

    public override IEnumerable<byte[]> Seeds() =>
    [
        .. Utf8("X-Test: one\ntext/plain\nhello", "Location: /next?a=b\ntext/html; charset=utf-8\n<p>gr\u00fc\u00dfe \ud83d\ude00</p>\"\\\u2028", "Set-Cookie: a=b; Path=/; HttpOnly\napplication/json\n{}", ": \n\n")
            .Select(static bytes => FuzzChoices.Before(bytes)),
        FuzzChoices.Before([.. "A: b\ntext/plain\n"u8, 0xFF, 0xFE, 0, 0xC3, 0x28, 0xED, 0xA0, 0x80]),
    ];

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        var parts = Encoding.Latin1.GetString(rest).Split('\n', 3);
        var colon = parts[0].IndexOf(':', StringComparison.Ordinal);
        var field = colon < 0 ? new HttpField("X", parts[0]) : new HttpField(parts[0][..colon], parts[0][(colon + 1)..].Trim());
        var type = parts.Length > 1 ? new HttpField("Content-Type", parts[1]) : (HttpField?)null;
        var content = parts.Length > 2 ? Encoding.Latin1.GetBytes(parts[2]) : [];
        var isCoded = choices.Below(2) == 1;
        RecordedExchange[] exchanges =
        [
            Exchange("http://a.test/?q=1", [field, .. type is { } said ? (HttpField[])[said] : []], content, isCoded),
            Exchange("http://b.test/", [new HttpField("Content-Type", "text/plain")], "plain"u8.ToArray(), isCoded: false),
        ];
        foreach (var showsSecrets in (bool[])[true, false])
        {
            using var output = new MemoryStream();
            using (var writer = new HarWriter(output, "fuzz", "1", showsSecrets))
            {
                foreach (var exchange in exchanges) { writer.Write(exchange); }
            }
            var text = output.ToArray();
            using var read = JsonDocument.Parse(text);
            var entries = read.RootElement.GetProperty("log").GetProperty("entries").EnumerateArray().ToArray();
            Require(entries.Length == exchanges.Length, "an exchange is missing, or there is one more");
            for (var i = 0; i < entries.Length; i++) { Compare(exchanges[i], entries[i], showsSecrets); }
            Require(showsSecrets || text.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Secret)) < 0, "a password stands in an archive that covers them");
        }
    }

    private static RecordedExchange Exchange(string url, HttpField[] fields, byte[] content, bool isCoded) => new()
    {
        StartedAt = Instant.SimulationEpoch,
        Url = url,
        Method = "GET",
        RequestVersion = "HTTP/1.1",
        RequestFields = [new HttpField("Host", "a.test"), new HttpField("Authorization", $"Bearer {Secret}"), new HttpField("Cookie", $"sid={Secret}")],
        RequestHeadBytes = 10,
        RequestContentBytes = 0,
        Status = 200,
        Reason = "OK",
        ResponseVersion = "HTTP/1.1",
        ResponseFields = fields,
        ResponseHeadBytes = 20,
        BodyBytes = content.Length,
        Content = content,
        IsCoded = isCoded,
    };

    private static void Compare(RecordedExchange exchange, JsonElement entry, bool showsSecrets)
    {
        Require(entry.GetProperty("request").GetProperty("url").GetString() == exchange.Url, "an exchange is another's");
        var response = entry.GetProperty("response");
        var fields = response.GetProperty("headers").EnumerateArray().Select(static one => (one.GetProperty("name").GetString(), one.GetProperty("value").GetString())).ToArray();
        Require(fields.Length == exchange.ResponseFields.Count, "a field is missing, or there is one more");
        for (var i = 0; i < fields.Length; i++)
        {
            var (name, value) = exchange.ResponseFields[i];
            Require(fields[i].Item1 == name && (!showsSecrets || fields[i].Item2 == value), "a field is not what came");
        }
        var content = response.GetProperty("content");
        var text = content.TryGetProperty("text", out var found) ? found.GetString()! : "";
        var bytes = content.TryGetProperty("encoding", out var encoding) && encoding.GetString() == "base64" ? Convert.FromBase64String(text) : Encoding.UTF8.GetBytes(text);
        Require(bytes.AsSpan().SequenceEqual(exchange.Content!.Value.Span), "the content is not what came");
        Require(content.GetProperty("size").GetInt64() == bytes.Length, "the content is as long as it is not");
    }
}
