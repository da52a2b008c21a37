using System.Text;
using Firstbyte.Exports;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Tests.Telling;

/// <summary>Every flaw that a file of events can have, told in every language.</summary>
public class EventFileSentenceTests
{
    private const string Opened = """{"event":"trace.opened","at":"2026-01-01T00:00:00.000000000Z","span":0,"parent":0,"version":1,"level":"Journey"}""";
    private const string Closed = """{"event":"trace.closed","at":"2026-01-01T00:00:00.000000000Z","span":0,"parent":0,"events":2}""";
    private const string End = """{"event":"socket.stream-ended","descriptor":3}""";

    public static TheoryData<EventFlaw, string> Files => new()
    {
        { EventFlaw.LineTooLong, Opened + "\n" + new string(' ', EventFileReader.MaxLineLength + 1) + "\n" },
        { EventFlaw.NotJson, Opened + "\n{\"event\":\n" },
        { EventFlaw.Archive, "{\r\n  \"log\" : {\r\n    \"version\": \"1.2\"" },
        { EventFlaw.Utf16, string.Concat(Opened.Select(static letter => $"{letter}\0")) + "\n\0" },
        { EventFlaw.NotAnObject, Opened + "\n[]\n" },
        { EventFlaw.NoName, Opened + "\n{\"name\":\"x\"}\n" },
        { EventFlaw.UnknownName, Opened + "\n{\"event\":\"socket.opened\"}\n" },
        { EventFlaw.NoVersion, End + "\n" + Closed + "\n" },
        { EventFlaw.WrongValue, Opened + "\n{\"event\":\"socket.stream-ended\",\"descriptor\":\"three\"}\n" },
        { EventFlaw.MissingMember, Opened + "\n{\"event\":\"socket.stream-ended\"}\n" },
        { EventFlaw.NewerVersion, Opened.Replace("\"version\":1", "\"version\":99", StringComparison.Ordinal) + "\n" },
        { EventFlaw.Empty, "" },
        { EventFlaw.CutLine, Opened + "\n" + End + "\n{\"event\":\"sock" },
        { EventFlaw.Cut, Opened + "\n" + End + "\n" },
        { EventFlaw.OtherCount, Opened + "\n" + End + "\n" + Closed + "\n" },
    };

    [Theory]
    [MemberData(nameof(Files))]
    public void A_flaw_has_a_sentence_of_its_own_in_every_language(EventFlaw flaw, string file)
    {
        // One that is not complete may have none yet, and speaks English.
        var sentences = Languages.All.Select(static language => language.Files).DistinctBy(static files => files.GetType())
            .Select(files => Read(file, flaw, files.EventFile)).ToArray();
        Assert.All(sentences, static sentence => Assert.True(sentence.Length > 8));
        Assert.Equal(sentences.Length, sentences.Distinct().Count());
        Assert.DoesNotMatch("[a-z]{3,} [a-z]{2,} [a-z]{2,}", Read(file, flaw, Languages.Chinese.Files.EventFile));
    }

    private static string Read(string file, EventFlaw flaw, Func<EventFileReader, Phrase> word)
    {
        using var reader = new EventFileReader(EventRegistry.Default, new MemoryStream(Encoding.UTF8.GetBytes(file)));
        while (reader.TryRead(out _)) { }
        Assert.Equal(flaw, reader.Fault.Flaw);
        return word(reader).ToString();
    }
}
