using Firstbyte.Measuring;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Journeys that are made again and again, and two that are set side by side.</summary>
public interface IMeasureSentences
{
    /// <summary>What is made how often, and over which connections.</summary>
    Phrase Repeating(RepetitionStarted repetition);

    /// <summary>How far it has come, in one line.</summary>
    Phrase Progress(int made, int count, long? medianNanoseconds);

    /// <summary>The heads of the table: the step, and its times.</summary>
    IReadOnlyList<string> TimeHeads { get; }

    /// <summary>A step in a table.</summary>
    string Step(MeasuredStep step);

    /// <summary>How often what was answered, and how many failed.</summary>
    Phrase Answered(JourneysMeasured measured);

    /// <summary>The heads of the table of two journeys: the step, both times, what the second takes more.</summary>
    IReadOnlyList<string> DifferenceHeads { get; }

    /// <summary>One of the two: where it is from, and where it led.</summary>
    Phrase Compared(string file, string href);

    /// <summary>In what two journeys differ.</summary>
    Phrase Difference(JourneyDifference difference);

    /// <summary>Nothing but times differs.</summary>
    Phrase NoDifference { get; }

    /// <summary>Journeys of one file that have none beside them in the other.</summary>
    Phrase Alone(string file, int count);

    /// <summary>A file of events has no journey in it.</summary>
    Phrase NoJourney(string file);
}
