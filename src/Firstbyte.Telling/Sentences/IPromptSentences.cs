using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What the prompt of a lab says of itself.</summary>
public interface IPromptSentences
{
    Phrase Greeting(ulong seed);

    Phrase LineOf(int number);

    Phrase StoppedAt(string clock);

    /// <summary>A quote is opened and not closed.</summary>
    Phrase QuoteIsOpen(char quote);

    Phrase Forgotten(int position);

    /// <summary>Earlier programs, which are not told while another one is.</summary>
    Phrase StillRuns(string programs);

    Phrase NothingRuns { get; }

    Phrase NothingLeft { get; }

    Phrase NoEvent(string text, int last);

    Phrase Where(string clock, int position, int count, bool isInThePast);

    Phrase NothingYet { get; }

    Phrase Seed(ulong seed, string clock, ulong trace);

    Phrase Ended(string clock, long events, ulong seed, ulong trace);

    Phrase NoCommand(string word, string? near);

    /// <summary>"break" was the word for pulling a cable, and is the fault's for breaking connections.</summary>
    Phrase BreakIsTwoThings { get; }

    /// <summary>No fault of that number or kind.</summary>
    Phrase NothingToHeal(string word, int last);

    /// <summary>Faults of that number or kind there were, and they are over.</summary>
    Phrase HealedAlready(string word);

    /// <summary>A cable that is out cannot be pulled.</summary>
    Phrase IsOutAlready(string link);

    /// <summary>A cable that is not out cannot be plugged in.</summary>
    Phrase IsNotOut(string link);

    Phrase Misused(Phrase complaints, string command);
}
