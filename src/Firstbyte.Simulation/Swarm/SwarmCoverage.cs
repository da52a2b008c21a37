using Firstbyte.Simulation.Faults;

namespace Firstbyte.Simulation.Swarm;

/// <summary>What a set of worlds has covered: how large they were, how often each kind of fault did something, how often each invariant was checked.</summary>
/// <param name="faults">The kinds of fault that there are; null for those that come with the program.</param>
public sealed class SwarmCoverage(FaultRegistry? faults = null)
{
    private readonly FaultRegistry _faults = faults ?? FaultRegistry.Standard;
    private readonly List<SwarmResult> _results = [];

    /// <summary>The worlds.</summary>
    public int Worlds => _results.Count;

    /// <summary>Those in which an invariant was broken.</summary>
    public int Broken => _results.Count(static result => result.Breach is not null);

    /// <summary>The sizes of the worlds, by what was counted.</summary>
    public IReadOnlyList<SizeRow> Sizes =>
    [
        Row("subnets", static result => result.Subnets), Row("routers", static result => result.Routers), Row("hosts", static result => result.Hosts),
        Row("journeys", static result => result.Journeys), Row("fault kinds", static result => result.FaultKinds),
            Row("frame deliveries", static result => result.Deliveries),
    ];

    /// <summary>How often each kind of fault did something.</summary>
    public IReadOnlyList<(string Kind, long Fired)> Faults =>
        [.. _faults.Random.Select(kind => (kind.Name, _results.Sum(result => result.Fired.GetValueOrDefault(kind.Name))))];

    /// <summary>How often each invariant was checked.</summary>
    public IReadOnlyList<(Invariant Invariant, long Checked)> Invariants =>
        [.. Enum.GetValues<Invariant>().Select(invariant => (invariant, _results.Sum(result => result.Checked[(int)invariant])))];

    /// <summary>Takes a world in; the order does not matter.</summary>
    public void Add(SwarmResult result)
    {
        ArgumentNullException.ThrowIfNull(result);
        _results.Add(result);
    }

    /// <summary>What was allowed and never happened, or never checked: rows with a zero.</summary>
    /// <param name="kinds">The kinds of fault that were allowed; null for all.</param>
    public IReadOnlyList<CoverageGap> Gaps(IReadOnlySet<string>? kinds) =>
    [
        .. Faults.Where(row => row.Fired == 0 && (kinds is null || kinds.Contains(row.Kind))).Select(static row => new CoverageGap(row.Kind, null)),
        // Whether something fails, or is repeated into silence, is for the faults: without them there may be nothing to check.
        .. Invariants.Where(row => row.Checked == 0 && (kinds is null || !NeedsFaults(row.Invariant)))
            .Select(static row => new CoverageGap(null, row.Invariant)),
    ];

    private static bool NeedsFaults(Invariant invariant) =>
        invariant is Invariant.Backoff or Invariant.ReasonedFailure or Invariant.SelectiveAcknowledgment;

    private SizeRow Row(string name, Func<SwarmResult, long> size)
    {
        var sorted = _results.Select(size).Order().ToArray();
        return sorted.Length == 0 ? new SizeRow(name, 0, 0, 0) : new SizeRow(name, sorted[0], sorted[sorted.Length / 2], sorted[^1]);
    }
}

/// <summary>What was allowed and did not come about in any world: a kind of fault that never did anything, or an invariant that was never checked.</summary>
/// <param name="FaultKind">The kind of fault, by its word; null for an invariant.</param>
/// <param name="Invariant">The invariant; null for a kind of fault.</param>
public readonly record struct CoverageGap(string? FaultKind, Invariant? Invariant)
{
    /// <summary>The kind's word, or the invariant's name.</summary>
    public override string ToString() => FaultKind ?? $"{Invariant}";
}

/// <summary>The smallest, the middle and the largest of something over a set of worlds.</summary>
public sealed record SizeRow(string Name, long Minimum, long Median, long Maximum);
