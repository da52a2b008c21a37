using Firstbyte.Hosts;

namespace Firstbyte.Telling.Findings;

/// <summary>Which faults of a world act, by what was told of them.</summary>
public static class ActingFaults
{
    /// <summary>Those that act after all of this, each with the number of what has brought it, in the order in which they began.</summary>
    public static List<(int Number, FaultChanged Change)> After(IEnumerable<(int Number, FaultChanged Change)> told)
    {
        ArgumentNullException.ThrowIfNull(told);
        var acting = new List<(int Number, FaultChanged Change)>();
        foreach (var one in told)
        {
            acting.RemoveAll(other => other.Change.Fault == one.Change.Fault && other.Change.Place == one.Change.Place);
            if (one.Change.IsActing) { acting.Add(one); }
        }
        return acting;
    }
}
