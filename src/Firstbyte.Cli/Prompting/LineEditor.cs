using System.Text;

namespace Firstbyte.Cli.Prompting;

/// <summary>Reads a line from a terminal: editing, history with the arrow keys and Ctrl-R, completion with Tab.</summary>
/// <remarks>
/// The line is drawn in one row and scrolls sideways when it is longer than the terminal is wide, so nothing needs to be known of
/// where the cursor stands on the screen.
/// </remarks>
internal sealed class LineEditor(ITerminal terminal, LineHistory history, Func<string, int, IReadOnlyList<string>> complete)
{
    // More than a screen of suggestions helps nobody.
    private const int MaxSuggestions = 60;

    private readonly EditedLine _line = new();
    private string _prompt = "";
    private bool _lastWasTab;

    /// <summary>Reads a line; an empty one after Ctrl-C, null at the end of the input (Ctrl-D on an empty line).</summary>
    public string? Read(string prompt)
    {
        _prompt = prompt;
        _line.Set("");
        history.Rewind();
        Draw();
        try { return ReadKeys(); }
        finally
        {
            if (terminal is Terminal) { Terminal.Release(); }
        }
    }

    private string? ReadKeys()
    {
        while (terminal.ReadKey() is { } key)
        {
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            var isTab = key.Key == ConsoleKey.Tab;
            switch (key.Key)
            {
                case ConsoleKey.Enter:
                case ConsoleKey.J or ConsoleKey.M when isControl: return Accept();
                case ConsoleKey.C when isControl:
                    terminal.Write("^C\r\n");
                    return "";
                case ConsoleKey.D when isControl && _line.Text.Length == 0:
                    terminal.Write("\r\n");
                    return null;
                case ConsoleKey.UpArrow:
                case ConsoleKey.P when isControl: Replace(history.Older(_line.Text)); break;
                case ConsoleKey.DownArrow:
                case ConsoleKey.N when isControl: Replace(history.Newer()); break;
                case ConsoleKey.R when isControl:
                    if (Search() is { } found) { return found; }
                    break;
                case ConsoleKey.L when isControl: terminal.Write("\x1b[H\x1b[2J"); break;
                case ConsoleKey.Tab: Complete(); break;
                default: _line.Press(key); break;
            }
            _lastWasTab = isTab;
            Draw();
        }
        terminal.Write("\r\n");
        return null;
    }

    private string Accept()
    {
        terminal.Write("\r\n");
        history.Add(_line.Text);
        return _line.Text;
    }

    private void Replace(string? text)
    {
        if (text is not null) { _line.Set(text); }
    }

    /// <summary>
    /// Ctrl-R: the newest line that holds what is typed. Enter runs it, Escape and Ctrl-G leave the line as it was, any other key goes on
    /// editing.
    /// </summary>
    private string? Search()
    {
        var (before, wanted, skip) = (_line.Text, "", 0);
        while (true)
        {
            var matches = history.Lines.Reverse().Where(line => wanted.Length > 0 && line.Contains(wanted, StringComparison.Ordinal)).Skip(skip);
            if (matches.FirstOrDefault() is { } match) { _line.Set(match); }
            Draw($"(search) '{wanted}': ");
            if (terminal.ReadKey() is not { } key) { return null; }
            var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
            if (key.Key == ConsoleKey.Enter) { return Accept(); }
            if (key.Key == ConsoleKey.R && isControl) { skip++; }
            else if (key.Key == ConsoleKey.Backspace) { (wanted, skip) = (wanted.Length > 0 ? wanted[..^1] : "", 0); }
            else if (key.Key == ConsoleKey.Escape || (key.Key is ConsoleKey.G or ConsoleKey.C && isControl))
            {
                _line.Set(before);
                return null;
            }
            else if (!char.IsControl(key.KeyChar) && !isControl) { (wanted, skip) = (wanted + key.KeyChar, 0); }
            else
            {
                _line.Press(key);
                return null;
            }
        }
    }

    /// <summary>Tab puts in what all suggestions have in common; a second one in a row shows them.</summary>
    private void Complete()
    {
        var suggestions = complete(_line.Text, _line.Cursor);
        if (suggestions.Count == 0) { return; }
        var start = _line.Text.LastIndexOf(' ', Math.Max(0, _line.Cursor - 1), Math.Max(0, _line.Cursor)) + 1;
        if (suggestions.Count == 1)
        {
            _line.ReplaceBack(start, suggestions[0] + " ");
            return;
        }
        var common = CommonStart(suggestions);
        if (common.Length > _line.Cursor - start) { _line.ReplaceBack(start, common); }
        else if (_lastWasTab) { Show(suggestions); }
    }

    private void Show(IReadOnlyList<string> suggestions)
    {
        var text = new StringBuilder("\r\n");
        var column = 0;
        var width = suggestions.Take(MaxSuggestions).Max(static one => one.Length) + 2;
        foreach (var one in suggestions.Take(MaxSuggestions))
        {
            if (column > 0 && column + width > terminal.Width)
            {
                text.Append("\r\n");
                column = 0;
            }
            text.Append(one.PadRight(width));
            column += width;
        }
        if (suggestions.Count > MaxSuggestions) { text.Append($"\r\n… {suggestions.Count - MaxSuggestions} more"); }
        terminal.Write(text.Append("\r\n").ToString());
    }

    private static string CommonStart(IReadOnlyList<string> words)
    {
        var length = words[0].Length;
        foreach (var word in words) { length = Math.Min(length, words[0].AsSpan().CommonPrefixLength(word)); }
        return words[0][..length];
    }

    private void Draw() => Draw(_prompt);

    private void Draw(string prompt)
    {
        // One column stays free: a terminal that is written full wraps.
        var room = Math.Max(terminal.Width - prompt.Length - 1, 8);
        var first = Math.Max(0, _line.Cursor - room);
        var shown = _line.Text.Substring(first, Math.Min(room, _line.Text.Length - first));
        var back = shown.Length - (_line.Cursor - first);
        terminal.Write($"\r\x1b[K{prompt}{shown}{(back > 0 ? $"\x1b[{back}D" : "")}");
    }
}
