using System.Text;
using Firstbyte.Fuzz.Running;
using Firstbyte.Http;
using Firstbyte.Http.Caching;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Http;

/// <summary>A private cache: the input is a talk, a line each: who asks for what with which fields, and what the server says; then it is a file of the cache.</summary>
internal sealed class CacheTarget : FuzzTarget
{
    private static readonly string[] s_uris = ["http://a.test/", "http://a.test/x", "http://b.test/", "https://a.test/"];
    private static readonly string[] s_methods = ["GET", "GET", "GET", "HEAD", "POST"];
    private static readonly int[] s_statuses = [200, 200, 200, 301, 302, 404, 500, 206, 401, 304];

    public override string Name => "http-cache";

    public override string Holds =>
        "an answer is one that this URI has given, to a request alike by all that Vary names, with the same password or leave to share, that nobody has forbidden to "
        + "keep, that no later request has changed, and fresh or allowed to be stale; a file is no entry or the one that was written";

    public override IReadOnlyList<byte[]> Tokens =>
    [
        .. new[] { "Cache-Control: ", "max-age=60", "max-age=0", "no-store", "no-cache", "must-revalidate", "private", "public", "immutable", "max-stale", "min-fresh=5",
            "stale-if-error=9", "Vary: ", "X", "Accept", "Authorization: ", "ETag: \"a\"", "ETag: \"b\"", "Last-Modified: Thu, 01 Jan 2026 00:00:00 GMT",
            "Age: 5", "Expires: 0", "|", "\n", "Set-Cookie: a=b", "Firstbyte-Cache: 1 1 1", "GET http://a.test/ HTTP/1.0\r\n", "HTTP/1.1 200 OK\r\n" }
            .Select(Encoding.UTF8.GetBytes),
    ];

    public override IEnumerable<byte[]> Seeds() => new[]
    {
        "0000|\nCache-Control: max-age=60\n0000|\n\n",
        "0000X: 1\nCache-Control: max-age=60|Vary: X\n0000X: 2\nCache-Control: max-age=60|Vary: X\n0000X: 1\n\n",
        "0000Authorization: a\nCache-Control: private, max-age=60\n0000Authorization: b\nCache-Control: public\n1000\nETag: \"a\"\n0400\nLocation: /x\n",
        "0000\nCache-Control: no-cache|ETag: \"a\"\n0090\nETag: \"a\"|Cache-Control: max-age=9\n0006Cache-Control: max-stale\n\n",
    }.Select(static text => FuzzChoices.Before(Encoding.UTF8.GetBytes(text)))
        .Append(FuzzChoices.Before(CachedResponseFile.Write(new CachedResponse
        {
            Uri = "http://a.test/",
            Status = 200,
            Reason = "OK",
            Fields = [new("ETag", "\"a\""), new("Vary", "X")],
            Selected = [new("x", "1")],
            RequestedAt = Instant.SimulationEpoch,
            ReceivedAt = Instant.SimulationEpoch,
            Content = "hello"u8.ToArray(),
        })!));

    public override void Check(byte[] input)
    {
        FuzzChoices.Take(input, out var rest);
        CheckFile(rest.ToArray());
        var (cache, now, given) = (new ResponseCache(new MemoryResponseStore(4_000)), Instant.SimulationEpoch, new List<Given>());
        var lines = Encoding.Latin1.GetString(rest).Split('\n');
        for (var i = 0; i + 1 < Math.Min(lines.Length, 60); i += 2)
        {
            var (asked, said) = (lines[i], lines[i + 1]);
            if (asked.Length < 4) { continue; }
            now += TimeSpan.FromSeconds(asked[3] % 16);
            var request = new CacheRequest(s_methods[asked[1] % s_methods.Length], s_uris[asked[0] % s_uris.Length], Fields(asked[4..]));
            var status = s_statuses[asked[2] % s_statuses.Length];
            var found = cache.Look(request, now);
            if (found is var (response, verdict))
            {
                CheckAnswer(request, response, verdict, given, now);
                if (status == 304)
                {
                    if (cache.Freshen(response, request, Fields(said), now, now) is { } freshened && !request.Control.NoStore)
                    {
                        given.Add(new Given(request, given[Mark(response)].Status, freshened.Fields, now, given[Mark(response)].Mark));
                    }
                    continue;
                }
                if (verdict.Use != CacheUse.Validate) { continue; }
            }
            // What the server gives is marked by its place in the talk.
            var fields = Fields(said);
            if (ResponseCache.Changes(request.Method, status))
            {
                cache.Forget(request.Uri);
                Require(cache.Look(request with { Method = "GET" }, now) is null, "what was changed is still there");
            }
            var mark = given.Count;
            given.Add(new Given(request, status, fields, now, mark));
            cache.Keep(request, status, "", fields, Encoding.ASCII.GetBytes($"{mark}"), now, now);
        }
    }

    private sealed record Given(CacheRequest Request, int Status, IReadOnlyList<HttpField> Fields, Instant At, int Mark);

    private static int Mark(CachedResponse response) => int.Parse(Encoding.ASCII.GetString(response.Content.Span), System.Globalization.CultureInfo.InvariantCulture);

    private static void CheckAnswer(CacheRequest request, CachedResponse response, CacheVerdict verdict, List<Given> given, Instant now)
    {
        var origin = given[Mark(response)];
        Require(origin.Request.Uri == request.Uri, $"{request.Uri} is answered with what {origin.Request.Uri} gave");
        Require(origin.Request.Method == "GET" && origin.Status is not (206 or 304 or 401), $"an answer to {origin.Request.Method} with {origin.Status} is kept");
        Require(!Says(origin.Request.Fields, "no-store"), "what the request forbade to keep is kept");
        Require(!Says(origin.Fields, "no-store") || Says(origin.Fields, "must-understand"), "what the response forbade to keep is kept");
        // Who may have it, by the words of the origin alone.
        var (whose, who) = (Value(origin.Request.Fields, "Authorization"), Value(request.Fields, "Authorization"));
        Require(
            whose is null || whose == who || Says(origin.Fields, "public") || Says(origin.Fields, "s-maxage"),
            "what was given for a password is given without it");
        foreach (var name in (Value(origin.Fields, "Vary") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Require(
                Value(origin.Request.Fields, name)?.Trim() == Value(request.Fields, name)?.Trim(), $"what varies by {name} is given to somebody else");
        }
        // A later answer to the same question is the one.
        var later = given.FindLast(one => one.Mark != origin.Mark && one.Request.Uri == request.Uri && one.Request.Method == "POST" && one.At > origin.At
            && one.Status is >= 200 and < 400);
        Require(later is null || given.Exists(one => one.Mark == origin.Mark && one.At >= later.At), "what was changed is given as it was");
        if (verdict.Use == CacheUse.Fresh)
        {
            Require(verdict.FreshFor > TimeSpan.Zero, "what is stale is given as fresh");
            Require(!Says(response.Fields, "no-cache") && !Says(request.Fields, "no-cache"), "nobody was asked about what wants it");
        }
        if (verdict.Use == CacheUse.Stale)
        {
            Require(Says(request.Fields, "max-stale") && !Says(response.Fields, "must-revalidate"), "what is stale is given to who does not take it");
        }
        Require(response.ReceivedAt <= now, "an answer came after now");
    }

    // A file is an entry that is written in the same bytes again, or none.
    private static void CheckFile(byte[] bytes)
    {
        if (CachedResponseFile.TryRead(bytes) is { } read)
        {
            Require(!read.IsPersonal, "what is one user's own is read from a file");
            var again = CachedResponseFile.Write(read);
            Require(again is not null && CachedResponseFile.TryRead(again) is { } second && second.Fields.SequenceEqual(read.Fields)
                && second.Content.Span.SequenceEqual(read.Content.Span) && second.Uri == read.Uri, "what was read from a file is not written as it was");
        }
        // The check at the end keeps most inputs out: with the right one behind it, the rest is looked at too.
        var whole = new byte[bytes.Length + 4];
        bytes.CopyTo(whole, 0);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(whole.AsSpan(bytes.Length), Firstbyte.Hashing.Crc32C.Compute(bytes));
        if (CachedResponseFile.TryRead(whole) is { } forged)
        {
            Require(!forged.IsPersonal && forged.Fields.All(static field => CacheStoring.IsKept(field.Name)), "a forged file has what is never written");
        }
    }

    private static HttpField[] Fields(string text) =>
    [
        .. text.Split('|').Select(static line => line.Split(':', 2)).Where(static pair => pair.Length == 2 && HttpGrammar.IsToken(pair[0].Trim()))
            .Select(static pair => new HttpField(pair[0].Trim(), pair[1].Trim()))
            // Quotes hide directives: the oracle splits at every comma. White space is what OWS has (RFC 9110 5.6.3).
            .Where(static field => field.Name.StartsWith("ETag", StringComparison.OrdinalIgnoreCase) || !field.Value.Contains('"')),
    ];

    private static string? Value(IReadOnlyList<HttpField> fields, string name)
    {
        var values = fields.Where(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(static field => field.Value).ToArray();
        return values.Length == 0 ? null : string.Join(", ", values);
    }

    private static bool Says(IReadOnlyList<HttpField> fields, string directive) => Value(fields, "Cache-Control") is { } value
        && value.Split(',').Any(one => one.Split('=')[0].Trim(' ', '\t').Equals(directive, StringComparison.OrdinalIgnoreCase));
}
