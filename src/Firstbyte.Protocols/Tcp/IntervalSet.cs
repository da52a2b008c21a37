using System.Runtime.CompilerServices;

namespace Firstbyte.Tcp;

/// <summary>Runs of sequence numbers, in order, never touching each other: what has come out of order, or what the peer says has.</summary>
/// <remarks>A plain value of fixed size, so that a <see cref="Tcb"/> stays copyable. All numbers lie within one window, less than 2^31 apart.</remarks>
public struct IntervalSet
{
    /// <summary>
    /// Runs it holds. A run needs a gap before it, so 128 runs mean 128 separate losses in one window, what a policer takes of a window that
    /// has grown too far; what does not fit is treated as not received and comes again (RFC 2018 section 8 lets a receiver discard).
    /// </summary>
    public const int Limit = 128;

    [InlineArray(Limit)]
    private struct Runs
    {
        private SackBlock _first;
    }

    private Runs _runs;

    /// <summary>How many runs there are.</summary>
    public int Count { get; private set; }

    /// <summary>Octets in all runs together.</summary>
    public int TotalLength { get; private set; }

    /// <summary>The run at a place, counted from the lowest.</summary>
    public readonly SackBlock this[int index] => _runs[index];

    /// <summary>Adds a run and joins it with those it meets; gives the number of octets that are new, or -1 when it would be one run too many.</summary>
    public int Add(SequenceNumber left, SequenceNumber right)
    {
        if (left >= right) { return 0; }
        var from = 0;
        while (from < Count && _runs[from].Right < left) { from++; }
        var to = from;
        var swallowed = 0;
        while (to < Count && _runs[to].Left <= right)
        {
            swallowed += _runs[to].Length;
            left = SequenceNumber.Min(left, _runs[to].Left);
            right = SequenceNumber.Max(right, _runs[to].Right);
            to++;
        }
        if (to == from)
        {
            if (Count == Limit) { return -1; }
            for (var i = Count; i > from; i--) { _runs[i] = _runs[i - 1]; }
            Count++;
        }
        else
        {
            Remove(from + 1, to - from - 1);
        }
        _runs[from] = new SackBlock(left, right);
        var added = right - left - swallowed;
        TotalLength += added;
        return added;
    }

    /// <summary>Forgets everything before <paramref name="edge"/>.</summary>
    public void RemoveBefore(SequenceNumber edge)
    {
        var gone = 0;
        while (gone < Count && _runs[gone].Right <= edge)
        {
            TotalLength -= _runs[gone].Length;
            gone++;
        }
        Remove(0, gone);
        if (Count > 0 && _runs[0].Left < edge)
        {
            TotalLength -= edge - _runs[0].Left;
            _runs[0] = _runs[0] with { Left = edge };
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        // The runs are emptied too, so that two sets that hold the same are the same bytes.
        Remove(0, Count);
        TotalLength = 0;
    }

    /// <summary>Finds the run that holds <paramref name="number"/>.</summary>
    public readonly bool TryFind(SequenceNumber number, out SackBlock run)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_runs[i].Left <= number && number < _runs[i].Right)
            {
                run = _runs[i];
                return true;
            }
        }
        run = default;
        return false;
    }

    /// <summary>The first number from <paramref name="number"/> on that starts a run, or <paramref name="otherwise"/>.</summary>
    public readonly SequenceNumber NextLeft(SequenceNumber number, SequenceNumber otherwise)
    {
        for (var i = 0; i < Count; i++)
        {
            if (_runs[i].Left >= number) { return _runs[i].Left; }
        }
        return otherwise;
    }

    private void Remove(int at, int count)
    {
        if (count <= 0) { return; }
        for (var i = at; i + count < Count; i++) { _runs[i] = _runs[i + count]; }
        for (var i = Count - count; i < Count; i++) { _runs[i] = default; }
        Count -= count;
    }
}
