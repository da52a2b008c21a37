using Firstbyte.Journeys;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Story;

/// <summary>"name 57.6 ██████ connect 8.2 █ …": where the time went, in bars in proportion to the longest part.</summary>
public static class TimeBars
{
    private const int LongestBar = 14;

    /// <summary>The bars of a journey that has ended; empty where no part of it has taken any time.</summary>
    public static string Of(JourneyCompleted e, IJourneySentences words, bool hasBars = true)
    {
        (string Name, long Nanoseconds)[] parts =
        [
            (words.NamePart, e.NameNanoseconds), (words.ConnectPart, e.ConnectNanoseconds), (words.TlsPart, e.TlsNanoseconds),
                (words.WaitPart, e.WaitNanoseconds),
            (words.ReadPart, e.ReadNanoseconds),
        ];
        var shown = Array.FindAll(parts, static part => part.Nanoseconds > 0);
        if (shown.Length == 0) { return ""; }
        var longest = shown.Max(static part => part.Nanoseconds);
        return string.Join(hasBars ? " " : " · ", shown.Select(part =>
        {
            var bar = hasBars ? new string('█', (int)(part.Nanoseconds * LongestBar / longest)) : "";
            return $"{part.Name} {Amounts.Milliseconds(part.Nanoseconds)}{(bar.Length > 0 ? " " + bar : "")}";
        }));
    }
}
