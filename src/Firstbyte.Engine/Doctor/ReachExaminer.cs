using Firstbyte.Addressing;
using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Doctor;

/// <summary>Whether everybody gets there: the journey itself, both versions of addresses, and every address.</summary>
internal sealed class ReachExaminer : Examiner
{
    protected override void Examine(Examination site)
    {
        var failure = site.Journey?.Failure;
        if (failure is not null) { site.Find(new JourneyBroken(failure)); }
        if (site.AreAddressesKnown && site.Addresses.Length > 0)
        {
            foreach (var version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
            {
                if (!site.Addresses.Any(address => address.Version == version)) { site.Find(new FamilyMissing(version)); }
            }
        }
        foreach (var (version, addresses) in site.OutOfReach) { site.Find(new FamilyUnexamined(version, addresses)); }
        if (site.Addresses.Length > DoctorLimits.Addresses) { site.Find(new AddressesUnexamined(site.Addresses.Length, site.Examined)); }
        foreach (var looks in site.Looks.GroupBy(static look => look.IsSecure)) { Compare(site, [.. looks], failure); }
        if (failure is null && site.Journey?.Last is { WaitNanoseconds: var wait } && wait > DoctorLimits.Wait.ToNanoseconds())
        {
            site.Find(new AnswerSlow(wait));
        }
        if (site.Left > 0) { site.Find(new ExaminationCut(site.Taken, site.Left)); }
    }

    private static void Compare(Examination site, AddressLook[] looks, JourneyFailure? ofJourney)
    {
        var isAsked = looks[0].IsSecure == (site.Url.Scheme == "https");
        foreach (var look in looks)
        {
            if (look.Seen.Failure is not { } failure) { continue; }
            var isDead = !look.IsConnected;
            // Of a port that nobody has asked for and where nobody is at all, there is nothing to say.
            if (isDead && !isAsked && !looks.Any(static other => other.IsConnected)) { continue; }
            // What has ended the journey is said already, where it is the same at all addresses.
            if (isAsked && ofJourney?.GetType() == failure.GetType() && looks.All(other => other.Seen.Failure?.GetType() == failure.GetType())) { continue; }
            var isWholeFamily = !looks.Any(other => other.Address.Version == look.Address.Version && other.Seen.Failure is null);
            site.Find(new AddressBroken(look.Address, look.Port, failure, isWholeFamily));
        }
        var answering = looks.Where(static look => look.Seen is { Failure: null, Last.Head.Status: > 0 }).ToArray();
        if (answering.Length == 0) { return; }
        var first = answering[0];
        foreach (var other in answering)
        {
            var (status, otherStatus) = (first.Seen.Last!.Head!.Status, other.Seen.Last!.Head!.Status);
            if (status / 100 != otherStatus / 100) { site.Find(new AnswersDiffer(first.Address, status, other.Address, otherStatus)); }
        }
    }
}
