using System.Text;
using Firstbyte.Exports;

namespace Firstbyte.Tests.Exports;

public class EventFileReaderTests
{
    private const string Opened = """{"event":"trace.opened","at":"2026-01-01T00:00:00.000000000Z","span":0,"parent":0,"version":1,"level":"Journey"}""";
    private const string Closed = """{"event":"trace.closed","at":"2026-01-01T00:00:00.000000000Z","span":0,"parent":0,"events":2}""";
    private const string End = """{"event":"socket.stream-ended","descriptor":3}""";
    private const string Close = """{"event":"socket.closed","descriptor":3,"reset":false}""";

    [Theory]
    [InlineData(new[] { Opened, End, Close, Closed }, EventFlaw.None, 4, 2)]
    [InlineData(new[] { "\uFEFF" + Opened, End, Close, Closed }, EventFlaw.None, 4, 2)]
    [InlineData(new[] { Opened, End, "", " ", Close, Closed }, EventFlaw.None, 6, 2)]
    [InlineData(new[] { Opened, End, Close, Closed, Opened, End, Close, Closed }, EventFlaw.None, 8, 4)]
    [InlineData(new[] { Opened, End, Close }, EventFlaw.Cut, 3, 2)]
    [InlineData(new[] { Opened, End, Opened, End, Close, Closed }, EventFlaw.Cut, 3, 1)]
    [InlineData(new[] { Opened, End, Closed }, EventFlaw.OtherCount, 3, 1)]
    [InlineData(new[] { Opened }, EventFlaw.Cut, 1, 0)]
    [InlineData(new string[0], EventFlaw.Empty, 0, 0)]
    [InlineData(new[] { "", "" }, EventFlaw.Empty, 2, 0)]
    [InlineData(new[] { Opened, End, "{\"event\":\"socket.opened\"}" }, EventFlaw.UnknownName, 3, 1)]
    [InlineData(new[] { Opened, "nonsense", End }, EventFlaw.NotJson, 2, 0)]
    // Version 0 had other names, no first line and no last one.
    [InlineData(new[] { "{\"event\":\"stream-ended\",\"descriptor\":3}" }, EventFlaw.None, 1, 1)]
    [InlineData(new[] { "{\"event\":\"journey-started\",\"number\":1,\"input\":\"h\",\"place\":\"os\"}" }, EventFlaw.Cut, 1, 1)]
    [InlineData(new[] { End }, EventFlaw.NoVersion, 1, 0)]
    public void A_file_is_read_up_to_its_end_or_its_first_fault(string[] lines, EventFlaw flaw, long line, int events)
    {
        var reader = Read(string.Concat(lines.Select(static one => one + "\n")), out var read);
        Assert.Equal((flaw, line, events), (reader.Fault.Flaw, reader.Line, read));
    }

    [Fact]
    public void A_newer_version_is_named()
    {
        var reader = Read(Opened.Replace("\"version\":1", "\"version\":2", StringComparison.Ordinal) + "\n", out _);
        Assert.Equal(new EventFault(EventFlaw.NewerVersion, Position: 2), reader.Fault);
    }

    /// <summary>Wherever a file is cut, the events before the cut are read and the cut is told, except where nothing but the last line end is missing.</summary>
    [Fact]
    public void A_file_that_is_cut_anywhere_is_told_to_be_cut()
    {
        var whole = string.Join('\n', Opened, End, Close, Closed);
        for (var length = 1; length < whole.Length; length++)
        {
            var reader = Read(whole[..length], out var events);
            Assert.Contains(reader.Fault.Flaw, (EventFlaw[])[EventFlaw.Cut, EventFlaw.CutLine]);
            Assert.Equal(reader.Count, events);
        }
        Assert.Equal(EventFlaw.None, Read(whole, out _).Fault.Flaw);
    }

    [Fact]
    public void A_line_longer_than_any_event_is_not_read_to_its_end()
    {
        var endless = new Endless();
        using var reader = new EventFileReader(EventRegistry.Default, endless);
        Assert.False(reader.TryRead(out _));
        Assert.Equal(EventFlaw.LineTooLong, reader.Fault.Flaw);
        Assert.Equal(1, reader.Line);
        Assert.InRange(endless.Taken, EventFileReader.MaxLineLength, 2 * EventFileReader.MaxLineLength);
    }

    private static EventFileReader Read(string text, out int events)
    {
        using var reader = new EventFileReader(EventRegistry.Default, new MemoryStream(Encoding.UTF8.GetBytes(text)));
        for (events = 0; reader.TryRead(out _);) { events++; }
        return reader;
    }

    private sealed class Endless : MemoryStream
    {
        public long Taken { get; private set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)'x');
            Taken += count;
            return count;
        }
    }
}
