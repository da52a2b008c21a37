using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Drawing;

/// <summary>Lays a table out in so many columns of a terminal: as it is, with cells broken at their words, or row below row; nothing is ever cut.</summary>
internal sealed class TableColumns
{
    private const int Gap = 2;

    // Ideographs may be broken anywhere; fewer than these in a line are hard to read (own choice).
    private const int LeastIdeographs = 8;

    // The numbers of tables below each other end in the same column.
    private const int NameWidth = 26, NumberWidth = 36;

    private readonly string[] _heads;
    private readonly string[][] _cells;
    private readonly int _room;
    private readonly bool _isNumeric;

    public TableColumns(Table table, int room)
    {
        _heads = [.. table.Heads];
        _cells = [.. table.Rows.Select(static row => row.Select(static cell => cell.ToString()).ToArray())];
        (_room, _isNumeric) = (room, table.IsNumeric);
    }

    /// <summary>The lines, each with whether it holds heads alone.</summary>
    public IEnumerable<(string Text, bool IsHead)> Lines()
    {
        var natural = Widest(static text => DisplayWidth.Of(text));
        if (_isNumeric && Aligned(natural) is var aligned && aligned.Sum() <= _room)
        {
            return All().Select((row, i) => (Numbers(row, aligned), i == 0));
        }
        var least = Widest(LongestWord);
        if (Total(least) > _room) { return Stacked(); }
        while (Total(natural) > _room) { natural[WidestOf(natural, least)]--; }
        return All().SelectMany((row, i) => Broken(row, natural).Select(line => (line, i == 0)));
    }

    private IEnumerable<string[]> All() => _cells.Prepend(_heads);

    private int[] Widest(Func<string, int> widthOf) => [.. _heads.Select((_, i) => All().Max(row => widthOf(row[i])))];

    private static int[] Aligned(int[] widths) => [.. widths.Select(
        (width, i) => i == 0 ? Math.Max(NameWidth, width) : Math.Max(width + Gap, i == 1 && widths.Length == 2 ? NumberWidth - 12 : NumberWidth / 3))];

    private static int Total(int[] widths) => widths.Sum() + (Gap * (widths.Length - 1));

    private static int LongestWord(string text) => text.Split(' ').Max(static word =>
        DisplayWidth.Of(word) is var width && width > word.Length ? Math.Min(width, LeastIdeographs * 2) : width);

    // The column that has most to give.
    private static int WidestOf(int[] widths, int[] least) =>
        Enumerable.Range(0, widths.Length).Where(i => widths[i] > least[i]).MaxBy(i => widths[i]);

    private static string Numbers(string[] row, int[] widths) => string.Concat(row.Select(
        (cell, i) => i == 0 ? DisplayWidth.Pad(cell, widths[i]) : new string(' ', widths[i] - DisplayWidth.Of(cell)) + cell));

    private static IEnumerable<string> Broken(string[] row, int[] widths)
    {
        var cells = row.Select((cell, i) => Fill(cell, widths[i]).ToArray()).ToArray();
        for (var line = 0; line < cells.Max(static lines => lines.Length); line++)
        {
            yield return string.Join(
                new string(' ', Gap), cells.Select((lines, i) => DisplayWidth.Pad(lines.ElementAtOrDefault(line) ?? "", widths[i]))).TrimEnd();
        }
    }

    // Items of a list stay whole as long as one fits.
    private static IEnumerable<string> Fill(string cell, int width)
    {
        const string between = ", ";
        var items = cell.Split(between);
        var line = items[0];
        for (var i = 1; i < items.Length; i++)
        {
            var longer = line + between + items[i];
            if (DisplayWidth.Of(longer) + (i < items.Length - 1 ? 1 : 0) <= width) { line = longer; }
            else
            {
                foreach (var part in Wrapping.Lines(line + ",", width)) { yield return part; }
                line = items[i];
            }
        }
        foreach (var part in Wrapping.Lines(line, width)) { yield return part; }
    }

    // Where not even the longest words stand beside each other, each cell has a line of its own behind its head.
    private IEnumerable<(string Text, bool IsHead)> Stacked()
    {
        var label = _heads.Max(static head => DisplayWidth.Of(head)) + Gap;
        for (var i = 0; i < _cells.Length; i++)
        {
            if (i > 0) { yield return ("", false); }
            foreach (var (head, cell) in _heads.Zip(_cells[i]))
            {
                var start = DisplayWidth.Pad(head, label);
                foreach (var line in Wrapping.Lines(cell, Math.Max(1, _room - label)))
                {
                    yield return ((start + line).TrimEnd(), false);
                    start = new string(' ', label);
                }
            }
        }
    }
}
