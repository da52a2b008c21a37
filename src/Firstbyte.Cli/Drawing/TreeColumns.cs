using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Drawing;

/// <summary>The widths of the cells of a tree's rows, so that they stand below each other.</summary>
internal sealed class TreeColumns
{
    // Zone, address and server's name: what is longer than most is cut, but for addresses.
    private const int LongestZone = 24, LongestName = 26;

    // Label, branch, the gaps, and the time with its gap.
    private const int Around = 10 + 3 + (3 * 2) + 2 + 9;

    private readonly int[] _widths;

    private TreeColumns(int[] widths) => _widths = widths;

    public static TreeColumns Of(IReadOnlyList<Row> rows, int pageWidth)
    {
        int Widest(int cell) => rows.Max(row => cell < row.Cells.Count ? DisplayWidth.Of(row.Cells[cell].ToString()) : 0);

        int[] widths = [Math.Min(LongestZone, Widest(0)), Widest(1), Math.Min(LongestName, Widest(2))];
        // On a narrow page the servers' names have no column: they begin what the row says.
        if (Around + widths.Sum() + rows.Max(static row => DisplayWidth.Of(row.Text.ToString())) > pageWidth) { widths[2] = 0; }
        return new TreeColumns(widths);
    }

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
