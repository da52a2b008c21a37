using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Commands;

/// <summary>--body where somebody reads along: text is escaped, as every text of others is; what is no text is refused, as curl does.</summary>
internal sealed class TerminalBody(CommandIo io) : BodyOutlet
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private bool _endsInReturn;

    public override Phrase? Refusal => _isRefused ? io.Language.Journeys.BinaryOnTerminal : null;

    private bool _isRefused;

    /// <exception cref="IOException">It is no text: the connection need bring no more of it.</exception>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        // No text has a zero; curl's sign too.
        if (piece.Span.Contains((byte)0))
        {
            _isRefused = true;
            throw new IOException("not text");
        }
        Show(piece.Span, isLast: false);
        // Whoever reads a slow body wants to see what has come.
        io.Text.Flush();
        io.Output.Flush();
        return ValueTask.CompletedTask;
    }

    public override void Complete() => Show([], isLast: true);

    private void Show(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var letters = new char[_decoder.GetCharCount(bytes, isLast)];
        _decoder.GetChars(bytes, letters, isLast);
        var text = (_endsInReturn ? "\r" : "") + new string(letters);
        _endsInReturn = !isLast && text.EndsWith('\r');
        if (_endsInReturn) { text = text[..^1]; }
        io.Text.Write(Printable.Text(text.Replace("\r\n", "\n", StringComparison.Ordinal), keepLines: true));
    }
}
