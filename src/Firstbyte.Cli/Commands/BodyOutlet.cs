using Firstbyte.Cli.Io;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Story;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Commands;

/// <summary>Where one response's body goes.</summary>
internal abstract class BodyOutlet : IBodySink, IStoryBody, IDisposable
{
    public virtual Phrase? Whereabouts => null;

    /// <summary>Bytes of it that were taken.</summary>
    public long Count { get; private set; }

    /// <summary>Where a part of it is that outlasts the command; null when none is kept.</summary>
    public virtual Phrase? Remains => null;

    /// <summary>The file that it is kept in; null where there is none.</summary>
    public virtual string? FileName => null;

    /// <summary>What kept the body from being kept.</summary>
    public FileException? Failure { get; protected set; }

    /// <summary>Why the body was not taken, though it could have been.</summary>
    public virtual Phrase? Refusal => null;

    /// <summary>Tells how far it is where nothing else does; null where nobody looks.</summary>
    public BodyProgress? Progress { get; init; }

    /// <summary>Whether what comes is seen by itself, so that nobody has to tell how far it is.</summary>
    protected virtual bool IsSeen => false;

    /// <summary>Whether what comes with the status of an error is left out (-f).</summary>
    public bool LeavesErrorsOut { get; set; }

    public void Begin(ContentDescription content)
    {
        _isLeftOut = LeavesErrorsOut && content.Status >= 400;
        if (!_isLeftOut) { Start(content); }
    }

    private bool _isLeftOut;

    /// <summary>Content begins that is wanted.</summary>
    protected virtual void Start(ContentDescription content) => Progress?.Begin(content.Length);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        if (_isLeftOut) { return; }
        await TakeAsync(piece, cancellationToken);
        Count += piece.Length;
        if (!IsSeen) { Progress?.Advance(piece.Length); }
    }

    public void End(bool isWhole)
    {
        if (isWhole && !_isLeftOut) { Complete(); }
        else { Abandon(); }
    }

    /// <summary>All of it has come.</summary>
    protected virtual void Complete() => Progress?.End();

    /// <summary>No more will come, though it is not all.</summary>
    protected virtual void Abandon() => Progress?.End();

    public virtual void Show(IRowSink rows) { }

    public virtual void Dispose() => Progress?.Dispose();

    /// <summary>Puts a piece where it goes.</summary>
    protected abstract ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken);
}

/// <summary>--body, and <c>-o -</c>: the bytes as they come, and nothing else.</summary>
internal sealed class StandardOutputBody(CommandIo io) : BodyOutlet
{
    protected override ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        io.Output.Write(piece.Span);
        // Whoever reads a slow body wants to see what has come.
        io.Output.Flush();
        return ValueTask.CompletedTask;
    }
}

/// <summary>-o FILE: the file is begun when the response is there, and has its name when it is whole.</summary>
/// <param name="io">What the command has around it.</param>
/// <param name="name">The file.</param>
/// <param name="patience">How long it waits for a reader where the file is a pipe.</param>
/// <param name="part">What an earlier run has left of it, which this one goes on with; null for none.</param>
internal sealed class FileBody(CommandIo io, string name, Patience patience, PartialFile? part) : BodyOutlet
{
    private readonly IJourneySentences _words = io.Language.Journeys;
    private string _name = name;
    private WholeFile? _file;

    /// <summary>The server's own name is taken where it gives one and there is no such file yet.</summary>
    public bool TakesServersName { get; init; }

    public override string? FileName => _file is null ? null : _name;

    protected override void Start(ContentDescription content)
    {
        base.Start(content);
        try
        {
            if (TakesServersName && content.FileName is { } own)
            {
                _name = Path.Join(Path.GetDirectoryName(_name), own);
                // A server has no say in what becomes of a file that is here.
                if (io.Exists(_name) || io.IsFolder(_name)) { throw new FileException(_name, isWriting: true, new NetworkException(Errno.EEXIST, "open")); }
            }
            // Whatever the server sends from another place than was asked for is another file.
            _file ??= part is not null && content.From == part.Length ? WholeFile.Continue(_name, part) : io.Create(_name, patience, part);
            _file.Validator = content.Validator;
        }
        // The connection is told when there is something to write: a response without a body is as good as any until then.
        catch (FileException e) { Failure = e; }
    }

    protected override ValueTask TakeAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
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

    protected override void Complete()
    {
        base.Complete();
        try
        {
            // A server that says that nothing is missing sends nothing.
            if (part is not null && Failure is null) { _file ??= WholeFile.Continue(_name, part); }
            _file?.Complete();
        }
        // Told by whoever asks how the journey ended.
        catch (FileException e) { Failure = e; }
    }

    public override Phrase? Whereabouts
    {
        get
        {
            if (_file is not { } file) { return Failure is null ? null : _words.NothingSaved(_name); }
            if (file.IsWhole) { return _words.BodySaved(_name, file.Count); }
            // It lies beside the file, whose folder the user has named.
            if (file.Part is { } part)
            {
                return _words.PartSaved(_name, Path.Combine(Path.GetDirectoryName(_name) ?? "", Path.GetFileName(part)), file.Count, file.HasOld);
            }
            return Failure is null || !file.KeepsOld ? null : file.HasOld ? _words.NothingReplaced(_name) : _words.NothingSaved(_name);
        }
    }

    public override Phrase? Remains => _file is { IsWhole: true } or { Part: not null } ? Whereabouts : null;

    protected override void Abandon()
    {
        base.Abandon();
        _file?.Dispose();
    }

    public override void Dispose()
    {
        Abandon();
        base.Dispose();
    }
}
