using System.Text;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;

namespace Firstbyte.Cli.Commands;

/// <summary>Where one response's body goes.</summary>
internal abstract class BodyOutlet : IBodySink, IStoryBody, IDisposable
{
    public virtual Phrase? Whereabouts => null;

    public virtual void Begin(ResponseHead head) { }

    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    public virtual void Show(IRowSink rows) { }

    public virtual void Dispose() { }
}

/// <summary>--body: the bytes as they come, and nothing else.</summary>
internal sealed class StandardOutputBody : BodyOutlet
{
    private readonly Stream _output = Console.OpenStandardOutput();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        _output.Write(piece.Span);
        return ValueTask.CompletedTask;
    }

    public override void Dispose()
    {
        _output.Dispose();
        base.Dispose();
    }
}

/// <summary>-o FILE: the file is made when the response is there, so that a failure leaves no empty file.</summary>
internal sealed class FileBody(string path, Language language) : BodyOutlet
{
    private FileStream? _file;
    private long _bytes;

    public override void Begin(ResponseHead head) => Open();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Open();
        _file!.Write(piece.Span);
        _bytes += piece.Length;
        return ValueTask.CompletedTask;
    }

    public override Phrase? Whereabouts => _file is null ? null : language.Journeys.BodySaved(path, _bytes);

    public override void Dispose()
    {
        _file?.Dispose();
        base.Dispose();
    }

    private void Open()
    {
        try { _file ??= new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read); }
        catch (UnauthorizedAccessException e) { throw new IOException(e.Message, e); }
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
