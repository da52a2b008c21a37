namespace Firstbyte.Tcp;

/// <summary>Which congestion control a connection uses.</summary>
public enum CongestionAlgorithm : byte
{
    /// <summary>RFC 5681 with RFC 6582.</summary>
    NewReno,

    /// <summary>RFC 9438.</summary>
    Cubic,

    /// <summary>No congestion window at all: for lessons and for links of one's own.</summary>
    None,
}

/// <summary>
/// All congestion controls: a new one is a <see cref="CongestionRule"/> in a file of its own, a member at the end of the list above, and its
/// line here, without which it does not compile.
/// </summary>
public static class CongestionAlgorithms
{
    /// <summary>By the number of the algorithm.</summary>
    private static readonly CongestionRule[] s_rules = [.. Enum.GetValues<CongestionAlgorithm>().Select(RuleOf)];

#pragma warning disable CS8524 // Only members come here, and one without a rule must not compile.
    private static CongestionRule RuleOf(CongestionAlgorithm algorithm) => algorithm switch
    {
        CongestionAlgorithm.NewReno => new NewRenoRule(),
        CongestionAlgorithm.Cubic => new CubicRule(),
        CongestionAlgorithm.None => new UnlimitedRule(),
    };
#pragma warning restore CS8524

    /// <summary>All there are, in the order in which they came.</summary>
    public static ReadOnlySpan<CongestionAlgorithm> All => Enum.GetValues<CongestionAlgorithm>();

    /// <summary>The name by which it is asked for.</summary>
    public static string Name(this CongestionAlgorithm algorithm) => s_rules[(int)algorithm].Name;

    /// <summary>Finds an algorithm by its name.</summary>
    public static bool TryFind(string name, out CongestionAlgorithm algorithm)
    {
        var index = Array.FindIndex(s_rules, rule => rule.Name == name);
        algorithm = (CongestionAlgorithm)Math.Max(index, 0);
        return index >= 0;
    }

    internal static CongestionRule Rule(CongestionAlgorithm algorithm) => s_rules[(int)algorithm];
}
