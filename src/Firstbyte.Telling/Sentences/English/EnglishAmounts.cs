using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishAmounts : IAmountSentences
{
    public Phrase Bytes(long count) => Count(count, "byte");

    public Phrase Fields(long count) => Count(count, "field");

    public Phrase Exchanges(long count) => Count(count, "exchange");

    public Phrase Servers(long count) => Count(count, "server");

    public Phrase Answers(long count) => Count(count, "answer");

    public Phrase Tries(long count) => Count(count, "try", "tries");

    public Phrase Hops(long count) => Count(count, "hop");

    public Phrase Names(long count) => Count(count, "name");

    public Phrase Events(long count) => Count(count, "event");

    public Phrase Errors(long count) => Count(count, "error");

    public Phrase Lines(long count) => Count(count, "line");

    public Phrase Seconds(long count) => $"{count} s";

    public Phrase Duration(long nanoseconds) => $"{Amounts.Duration(nanoseconds, static unit => unit switch
    {
        TimeUnit.Microsecond => "µs",
        TimeUnit.Millisecond => "ms",
        TimeUnit.Second => "s",
        TimeUnit.Minute => "min",
        TimeUnit.Hour => "h",
    }):words}";

    // "1 byte", "412 bytes", "1,048,576 bytes".
    private static Phrase Count(long count, string noun, string? plural = null) => $"{count:#,0} {(count == 1 ? noun : plural ?? noun + "s"):words}";
}
