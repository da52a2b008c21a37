using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Drawing;

/// <summary>The widths of the cells of a tree's rows, so that they stand below each other.</summary>
internal sealed class TreeColumns
{
    // A zone that is longer than most pushes its own row aside, and no other.
    private const int LongestZone = 24;

    // Label, branch and the gaps behind the cells.
    private const int Around = 10 + 3 + (3 * 2);

    // Columns for a text that wraps.
    private const int LeastText = 34;

    private readonly int[] _widths;

    private TreeColumns(int[] widths) => _widths = widths;

    public static TreeColumns Of(IReadOnlyList<Row> rows, int pageWidth)
    {
        int Widest(int cell) => rows.Max(row => cell < row.Cells.Count ? DisplayWidth.Of(row.Cells[cell].ToString()) : 0);

        int[] widths = [Math.Min(LongestZone, Widest(0)), Widest(1), Widest(2)];
        // Where the page has no room for a column of the servers' names, they go along with what the row says. A row that says more than all others wraps, and
        // takes the column from none.
        var room = pageWidth - Around - widths[0] - widths[1] - widths[2];
        var needed = rows.Select(static row => DisplayWidth.Of(row.Text.ToString()) + TimeWidth(row)).OrderDescending().ToArray();
        var longest = needed.Length > 2 && room >= LeastText ? needed[1] : needed[0];
        if (room < longest) { widths[2] = 0; }
        return new TreeColumns(widths);
    }

    private static int TimeWidth(Row row) => row.Nanoseconds is { } n ? Amounts.Time(n).Length + 2 : 0;

    /// <summary>What a row says; with the server's name where that has no column, before it only where it is what is spoken of.</summary>
    public Phrase Text(Row row) => _widths[2] > 0 || row.Cells.Count <= 2 || row.Cells[2].IsEmpty ? row.Text
        : row.Cells[1].IsEmpty ? row.Cells[2] + "  " + row.Text
        : row.Text + "  " + row.Cells[2];

    /// <summary>The row's cells, each as wide as its column, with two spaces behind it.</summary>
    public string Aligned(Row row)
    {
        var line = "";
        for (var i = 0; i < row.Cells.Count; i++)
        {
            if (i == 2 && _widths[i] == 0) { continue; }
            var cell = row.Cells[i].ToString();
            line += DisplayWidth.Pad(cell, _widths[i]) + "  ";
        }
        return line;
    }
}
