using System.Text;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Io;

/// <summary>
/// The one owner of standard error: what is said there is safe for a terminal, without secrets and of bounded length, whoever chose the
/// words in it.
/// </summary>
internal sealed class ErrorLines(Stream target)
{
    /// <summary>Characters of one message (own choice: a screen of 80 × 50); a file's token or an argument in it may have any number.</summary>
    public const int MaxLength = 4_000;

    // To the line's beginning, and away with what stands there (ECMA-48 8.3.41, EL).
    private const string Erase = "\r\e[K";

    private readonly Lock _gate = new();
    private bool _hasDrawn;

    /// <summary>Says what went wrong, in the command's name.</summary>
    public void Complain(Phrase message) => Say("firstbyte: " + message);

    /// <summary>Writes a message; its own line ends stay.</summary>
    public void Say(Phrase message) => Write(Printable.Text(SecretText.Mask(Cut(message.ToString())), keepLines: true) + "\n");

    /// <summary>Writes a text that another program's double has to say, with the line ends that it has itself and no others.</summary>
    public void Put(string text) => Write(Printable.Text(SecretText.Mask(Cut(text)), keepLines: true));

    /// <summary>Writes a piece of a line that is drawn over itself, of our own signs alone.</summary>
    public void Redraw(string text) => Write(text);

    /// <summary>The text, or so much of it as a message may have.</summary>
    public static string Cut(string text) => text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}… ({text.Length - MaxLength:#,0} characters more)";

    /// <summary>Draws a line of our own over the one that was drawn before; an empty one takes it away. Whatever is said meanwhile takes its place.</summary>
    public void DrawLine(string text)
    {
        lock (_gate)
        {
            if (!_hasDrawn && text.Length == 0) { return; }
            Hand(Erase + text);
            _hasDrawn = text.Length > 0;
        }
    }

    private void Write(string text)
    {
        lock (_gate)
        {
            Hand(_hasDrawn ? Erase + text : text);
            _hasDrawn = false;
        }
    }

    private void Hand(string text)
    {
        try { target.Write(Encoding.UTF8.GetBytes(text)); }
        // There is nowhere left to say so; the exit code still says what happened.
        catch (IOException) { return; }
    }
}
