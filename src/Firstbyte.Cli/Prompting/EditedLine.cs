namespace Firstbyte.Cli.Prompting;

/// <summary>A line of text that is being edited: its characters, where the cursor stands, and what a key does to them.</summary>
/// <remarks>The keys are those of every shell (GNU Readline's Emacs mode): a value without a terminal, so that each can be tested.</remarks>
internal sealed class EditedLine
{
    private string _cut = "";

    /// <summary>What has been typed.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The cursor: how many characters stand before it.</summary>
    public int Cursor { get; private set; }

    /// <summary>Puts another text in place, the cursor at its end.</summary>
    public void Set(string text)
    {
        Text = text;
        Cursor = text.Length;
    }

    /// <summary>Puts text in where the cursor stands.</summary>
    public void Insert(string text)
    {
        Text = Text.Insert(Cursor, text);
        Cursor += text.Length;
    }

    /// <summary>Replaces what stands between a position and the cursor.</summary>
    public void ReplaceBack(int from, string text)
    {
        Text = string.Concat(Text.AsSpan(0, from), text, Text.AsSpan(Cursor));
        Cursor = from + text.Length;
    }

    /// <summary>Does what a key that edits does; false when it is none.</summary>
    public bool Press(ConsoleKeyInfo key)
    {
        var isControl = key.Modifiers.HasFlag(ConsoleModifiers.Control);
        var isAlt = key.Modifiers.HasFlag(ConsoleModifiers.Alt);
        switch (key.Key)
        {
            case ConsoleKey.LeftArrow when isControl || isAlt:
            case ConsoleKey.B when isAlt: Cursor = WordStart(); return true;
            case ConsoleKey.RightArrow when isControl || isAlt:
            case ConsoleKey.F when isAlt: Cursor = WordEnd(); return true;
            case ConsoleKey.LeftArrow:
            case ConsoleKey.B when isControl: Cursor -= StepBack(); return true;
            case ConsoleKey.RightArrow:
            case ConsoleKey.F when isControl: Cursor += StepForward(); return true;
            case ConsoleKey.Home:
            case ConsoleKey.A when isControl: Cursor = 0; return true;
            case ConsoleKey.End:
            case ConsoleKey.E when isControl: Cursor = Text.Length; return true;
            case ConsoleKey.Backspace when isControl || isAlt:
            case ConsoleKey.W when isControl: Cut(WordStart(), Cursor); return true;
            case ConsoleKey.Backspace:
            case ConsoleKey.H when isControl: Remove(Cursor - StepBack(), Cursor); return true;
            case ConsoleKey.Delete:
            case ConsoleKey.D when isControl: Remove(Cursor, Cursor + StepForward()); return true;
            case ConsoleKey.D when isAlt: Cut(Cursor, WordEnd()); return true;
            case ConsoleKey.K when isControl: Cut(Cursor, Text.Length); return true;
            case ConsoleKey.U when isControl: Cut(0, Cursor); return true;
            case ConsoleKey.Y when isControl: Insert(_cut); return true;
            case ConsoleKey.T when isControl: Swap(); return true;
        }
        if (char.IsControl(key.KeyChar) || isControl || isAlt) { return false; }
        Insert(key.KeyChar.ToString());
        return true;
    }

    // A character beyond the first 65,536 is two units, and is passed and removed as one.
    private int StepBack() => Cursor == 0 ? 0 : Cursor > 1 && char.IsLowSurrogate(Text[Cursor - 1]) && char.IsHighSurrogate(Text[Cursor - 2]) ? 2 : 1;

    private int StepForward() =>
        Cursor == Text.Length
            ? 0
            : Cursor + 1 < Text.Length && char.IsHighSurrogate(Text[Cursor]) && char.IsLowSurrogate(Text[Cursor + 1]) ? 2 : 1;

    private int WordStart()
    {
        var at = Cursor;
        while (at > 0 && Text[at - 1] == ' ') { at--; }
        while (at > 0 && Text[at - 1] != ' ') { at--; }
        return at;
    }

    private int WordEnd()
    {
        var at = Cursor;
        while (at < Text.Length && Text[at] == ' ') { at++; }
        while (at < Text.Length && Text[at] != ' ') { at++; }
        return at;
    }

    private void Cut(int from, int to)
    {
        if (from == to) { return; }
        _cut = Text[from..to];
        Remove(from, to);
    }

    private void Remove(int from, int to)
    {
        Text = Text.Remove(from, to - from);
        Cursor = from;
    }

    private void Swap()
    {
        if (Cursor == 0 || Text.Length < 2) { return; }
        var at = Math.Min(Cursor, Text.Length - 1);
        Text = string.Concat(Text.AsSpan(0, at - 1), Text.AsSpan(at, 1), Text.AsSpan(at - 1, 1), Text.AsSpan(at + 1));
        Cursor = at + 1;
    }
}
