using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>A private cache (RFC 9111): what it keeps, what it answers with, what it forgets. No I/O but its store's, and no clock.</summary>
/// <remarks>
/// Theory of operation. Whoever makes an exchange looks (<see cref="Look"/>) before it asks. What is found is the answer, or a reason to ask with conditions;
/// what comes is judged by its head (<see cref="Judge"/>) and kept when it is whole (<see cref="Keep"/>), or freshens what is kept (<see cref="Freshen"/>).
/// What changes a resource makes what is kept of it worthless (<see cref="Changes"/>, <see cref="Forget"/>). A request that names a part, or has conditions of
/// its own, passes by: parts are never put together here.
/// </remarks>
public sealed class ResponseCache
{
    private readonly IResponseStore _store;

    /// <summary>A cache over a store; in memory where none is named.</summary>
    public ResponseCache(IResponseStore? store = null) => _store = store ?? new MemoryResponseStore();

    /// <summary>Whether a request may be answered from here at all.</summary>
    public static bool MayAnswer(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return request.Method is "GET" or "HEAD" && !request.IsForServerAlone;
    }

    /// <summary>The newest of the kept responses that answer a request, and what becomes of it; null where there is none.</summary>
    public (CachedResponse Response, CacheVerdict Verdict)? Look(CacheRequest request, Instant now)
    {
        if (!MayAnswer(request)) { return null; }
        CachedResponse? newest = null;
        foreach (var one in _store.Find(request.Uri))
        {
            if (one.Answers(request) && (newest is null || one.ReceivedAt > newest.ReceivedAt)) { newest = one; }
        }
        return newest is null ? null : (newest, CacheReuse.Decide(newest, request, now));
    }

    /// <summary>Whether the response to a request is kept, once it is whole.</summary>
    public static CacheRefusal Judge(CacheRequest request, int status, IReadOnlyList<HttpField> fields, long? length) =>
        CacheStoring.Judge(request, status, fields) is not CacheRefusal.None and var refusal ? refusal
            : length > CacheStoring.MaximumContent ? CacheRefusal.TooLarge : CacheRefusal.None;

    /// <summary>Keeps a whole response whose head has been judged; why it is not kept after all, or null with what is kept.</summary>
    /// <exception cref="IOException">The store cannot keep it.</exception>
    public (CachedResponse? Kept, CacheRefusal Refusal) Keep(
        CacheRequest request, int status, string reason, IReadOnlyList<HttpField> fields, ReadOnlyMemory<byte> content, Instant requestedAt, Instant receivedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (Judge(request, status, fields, content.Length) is not CacheRefusal.None and var refusal) { return (null, refusal); }
        var response = new CachedResponse
        {
            Uri = request.Uri,
            Status = status,
            Reason = reason,
            Fields = CacheStoring.Kept(fields),
            Selected = CacheStoring.Selected(request, fields),
            OnlyFor = CacheStoring.OnlyFor(request, fields),
            RequestedAt = requestedAt,
            ReceivedAt = receivedAt,
            Content = content,
        };
        // What came is newer than what is kept, and where it is not kept itself that is worthless all the same.
        ForgetAnswersTo(request);
        if (CacheStoring.Judge(response) is not CacheRefusal.None and var worthless) { return (null, worthless); }
        _store.Keep(response);
        return (response, CacheRefusal.None);
    }

    /// <summary>A response came that is not kept: what is kept and would have answered its request is older than it.</summary>
    public void ForgetAnswersTo(CacheRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Method != "GET") { return; }
        foreach (var one in _store.Find(request.Uri))
        {
            if (one.Answers(request)) { _store.Forget(one); }
        }
    }

    /// <summary>What a 304 makes of the response that was asked about; null where it is about another state: then that is forgotten.</summary>
    /// <exception cref="IOException">The store cannot keep it.</exception>
    public CachedResponse? Freshen(CachedResponse response, CacheRequest request, IReadOnlyList<HttpField> fields, Instant requestedAt, Instant receivedAt)
    {
        ArgumentNullException.ThrowIfNull(request);
        var freshened = CacheValidation.Freshen(response, fields, requestedAt, receivedAt);
        if (freshened is null)
        {
            _store.Forget(response);
            return null;
        }
        if (freshened.Control.NoStore || request.Control.NoStore) { _store.Forget(response); }
        else { _store.Keep(freshened); }
        return freshened;
    }

    /// <summary>Whether a response says that what its request was about has changed (RFC 9111 4.4).</summary>
    public static bool Changes(string method, int status) => method is not ("GET" or "HEAD" or "OPTIONS" or "TRACE") && status is >= 200 and < 400;

    /// <summary>Forgets all that is kept of a URI; true where there was something.</summary>
    public bool Forget(string uri)
    {
        var found = _store.Find(uri);
        foreach (var one in found) { _store.Forget(one); }
        return found.Count > 0;
    }
}
