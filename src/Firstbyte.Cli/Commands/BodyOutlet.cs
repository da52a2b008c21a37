using System.Text;
using Firstbyte.Cli.Io;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary>Where one response's body goes.</summary>
internal abstract class BodyOutlet : IBodySink, IStoryBody, IDisposable
{
    public virtual Phrase? Whereabouts => null;

    /// <summary>What kept the body from being kept.</summary>
    public FileException? Failure { get; protected set; }

    /// <summary>Why the body was not taken, though it could have been.</summary>
    public virtual Phrase? Refusal => null;

    public virtual void Begin(ResponseHead head) { }

    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    /// <summary>All of it has come.</summary>
    public virtual void Complete() { }

    /// <summary>No more will come, though it is not all.</summary>
    public virtual void Abandon() { }

    public virtual void Show(IRowSink rows) { }

    public virtual void Dispose() { }
}

/// <summary>--body, and <c>-o -</c>: the bytes as they come, and nothing else.</summary>
internal sealed class StandardOutputBody(CommandIo io) : BodyOutlet
{
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        io.Output.Write(piece.Span);
        // Whoever reads a slow body wants to see what has come.
        io.Output.Flush();
        return ValueTask.CompletedTask;
    }
}

/// <summary>-o FILE: the file is begun when the response is there, and has its name when it is whole.</summary>
internal sealed class FileBody(CommandIo io, string name) : BodyOutlet
{
    private readonly IJourneySentences _words = io.Language.Journeys;
    private WholeFile? _file;

    public override void Begin(ResponseHead head)
    {
        try { _file ??= io.Create(name); }
        // The connection is told when there is something to write: a response without a body is as good as any until then.
        catch (FileException e) { Failure = e; }
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        try
        {
            if (Failure is { } failure) { throw failure; }
            _file!.Write(piece.Span);
            return ValueTask.CompletedTask;
        }
        catch (FileException e)
        {
            Failure = e;
            throw;
        }
    }

    public override void Complete()
    {
        try { _file?.Complete(); }
        // Told by whoever asks how the journey ended.
        catch (FileException e) { Failure = e; }
    }

    public override Phrase? Whereabouts
    {
        get
        {
            if (_file is not { } file) { return Failure is null ? null : _words.NothingSaved(name); }
            if (file.IsWhole) { return _words.BodySaved(name, file.Count); }
            if (file.Part is { } part) { return _words.PartSaved(name, Path.GetFileName(part), file.Count); }
            return Failure is null || !file.KeepsOld ? null : _words.NothingReplaced(name);
        }
    }

    public override void Abandon() => _file?.Dispose();

    public override void Dispose()
    {
        Abandon();
        base.Dispose();
    }
}

/// <summary>Neither: the story ends with the text of a page that is short and readable; of anything else it says how to get it.</summary>
internal sealed class PreviewBody(bool headOnly, Language language) : BodyOutlet
{
    /// <summary>More than a screen of text would bury the story.</summary>
    private const int MaximumBytes = 4096;

    private readonly MemoryStream _start = new();
    private long _bytes;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _bytes += piece.Length;
        _start.Write(piece.Span[..(int)Math.Min(piece.Length, MaximumBytes - _start.Length)]);
        return ValueTask.CompletedTask;
    }

    public override Phrase? Whereabouts =>
        _bytes == 0 || headOnly ? null
        : _bytes > _start.Length ? language.Journeys.BodyGoesOn(_bytes - _start.Length)
        : language.Journeys.BodyNotSaved;

    public override void Show(IRowSink rows)
    {
        if (_bytes == 0) { return; }
        rows.Gap();
        var bytes = _start.GetBuffer().AsSpan(0, (int)_start.Length);
        if (!IsText(bytes))
        {
            rows.Line(language.Journeys.NotText(_bytes), Role.Note);
            return;
        }
        rows.Raw(Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n").TrimEnd('\n'));
    }

    private static bool IsText(ReadOnlySpan<byte> bytes)
    {
        foreach (var b in bytes)
        {
            if (b < 0x20 && b is not ((byte)'\n' or (byte)'\r' or (byte)'\t')) { return false; }
        }
        return true;
    }
}
