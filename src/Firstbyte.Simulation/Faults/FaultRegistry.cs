namespace Firstbyte.Simulation.Faults;

/// <summary>The kinds of fault that there are.</summary>
public sealed class FaultRegistry
{
    private readonly Dictionary<string, FaultDescription> _byWord;

    /// <summary>Exactly these kinds.</summary>
    /// <exception cref="ArgumentException">Two have the same word, or two random faults the same name.</exception>
    public FaultRegistry(params IEnumerable<FaultDescription> kinds)
    {
        All = [.. kinds];
        _byWord = All.ToDictionary(static kind => kind.Word, StringComparer.Ordinal);
        Random = [.. All.SelectMany(static kind => kind.Random)];
        if (Random.Select(static fault => fault.Name).Distinct(StringComparer.Ordinal).Count() != Random.Count)
        {
            throw new ArgumentException("two random faults have the same name", nameof(kinds));
        }
    }

    /// <summary>All that come with the program.</summary>
    /// <remarks>New ones stand last: random worlds draw in this order, and one more at the end leaves the others' faults as they were.</remarks>
    public static FaultRegistry Standard { get; } = new(
        Impairment.Kind, Partition.Kind, Throttle.Kind, Cut.Kind, Outage.Kind, Silence.Kind, ClockSkew.Kind,
        Refusal.Kind, Breakage.Kind, PacketLoss.Kind, IcmpFilter.Kind, Clog.Kind);

    /// <summary>The kinds, in their order.</summary>
    public IReadOnlyList<FaultDescription> All { get; }

    /// <summary>What random worlds suffer from, in the order in which they draw.</summary>
    public IReadOnlyList<RandomFault> Random { get; }

    /// <summary>The kind that a word begins, or null.</summary>
    public FaultDescription? Find(string word) => _byWord.GetValueOrDefault(word);

    /// <summary>The same with further kinds behind.</summary>
    public FaultRegistry With(params IEnumerable<FaultDescription> kinds) => new(All.Concat(kinds));
}
