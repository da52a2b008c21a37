using Firstbyte.Cli.Bodies;
using Firstbyte.Cli.Drawing;
using Firstbyte.Cli.Io;
using Firstbyte.Telling.Rows;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// --body where somebody reads along: text is decoded and escaped, as every text of others is; JSON is laid out; what is no text is
/// refused, as curl does.
/// </summary>
internal sealed class TerminalBody(CommandIo io, ColourChoice colour) : BodyOutlet
{
    private readonly Page _page = io.OpenPage(colour);
    private readonly LineEnds _lineEnds = new();
    private BodyText? _text;
    private JsonLayout? _layout;

    public override Phrase? Refusal => _text is { IsBinary: true } ? io.Language.Journeys.BinaryOnTerminal : null;

    protected override bool IsSeen => true;

    protected override void Start(ContentDescription content)
    {
        base.Start(content);
        _text = new BodyText(content);
        if (_text.Type.IsJson) { _layout = new JsonLayout(Print); }
    }

    /// <exception cref="IOException">It is no text: the connection need bring no more of it.</exception>
    protected override ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Show(_text!.Decode(piece.Span, isLast: false));
        if (_text.IsBinary) { throw new IOException("not text"); }
        // Whoever reads a slow body wants to see what has come.
        io.Text.Flush();
        return ValueTask.CompletedTask;
    }

    protected override void Complete()
    {
        base.Complete();
        if (_text is not { } text) { return; }
        Show(text.Decode([], isLast: true));
        _layout?.Finish();
        io.Flush();
        if (text.UnknownLabel is { } label) { io.Errors.Complain(io.Language.Journeys.CharsetUnknown(label)); }
        if (text is { IsBinary: false, Guessed: { } guessed }) { io.Errors.Complain(io.Language.Journeys.CharsetGuessed(guessed)); }
        _text = null;
    }

    private void Show(string decoded)
    {
        var text = _lineEnds.Of(decoded);
        if (_layout is { } layout) { layout.Write(text); }
        else { Print(text, Role.Words); }
    }

    private void Print(string text, Role role) => _page.WriteCode(Printable.Text(text, keepLines: true), role);
}
