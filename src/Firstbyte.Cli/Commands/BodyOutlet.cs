using System.Text;
using Firstbyte.Cli.Rendering;
using Firstbyte.Http;

namespace Firstbyte.Cli.Commands;

/// <summary>Where one response's body goes.</summary>
internal abstract class BodyOutlet : IBodySink, IStoryBody, IDisposable
{
    public virtual string? Whereabouts => null;

    public virtual void Begin(ResponseHead head) { }

    public abstract ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);

    public virtual void Show(Page page) { }

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
internal sealed class FileBody(string path) : BodyOutlet
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

    public override string? Whereabouts => _file is null ? null : $"body saved to {Printable.Text(path)} ({Amounts.Bytes(_bytes)})";

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
internal sealed class PreviewBody(bool headOnly) : BodyOutlet
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

    public override string? Whereabouts =>
        _bytes == 0 || headOnly ? null
        : _bytes > _start.Length ? $"… {Amounts.Bytes(_bytes - _start.Length)} more: add -o FILE or --body"
        : "body saved nowhere: add -o FILE or --body";

    public override void Show(Page page)
    {
        if (_bytes == 0) { return; }
        page.Gap();
        var bytes = _start.GetBuffer().AsSpan(0, (int)_start.Length);
        if (!IsText(bytes))
        {
            page.Full($"({Amounts.Bytes(_bytes)} that are not text)", Ink.Faint);
            return;
        }
        foreach (var line in Encoding.UTF8.GetString(bytes).ReplaceLineEndings("\n").TrimEnd('\n').Split('\n')) { page.Raw(Printable.Text(line)); }
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
