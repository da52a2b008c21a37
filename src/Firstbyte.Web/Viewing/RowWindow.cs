namespace Firstbyte.Web.Viewing;

/// <summary>
/// Which rows of a list that grows with a run are drawn: the last ones of the journey that is looked at, and as many before them as were asked for.
/// </summary>
/// <param name="most">Rows that are drawn without being asked for, and how many more each time.</param>
public sealed class RowWindow(int most)
{
    private int _begun;

    /// <summary>The first row that is drawn; so many are folded before it.</summary>
    public int First { get; private set; }

    /// <summary>The row behind the last one that is drawn.</summary>
    public int End { get; private set; }

    /// <summary>Moves it to an event.</summary>
    /// <param name="rows">All rows, in the order of their events.</param>
    /// <param name="begun">The event after which the journey began that is looked at.</param>
    /// <param name="position">The event that is looked at.</param>
    public void Move(IReadOnlyList<NumberedRow> rows, int begun, int position)
    {
        // Another journey is looked at from its own end.
        if (_begun != begun) { (_begun, More) = (begun, 0); }
        End = rows.CountUpTo(position, static row => row.Number);
        First = Math.Max(0, Math.Max(rows.CountUpTo(begun, static row => row.Number), End - most) - More);
    }

    /// <summary>How many before them were asked for.</summary>
    public int More { get; private set; }

    /// <summary>Earlier ones are wanted, too.</summary>
    public void Unfold() => More += most;
}
