using System.Text;
using Firstbyte.Errors;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;
using Firstbyte.Web.Viewing;

namespace Firstbyte.Tests.Web.Viewing;

/// <summary>A journey as the server tells it: lines that come in pieces, and whatever else may come.</summary>
public sealed class LiveSessionTests
{
    private const string Url = "http://www.lab.glasscom.com/dir1/file1.html";

    // A lab's events are those of any network.
    private static readonly Lazy<byte[]> s_lines = new(static () => Encoding.UTF8.GetBytes(CommandLine.Run("--lab", "--json", Url)));

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void It_is_the_same_however_the_stream_is_cut(int size)
    {
        var live = Fed(Languages.English, s_lines.Value, size);
        Assert.Equal(LiveState.Ended, live.State);
        Assert.Contains(live.Journey, static row => row.ToString().Length > 0 && row.Label == Languages.English.Labels.Read);
        Assert.Equal(200, live.Response!.Status);
        Assert.Contains(live.Relay.Rows, static row => row.Question.ToString().Contains("lab.glasscom.com", StringComparison.Ordinal));
        var row = Assert.Single(live.Waterfall.Rows);
        Assert.Equal(("GET", Url, 200), (row.Method, row.Url, row.Status));
        Assert.Equal([ExchangePart.Name, ExchangePart.Connect, ExchangePart.Send, ExchangePart.Wait, ExchangePart.Receive], row.Bars.Select(static bar => bar.Part));
        // One part after the other, none outside of the whole.
        Assert.All(row.Bars.Zip(row.Bars.Skip(1)), static pair => Assert.True(pair.First.Start + pair.First.Length <= pair.Second.Start));
        Assert.Equal(104_400_000, row.Bars[0].Length);
        Assert.Equal(10_100_000, row.Bars[1].Length);
        Assert.Equal(8_000_000, row.Bars[3].Length);
        Assert.True(row.Bars[^1].Start + row.Bars[^1].Length <= live.Waterfall.Length);
        var socket = Assert.Single(live.Sockets.Rows);
        Assert.Equal((true, "192.0.2.226:80", Errno.None), (socket.IsStream, socket.Remote, socket.Failure));
        Assert.True(socket.Sent > 0 && socket.Received > 0 && socket.Closed is not null);
        Assert.Equal(s_lines.Value, live.Lines.ToArray());
    }

    [Fact]
    public void Another_language_tells_the_same()
    {
        var live = Fed(Languages.English, s_lines.Value, int.MaxValue);
        var (english, steps) = (string.Join('\n', live.Journey), live.Journey.Count);
        live.Language = Languages.Chinese;
        Assert.Equal(steps, live.Journey.Count);
        Assert.Contains(live.Journey, static row => row.Label == Languages.Chinese.Labels.Read);
        Assert.Equal(LiveState.Ended, live.State);
        live.Language = Languages.English;
        Assert.Equal(english, string.Join('\n', live.Journey));
    }

    [Theory]
    [InlineData("no json\n")]
    [InlineData("{}\n")]
    [InlineData("{\"event\":\"nothing.known\",\"at\":\"2026-01-01T00:00:00.000000000Z\",\"span\":1,\"parent\":0}\n")]
    [InlineData("{\"event\":\"http.response-head-received\"}\n")]
    [InlineData("{\"event\":\"trace.opened\",\"at\":\"2026-01-01T00:00:00.000000000Z\",\"span\":0,\"parent\":0,\"version\":99,\"level\":\"journey\"}\n")]
    public void What_is_no_event_ends_the_reading(string line)
    {
        var live = Fed(Languages.English, Encoding.UTF8.GetBytes(line), int.MaxValue);
        Assert.Equal(LiveState.BrokenOff, live.State);
        live.Feed(s_lines.Value);
        Assert.Equal(0, live.Count);
    }

    [Fact]
    public void A_stream_that_breaks_off_is_no_whole_journey()
    {
        var live = Fed(Languages.English, s_lines.Value[..(s_lines.Value.Length / 2)], int.MaxValue);
        Assert.Equal(LiveState.BrokenOff, live.State);
        Assert.NotEmpty(live.Journey);
        var long_ = new LiveSession(Languages.English, Decoders.Of);
        long_.Start();
        long_.Feed(new byte[LiveSession.MaxLine + 1]);
        Assert.Equal(LiveState.BrokenOff, long_.State);
    }

    [Fact]
    public void What_was_cancelled_or_refused_stays_so()
    {
        var live = new LiveSession(Languages.English, Decoders.Of);
        live.Start();
        Assert.True(live.Cancel());
        Assert.False(live.Cancel());
        // What it is like when it ends is told by then.
        live.Feed(s_lines.Value);
        Assert.Equal(LiveState.Running, live.State);
        live.End();
        Assert.Equal(LiveState.Cancelled, live.State);
        Assert.True(live.Count > 0);
        live.Start();
        live.Leave();
        live.Feed(s_lines.Value);
        live.End();
        Assert.Equal((LiveState.Cancelled, 0), (live.State, live.Count));
        live.Start();
        live.Refuse(HostRefusal.Busy);
        Assert.Equal((LiveState.Refused, HostRefusal.Busy), (live.State, live.Refusal));
        live.Start();
        Assert.Equal(LiveState.Running, live.State);
    }

    [Fact]
    public void Content_is_shown_as_text_or_not_at_all()
    {
        var live = Fed(Languages.English, s_lines.Value, int.MaxValue);
        live.SetBody("<b>你\u202E\u0001</b>"u8.ToArray(), 16);
        Assert.Equal("<b>你\\u202e\\x01</b>", live.Body.Text);
        live.SetBody([0xFF, 0x00, 0x01], 3);
        Assert.Null(live.Body.Text);
        // Of what was cut in a character, the rest is text.
        live.SetBody([.. "你好"u8[..5]], 6);
        Assert.Equal("你", live.Body.Text);
        // What is whole and ends in half a character was said to be UTF-8, and is shown as far as it is.
        live.SetBody([.. "你好"u8[..5]], 5);
        Assert.Equal("你\uFFFD", live.Body.Text);
    }

    private static LiveSession Fed(Language language, byte[] bytes, int size)
    {
        var live = new LiveSession(language, Decoders.Of);
        live.Start();
        for (var at = 0; at < bytes.Length; at += Math.Min(size, bytes.Length)) { live.Feed(bytes.AsSpan(at, Math.Min(size, bytes.Length - at))); }
        live.End();
        return live;
    }
}
