using Firstbyte.Cli.Io;

namespace Firstbyte.Cli.Prompting;

/// <summary>What a line editor needs of a terminal.</summary>
internal interface ITerminal
{
    /// <summary>Columns.</summary>
    int Width { get; }

    /// <summary>Waits for a key; null when there will be none.</summary>
    ConsoleKeyInfo? ReadKey();

    /// <summary>Writes text and escape sequences as they are.</summary>
    void Write(string text);
}

/// <summary>The process's own terminal. While a line is edited Ctrl-C is a key; outside it is the signal that stops what runs.</summary>
internal sealed class Terminal(TextWriter output, bool colours) : ITerminal, IDisposable
{
    public bool HasColours { get; } = colours;

    // A terminal that does not know its size says 0.
    public int Width => TerminalSize.Columns is > 0 and var width ? width : 80;

    public ConsoleKeyInfo? ReadKey()
    {
        output.Flush();
        Console.TreatControlCAsInput = true;
        try { return Console.ReadKey(intercept: true); }
        // The terminal has gone away.
        catch (Exception e) when (e is IOException or InvalidOperationException) { return null; }
    }

    public void Write(string text)
    {
        output.Write(text);
        output.Flush();
    }

    /// <summary>Ctrl-C is a signal again.</summary>
    public static void Release() => Console.TreatControlCAsInput = false;

    public void Dispose() => Release();
}
