using System.IO.Pipelines;
using System.Net;

namespace Firstbyte.Extensions;

/// <summary>The content of a response, while it comes.</summary>
internal sealed class HandlerContent(PipeReader reader, long? length, CancellationTokenSource over) : HttpContent
{
    private Stream? _stream;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context) => await Open().CopyToAsync(stream);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        await Open().CopyToAsync(stream, cancellationToken);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult(Open());

    protected override Stream CreateContentReadStream(CancellationToken cancellationToken) => Open();

    protected override bool TryComputeLength(out long computed)
    {
        computed = length ?? 0;
        return length is not null;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Whoever wants no more of it ends the journey.
            over.Cancel();
            reader.Complete();
        }
        base.Dispose(disposing);
    }

    private Stream Open() => _stream ??= reader.AsStream();
}
