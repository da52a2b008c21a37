using Firstbyte.Dns.Records;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Transfers;

/// <summary>What a secondary does next.</summary>
public enum SecondaryStep
{
    /// <summary>Ask the primary for its version.</summary>
    Refresh,

    /// <summary>Serve the zone no longer.</summary>
    Expire,
}

/// <summary>When a secondary asks its primary and when it gives its zone up (RFC 1035 section 3.3.13, RFC 1996 section 4.4).</summary>
/// <remarks>
/// <code>
///   no zone      refresh at once, then after a time that doubles from <see cref="FirstRetry"/> to <see cref="MaxRetry"/>
///   zone         refresh after REFRESH; when that failed after RETRY; expire after EXPIRE without one that succeeded
///   NOTIFY       refresh at once
/// </code>
/// A number in the SOA record that nobody can mean counts as the nearest that somebody can.
/// </remarks>
public sealed class SecondaryTimes
{
    /// <summary>Own choice, of a secondary that has no zone yet.</summary>
    public static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(2);

    /// <summary>What BIND's max-retry-time and max-refresh-time are: two weeks and four.</summary>
    public static readonly TimeSpan MaxRetry = TimeSpan.FromDays(14), MaxRefresh = TimeSpan.FromDays(28);

    /// <summary>Own choice: a secondary asks at most once a second, whatever the zone says.</summary>
    public static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private TimeSpan _retry = FirstRetry;
    private SoaData? _soa;

    /// <summary>A secondary of which the first thing is to ask.</summary>
    public SecondaryTimes(Instant now) => (RefreshAt, ExpireAt) = (now, Instant.Never);

    /// <summary>When the primary is asked next.</summary>
    public Instant RefreshAt { get; private set; }

    /// <summary>When the zone is given up; <see cref="Instant.Never"/> when there is none, or none any more.</summary>
    public Instant ExpireAt { get; private set; }

    /// <summary>What comes next.</summary>
    public SecondaryStep Step => ExpireAt < RefreshAt ? SecondaryStep.Expire : SecondaryStep.Refresh;

    /// <summary>When it comes.</summary>
    public Instant At => Step == SecondaryStep.Expire ? ExpireAt : RefreshAt;

    /// <summary>There is a zone from an earlier run: it is served until it expires, and the primary is asked at once.</summary>
    public void Loaded(SoaData soa, Instant refreshed, Instant now) =>
        (_soa, RefreshAt, ExpireAt) = (soa, now, refreshed + Limited(soa.Expire, TimeSpan.MaxValue / 4));

    /// <summary>The primary has said its version, and we have it.</summary>
    public void Refreshed(SoaData soa, Instant now)
    {
        ArgumentNullException.ThrowIfNull(soa);
        _soa = soa;
        (RefreshAt, ExpireAt) = (now + Limited(soa.Refresh, MaxRefresh), now + Limited(soa.Expire, TimeSpan.MaxValue / 4));
        _retry = FirstRetry;
    }

    /// <summary>The primary did not answer, or nothing that can be used.</summary>
    public void Failed(Instant now)
    {
        RefreshAt = now + (_soa is { } soa ? Limited(soa.Retry, MaxRetry) : _retry);
        if (_soa is null) { _retry = _retry * 2 < MaxRetry ? _retry * 2 : MaxRetry; }
    }

    /// <summary>The primary says that there is a newer version.</summary>
    public void Notified(Instant now) => RefreshAt = now < RefreshAt ? now : RefreshAt;

    /// <summary>The zone was given up; the primary is asked on.</summary>
    public void Expired() => (_soa, ExpireAt) = (null, Instant.Never);

    private static TimeSpan Limited(uint seconds, TimeSpan most)
    {
        var time = TimeSpan.FromSeconds((long)seconds);
        return time < Least ? Least : time > most ? most : time;
    }
}
