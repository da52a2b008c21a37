using Firstbyte.Cli.Bodies;
using Firstbyte.Cli.Drawing;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Commands;

/// <summary>
/// Neither file nor bytes: the story shows the text of a page where it comes, as far as a screen goes; of anything else it says how to get
/// it.
/// </summary>
internal sealed class PreviewBody : BodyOutlet
{
    /// <summary>More than a screen of text would bury the story.</summary>
    private const int MaximumBytes = 4096;

    private const int TabStop = 8;

    private readonly Language _language;
    private readonly InterruptedRows? _rows;
    private readonly bool _laysOut;
    private readonly bool _headOnly;
    private readonly bool _canBeSaved;
    private readonly List<Phrase> _lines = [];
    private readonly SecretWire? _secrets;
    private readonly LineEnds _lineEnds = new();
    private Phrase _line = Phrase.Empty;
    private BodyText? _text;
    private long? _length;
    private JsonLayout? _layout;
    private long _bytes;
    private int _decoded;
    private int _blankLines;
    private bool _isOpen;
    private bool _isComplete;

    /// <param name="language">Of what is said about it.</param>
    /// <param name="rows">Where it is shown as it comes; null where the story shows it at the end, because the bytes themselves are told on the way.</param>
    /// <param name="laysOut">Whether somebody reads along, to whom JSON is easier laid out.</param>
    /// <param name="headOnly">Whether no body was asked for.</param>
    /// <param name="showsSecrets">Whether its secrets are shown: a story covers those in what it quotes, a body that was asked for is as it came.</param>
    /// <param name="canBeSaved">Whether there is an option that would keep it.</param>
    public PreviewBody(Language language, InterruptedRows? rows, bool laysOut, bool headOnly, bool showsSecrets = false, bool canBeSaved = true)
    {
        _secrets = showsSecrets ? null : new SecretWire();
        (_language, _rows, _laysOut, _headOnly, _canBeSaved) = (language, rows, laysOut, headOnly, canBeSaved);
        if (rows is not null) { rows.Interrupting += Break; }
    }

    public override Phrase? Whereabouts =>
        _bytes == 0 || _headOnly ? null
        : _text is { IsBinary: true } ? _canBeSaved ? _language.Journeys.BodyNotShown : null
        : _bytes > MaximumBytes ? _language.Journeys.BodyGoesOn(_bytes - MaximumBytes, _canBeSaved)
        : _canBeSaved ? _language.Journeys.BodyNotSaved : null;

    protected override bool IsSeen => _bytes <= MaximumBytes;

    protected override void Start(ContentDescription content)
    {
        base.Start(content);
        (_text, _length) = (new BodyText(content), content.Length);
        if (_laysOut && _text.Type.IsJson) { _layout = new JsonLayout(Add); }
    }

    protected override ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _bytes += piece.Length;
        var shown = piece.Span[..Math.Min(piece.Length, MaximumBytes - _decoded)];
        _decoded += shown.Length;
        if (shown.Length > 0) { Take(_text!.Decode(_secrets is null ? shown : _secrets.Mask(shown), isLast: false)); }
        if (_rows is not null) { ShowLines(_rows.Inside); }
        return ValueTask.CompletedTask;
    }

    /// <summary>Shows what of it has not been shown, and says how it was read.</summary>
    public override void Show(IRowSink sink)
    {
        if (_bytes == 0) { return; }
        Finish();
        EndLine();
        // Its own lines are no interruption.
        ShowLines(_rows?.Inside ?? sink);
        _isOpen = false;
        var notes = new List<Phrase>();
        if (_text!.IsBinary) { notes.Add(_language.Journeys.NotText(_bytes)); }
        else if (_text.UnknownLabel is { } label) { notes.Add(_language.Journeys.CharsetUnknown(label)); }
        if (_text is { IsBinary: false, Guessed: { } guessed }) { notes.Add(_language.Journeys.CharsetGuessed(guessed)); }
        if (notes.Count > 0) { sink.Gap(); }
        foreach (var note in notes) { sink.Line(note, Role.Note); }
    }

    public override void Dispose()
    {
        if (_rows is not null) { _rows.Interrupting -= Break; }
        base.Dispose();
    }

    // The last character belongs to its line, which another row may end next.
    protected override void Complete()
    {
        base.Complete();
        Finish();
    }

    protected override void Abandon()
    {
        base.Abandon();
        Finish();
    }

    private void Finish()
    {
        if (_isComplete || _bytes == 0) { return; }
        _isComplete = true;
        // What is cut in the middle of a character has lost only that.
        if (_bytes == _decoded) { Take(_text!.Decode([], isLast: true)); }
        _layout?.Finish();
    }

    // Another row comes between: what has no end of line yet gets one.
    private void Break()
    {
        // Bytes that wait for the rest of their character wait in vain where nothing more is due.
        if (_bytes > 0 && (_length is not { } length || _bytes >= length)) { Finish(); }
        if (!_isOpen && _line.IsEmpty) { return; }
        EndLine();
        ShowLines(_rows!.Inside);
        _rows.Inside.Gap();
        _isOpen = false;
    }

    private void ShowLines(IRowSink sink)
    {
        if (_lines.Count == 0) { return; }
        if (!_isOpen) { sink.Gap(); }
        _isOpen = true;
        foreach (var line in _lines) { sink.Show(new Row(RowKind.Code) { Text = line }); }
        _lines.Clear();
        sink.Flush();
    }

    private void Take(string text)
    {
        if (_layout is { } layout) { layout.Write(_lineEnds.Of(text)); }
        else { Add(_lineEnds.Of(text), Role.Words); }
    }

    private void Add(string text, Role role)
    {
        var parts = text.Split('\n');
        for (var i = 0; i < parts.Length; i++)
        {
            if (i > 0) { EndLine(isBlankLine: true); }
            var cells = parts[i].Split('\t');
            for (var j = 0; j < cells.Length; j++)
            {
                if (j > 0) { _line += new string(' ', TabStop - (DisplayWidth.Of(_line.ToString()) % TabStop)); }
                _line += Phrase.Of(cells[j], role);
            }
        }
    }

    // Empty lines at the end of a page are none of the story's.
    private void EndLine(bool isBlankLine = false)
    {
        if (_line.IsEmpty)
        {
            if (isBlankLine) { _blankLines++; }
            return;
        }
        for (; _blankLines > 0; _blankLines--) { _lines.Add(Phrase.Empty); }
        _lines.Add(_line);
        _line = Phrase.Empty;
    }
}
