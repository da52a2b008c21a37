using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>A journey that failed: what happened, who can mend it, what to try.</summary>
public interface IFailureSentences
{
    Phrase What(JourneyFailure failure);

    /// <summary>The line that names who can mend it, with its label.</summary>
    Phrase AtFault(JourneyFailure failure);

    /// <summary>The line with the cure, with its label; null where there is none to offer.</summary>
    Phrase? Try(JourneyFailure failure, Standpoint at);

    /// <summary>The failure as one line, for standard error.</summary>
    Phrase OneLine(JourneyFailure failure);
}
