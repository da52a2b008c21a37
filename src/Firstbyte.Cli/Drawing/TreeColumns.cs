using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Drawing;

/// <summary>The widths of the cells of a tree's rows, so that they stand below each other.</summary>
internal sealed class TreeColumns
{
    // Zone, address and server's name: what is longer than most is cut, but for addresses.
    private const int LongestZone = 24, LongestName = 26, LeastName = 2;

    // Label, branch and the gaps behind the cells.
    private const int Around = 10 + 3 + (3 * 2);

    private readonly int[] _widths;

    private TreeColumns(int[] widths) => _widths = widths;

    public static TreeColumns Of(IReadOnlyList<Row> rows, int pageWidth)
    {
        int Widest(int cell) => rows.Max(row => cell < row.Cells.Count ? DisplayWidth.Of(row.Cells[cell].ToString()) : 0);

        int[] widths = [Math.Min(LongestZone, Widest(0)), Widest(1), Math.Min(LongestName, Widest(2))];
        // The servers' names take what is left, cut with a sign; on a narrow page they have no column, and begin what the row says.
        var left = pageWidth - Around - widths[0] - widths[1] - rows.Max(static row => DisplayWidth.Of(row.Text.ToString()) + TimeWidth(row));
        widths[2] = left < Math.Min(widths[2], LeastName) ? 0 : Math.Min(widths[2], left);
        return new TreeColumns(widths);
    }

    private static int TimeWidth(Row row) => row.Nanoseconds is { } n ? Amounts.Time(n).Length + 2 : 0;

    /// <summary>What a row says: behind the server's name where that has no column.</summary>
    public Phrase Text(Row row) => _widths[2] == 0 && row.Cells.Count > 2 && !row.Cells[2].IsEmpty ? row.Cells[2] + "  " + row.Text : row.Text;

    /// <summary>The row's cells, each as wide as its column, with two spaces behind it.</summary>
    public string Aligned(Row row)
    {
        var line = "";
        for (var i = 0; i < row.Cells.Count; i++)
        {
            if (i == 2 && _widths[i] == 0) { continue; }
            var cell = row.Cells[i].ToString();
            line += DisplayWidth.Pad(i == 2 ? DisplayWidth.Cut(cell, _widths[i]) : cell, _widths[i]) + "  ";
        }
        return line;
    }
}
