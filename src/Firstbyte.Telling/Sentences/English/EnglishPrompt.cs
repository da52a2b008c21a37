using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishPrompt : IPromptSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Greeting(ulong seed) => $"seed {seed} · virtual time · 'help' lists the commands, Ctrl-D ends";

    public Phrase LineOf(int number) => $"line {number}: ";

    public Phrase QuoteIsOpen(char quote) => $"the quote {quote} is opened and not closed";

    public Phrase StoppedAt(string clock) => $"stopped at {clock} s";

    public Phrase Forgotten(int position) => $"the recorded events after #{position} are forgotten: the run goes on from here";

    public Phrase StillRuns(string programs) => $"still running from earlier, and not told here: {programs:name} ('run' tells)";

    public Phrase NothingRuns => "no program is running: say how much time shall pass, e.g. 'run 5s'";

    public Phrase NothingLeft => "nothing is left to happen: give the lab something to do, e.g. 'ping' or 'fetch'";

    public Phrase NoEvent(string text, int last) => last == 0
        ? Say($"there is no event '{text}': nothing has happened yet, and 0 is the beginning")
        : $"there is no event '{text}': they are numbered from 1 to {last} ('log' shows them), and 0 is the beginning";

    public Phrase Where(string clock, int position, int count, bool isInThePast) =>
        $"{clock} s, {(position == 0 ? "before the first event" : Say($"after event {position} of {count}"))}{(isInThePast ? " · step: as recorded · ping, cut, run: anew" : "")}";

    public Phrase NothingYet => "nothing has happened yet";

    public Phrase Seed(ulong seed, string clock, ulong trace) => $"seed {seed} · {clock} s · trace {trace:x16}";

    public Phrase Ended(string clock, long events, ulong seed, ulong trace) =>
        $"{clock} s · {_amounts.Events(events)} · seed {seed} · trace {trace:x16}";

    public Phrase NoCommand(string word, string? near) =>
        $"there is no command '{word}'{(near is null ? "" : Say($"; did you mean '{near}'?"))} ('help' lists them)";

    public Phrase BreakIsTwoThings =>
        "there is no command 'break'; did you mean 'cut' (pulls a cable) or 'fault break' (breaks connections)? ('help' lists them)";

    public Phrase NothingToHeal(string word, int last) => last == 0
        ? Say($"there is no fault '{word}': nothing goes wrong on purpose")
        : $"there is no fault '{word}': they have numbers from 1 to {last} ('faults' lists them)";

    public Phrase HealedAlready(string word) => $"there is nothing to heal by '{word}': what there was is over ('faults' lists it)";

    public Phrase IsOutAlready(string link) => $"the link {link:name} is out already ('mend {link}' plugs it in)";

    public Phrase IsNotOut(string link) => $"the link {link:name} is not out ('links' shows which are)";

    public Phrase Misused(Phrase complaints, string command) => $"{complaints} ('help {command}' shows how it is used)";
}
