namespace Firstbyte.Http.Caching;

/// <summary>Why a response is not kept.</summary>
public enum CacheRefusal : byte
{
    /// <summary>It is.</summary>
    None,

    /// <summary>Only responses to GET are.</summary>
    Method,

    /// <summary>A part of a representation, or an answer to conditions of the user's.</summary>
    Partial,

    /// <summary>A status that is for this request alone: 1xx, 304, 401, 407.</summary>
    Status,

    /// <summary>The request says no-store.</summary>
    RequestForbids,

    /// <summary>The response says no-store.</summary>
    ResponseForbids,

    /// <summary>It was given for a password or a token, and nothing in it allows to keep it (RFC 9111 3.5).</summary>
    Authorization,

    /// <summary>It sets cookies, and nothing in it says for how long it may be kept.</summary>
    Cookies,

    /// <summary>Nothing says for how long it may be used, nor by what it could be asked about: it would never be used.</summary>
    NeverUsable,

    /// <summary>No request is like the one that it answers (Vary: *, or by more fields than anybody compares).</summary>
    Vary,

    /// <summary>It is longer than one entry may be.</summary>
    TooLarge,
}

/// <summary>Which responses are kept (RFC 9111 3), and what of them.</summary>
public static class CacheStoring
{
    /// <summary>The longest content of an entry: what is longer is a download, and would push out all else.</summary>
    public const int MaximumContent = 32 * 1024 * 1024;

    /// <summary>Names in Vary; servers send one to five.</summary>
    public const int MaximumVary = 16;

    // RFC 9110 15.1: those that may be kept by a guess; 206 is not kept here.
    internal static bool IsHeuristic(int status) => status is 200 or 203 or 204 or 300 or 301 or 308 or 404 or 405 or 410 or 414 or 501;

    /// <summary>Whether a response is kept, by its head.</summary>
    public static CacheRefusal Judge(CacheRequest request, int status, IReadOnlyList<HttpField> fields)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(fields);
        var control = CacheControl.OfResponse(fields);
        if (request.Method != "GET") { return CacheRefusal.Method; }
        if (request.IsForServerAlone || status == 206) { return CacheRefusal.Partial; }
        if (status is < 200 or > 599 or 304 or 401 or 407) { return CacheRefusal.Status; }
        if (request.Control.NoStore) { return CacheRefusal.RequestForbids; }
        // 5.2.2.3: must-understand has its way over no-store where the status is one that is understood.
        if (control.NoStore && !(control.MustUnderstand && IsHeuristic(status))) { return CacheRefusal.ResponseForbids; }
        if (control.MustUnderstand && !IsHeuristic(status)) { return CacheRefusal.ResponseForbids; }
        if (request.Authorization is not null && !(control.Public || control.HasSharedAge || control.MustRevalidate || control.Private))
        { return CacheRefusal.Authorization; }
        var isExplicit = control is { Public: true } or { Private: true } or { MaxAge: not null } or { HasSharedAge: true }
            || FieldLines.First(fields, "Expires") is not null;
        if (!isExplicit && !IsHeuristic(status)) { return CacheRefusal.Status; }
        if (!isExplicit && FieldLines.First(fields, "Set-Cookie") is not null) { return CacheRefusal.Cookies; }
        if (!MayVary(fields)) { return CacheRefusal.Vary; }
        return CacheRefusal.None;
    }

    /// <summary>The same with its place in time: what is neither fresh now nor can be asked about is not kept.</summary>
    public static CacheRefusal Judge(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return response.Content.Length > MaximumContent ? CacheRefusal.TooLarge
            : CacheValidation.Of(response).Length == 0 && response.Control.StaleIfError is null or 0
                && (response.Control.NoCache || CacheFreshness.Of(response).Lifetime <= CacheFreshness.AgeOf(response, response.ReceivedAt))
                ? CacheRefusal.NeverUsable
            : CacheRefusal.None;
    }

    /// <summary>For whom alone a response may be used, of a request with Authorization: null where the response says that anybody may.</summary>
    public static string? OnlyFor(CacheRequest request, IReadOnlyList<HttpField> fields)
    {
        ArgumentNullException.ThrowIfNull(request);
        return CacheControl.OfResponse(fields) is { Public: true } or { HasSharedAge: true } ? null : request.Authorization;
    }

    /// <summary>The fields of the request that choose the response.</summary>
    public static IReadOnlyList<HttpField> Selected(CacheRequest request, IReadOnlyList<HttpField> fields)
    {
        ArgumentNullException.ThrowIfNull(request);
        var names = FieldLines.Members(FieldLines.Joined(fields, "Vary"), MaximumVary) ?? [];
        return [.. names.Select(name => (Name: name, Value: FieldLines.Joined(request.Fields, name)))
            .Where(static field => field.Value is not null).Select(static field => new HttpField(field.Name, field.Value!.Trim()))];
    }

    /// <summary>The fields of a response that are kept.</summary>
    public static IReadOnlyList<HttpField> Kept(IReadOnlyList<HttpField> fields)
    {
        ArgumentNullException.ThrowIfNull(fields);
        var named = FieldLines.Members(FieldLines.Joined(fields, "Connection"), HttpLimits.FieldCount) ?? [];
        return [.. fields.Where(field => IsKept(field.Name) && !named.Contains(field.Name.ToLowerInvariant()))];
    }

    /// <summary>Whether a field is kept: none that was for one connection (RFC 9111 3.1), none that lets its holder act for somebody, and no length, which the
    /// content has of itself.</summary>
    public static bool IsKept(string name) => !s_left.Contains(name);

    private static readonly HashSet<string> s_left = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Content-Length",
        "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "Authentication-Info", "Set-Cookie", "Set-Cookie2",
    };

    // Fields that say how a message is read are written anew for each connection: nothing can be chosen by them.
    private static bool MayVary(IReadOnlyList<HttpField> fields) =>
        FieldLines.Members(FieldLines.Joined(fields, "Vary"), MaximumVary) is { } names
        && names.All(static name => name != "*" && HttpGrammar.IsToken(name) && IsKept(name));
}
