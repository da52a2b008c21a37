using CsCheck;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

public class SendScoreboardTests
{
    [Fact]
    public void Runs_say_of_every_octet_what_a_table_of_octets_says() =>
        Gen.Select(Gen.UInt, Gen.Select(Gen.Int[0, 5], Gen.Int[0, 400], Gen.Int[1, 60], Gen.Int[0, 40]).Array[1, 50]).Sample((start, events) =>
        {
            var model = new ScoreboardModel(new SequenceNumber(start));
            foreach (var (kind, place, length, wait) in events) { model.Do(kind, place, length, wait); }
        });

    [Fact]
    public void What_has_no_room_is_forgotten_and_new_octets_never_count_as_arrived()
    {
        var board = default(SendScoreboard);
        var start = new SequenceNumber(0xFFFF_FF00);
        board.Start(start);
        var now = Instant.SimulationEpoch;
        board.Sent(start, start + 10_000, now, 0);
        for (var i = 0; i < 300; i++)
        {
            var delivery = new Delivery(now, Rack.Start(start), -1);
            board.Sack(start + 20 * i + 10, start + 20 * i + 20, ref delivery);
        }
        Assert.InRange(board.Count, 100, SendScoreboard.Limit);
        Assert.Equal(0, board.SackedOctets % 10);
        for (var i = 0; i < 20; i++)
        {
            now += TimeSpan.FromSeconds(1);
            board.Sent(board.End, board.End + 10, now, 0);
        }
        Assert.Equal(start + 10_200, board.End);
        Assert.NotEqual(SentFate.Sacked, board[board.Count - 1].Fate);
    }

    [Fact]
    public void Losses_are_found_by_time_and_place()
    {
        var board = default(SendScoreboard);
        var start = new SequenceNumber(1000);
        board.Start(start);
        var now = Instant.SimulationEpoch;
        for (var i = 0; i < 4; i++) { board.Sent(start + 100 * i, start + 100 * (i + 1), now.PlusNanoseconds(i * 10_000_000), 0); }
        now = now.PlusNanoseconds(60_000_000);
        var rack = Rack.Start(start);
        var delivery = new Delivery(now, rack, -1);
        board.Sack(start + 200, start + 300, ref delivery);
        rack.Take(delivery, now);
        // The first two left 20 and 10 ms before what has arrived after 40 ms.
        Assert.Equal(100, board.MarkLost(rack, 40_000_000 + 15_000_000, now, out var next));
        Assert.Equal(now.PlusNanoseconds(5_000_000), next);
        Assert.Equal(100, board.MarkLost(rack, 55_000_000, next, out next));
        Assert.Equal(Instant.Never, next);
        Assert.True(board.TryFirstLost(out var left, out var right));
        Assert.Equal((start, start + 200), (left, right));
    }
}

/// <summary>Every octet by itself, as slow as it is plain.</summary>
internal sealed class ScoreboardModel(SequenceNumber start)
{
    private readonly List<SentFate> _octets = [];
    private SequenceNumber _first = start;
    private SendScoreboard _board = Started(start);
    private Instant _now = Instant.SimulationEpoch;

    private static SendScoreboard Started(SequenceNumber at)
    {
        var board = default(SendScoreboard);
        board.Start(at);
        return board;
    }

    public void Do(int kind, int place, int length, int wait)
    {
        _now += TimeSpan.FromMilliseconds(wait);
        var from = Math.Min(place, _octets.Count);
        var to = Math.Min(from + length, _octets.Count);
        var delivery = new Delivery(_now, Rack.Start(_first), -1);
        var expected = 0;
        switch (kind)
        {
            case 0:
                _board.Sent(_board.End, _board.End + length, _now, 0);
                _octets.AddRange(Enumerable.Repeat(SentFate.None, length));
                break;
            case 1:
                _board.Sack(_first + from, _first + to, ref delivery);
                expected = _octets[from..to].Count(fate => fate != SentFate.Sacked);
                for (var i = from; i < to; i++) { _octets[i] = SentFate.Sacked; }
                break;
            case 2:
                _board.Acknowledge(_first + to, ref delivery);
                expected = _octets[..to].Count(fate => fate != SentFate.Sacked);
                _octets.RemoveRange(0, to);
                _first += to;
                break;
            case 3:
                _board.MarkAllLost();
                for (var i = 0; i < _octets.Count; i++) { _octets[i] |= _octets[i] == SentFate.Sacked ? SentFate.None : SentFate.Lost; }
                break;
            case 4 when _board.TryFirstLost(out var left, out var right):
                _board.Sent(left, SequenceNumber.Min(right, left + length), _now, 0);
                for (var i = left - _first; i < Math.Min(right - _first, left - _first + length); i++) { _octets[i] = SentFate.Repeated; }
                break;
            case 5:
                _board.UnmarkLost();
                for (var i = 0; i < _octets.Count; i++) { _octets[i] &= ~SentFate.Lost; }
                break;
        }
        Assert.Equal(expected, delivery.Octets);
        Compare();
    }

    private void Compare()
    {
        Assert.Equal(_first + _octets.Count, _board.End);
        Assert.Equal(_octets.Count(fate => fate.HasFlag(SentFate.Sacked)), _board.SackedOctets);
        Assert.Equal(_octets.Count(fate => fate.HasFlag(SentFate.Lost)), _board.LostOctets);
        Assert.Equal(_octets.Count(fate => fate.HasFlag(SentFate.Repeated)), _board.RepeatedOctets);
        var at = 0;
        for (var i = 0; i < _board.Count; i++)
        {
            Assert.Equal(_first + at, _board[i].Left);
            for (var end = _board.RightOf(i) - _first; at < end; at++) { Assert.Equal(_octets[at], _board[i].Fate); }
        }
        Assert.Equal(_octets.Count, at);
    }

    /// <summary>The scoreboard of a connection covers its flight without a gap.</summary>
    public static void Check(in Tcb block)
    {
        var board = block.Scoreboard;
        Assert.True(board.Count <= SendScoreboard.Limit);
        if (!block.UsesSelectiveAcknowledgment || block.State < TcpState.Established) { return; }
        var (sacked, lost) = (0, 0);
        var at = block.SendUnacknowledged;
        for (var i = 0; i < board.Count; i++)
        {
            Assert.True(board[i].Left == at && board.RightOf(i) > at, "a gap in the scoreboard");
            at = board.RightOf(i);
            if (board[i].Fate.HasFlag(SentFate.Sacked)) { sacked += at - board[i].Left; }
            if (board[i].Fate.HasFlag(SentFate.Lost)) { lost += at - board[i].Left; }
        }
        Assert.True(at == block.SendMaximum, $"the scoreboard ends {block.SendMaximum - at} octets before SND.MAX in {block.State}");
        Assert.True(sacked == board.SackedOctets && lost == board.LostOctets, "the scoreboard counts wrong");
    }
}
