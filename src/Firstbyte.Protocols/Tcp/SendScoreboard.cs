using System.Runtime.CompilerServices;
using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>What is known of octets that were sent and are not acknowledged cumulatively.</summary>
[Flags]
public enum SentFate
{
    /// <summary>Sent once, and on the way as far as we know.</summary>
    None = 0,

    /// <summary>Sent more than once.</summary>
    Repeated = 1,

    /// <summary>The peer has acknowledged them selectively (RFC 2018).</summary>
    Sacked = 2,

    /// <summary>Thought to be lost since they were last sent, and not sent again yet.</summary>
    Lost = 4,
}

/// <summary>Octets that were last sent at the same time and share a fate; they reach to the next run.</summary>
/// <param name="SentAt">When they were last sent; of a run that was sent in several segments, the first, or the last where runs were
/// joined for want of room.</param>
/// <param name="Left">The first of them.</param>
/// <param name="Fate">What is known of them.</param>
public readonly record struct SentRun(Instant SentAt, SequenceNumber Left, SentFate Fate);

/// <summary>Everything between SND.UNA and SND.MAX by what became of it: the scoreboard of RFC 6675 with the transmission times of RFC 8985.</summary>
/// <remarks>
/// <code>
///   SND.UNA                                                     End = SND.MAX
///   │ lost │ sacked │ repeated 3 ms ago │ sacked │ sent 12 ms ago │ sent now │
/// </code>
/// A plain value of fixed size, so that a <see cref="Tcb"/> stays copyable. Runs cover the flight without a gap. Where they become too
/// many, neighbours of the same fate are joined and count as sent when the later one was, so that nothing is taken for lost too early; news
/// for which there is no room is forgotten, which a sender may do (RFC 2018 section 8).
/// </remarks>
public struct SendScoreboard
{
    /// <summary>Runs it holds (own choice: sixty gaps in one window, or the sending times of two round trips at a thirty-second each).</summary>
    public const int Limit = 128;

    /// <summary>Runs kept free of what the peer says, for what we send.</summary>
    private const int Reserve = 8;

    /// <summary>The gap between sending times that joining for want of room begins with, and its growth.</summary>
    private const long FirstJoin = 1_000_000;
    private const int JoinGrowth = 8;

    [InlineArray(Limit)]
    private struct Runs
    {
        private SentRun _first;
    }

    private Runs _runs;

    /// <summary>How many runs there are.</summary>
    public int Count { readonly get; private set; }

    /// <summary>The octet after the last.</summary>
    public SequenceNumber End { readonly get; private set; }

    /// <summary>Octets acknowledged selectively.</summary>
    public int SackedOctets { readonly get; private set; }

    /// <summary>Octets thought to be lost.</summary>
    public int LostOctets { readonly get; private set; }

    /// <summary>Octets sent more than once and not known to have arrived.</summary>
    public int RepeatedOctets { readonly get; private set; }

    /// <summary>The run at a place, counted from the lowest.</summary>
    public readonly SentRun this[int index] => _runs[index];

    /// <summary>Where a run ends.</summary>
    public readonly SequenceNumber RightOf(int index) => index + 1 < Count ? _runs[index + 1].Left : End;

    /// <summary>True when the oldest octet is one that the peer once acknowledged selectively: then it has thrown it away (RFC 2018 section 8).</summary>
    public readonly bool PeerHasReneged => Count > 0 && (_runs[0].Fate & SentFate.Sacked) != SentFate.None;

    /// <summary>Begins anew at a place.</summary>
    internal void Start(SequenceNumber at)
    {
        for (var i = 0; i < Count; i++) { _runs[i] = default; }
        Count = 0;
        End = at;
        SackedOctets = LostOctets = RepeatedOctets = 0;
    }

    /// <summary>Notes that a segment leaves: new octets at the end, or octets once more.</summary>
    /// <param name="left">Its first octet, at most <see cref="End"/>.</param>
    /// <param name="right">The octet after its last.</param>
    /// <param name="now">The time.</param>
    /// <param name="granule">Octets sent within this are one run.</param>
    internal void Sent(SequenceNumber left, SequenceNumber right, Instant now, long granule)
    {
        if (left < End) { Mark(left, SequenceNumber.Min(right, End), SentFate.None, SentFate.Repeated, now, 0); }
        if (right <= End) { return; }
        var tail = Count > 0 ? _runs[Count - 1] : default;
        if (Count > 0 && tail.Fate == SentFate.None && now.Nanoseconds - tail.SentAt.Nanoseconds <= granule)
        {
            End = right;
            return;
        }
        if (Count < Limit || HasRoomFor(1, Limit))
        {
            _runs[Count++] = new SentRun(now, End, SentFate.None);
            End = right;
            return;
        }
        // No room at all: the last run takes it in. What the peer has said of that run is forgotten, or new octets would count as arrived.
        SetRun(Count - 1, new SentRun(now, tail.Left, SentFate.None));
        End = right;
    }

    /// <summary>Takes everything before <paramref name="edge"/> away and adds to the delivery what had not been delivered before.</summary>
    internal void Acknowledge(SequenceNumber edge, ref Delivery delivery)
    {
        var gone = 0;
        while (gone < Count && RightOf(gone) <= edge)
        {
            delivery.Note(_runs[gone], RightOf(gone), RightOf(gone) - _runs[gone].Left);
            Add(_runs[gone].Fate, _runs[gone].Left - RightOf(gone));
            gone++;
        }
        if (gone > 0)
        {
            for (var i = 0; i + gone < Count; i++) { _runs[i] = _runs[i + gone]; }
            for (var i = Count - gone; i < Count; i++) { _runs[i] = default; }
            Count -= gone;
        }
        if (Count == 0)
        {
            End = SequenceNumber.Max(End, edge);
            return;
        }
        var first = _runs[0];
        if (first.Left >= edge) { return; }
        delivery.Note(first, edge, edge - first.Left);
        Add(first.Fate, first.Left - edge);
        _runs[0] = first with { Left = edge };
    }

    /// <summary>Enters a block that the peer has acknowledged selectively; adds to the delivery what is new.</summary>
    internal void Sack(SequenceNumber left, SequenceNumber right, ref Delivery delivery)
    {
        var from = IndexOf(left);
        var isNews = false;
        for (var i = from; i < Count && _runs[i].Left < right && !isNews; i++) { isNews = (_runs[i].Fate & SentFate.Sacked) == SentFate.None; }
        if (!isNews || !HasRoomFor(2, Limit - Reserve)) { return; }
        for (var i = IndexOf(left); i < Count && _runs[i].Left < right; i++)
        {
            var (start, end) = (SequenceNumber.Max(_runs[i].Left, left), SequenceNumber.Min(RightOf(i), right));
            delivery.Note(_runs[i], end, end - start);
        }
        Mark(left, right, SentFate.Repeated | SentFate.Lost, SentFate.Sacked, Instant.SimulationEpoch, Reserve);
    }

    /// <summary>RACK_detect_loss (RFC 8985 section 6.2 step 5): what was sent before the latest delivered segment, and long enough before, is lost.</summary>
    /// <param name="latest">The latest sent of what was delivered.</param>
    /// <param name="patience">RACK.rtt and the reordering window.</param>
    /// <param name="now">The time.</param>
    /// <param name="next">When the next run will be lost unless it is delivered.</param>
    /// <returns>Octets that are lost now and were not before.</returns>
    internal int MarkLost(in Rack latest, long patience, Instant now, out Instant next)
    {
        next = Instant.Never;
        var lost = 0;
        for (var i = 0; i < Count; i++)
        {
            var run = _runs[i];
            if ((run.Fate & (SentFate.Sacked | SentFate.Lost)) != SentFate.None || !latest.WasSentAfter(run, RightOf(i))) { continue; }
            var due = run.SentAt.PlusNanoseconds(patience);
            if (due > now)
            {
                if (due < next) { next = due; }
                continue;
            }
            lost += RightOf(i) - run.Left;
            SetRun(i, run with { Fate = run.Fate | SentFate.Lost });
        }
        return lost;
    }

    /// <summary>Takes everything that is not known to have arrived for lost.</summary>
    internal void MarkAllLost()
    {
        for (var i = 0; i < Count; i++)
        {
            if ((_runs[i].Fate & SentFate.Sacked) == SentFate.None) { SetRun(i, _runs[i] with { Fate = _runs[i].Fate | SentFate.Lost }); }
        }
    }

    /// <summary>What was taken for lost is on the way after all.</summary>
    internal void UnmarkLost()
    {
        for (var i = 0; i < Count; i++) { SetRun(i, _runs[i] with { Fate = _runs[i].Fate & ~SentFate.Lost }); }
    }

    /// <summary>Forgets what was acknowledged selectively.</summary>
    internal void ForgetSacked()
    {
        for (var i = 0; i < Count; i++)
        {
            if ((_runs[i].Fate & SentFate.Sacked) != SentFate.None) { SetRun(i, _runs[i] with { Fate = SentFate.Repeated }); }
        }
    }

    /// <summary>The lowest octets that are thought to be lost.</summary>
    internal readonly bool TryFirstLost(out SequenceNumber left, out SequenceNumber right)
    {
        (left, right) = (default, default);
        if (LostOctets == 0) { return false; }
        for (var i = 0; i < Count; i++)
        {
            if ((_runs[i].Fate & SentFate.Lost) == SentFate.None) { continue; }
            left = _runs[i].Left;
            while (i < Count && (_runs[i].Fate & SentFate.Lost) != SentFate.None) { right = RightOf(i++); }
            return true;
        }
        return false;
    }

    /// <summary>How many of these octets are thought to be lost.</summary>
    internal readonly int LostBetween(SequenceNumber left, SequenceNumber right)
    {
        var lost = 0;
        for (var i = 0; i < Count && LostOctets > 0 && _runs[i].Left < right; i++)
        {
            if ((_runs[i].Fate & SentFate.Lost) == SentFate.None || RightOf(i) <= left) { continue; }
            lost += SequenceNumber.Min(RightOf(i), right) - SequenceNumber.Max(_runs[i].Left, left);
        }
        return lost;
    }

    /// <summary>Whether the peer has acknowledged all of these octets selectively.</summary>
    internal readonly bool HasArrived(SequenceNumber left, SequenceNumber right)
    {
        var index = IndexOf(left);
        return index < Count && (_runs[index].Fate & SentFate.Sacked) != SentFate.None && RightOf(index) >= right;
    }

    /// <summary>Gives the octets from <paramref name="left"/> on a fate and a sending time, those that were acknowledged selectively excepted.</summary>
    private void Mark(SequenceNumber left, SequenceNumber right, SentFate kept, SentFate added, Instant sentAt, int reserve)
    {
        if (left >= right || !HasRoomFor(2, Limit - reserve)) { return; }
        var from = BoundaryAt(left);
        var to = BoundaryAt(right);
        for (var i = from; i < to; i++)
        {
            if ((_runs[i].Fate & SentFate.Sacked) != SentFate.None) { continue; }
            // Of what has arrived, neither the sending time nor an earlier loss matters any more: so neighbours become one run.
            SetRun(i, new SentRun(sentAt, _runs[i].Left, added == SentFate.Sacked ? SentFate.Sacked : (_runs[i].Fate & kept) | added));
        }
        Join(Math.Max(from - 1, 0), to, 0);
    }

    /// <summary>Makes sure that so many runs more fit below a limit.</summary>
    private bool HasRoomFor(int more, int limit)
    {
        for (var gap = FirstJoin; Count + more > limit; gap *= JoinGrowth)
        {
            Join(0, Count - 1, gap);
            if (gap > long.MaxValue / JoinGrowth) { return Count + more <= limit; }
        }
        return true;
    }

    /// <summary>Joins neighbours of one fate whose sending times are no further apart than a gap.</summary>
    private void Join(int from, int to, long gap)
    {
        var kept = from;
        var end = Math.Min(to, Count - 1);
        for (var i = from + 1; i <= end; i++)
        {
            var (left, right) = (_runs[kept], _runs[i]);
            if (left.Fate == right.Fate && Math.Abs(left.SentAt.Nanoseconds - right.SentAt.Nanoseconds) <= gap)
            {
                _runs[kept] = left with { SentAt = left.SentAt > right.SentAt ? left.SentAt : right.SentAt };
                continue;
            }
            _runs[++kept] = right;
        }
        var gone = end - kept;
        if (gone <= 0) { return; }
        for (var i = end + 1; i < Count; i++) { _runs[i - gone] = _runs[i]; }
        for (var i = Count - gone; i < Count; i++) { _runs[i] = default; }
        Count -= gone;
    }

    /// <summary>The place of the run that begins at <paramref name="at"/>, which is made where there is none; there is room for it.</summary>
    private int BoundaryAt(SequenceNumber at)
    {
        if (at >= End) { return Count; }
        var index = IndexOf(at);
        if (_runs[index].Left >= at) { return index; }
        for (var i = Count; i > index; i--) { _runs[i] = _runs[i - 1]; }
        Count++;
        _runs[index + 1] = _runs[index] with { Left = at };
        return index + 1;
    }

    /// <summary>The place of the run that holds a number, or of the first after it.</summary>
    private readonly int IndexOf(SequenceNumber number)
    {
        var (low, high) = (0, Count);
        while (low < high)
        {
            var middle = (low + high) >> 1;
            if (RightOf(middle) <= number) { low = middle + 1; } else { high = middle; }
        }
        return low;
    }

    private void SetRun(int index, SentRun run)
    {
        var length = RightOf(index) - run.Left;
        Add(_runs[index].Fate, -length);
        Add(run.Fate, length);
        _runs[index] = run;
    }

    private void Add(SentFate fate, int octets)
    {
        if ((fate & SentFate.Sacked) != SentFate.None) { SackedOctets += octets; }
        if ((fate & SentFate.Lost) != SentFate.None) { LostOctets += octets; }
        if ((fate & SentFate.Repeated) != SentFate.None) { RepeatedOctets += octets; }
    }
}
