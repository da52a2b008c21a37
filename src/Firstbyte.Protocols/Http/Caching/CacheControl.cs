using System.Globalization;

namespace Firstbyte.Http.Caching;

/// <summary>What the Cache-Control fields of a message say together (RFC 9111 5.2, RFC 5861, RFC 8246).</summary>
/// <remarks>
/// <c>Cache-Control = #cache-directive, cache-directive = token [ "=" ( token / quoted-string ) ]</c>. Directives that nobody here knows are passed over
/// (5.2.3). Where one says two things, or nothing that can be read, the stricter one holds (4.2.1): less time, and what forbids.
/// </remarks>
public readonly record struct CacheControl
{
    /// <summary>The longest time that is taken from a field: RFC 9111 1.2.2 names 2^31 seconds for what is longer.</summary>
    public const long MaximumSeconds = 2_147_483_648;

    // The registry holds some twenty; more than these are none that anybody means.
    private const int MaximumDirectives = 100;

    /// <summary>Nothing is to be kept.</summary>
    public bool NoStore { get; private init; }

    /// <summary>Nothing is to be answered without asking the server. A list of fields behind it is taken for all of them.</summary>
    public bool NoCache { get; private init; }

    /// <summary>Nothing is to be used once it is stale, whatever happens.</summary>
    public bool MustRevalidate { get; private init; }

    /// <summary>Anybody may be answered with it.</summary>
    public bool Public { get; private init; }

    /// <summary>It is for one user, whom a private cache serves.</summary>
    public bool Private { get; private init; }

    /// <summary>While it is fresh it does not change (RFC 8246).</summary>
    public bool Immutable { get; private init; }

    /// <summary>Keep it if its status is understood, and heed no-store if not (5.2.2.3).</summary>
    public bool MustUnderstand { get; private init; }

    /// <summary>The user wants what is kept, or nothing.</summary>
    public bool OnlyIfCached { get; private init; }

    /// <summary>Shared caches may keep it; the time is theirs (5.2.2.10).</summary>
    public bool HasSharedAge { get; private init; }

    /// <summary>max-age in seconds; null where nothing says it.</summary>
    public long? MaxAge { get; private init; }

    /// <summary>min-fresh in seconds; null where nothing says it.</summary>
    public long? MinFresh { get; private init; }

    /// <summary>max-stale in seconds, without a number as long as anybody likes; null where nothing says it.</summary>
    public long? MaxStale { get; private init; }

    /// <summary>stale-if-error in seconds (RFC 5861 4); null where nothing says it.</summary>
    public long? StaleIfError { get; private init; }

    /// <summary>Reads the fields of a request; Pragma stands in for Cache-Control where there is none (5.4).</summary>
    public static CacheControl OfRequest(IReadOnlyList<HttpField> fields)
    {
        if (FieldLines.Joined(fields, "Cache-Control") is { } value) { return Read(value); }
        return FieldLines.Joined(fields, "Pragma")?.Contains("no-cache", StringComparison.OrdinalIgnoreCase) ?? false
            ? new CacheControl { NoCache = true } : default;
    }

    /// <summary>Reads the fields of a response.</summary>
    public static CacheControl OfResponse(IReadOnlyList<HttpField> fields) => FieldLines.Joined(fields, "Cache-Control") is { } value ? Read(value) : default;

    /// <summary>Reads a list of directives.</summary>
    public static CacheControl Read(ReadOnlySpan<char> value)
    {
        var read = default(CacheControl);
        for (var left = MaximumDirectives; left > 0 && value.Length > 0;)
        {
            var length = EndOfDirective(value);
            var directive = value[..length].Trim(" \t");
            value = value[Math.Min(value.Length, length + 1)..];
            if (directive.Length == 0) { continue; }
            left--;
            var equals = directive.IndexOf('=');
            read = read.With((equals < 0 ? directive : directive[..equals]).TrimEnd(" \t"), equals < 0 ? default : directive[(equals + 1)..], equals >= 0);
        }
        // What stands behind so many may forbid what those before allow.
        return value.Length > 0 ? read with { NoStore = true, NoCache = true, MustRevalidate = true } : read;
    }

    // Up to the comma that is not inside a quoted-string; where the quote is never closed, all of it.
    private static int EndOfDirective(ReadOnlySpan<char> value)
    {
        var isQuoted = false;
        for (var i = 0; i < value.Length; i++)
        {
            if (isQuoted && value[i] == '\\') { i++; }
            else if (value[i] == '"') { isQuoted = !isQuoted; }
            else if (value[i] == ',' && !isQuoted) { return i; }
        }
        return value.Length;
    }

    private CacheControl With(ReadOnlySpan<char> name, ReadOnlySpan<char> text, bool hasText) => name switch
    {
        _ when Is(name, "no-store") => this with { NoStore = true },
        _ when Is(name, "no-cache") => this with { NoCache = true },
        _ when Is(name, "must-revalidate") => this with { MustRevalidate = true },
        _ when Is(name, "public") => this with { Public = true },
        _ when Is(name, "private") => this with { Private = true },
        _ when Is(name, "immutable") => this with { Immutable = true },
        _ when Is(name, "must-understand") => this with { MustUnderstand = true },
        _ when Is(name, "only-if-cached") => this with { OnlyIfCached = true },
        _ when Is(name, "s-maxage") => this with { HasSharedAge = true },
        _ when Is(name, "max-age") => this with { MaxAge = Least(MaxAge, Seconds(text) ?? 0) },
        // More freshness than there is: what nobody can read is asked for anew.
        _ when Is(name, "min-fresh") => this with { MinFresh = Math.Max(MinFresh ?? 0, Seconds(text) ?? MaximumSeconds) },
        _ when Is(name, "max-stale") => this with { MaxStale = Least(MaxStale, hasText ? Seconds(text) ?? 0 : long.MaxValue) },
        _ when Is(name, "stale-if-error") => this with { StaleIfError = Least(StaleIfError, Seconds(text) ?? 0) },
        _ => this,
    };

    private static bool Is(ReadOnlySpan<char> name, string directive) => name.Equals(directive, StringComparison.OrdinalIgnoreCase);

    private static long Least(long? before, long seconds) => Math.Min(before ?? long.MaxValue, seconds);

    // delta-seconds = 1*DIGIT (1.2.2); quoted where a sender did not know better (5.2).
    internal static long? Seconds(ReadOnlySpan<char> text)
    {
        text = text.Trim(" \t");
        if (text is ['"', .. var inside, '"']) { text = inside; }
        if (text.Length == 0 || text.IndexOfAnyExceptInRange('0', '9') >= 0) { return null; }
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds < MaximumSeconds ? seconds : MaximumSeconds;
    }
}
