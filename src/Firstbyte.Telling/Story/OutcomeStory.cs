using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Telling.Findings;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Telling.Story;

/// <summary>Tells what a question came to: the records, or why there are none.</summary>
internal static class OutcomeStory
{
    /// <summary>Tells an event that is one of these; false when it is none.</summary>
    /// <param name="rows">Where it is told.</param>
    /// <param name="language">In which language.</param>
    /// <param name="traceEvent">The event.</param>
    /// <param name="at">From where the question was asked: what there is to try depends on it.</param>
    /// <param name="relay">The failure as our DNS server's relay was seen to end; null where it was not.</param>
    /// <param name="witness">Who has looked on.</param>
    public static bool Tell(IRowSink rows, Language language, TraceEvent traceEvent, Standpoint at, ResolutionFailed? relay, FailureWitness witness)
    {
        switch (traceEvent)
        {
            case QuestionAnswered answer: Tell(rows, language, answer); return true;
            case QuestionFailed failure: Tell(rows, language, failure, at, relay, witness); return true;
            default: return false;
        }
    }

    private static void Tell(IRowSink rows, Language language, QuestionAnswered answer)
    {
        var words = language.Names;
        rows.Gap();
        foreach (var record in answer.Records) { rows.ResultLine(Phrase.Of(record, Role.Text)); }
        if (answer.IsDenial) { rows.Line(answer.Code == ResponseCode.NameError ? words.OutcomeNameError : words.OutcomeNoData, Role.Warning); }
        rows.Line(words.Source(answer.Source), Role.Note);
        if (answer.Status != SecurityStatus.Unchecked) { rows.Line(words.Security(answer.Status, answer.Flaw), Role.Note); }
        else if (answer.IsExplained) { rows.Line(words.SecurityUnchecked, Role.Note); }
        foreach (var link in answer.Trust) { rows.Indented(words.Link(link)); }
    }

    private static void Tell(IRowSink rows, Language language, QuestionFailed failure, Standpoint at, ResolutionFailed? relay, FailureWitness witness)
    {
        rows.Gap();
        rows.Line(language.Names.OutcomeFailed(relay?.Reason ?? failure.Reason, relay?.AtFault ?? failure.AtFault), Role.Bad);
        if (failure.Flaw != ValidationFlaw.None) { rows.Line(language.Names.Security(SecurityStatus.Bogus, failure.Flaw), Role.Warning); }
        foreach (var link in failure.Trust) { rows.Indented(language.Names.Link(link)); }
        foreach (var evidence in failure.Evidence) { rows.Indented(language.Names.Evidence(evidence)); }
        // As of a journey whose name is not resolved: the same party, the same advice.
        var server = failure.Evidence.LastOrDefault(static one => one.Server is not null)?.Server;
        JourneyFailure whole = new NameUnresolved(failure.Name, failure.Reason, failure.AtFault, failure.Zone, server);
        if (relay is not null) { whole = FailureFinding.ByRelay(whole, relay); }
        FailureFinding.ShowCure(rows, language, whole, at with { Lab = failure.Lab ?? at.Lab }, witness.Of(whole), isExplained: failure.Trust.Length > 0);
    }
}
