using System.Buffers;
using System.Text;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Http;
using Firstbyte.Sockets;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>file: a file or a directory of the host where the journey is made. Nobody is connected to, and no redirect of a network leads here.</summary>
/// <remarks>
/// Theory of operation. What is there is looked at first, and told; HEAD ends there. A directory comes as text, one line a name. A regular file comes from
/// the byte that was asked for (a range, or where a transfer is gone on with); devices, pipes and sockets are refused. Storing is for runs that allow it
/// (<see cref="JourneyOptions.StoresFiles"/>), and has the file whole or not at all.
/// </remarks>
internal sealed class FileUrlClient(ClientContext context) : IUrlClient
{
    private const int PieceLength = 64 * 1024;

    /// <inheritdoc/>
    public bool GoesByProxies => false;

    /// <inheritdoc/>
    public async ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken)
    {
        var fault = FilePath.TryRead(journey.Url.Hostname, journey.Url.Pathname, out var file);
        var upload = journey.Request.IsUpload ? journey.Request.Body : null;
        if (fault == FilePathFault.None && upload is not null && file!.IsDirectory) { fault = FilePathFault.NoFile; }
        if (fault != FilePathFault.None) { return journey.Fail(new FilePathUnusable(fault)); }
        if (upload is not null) { return await StoreAsync(journey, file!.Path, upload, cancellationToken); }
        using var _ = journey.Doing(JourneyStep.Read);
        HostFileFacts facts;
        try
        {
            facts = context.Network.Files.Look(file!.Path) ?? throw new NetworkException(Errno.ENOENT, "stat");
            // As the system has it: what a slash stands behind is a directory.
            if (file.IsDirectory && facts.Kind != FileKind.Directory) { throw new NetworkException(Errno.ENOTDIR, "stat"); }
        }
        catch (NetworkException e) { return journey.Fail(new FileRefused(file!.Path, FileFault.Unreadable, e.Error)); }
        TellFound(journey, file.Path, facts);
        if (facts.Kind is not (FileKind.Regular or FileKind.Directory)) { return journey.Fail(new FileRefused(file.Path, FileFault.NotRegular, Errno.None)); }
        if (journey.Request.Method == "HEAD") { return journey.Succeed(default); }
        return facts.Kind == FileKind.Directory
            ? await ListAsync(journey, file.Path, cancellationToken)
            : await ReadAsync(journey, file.Path, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() { /* Nothing is kept open between two files. */ }

    private static void TellFound(Journey journey, string path, HostFileFacts facts)
    {
        if (!journey.Span.IsListening) { return; }
        var isFile = facts.Kind == FileKind.Regular;
        journey.Span.Tell(new FileFound(path, facts.Kind, isFile ? facts.Length : null, facts.Modified, isFile ? FileTypes.Of(path) : ""));
    }

    private async ValueTask<JourneyResult> ListAsync(Journey journey, string path, CancellationToken cancellationToken)
    {
        FileEntry[] entries;
        try { entries = [.. context.Network.Files.List(path).Take(FileLimits.ListedNames).OrderBy(static entry => entry.Name, StringComparer.Ordinal)]; }
        catch (NetworkException e) { return journey.Fail(new FileRefused(path, FileFault.Unreadable, e.Error)); }
        if (journey.Span.IsListening) { journey.Span.Tell(new DirectoryListed(path, entries.Length, [.. entries.Take(FileLimits.ToldNames)])); }
        var text = new StringBuilder();
        foreach (var entry in entries) { text.Append(FileListing.Line(entry)); }
        var content = Encoding.UTF8.GetBytes(text.ToString());
        try
        {
            journey.Sink.Begin(new ContentDescription(content.Length, FileListing.Type));
            for (var at = 0; at < content.Length; at += PieceLength)
            {
                await journey.Sink.WriteAsync(content.AsMemory(at, Math.Min(PieceLength, content.Length - at)), cancellationToken);
            }
        }
        catch (IOException e) { return journey.Fail(new BodyUnsaved(IoErrors.ToErrno(e), 0)); }
        return journey.Succeed(new JourneyEnd(0, null, content.Length));
    }

    private async ValueTask<JourneyResult> ReadAsync(Journey journey, string path, CancellationToken cancellationToken)
    {
        var began = context.Network.Time.GetTimestamp();
        var turn = new FairTurn(context.Network.Time);
        var (position, bytes) = (0L, 0L);
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        try
        {
            using var reader = context.Network.Files.OpenRead(path);
            if (PartOf(journey.Request, reader.Length) is not { } part) { return journey.Fail(new FileRefused(path, FileFault.BeyondEnd, Errno.None)); }
            position = part.First;
            // Files that the kernel makes while they are read (proc(5)) say that they are empty.
            var isUnmeasured = reader.Length == 0;
            try { journey.Sink.Begin(new ContentDescription(isUnmeasured ? null : part.Length, FileTypes.Of(path)) { From = part.First }); }
            catch (IOException e) { return journey.Fail(new BodyUnsaved(IoErrors.ToErrno(e), 0)); }
            while (isUnmeasured || bytes < part.Length)
            {
                var wanted = isUnmeasured ? PieceLength : (int)Math.Min(PieceLength, part.Length - bytes);
                var count = reader.Read(position + bytes, piece.AsSpan(0, wanted));
                // Its end, or somebody has cut it meanwhile.
                if (count == 0) { break; }
                bytes += count;
                try { await journey.Sink.WriteAsync(piece.AsMemory(0, count), cancellationToken); }
                catch (IOException e) { return journey.Fail(new BodyUnsaved(IoErrors.ToErrno(e), bytes), new JourneyEnd(0, null, bytes)); }
                await turn.TakeAsync(cancellationToken);
            }
            if (journey.Span.IsListening)
            {
                journey.Span.Tell(new FileRead(path, position, bytes, NetworkClock.NanosecondsSince(context.Network.Time, began)));
                if (bytes < part.Length) { journey.Span.Tell(new BodyLengthChanged(part.Length, bytes)); }
            }
            return journey.Succeed(new JourneyEnd(0, null, bytes));
        }
        catch (NetworkException e)
        {
            return journey.Fail(
                new FileRefused(path, e.Error == Errno.EINVAL ? FileFault.NotRegular : FileFault.Unreadable, e.Error), new JourneyEnd(0, null, bytes));
        }
        finally { ArrayPool<byte>.Shared.Return(piece); }
    }

    // Where a transfer is gone on with, or what a range says; several ranges are the whole, as over HTTP. Null behind the end.
    private static (long First, long Length)? PartOf(JourneyRequest request, long length)
    {
        if (request.ResumeAt > 0) { return request.ResumeAt <= length ? (request.ResumeAt, length - request.ResumeAt) : null; }
        if (request.Range is not { } range) { return (0, length); }
        return RangeRequest.Read($"bytes={range}", length, out var part) switch
        {
            RangeOutcome.Unsatisfiable => null,
            RangeOutcome.Part => (part.First, part.Last - part.First + 1),
            _ => (0, length),
        };
    }

    private async ValueTask<JourneyResult> StoreAsync(Journey journey, string path, IBodySource upload, CancellationToken cancellationToken)
    {
        if (!context.Options.StoresFiles) { return journey.Fail(new FileRefused(path, FileFault.WritingNotAllowed, Errno.None)); }
        if (journey.Request.ResumeAt != 0) { return journey.Fail(new FileRefused(path, FileFault.NotContinued, Errno.None)); }
        if (upload.IsSpent) { return journey.Fail(new BodyNotRepeatable(journey.Origin, upload.Origin, RepeatCause.NextUrl, 0)); }
        using var _ = journey.Doing(JourneyStep.Save);
        var began = context.Network.Time.GetTimestamp();
        var turn = new FairTurn(context.Network.Time);
        var bytes = 0L;
        var piece = ArrayPool<byte>.Shared.Rent(PieceLength);
        IBodyReader? content = null;
        try
        {
            var before = context.Network.Files.Look(path);
            if (before is { Kind: not (FileKind.Regular or FileKind.Directory) })
            {
                return journey.Fail(new FileRefused(path, FileFault.NotRegular, Errno.None));
            }
            using var writer = context.Network.Files.Create(path);
            while (true)
            {
                int count;
                try
                {
                    content ??= upload.Open();
                    count = await content.ReadAsync(piece, cancellationToken);
                }
                catch (Exception e) when (IoErrors.IsOne(e)) { return journey.Fail(new BodyUnreadable(upload.Origin, IoErrors.ToErrno(e), bytes)); }
                if (count == 0) { break; }
                writer.Write(piece.AsSpan(0, count));
                bytes += count;
                await turn.TakeAsync(cancellationToken);
            }
            if (upload.Length is { } said && bytes < said) { return journey.Fail(new BodyShrunk(upload.Origin, said, bytes)); }
            writer.Complete();
            if (journey.Span.IsListening)
            {
                journey.Span.Tell(new FileStored(path, bytes, before?.Length, NetworkClock.NanosecondsSince(context.Network.Time, began)));
            }
            return journey.Succeed(new JourneyEnd(0, null, bytes));
        }
        catch (NetworkException e) { return journey.Fail(new FileRefused(path, FileFault.Unwritable, e.Error)); }
        finally
        {
            content?.Close();
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
