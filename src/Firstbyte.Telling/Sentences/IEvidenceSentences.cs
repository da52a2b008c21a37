using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>A failure whose cause was seen by whoever looks on: what happened, and who can mend it.</summary>
public interface IEvidenceSentences
{
    /// <summary>What happened, by what was seen; null where nothing was seen that says more than the failure itself.</summary>
    Phrase? What(JourneyFailure failure, FailureEvidence seen);

    /// <summary>The line that names who can mend it, with its label; null as above.</summary>
    Phrase? AtFault(JourneyFailure failure, FailureEvidence seen);

    /// <summary>The line that says what a cable has lost of the journey, with its label.</summary>
    Phrase Lost(LosingCable cable);

    /// <summary>The line that names what is broken in the world, with its label.</summary>
    Phrase Holding(IReadOnlyList<Held> faults);

    /// <summary>The line that names how the name's records were changed in this run, with its label.</summary>
    Phrase Changed(IReadOnlyList<HeldChange> changes);

    /// <summary>What to try in a page whose world somebody has broken, with its label.</summary>
    Phrase TryMending { get; }

    /// <summary>Where to look in a page that has no command for it, with its label: at a name that was not found, or a host that was not reached.</summary>
    Phrase TryLooking(JourneyStep step);
}
