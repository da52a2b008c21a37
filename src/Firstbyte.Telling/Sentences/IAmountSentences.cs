using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Counted things, in the number that the language's grammar wants.</summary>
public interface IAmountSentences
{
    Phrase Bytes(long count);

    Phrase Fields(long count);

    Phrase Exchanges(long count);

    Phrase Servers(long count);

    Phrase Answers(long count);

    Phrase Tries(long count);

    Phrase Hops(long count);

    Phrase Names(long count);

    Phrase Events(long count);

    Phrase Errors(long count);

    Phrase Lines(long count);

    Phrase Seconds(long count);

    /// <summary>How long something takes or lasts, in the units that a person would say it in.</summary>
    Phrase Duration(long nanoseconds);
}
