using Firstbyte.Doctor;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>The examination of a site or a zone: what was looked at, what was found, what is to be done about it.</summary>
public interface IDoctorSentences
{
    /// <summary>What the name of the site stands for.</summary>
    Phrase Site(SiteFound site);

    /// <summary>A look that is under way, in one line.</summary>
    Phrase Looking(LookStarted look);

    /// <summary>What a look has shown.</summary>
    Phrase Look(LookTaken look);

    /// <summary>What was found.</summary>
    Phrase What(Finding finding);

    /// <summary>What is to be done about it, with its label; null where there is nothing to do.</summary>
    Phrase? Cure(Finding finding, Standpoint at);

    /// <summary>The examination in one line.</summary>
    Phrase Summary(ExaminationCompleted examination);

    /// <summary>A later examination has found the same as the one before.</summary>
    Phrase Unchanged(ExaminationCompleted examination);

    /// <summary>A later examination has found something else.</summary>
    Phrase Changed(ExaminationCompleted examination);

    /// <summary>A finding of which a later examination says that it is there, or not any more.</summary>
    Phrase Change(bool hasCome, Phrase what);
}
