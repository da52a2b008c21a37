using Firstbyte.Tracing;

namespace Firstbyte.Http.Caching;

/// <summary>For how long a response is fresh, and who says so.</summary>
/// <param name="Lifetime">From its making on; nothing where it is stale from the beginning.</param>
/// <param name="IsGuessed">Nobody says it: it is a tenth of the time since the last change.</param>
public readonly record struct Freshness(TimeSpan Lifetime, bool IsGuessed);

/// <summary>How old responses are, and how old they may get (RFC 9111 4.2).</summary>
public static class CacheFreshness
{
    // 4.2.2: a typical fraction, of which nobody should take more.
    private const int HeuristicFraction = 10;

    /// <summary>The longest time that is guessed: a day, after which browsers and RFC 7234 warned of it.</summary>
    public static readonly TimeSpan MaximumGuess = TimeSpan.FromDays(1);

    /// <summary>For how long it is fresh (4.2.1): max-age, else Expires, else a guess. s-maxage is for caches that many share.</summary>
    public static Freshness Of(CachedResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        if (response.Control.MaxAge is { } seconds) { return new Freshness(TimeSpan.FromSeconds(seconds), false); }
        var made = MadeAt(response);
        if (FieldLines.First(response.Fields, "Expires") is { } expires)
        {
            // 5.3: what is no date, "0" above all, has expired.
            return new Freshness(HttpDate.TryRead(expires, out var until) && until > made ? until - made : TimeSpan.Zero, false);
        }
        var mayGuess = response.Control.Public || CacheStoring.IsHeuristic(response.Status);
        if (!mayGuess || FieldLines.First(response.Fields, "Last-Modified") is not { } modified || !HttpDate.TryRead(modified, out var changed)
            || changed >= made)
        {
            return new Freshness(TimeSpan.Zero, false);
        }
        var guess = (made - changed) / HeuristicFraction;
        return new Freshness(guess < MaximumGuess ? guess : MaximumGuess, true);
    }

    /// <summary>How old it is (4.2.3).</summary>
    public static TimeSpan AgeOf(CachedResponse response, Instant now)
    {
        ArgumentNullException.ThrowIfNull(response);
        var apparent = response.ReceivedAt - MadeAt(response);
        var said = FieldLines.First(response.Fields, "Age") is { } age && CacheControl.Seconds(age) is { } seconds
            ? TimeSpan.FromSeconds(seconds) : TimeSpan.Zero;
        var corrected = said + (response.ReceivedAt > response.RequestedAt ? response.ReceivedAt - response.RequestedAt : TimeSpan.Zero);
        return (apparent > corrected ? apparent : corrected) + (now - response.ReceivedAt);
    }

    // What has no date was made when it came (RFC 9110 6.6.1).
    private static Instant MadeAt(CachedResponse response) =>
        FieldLines.First(response.Fields, "Date") is { } date && HttpDate.TryRead(date, out var made) ? made : response.ReceivedAt;
}
