namespace Firstbyte.Connecting;

/// <summary>How many connections are kept while nobody uses them, and for how long.</summary>
public sealed record PoolLimits
{
    /// <summary>The usual limits.</summary>
    public static readonly PoolLimits Default = new();

    /// <summary>No connection is kept.</summary>
    public static readonly PoolLimits KeepsNone = new() { Maximum = 0 };

    /// <summary>Idle connections kept to one origin: as many as browsers open (Chrome, Firefox: 6).</summary>
    public int MaximumPerOrigin { get; init; } = 6;

    /// <summary>Idle connections kept in all; curl keeps 5 in a run, a browser 256.</summary>
    public int Maximum { get; init; } = 64;

    /// <summary>How long an idle connection is trusted; servers commonly close after 60 to 75 s, .NET's client after 60 s.</summary>
    public TimeSpan MaximumIdleTime { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a connection is used, from its making on; one that is older ends with its exchange. Without end, as curl's and .NET's: that
    /// a name leads elsewhere now is seen from its addresses, at once when its TTL has passed.
    /// </summary>
    public TimeSpan MaximumLifetime { get; init; } = Timeout.InfiniteTimeSpan;
}
