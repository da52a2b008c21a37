using System.Globalization;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Drawing;

/// <summary>Lanes of a host beside each other, with the way of control between them: what stands at the left of each row of calls.</summary>
/// <remarks>
/// A lane is one column, so that lanes stand below each other in every language and on the narrowest page; what is said stands at the right of them all.
/// A solid line is a lane that is held by a call, a broken one a lane that rests.
/// </remarks>
internal sealed class LaneDrawing
{
    // "1,234.567 ms" without its unit, and a space.
    private const int ClockWidth = 9;

    private readonly int _lanes;
    private readonly int _gap;

    public LaneDrawing(int lanes, int pageWidth) => (_lanes, _gap) = (lanes, pageWidth >= 100 ? 6 : pageWidth >= 80 ? 5 : 4);

    /// <summary>Columns at the left of what is said.</summary>
    public int Width => Column(_lanes - 1) + 1 + _gap;

    /// <summary>The heads, each above its lane and right of the lanes before it.</summary>
    public IEnumerable<(string Lanes, Phrase Head)> Heads(IReadOnlyList<Phrase> heads)
    {
        for (var lane = 0; lane < heads.Count; lane++)
        {
            var line = Blank(Column(lane));
            for (var before = 0; before < lane; before++) { line[Column(before)] = '│'; }
            yield return (new string(line), heads[lane]);
        }
    }

    /// <summary>The lanes with an arrow, or with a mark where control stays.</summary>
    public string Row(LaneStep step)
    {
        var line = Lifelines(step);
        if (step.Nanoseconds is { } time)
        {
            var clock = string.Create(CultureInfo.InvariantCulture, $"{time / 1e6:0.000}").PadLeft(ClockWidth - 1);
            // A clock that is too long takes the place of the lanes' own blank, never of a lane.
            clock.AsSpan(Math.Max(0, clock.Length - ClockWidth)).CopyTo(line);
        }
        var (left, right) = step.From < step.To ? (step.From, step.To) : (step.To, step.From);
        if (left == right)
        {
            line[Column(left)] = '●';
            return new string(line);
        }
        for (var i = Column(left) + 1; i < Column(right); i++) { line[i] = '─'; }
        for (var lane = left + 1; lane < right; lane++) { line[Column(lane)] = '┼'; }
        if (step.From < step.To)
        {
            line[Column(left)] = '├';
            line[Column(right) - 1] = '►';
        }
        else
        {
            line[Column(left) + 1] = '◄';
            if (right < _lanes) { line[Column(right)] = '┤'; }
        }
        return new string(line);
    }

    /// <summary>The lanes alone, beside a line that goes on.</summary>
    public string Below(LaneStep step) => new(Lifelines(step));

    private char[] Lifelines(LaneStep step)
    {
        var line = Blank(Width);
        for (var lane = 0; lane < _lanes; lane++) { line[Column(lane)] = step.Held[lane] ? '│' : '┆'; }
        return line;
    }

    private int Column(int lane) => ClockWidth + (lane * _gap);

    private static char[] Blank(int width)
    {
        var line = new char[width];
        line.AsSpan().Fill(' ');
        return line;
    }
}
