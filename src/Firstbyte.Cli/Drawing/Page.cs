using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Drawing;

/// <summary>Draws rows on a terminal or into a pipe: a label column, text cut to the width, a time at the right edge, trees and columns aligned.</summary>
internal sealed class Page(TextWriter writer, int width, bool colours) : IRowSink
{
    private const int LabelWidth = 10;

    /// <summary>Columns of a page in a pipe, where nobody tells the width.</summary>
    public const int PipeWidth = 120;

    private const int MaximumWidth = 120;

    // Lines that commentary may take (own choice): what somebody else sends may be of any length. Results have no limit.
    private const int MostLines = 12;

    // Text that wraps in a narrower column is harder to read than text that is cut.
    public const int LeastRoom = 20;

    /// <summary>The page's columns.</summary>
    public int Width { get; } = Math.Clamp(width, 60, MaximumWidth);

    /// <summary>Columns in which a table has to stand; as many as it wants where no terminal is, so that each row stays a line for the next program.</summary>
    public int TableWidth { get; init; } = int.MaxValue;

    /// <summary>Whether colours are printed.</summary>
    public bool Colours { get; } = colours;

    /// <inheritdoc/>
    public void Show(Row row)
    {
        switch (row.Kind)
        {
            case RowKind.Step or RowKind.Detail when row.PointsPast is { } past: Point(past, row); break;
            case RowKind.Step or RowKind.Detail when row.Facts.Count > 0: DrawFacts(row); break;
            case RowKind.Step: Labelled(Label(row), Indent(LabelWidth), row); break;
            case RowKind.Detail: Labelled(Indent(LabelWidth), Indent(LabelWidth), row); break;
            // A terminal wraps a long line itself, and a pipe gets it whole.
            case RowKind.Line when row.IsResult: Whole(row.Text.ToString(), row.Role); break;
            case RowKind.Line when row.Nanoseconds is null: Wrapped(DisplayWidth.Cut(row.Text.ToString(), MostLines * Width), row.Role, 0); break;
            case RowKind.Line: Line("", row.Text, row.Nanoseconds, row.Role); break;
            case RowKind.Paragraph: Wrapped(row.Text, row.Role, 0); break;
            case RowKind.Indented: Wrapped(row.Text, row.Role, 2); break;
            case RowKind.Frame: DrawFrame(row); break;
            case RowKind.LaneHeads: DrawLaneHeads(row); break;
            case RowKind.Lanes: DrawLanes(row, row.Lanes!); break;
            case RowKind.Code:
                foreach (var span in row.Text.Spans) { WriteCode(span.Text, span.Role); }
                writer.Write('\n');
                break;
            case RowKind.Raw:
                writer.Write(row.Text.ToString());
                writer.Write('\n');
                break;
            case RowKind.Gap: writer.Write('\n'); break;
        }
        if (row.Children.Count > 0) { DrawTree(row); }
    }

    /// <inheritdoc/>
    public void Show(Table table)
    {
        foreach (var (text, isHead) in new TableColumns(table, TableWidth).Lines()) { Whole(text, isHead ? Role.Note : Role.Words); }
    }

    /// <inheritdoc/>
    public void Flush() => writer.Flush();

    /// <summary>Writes a token of somebody else's text, coloured as its role among tokens asks for.</summary>
    public void WriteCode(string text, Role role) =>
        Paint(text, role switch { Role.Name => "36", Role.Text => "32", Role.Number => "33", Role.Strong => "35", _ => "" });

    private static string Label(Row row) => DisplayWidth.Pad(row.Label, LabelWidth);

    private static string Indent(int columns) => new(' ', columns);

    // A mark under the place that is meant, as far as it lies on the page.
    private void Point(Phrase past, Row row)
    {
        var column = DisplayWidth.Of(past.ToString());
        if (column < Width - LabelWidth - 2) { Line(Indent(LabelWidth), Indent(column) + "^ " + row.Text, row.Nanoseconds, row.Role); }
    }

    private void DrawFacts(Row row)
    {
        const string between = " · ";
        var label = row.Kind == RowKind.Step ? Label(row) : Indent(LabelWidth);
        Phrase line = Phrase.Empty;
        foreach (var fact in row.Facts)
        {
            if (!line.IsEmpty && DisplayWidth.Of(line.ToString()) + between.Length + DisplayWidth.Of(fact.ToString()) > Width - LabelWidth)
            {
                Labelled(label, Indent(LabelWidth), row with { Text = line, Nanoseconds = null });
                (line, label) = (Phrase.Empty, Indent(LabelWidth));
            }
            line = line.IsEmpty ? fact : line + between + fact;
        }
        // A single fact may be wider than the page.
        Labelled(label, Indent(LabelWidth), row with { Text = line });
    }

    private void DrawTree(Row parent)
    {
        var rows = parent.Children;
        var columns = TreeColumns.Of(rows, Width);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var last = true;
            for (var j = i + 1; j < rows.Count && rows[j].Depth >= row.Depth; j++)
            {
                if (rows[j].Depth == row.Depth) { last = false; break; }
            }
            var above = string.Concat(Enumerable.Repeat("│  ", row.Depth));
            var cells = columns.Aligned(row);
            var branch = above + (!last ? "├─ " : parent.IsBroken ? "╰─ " : "└─ ");
            var below = above + (last ? "   " : "│  ") + Indent(DisplayWidth.Of(cells));
            var text = columns.Text(row);
            var whole = branch + cells + text.ToString();
            if (DisplayWidth.Of(whole) > Room(row) && Room(row) - DisplayWidth.Of(below) < LeastRoom)
            {
                DrawBelowItsCells(row with { Text = text }, branch + cells, above + (last ? "   " : "│  ") + "   ");
                continue;
            }
            Labelled(Indent(LabelWidth), Indent(LabelWidth) + below, row with { Text = branch + cells + text }, DisplayWidth.Of(below));
        }
    }

    // Beside the cells there is no room to read in: what was asked for stands below them, and on a narrow page everything does.
    private void DrawBelowItsCells(Row row, string cells, string below)
    {
        Line(Indent(LabelWidth), cells.TrimEnd(), row.Nanoseconds, row.Role);
        foreach (var line in Wrapping.Lines(row.Text.ToString(), Width - LabelWidth - DisplayWidth.Of(below)))
        {
            Line(Indent(LabelWidth) + below, line, null, row.Role);
        }
    }

    // Columns for the text of a row, beside its label and its time.
    private int Room(Row row) => Width - LabelWidth - (row.Nanoseconds is { } n ? Amounts.Time(n).Length + 2 : 0);

    private void DrawFrame(Row row)
    {
        const int clockWidth = 10, elementWidth = 12, numberWidth = 7;
        var place = row.Place!;
        var number = place.Number is { } text ? text.PadRight(numberWidth) : "";
        var start = $"{number}{place.Clock.PadLeft(clockWidth)}  {DisplayWidth.Pad(place.Element.ToString(), elementWidth)} ";
        var what = start + row.Text;
        var whole = row.Aside.IsEmpty ? what : what + " · " + row.Aside;
        if (DisplayWidth.Of(whole.ToString()) <= Width)
        {
            Line("", whole, null, row.Role);
            return;
        }
        foreach (var line in Wrapping.Lines(row.Text.ToString(), Math.Max(LeastRoom, Width - DisplayWidth.Of(start))))
        {
            Line("", start + line, null, row.Role);
            start = Indent(DisplayWidth.Of(start));
        }
        if (row.Aside.IsEmpty) { return; }
        Wrapped(row.Aside, Role.Note, number.Length + clockWidth + 2 + elementWidth + 3);
    }

    private void DrawLaneHeads(Row row)
    {
        foreach (var (lanes, head) in new LaneDrawing(row.Facts.Count, Width).Heads(row.Facts))
        {
            var start = lanes;
            foreach (var line in Wrapping.Lines(head.ToString(), Width - lanes.Length))
            {
                Line(start, line, null, Role.Strong);
                start = lanes;
            }
        }
    }

    private void DrawLanes(Row row, LaneStep step)
    {
        var drawing = new LaneDrawing(step.Held.Count, Width);
        var lanes = drawing.Row(step);
        foreach (var line in Wrapping.Lines(row.Text.ToString(), Width - drawing.Width))
        {
            Line(lanes, line, null, row.Role);
            lanes = drawing.Below(step);
        }
    }

    private void Wrapped(Phrase text, Role role, int indent)
    {
        foreach (var line in Wrapping.Lines(text.ToString(), Width - indent)) { Line(Indent(indent), line, null, role); }
    }

    // Wrapped under its label; where not even a word has room beside the lead, cut with a sign.
    private void Labelled(string label, string below, Row row, int lead = 0)
    {
        var text = row.Text.ToString();
        var room = Room(row);
        if (DisplayWidth.Of(text) <= room || room - lead < LeastRoom)
        {
            Line(label, row.Text, row.Nanoseconds, row.Role);
            return;
        }
        if (!row.IsResult) { text = DisplayWidth.Cut(text, MostLines * (room - lead)); }
        var isFirst = true;
        var start = DisplayWidth.Fit(text, lead);
        foreach (var line in Wrapping.Lines(text[start..], room - lead))
        {
            Line(isFirst ? label : below, isFirst ? text[..start] + line : line, isFirst ? row.Nanoseconds : null, row.Role);
            isFirst = false;
        }
    }

    private void Whole(string text, Role role)
    {
        Write(text, role);
        writer.Write('\n');
    }

    private void Line(string label, Phrase text, long? nanoseconds, Role role)
    {
        var time = nanoseconds is { } n ? Amounts.Time(n) : "";
        var labelWidth = DisplayWidth.Of(label);
        var room = Width - labelWidth - (time.Length > 0 ? time.Length + 2 : 0);
        var shown = DisplayWidth.Cut(text.ToString(), Math.Max(1, room));
        Write(label, Role.Label);
        Write(shown, role);
        if (time.Length > 0)
        {
            writer.Write(Indent(Math.Max(2, Width - labelWidth - DisplayWidth.Of(shown) - time.Length)));
            Write(time, Role.Note);
        }
        writer.Write('\n');
    }

    private void Write(string text, Role role)
    {
        Paint(text, role switch
        {
            Role.Label => "36",
            Role.Note => "2",
            Role.Strong => "1",
            Role.Good => "1;32",
            Role.Warning => "33",
            Role.Bad => "1;31",
            _ => "",
        });
    }

    private void Paint(string text, string code)
    {
        if (!Colours || code.Length == 0 || string.IsNullOrWhiteSpace(text))
        {
            writer.Write(text);
            return;
        }
        writer.Write("\x1b[" + code + "m" + text + "\x1b[0m");
    }
}

/// <summary>What --color says.</summary>
internal enum ColourChoice
{
    Auto,
    Always,
    Never,
}
