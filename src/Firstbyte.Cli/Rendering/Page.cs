using System.Globalization;

namespace Firstbyte.Cli.Rendering;

/// <summary>The inks of the story. A page without colours prints none of them.</summary>
internal enum Ink
{
    Plain,
    Label,
    Faint,
    Strong,
    Good,
    Warning,
    Bad,
}

/// <summary>Lines of text on a terminal or in a pipe: a label column, text cut to the width, a time at the right edge.</summary>
internal sealed class Page(TextWriter writer, int width, bool colours)
{
    private const int LabelWidth = 10;

    /// <summary>Columns of a page in a pipe, where nobody tells the width.</summary>
    public const int PipeWidth = 120;

    private const int MaximumWidth = 120;

    /// <summary>The page's columns.</summary>
    public int Width { get; } = Math.Clamp(width, 60, MaximumWidth);

    /// <summary>Whether inks are printed.</summary>
    public bool Colours { get; } = colours;

    /// <summary>A page on the process's own output, as wide and colourful as it can be.</summary>
    public static Page On(TextWriter writer, bool redirected, ColourChoice colour)
    {
        var width = PipeWidth;
        if (!redirected)
        {
            try { width = Console.WindowWidth > 0 ? Console.WindowWidth : PipeWidth; }
            catch (Exception e) when (e is IOException or PlatformNotSupportedException) { width = 80; }
        }
        else if (int.TryParse(Environment.GetEnvironmentVariable("COLUMNS"), NumberStyles.None, CultureInfo.InvariantCulture, out var columns) && columns > 0)
        {
            width = columns;
        }
        // https://no-color.org: any non-empty value switches colours off.
        var colours = colour switch
        {
            ColourChoice.Always => true,
            ColourChoice.Never => false,
            _ => !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb",
        };
        return new Page(writer, width, colours);
    }

    /// <summary>A line whose label names the step.</summary>
    public void Step(string label, string text, long? nanoseconds = null, Ink ink = Ink.Plain) =>
        Line(label.PadRight(LabelWidth), text, nanoseconds, ink, Ink.Label);

    /// <summary>A line below its step.</summary>
    public void Detail(string text, long? nanoseconds = null, Ink ink = Ink.Plain) =>
        Line(new string(' ', LabelWidth), text, nanoseconds, ink, Ink.Plain);

    /// <summary>A line from the first column on.</summary>
    public void Full(string text, Ink ink = Ink.Plain) => Line("", text, null, ink, Ink.Plain);

    /// <summary>Text that wraps at words, below its step.</summary>
    public void Paragraph(string text, Ink ink = Ink.Plain, int indent = 2)
    {
        var room = Width - indent;
        foreach (var line in Wrap(text, room)) { Line(new string(' ', indent), line, null, ink, Ink.Plain); }
    }

    /// <summary>Text as it is, whatever its length: a terminal wraps it.</summary>
    public void Raw(string text)
    {
        writer.Write(text);
        writer.Write('\n');
    }

    /// <summary>An empty line.</summary>
    public void Gap() => writer.Write('\n');

    /// <summary>Hands everything to the stream behind the page.</summary>
    public void Flush() => writer.Flush();

    private void Line(string label, string text, long? nanoseconds, Ink ink, Ink labelInk)
    {
        var time = nanoseconds is { } n ? Amounts.Time(n) : "";
        var room = Width - label.Length - (time.Length > 0 ? time.Length + 2 : 0);
        if (text.Length > room) { text = string.Concat(text.AsSpan(0, Math.Max(0, room - 1)), "…"); }
        Write(label, labelInk);
        Write(text, ink);
        if (time.Length > 0)
        {
            writer.Write(new string(' ', Math.Max(2, Width - label.Length - text.Length - time.Length)));
            Write(time, Ink.Faint);
        }
        writer.Write('\n');
    }

    private void Write(string text, Ink ink)
    {
        var code = Colours ? ink switch
        {
            Ink.Label => "36",
            Ink.Faint => "2",
            Ink.Strong => "1",
            Ink.Good => "1;32",
            Ink.Warning => "33",
            Ink.Bad => "1;31",
            _ => "",
        } : "";
        if (code.Length == 0 || text.Length == 0)
        {
            writer.Write(text);
            return;
        }
        writer.Write("\x1b[" + code + "m" + text + "\x1b[0m");
    }

    private static IEnumerable<string> Wrap(string text, int width)
    {
        var rest = text.AsMemory();
        while (rest.Length > width)
        {
            var cut = rest.Span[..width].LastIndexOf(' ');
            if (cut <= 0) { cut = width; }
            yield return rest[..cut].ToString();
            rest = rest[cut..].TrimStart();
        }
        yield return rest.ToString();
    }
}

/// <summary>What --color says.</summary>
internal enum ColourChoice
{
    Auto,
    Always,
    Never,
}
