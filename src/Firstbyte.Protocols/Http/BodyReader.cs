namespace Firstbyte.Http;

/// <summary>Finds a body's bytes among those of its connection, as its framing says (RFC 9112 6.3), for requests and responses alike.</summary>
internal struct BodyReader
{
    private BodyFraming _framing;
    private ChunkedReader _chunks;
    private long _remaining;
    private bool _chunksEnded;

    internal enum Outcome : byte
    {
        NeedMore,
        Found,
        End,
        Fault,
    }

    /// <summary>Bytes of the body delivered so far, without framing.</summary>
    public long Delivered { get; private set; }

    /// <summary>The bytes that are still due, where Content-Length says it; otherwise -1.</summary>
    public readonly long Due => _framing == BodyFraming.ContentLength ? _remaining : -1;

    /// <summary>Starts a body; the length counts where the framing is Content-Length.</summary>
    public void Begin(BodyFraming framing, long length = 0)
    {
        (_framing, _remaining, _chunksEnded, Delivered) = (framing, length, false, 0);
        if (framing == BodyFraming.Chunked) { _chunks.Begin(); }
    }

    /// <summary>Goes on to the next run of the body, to its trailers, to its end, or to where bytes are missing.</summary>
    /// <param name="received">The bytes of this call.</param>
    /// <param name="ended">No more bytes will come.</param>
    /// <param name="trailers">Where trailer fields go.</param>
    /// <param name="flaws">Where flaws go.</param>
    /// <param name="position">The wire position of the first byte received.</param>
    /// <param name="consumed">How many of the bytes are done with, before and after.</param>
    /// <param name="found">What was found: a run of the body, or trailers.</param>
    /// <param name="failure">Why it cannot go on.</param>
    public Outcome Read(
        ReadOnlySpan<byte> received, bool ended, FieldTable trailers, FlawLog flaws, long position, ref int consumed,
        out MessageEvent found, out MessageFailure failure)
    {
        (found, failure) = (default, default);
        var available = received.Length - consumed;
        switch (_framing)
        {
            case BodyFraming.Chunked:
                return _chunksEnded ? Outcome.End : ReadChunked(received, trailers, flaws, position, ref consumed, out found, out failure);
            case BodyFraming.ContentLength when _remaining == 0:
            case BodyFraming.UntilClose when ended && available == 0:
                return Outcome.End;
            case BodyFraming.ContentLength or BodyFraming.UntilClose when available == 0:
                return Outcome.NeedMore;
            case BodyFraming.ContentLength:
                var run = (int)Math.Min(_remaining, available);
                _remaining -= run;
                found = Take(run, ref consumed);
                return Outcome.Found;
            case BodyFraming.UntilClose:
                found = Take(available, ref consumed);
                return Outcome.Found;
            default:
                return Outcome.End;
        }
    }

    private Outcome ReadChunked(
        ReadOnlySpan<byte> received, FieldTable trailers, FlawLog flaws, long position, ref int consumed, out MessageEvent found,
        out MessageFailure failure)
    {
        var start = consumed;
        var outcome = _chunks.Read(received[start..], trailers, flaws, position + start, out var read, out var data, out failure);
        consumed += read;
        found = default;
        switch (outcome)
        {
            case ChunkedReader.Outcome.Data:
                Delivered += data.Length;
                found = new MessageEvent(MessageEventKind.Body, start + data.Start, data.Length);
                return Outcome.Found;
            case ChunkedReader.Outcome.Fault: return Outcome.Fault;
            case ChunkedReader.Outcome.NeedMore: return Outcome.NeedMore;
            default:
                _chunksEnded = true;
                if (trailers.Count == 0) { return Outcome.End; }
                found = new MessageEvent(MessageEventKind.Trailers);
                return Outcome.Found;
        }
    }

    private MessageEvent Take(int length, ref int consumed)
    {
        var start = consumed;
        consumed += length;
        Delivered += length;
        return new MessageEvent(MessageEventKind.Body, start, length);
    }
}
