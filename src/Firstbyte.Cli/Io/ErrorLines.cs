using System.Text;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Io;

/// <summary>The one owner of standard error: what is said there is safe for a terminal and of bounded length, whoever chose the words in it.</summary>
internal sealed class ErrorLines(Stream target)
{
    /// <summary>Characters of one message (own choice: a screen of 80 × 50); a file's token or an argument in it may have any number.</summary>
    public const int MaxLength = 4_000;

    private readonly Lock _gate = new();

    /// <summary>Says what went wrong, in the command's name.</summary>
    public void Complain(Phrase message) => Say("firstbyte: " + message);

    /// <summary>Writes a message; its own line ends stay.</summary>
    public void Say(Phrase message) => Write(Printable.Text(Cut(message.ToString()), keepLines: true) + "\n");

    /// <summary>The text, or so much of it as a message may have.</summary>
    public static string Cut(string text) => text.Length <= MaxLength ? text : $"{text.AsSpan(0, MaxLength)}… ({text.Length - MaxLength:#,0} characters more)";

    /// <summary>Writes text of our own as it is: a line that is drawn over itself.</summary>
    public void Draw(string text) => Write(text);

    private void Write(string text)
    {
        lock (_gate)
        {
            try { target.Write(Encoding.UTF8.GetBytes(text)); }
            // There is nowhere left to say so; the exit code still says what happened.
            catch (IOException) { return; }
        }
    }
}
