using Firstbyte.Dns.Resolving;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Findings;

/// <summary>Why a journey failed: what happened, who can mend it, what to try.</summary>
public static class FailureFinding
{
    /// <summary>The failure's rows.</summary>
    public static void Show(IRowSink rows, Language language, JourneyFailure failure, Standpoint at)
    {
        rows.Paragraph("✗ " + language.Failures.What(failure), Role.Bad);
        ShowCure(rows, language, failure, at);
    }

    /// <summary>Whose fault it is and what to try, where what happened has been told.</summary>
    public static void ShowCure(IRowSink rows, Language language, JourneyFailure failure, Standpoint at)
    {
        rows.Indented(language.Failures.AtFault(failure));
        if (language.Failures.Try(failure, at) is { } cure) { rows.Indented(cure); }
    }

    /// <summary>The failure as the relay of our DNS server saw it, which knows more than the SERVFAIL that reached us.</summary>
    public static JourneyFailure ByRelay(JourneyFailure failure, ResolutionFailed relay) => failure is NameUnresolved name
        ? name with { Reason = relay.Reason, Blamed = relay.AtFault, Zone = relay.AtFaultZone ?? name.Zone }
        : failure;
}
