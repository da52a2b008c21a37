using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>What of a request decides whether a cache may answer it.</summary>
/// <param name="Method">The method token.</param>
/// <param name="Uri">The target URI without fragment and credentials: the cache's key (RFC 9111 2).</param>
/// <param name="Fields">The fields as they go out.</param>
public sealed record CacheRequest(string Method, string Uri, IReadOnlyList<HttpField> Fields)
{
    /// <summary>What the request wants of caches.</summary>
    public CacheControl Control { get; } = CacheControl.OfRequest(Fields);

    /// <summary>Who asks, as the request says it; null where it says nothing.</summary>
    public string? Authorization => FieldLines.Joined(Fields, "Authorization");

    /// <summary>
    /// Whether only the server can answer: a part is wanted, or what is asked depends on what the user has already (RFC 9110 13.1, 14.2).
    /// </summary>
    public bool IsForServerAlone =>
        Fields.Any(static one => s_forServer.Any(name => one.Name.Equals(name, StringComparison.OrdinalIgnoreCase)));

    private static readonly string[] s_forServer = ["Range", "If-Range", "If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"];
}

/// <summary>A response that is kept, with what is needed to know whom it answers and how old it is.</summary>
/// <remarks>It is the response to GET, whole, without what was for one connection or one user alone.</remarks>
public sealed record CachedResponse
{
    /// <summary>The target URI that it answers.</summary>
    public required string Uri { get; init; }

    /// <summary>Its status.</summary>
    public required int Status { get; init; }

    /// <summary>Its reason phrase, possibly empty.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Its fields, without those of <see cref="CacheStoring.IsKept"/>.</summary>
    public required IReadOnlyList<HttpField> Fields { get; init; }

    /// <summary>The request's fields that its Vary names and the request had, each once, with the lines of one name joined.</summary>
    public IReadOnlyList<HttpField> Selected { get; init; } = [];

    /// <summary>The value of the Authorization field that alone may have it; null where anybody may.</summary>
    public string? OnlyFor { get; init; }

    /// <summary>When its request went out.</summary>
    public required Instant RequestedAt { get; init; }

    /// <summary>When its head came.</summary>
    public required Instant ReceivedAt { get; init; }

    /// <summary>Its content, with its codings.</summary>
    public ReadOnlyMemory<byte> Content { get; init; }

    /// <summary>What it says of caches.</summary>
    public CacheControl Control => CacheControl.OfResponse(Fields);

    /// <summary>The names that its Vary has, in small letters.</summary>
    public string[] VariesBy => FieldLines.Members(FieldLines.Joined(Fields, "Vary"), CacheStoring.MaximumVary) ?? ["*"];

    /// <summary>
    /// Whether it belongs to whoever asked, so that it has no place where it outlives the run: it was given for a password, chosen by a cookie, or carries a
    /// field that lets its holder act for somebody.
    /// </summary>
    public bool IsPersonal =>
        OnlyFor is not null || VariesBy.Any(SecretFields.IsSecret) || Fields.Any(static one => SecretFields.IsSecret(one.Name));

    /// <summary>Whether it may be what this request is answered with, as far as Vary and Authorization say (RFC 9111 4.1, 3.5).</summary>
    public bool Answers(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Uri != request.Uri || (OnlyFor is not null && OnlyFor != request.Authorization)) { return false; }
        foreach (var name in VariesBy)
        {
            if (name == "*" || FieldLines.Joined(Selected, name)?.Trim() != FieldLines.Joined(request.Fields, name)?.Trim()) { return false; }
        }
        return true;
    }

    /// <summary>Whether both would be chosen by the same requests, so that the newer one takes the place of the older.</summary>
    public bool Replaces(CachedResponse other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Uri == other.Uri && OnlyFor == other.OnlyFor && VariesBy.ToHashSet().SetEquals(other.VariesBy)
            && VariesBy.All(name => FieldLines.Joined(Selected, name)?.Trim() == FieldLines.Joined(other.Selected, name)?.Trim());
    }

    /// <summary>About how many bytes it takes.</summary>
    public long Size
    {
        get
        {
            var size = 200L + Uri.Length + Reason.Length + Content.Length + (OnlyFor?.Length ?? 0);
            foreach (var one in Fields) { size += one.Name.Length + one.Value.Length + 4; }
            foreach (var one in Selected) { size += one.Name.Length + one.Value.Length + 4; }
            return size;
        }
    }
}
