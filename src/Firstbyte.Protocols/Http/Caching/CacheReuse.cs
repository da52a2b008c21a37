using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>What becomes of a kept response when somebody asks for it.</summary>
public enum CacheUse : byte
{
    /// <summary>It is the answer.</summary>
    Fresh,

    /// <summary>It is stale, and the user takes it (max-stale).</summary>
    Stale,

    /// <summary>The server is asked first.</summary>
    Validate,
}

/// <summary>Why a server is asked about what is kept.</summary>
public enum CacheDoubt : byte
{
    /// <summary>Nobody is asked.</summary>
    None,

    /// <summary>It has become stale.</summary>
    Stale,

    /// <summary>The response wants it each time (no-cache).</summary>
    ResponseWants,

    /// <summary>The user wants it (no-cache, max-age, min-fresh).</summary>
    UserWants,

    /// <summary>It came later than now: the clock was set back, and how old it is nobody knows.</summary>
    ClockSetBack,
}

/// <summary>
/// What becomes of a kept response, how old it is, and for how long it is fresh from now on (less than nothing: for how long it has been stale).
/// </summary>
public readonly record struct CacheVerdict(CacheUse Use, CacheDoubt Doubt, TimeSpan Age, TimeSpan FreshFor, bool IsGuessed);

/// <summary>Whether a kept response may be used (RFC 9111 4).</summary>
public static class CacheReuse
{
    /// <summary>Decides it for a response that answers the request (<see cref="CachedResponse.Answers"/>).</summary>
    public static CacheVerdict Decide(CachedResponse response, CacheRequest request, Instant now)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(request);
        var (control, wish) = (response.Control, request.Control);
        var (freshness, age) = (CacheFreshness.Of(response), CacheFreshness.AgeOf(response, now));
        var left = freshness.Lifetime - age;
        var doubt = now < response.ReceivedAt ? CacheDoubt.ClockSetBack
            : control.NoCache ? CacheDoubt.ResponseWants
            : wish.NoCache || !IsYoungEnough() || (wish.MinFresh is { } least && left < TimeSpan.FromSeconds(least)) ? CacheDoubt.UserWants
            : left > TimeSpan.Zero ? CacheDoubt.None
            : CacheDoubt.Stale;
        var use = doubt switch
        {
            CacheDoubt.None => CacheUse.Fresh,
            CacheDoubt.Stale when !control.MustRevalidate && wish.MaxStale is { } most && Reaches(most, -left) => CacheUse.Stale,
            _ => CacheUse.Validate,
        };
        return new CacheVerdict(use, doubt, age, left, freshness.IsGuessed);

        // RFC 8246 2: what does not change while it is fresh need not be asked about because somebody reloads.
        bool IsYoungEnough() =>
            wish.MaxAge is not { } most || (most > 0 && age <= TimeSpan.FromSeconds(most)) || (control.Immutable && left > TimeSpan.Zero);
    }

    /// <summary>Whether a stale response may be used because the server cannot answer (RFC 5861 4): only where the request or the response allows it.</summary>
    public static bool MayStandIn(CachedResponse response, CacheRequest request, Instant now)
    {
        ArgumentNullException.ThrowIfNull(response);
        ArgumentNullException.ThrowIfNull(request);
        var control = response.Control;
        if (control.MustRevalidate || control.NoCache || request.Control.NoCache || now < response.ReceivedAt) { return false; }
        if ((request.Control.StaleIfError ?? control.StaleIfError) is not { } most) { return false; }
        return Reaches(most, CacheFreshness.AgeOf(response, now) - CacheFreshness.Of(response).Lifetime);
    }

    private static bool Reaches(long seconds, TimeSpan staleFor) => seconds >= CacheControl.MaximumSeconds || staleFor <= TimeSpan.FromSeconds(seconds);
}
