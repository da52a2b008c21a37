using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Findings;

/// <summary>Why a journey failed: what happened, who can mend it, what to try.</summary>
public static class FailureFinding
{
    /// <summary>The failure's rows.</summary>
    public static void Show(IRowSink rows, Language language, JourneyFailure failure, Standpoint at, FailureEvidence seen)
    {
        rows.Paragraph("✗ " + (language.Evidence.What(failure, seen) ?? language.Failures.What(failure)), Role.Bad);
        ShowCure(rows, language, failure, at, seen);
    }

    /// <summary>Whose fault it is and what to try, where what happened has been told.</summary>
    /// <param name="rows">Where to.</param>
    /// <param name="language">In which language.</param>
    /// <param name="failure">The failure.</param>
    /// <param name="at">From where.</param>
    /// <param name="seen">What was seen besides.</param>
    /// <param name="isExplained">The chain of trust stands above already: how to see it is no advice.</param>
    public static void ShowCure(IRowSink rows, Language language, JourneyFailure failure, Standpoint at, FailureEvidence seen, bool isExplained = false)
    {
        ArgumentNullException.ThrowIfNull(at);
        ArgumentNullException.ThrowIfNull(seen);
        if (seen.Cause is LosingCable cable) { rows.Indented(language.Evidence.Lost(cable)); }
        rows.Indented(language.Evidence.AtFault(failure, seen) ?? language.Failures.AtFault(failure));
        if (seen.Faults.Count > 0) { rows.Indented(language.Evidence.Holding(seen.Faults)); }
        if (seen.Changes.Count > 0) { rows.Indented(language.Evidence.Changed(seen.Changes)); }
        if (!isExplained && Cure(language, failure, at, seen) is { } cure) { rows.Indented(cure); }
    }

    // What somebody has broken in a page, or a lab that is written there, no command knows of.
    private static Phrase? Cure(Language language, JourneyFailure failure, Standpoint at, FailureEvidence seen)
    {
        if (at.IsPage && seen.Faults.Count > 0) { return language.Evidence.TryMending; }
        var cure = language.Failures.Try(failure, at);
        if (at is not { IsPage: true, Lab: not null } || cure is null || !at.IsElsewhere(cure.ToString())) { return cure; }
        var step = FailureTable.Of(failure).Step;
        if (step is JourneyStep.Name or JourneyStep.Connect) { return language.Evidence.TryLooking(step); }
        return at.IsUnnamed && Standpoint.NamesCommand(cure.ToString()) ? null : cure;
    }

    /// <summary>The failure as the relay of our DNS server saw it, which knows more than the SERVFAIL that reached us.</summary>
    public static JourneyFailure ByRelay(JourneyFailure failure, ResolutionFailed relay) => failure is NameUnresolved name
        ? name with { Reason = relay.Reason, Blamed = relay.AtFault, Zone = relay.AtFaultZone ?? name.Zone }
        : failure;
}
