using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>Asks a server whether what is kept is still so (RFC 9111 4.3).</summary>
public static class CacheValidation
{
    /// <summary>The conditions to ask by: the entity tag, and the date of the last change; none where the response has neither.</summary>
    public static HttpField[] Of(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        var conditions = new List<HttpField>(2);
        if (FieldLines.First(response.Fields, "ETag") is { } text && EntityTag.TryRead(text, out var tag))
        {
            conditions.Add(new HttpField("If-None-Match", tag.ToString()));
        }
        if (FieldLines.First(response.Fields, "Last-Modified") is { } modified && HttpDate.TryRead(modified, out _))
        {
            conditions.Add(new HttpField("If-Modified-Since", modified));
        }
        return [.. conditions];
    }

    /// <summary>
    /// The kept response as a 304 leaves it (3.2, 4.3.4): its fields are those of the 304, and those of its own that the 304 does not have. Null where the 304
    /// is about another state than the one that is kept.
    /// </summary>
    public static CachedResponse? Freshen(CachedResponse response, IReadOnlyList<HttpField> fields, Instant requestedAt, Instant receivedAt)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (IsOther(response, fields)) { return null; }
        var newer = CacheStoring.Kept(fields).Where(static field => !IsOfContent(field.Name)).ToArray();
        var names = newer.Select(static field => field.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // How old it was is said anew, or it is not old.
        names.Add("Age");
        var freshened = response with
        {
            Fields = [.. response.Fields.Where(field => !names.Contains(field.Name)), .. newer],
            RequestedAt = requestedAt,
            ReceivedAt = receivedAt,
        };
        // By what it was chosen is what was compared when it came.
        return freshened.VariesBy.ToHashSet().SetEquals(response.VariesBy) ? freshened
            : freshened with { Fields = [.. freshened.Fields.Where(static field => !IsVary(field)), .. response.Fields.Where(IsVary)] };
    }

    private static bool IsVary(HttpField field) => field.Name.Equals("Vary", StringComparison.OrdinalIgnoreCase);

    // 4.3.4: a strong validator names the state; where there is none, the 304 is about the one that was asked about.
    private static bool IsOther(CachedResponse response, IReadOnlyList<HttpField> fields) =>
        FieldLines.First(fields, "ETag") is { } text && EntityTag.TryRead(text, out var tag)
        && FieldLines.First(response.Fields, "ETag") is { } had && EntityTag.TryRead(had, out var kept)
        && tag.Opaque != kept.Opaque;

    // 3.2: what says how the kept bytes are read stays with them.
    private static bool IsOfContent(string name) =>
        name.Equals("Content-Encoding", StringComparison.OrdinalIgnoreCase) || name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Content-Range", StringComparison.OrdinalIgnoreCase);
}
