namespace Firstbyte.Dns.Zones;

/// <summary>What else is looked at when a zone is read whose records are in order; it only warns.</summary>
public abstract class ZoneInspection
{
    private protected ZoneInspection() { }

    /// <summary>Adds what it finds.</summary>
    /// <param name="draft">The records with their places.</param>
    /// <param name="order">The draft's names in canonical order.</param>
    /// <param name="problems">Takes the findings.</param>
    internal abstract void Run(ZoneDraft draft, int[] order, List<ZoneProblem> problems);
}
