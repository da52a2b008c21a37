using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Signing;

/// <summary>
/// Says what keeps validators from believing a signed zone: times, keys, signatures, the chain of names; and whether a zone's digest fits. A zone
/// without signatures and digest is left alone.
/// </summary>
/// <param name="now">The time, in seconds since 1970.</param>
/// <param name="verify">
/// Says whether a signature is that of a set by a key. Without it only what costs nothing is looked at: times, keys, whether there is a chain that can be
/// used; with it every signature is verified, and every name and every link of the chain is looked at.
/// </param>
public sealed class SignatureInspection(uint now, Func<RecordSet, RecordData, ZonePublicKey, bool>? verify = null) : ZoneInspection
{
    /// <summary>Findings of one kind that are told (own choice): what is wrong with a zone is mostly wrong with all of it.</summary>
    public const int MaxOfKind = 20;

    /// <summary>With more a zone counts as unsigned: BIND 9.16.16, Unbound and Knot Resolver agree on it (RFC 9276 section 3.2).</summary>
    public const int MaxBelievedIterations = 150;

    /// <inheritdoc/>
    internal override void Run(ZoneDraft draft, int[] order, List<ZoneProblem> problems)
    {
        var told = new ProblemsByKind(problems, new ZonePlace(draft.FirstFile ?? $"{draft.Origin}", 0, 0), MaxOfKind);
        if (verify is not null) { new DigestCheck(draft, told).Run(order); }
        if (IsSigned(draft))
        {
            new SignatureCheck(draft, now, verify, told).Run(order);
            new ChainCheck(draft, told).Run(order, isWhole: verify is not null);
        }
        told.End();
    }

    private static bool IsSigned(ZoneDraft draft)
    {
        for (var set = 0; set < draft.Sets.Count; set++)
        {
            if (draft.Sets[set].Type == RecordType.RRSIG.Value) { return true; }
        }
        return false;
    }
}

/// <summary>Problems, so many of each kind; of the others only the number is told.</summary>
internal sealed class ProblemsByKind(List<ZoneProblem> problems, ZonePlace whole, int most)
{
    private readonly Dictionary<ZoneFlaw, int> _counts = [];

    /// <summary>Adds one about a record.</summary>
    public void Report(ZoneDraft draft, int record, ZoneFlaw flaw, ZoneExpectation expected, string found) =>
        Report(draft.PlaceOf(draft.Records[record]), flaw, expected, found);

    /// <summary>Adds one about the zone as a whole.</summary>
    public void Report(ZoneFlaw flaw, ZoneExpectation expected) => Report(whole, flaw, expected, "");

    /// <summary>Tells how many there were of the kinds that were cut short.</summary>
    public void End()
    {
        foreach (var count in _counts.Values.Where(count => count > most))
        {
            problems.Add(new ZoneProblem(whole, ZoneFlaw.MoreOfKind, new ZoneExpectation(ZoneTerm.MostOfKind, $"{most}"), $"{count}"));
        }
    }

    private void Report(ZonePlace place, ZoneFlaw flaw, ZoneExpectation expected, string found)
    {
        var count = _counts[flaw] = _counts.GetValueOrDefault(flaw) + 1;
        if (count <= most) { problems.Add(new ZoneProblem(place, flaw, expected, found)); }
    }
}
