using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Curl;

/// <summary>Reads a response beside curl's double by the rules of RFC 9112, to know whether anything of it had to be repaired.</summary>
/// <remarks>
/// Theory of operation. curl takes more than the specification allows, and so does its double. Whoever has guessed where a message ends may be led to take one
/// server's answer for another's question, so nothing is asked again on a connection on which something was taken that is not well-formed. What that is, the
/// strict reader knows already: it is given every byte of the response as it is taken, and asked at the end. A line of the head that ends in LF alone is
/// none of that here: the specification lets it pass (RFC 9112 2.2), and curl goes on with such connections.
/// </remarks>
internal sealed class CurlJudge
{
    private readonly ResponseReader _reader = new();
    private byte[] _held = [];
    private int _count;
    private MessageEventKind _end = MessageEventKind.NeedMore;
    private bool _hasMore;
    private long? _bareLineFeedAt;
    private bool _isBehindHead;

    /// <param name="isHead">Whether the response answers a HEAD, so that no content follows.</param>
    public CurlJudge(bool isHead) => _reader.Begin(new ResponseHead(), isHead ? RequestKind.Head : RequestKind.Other);

    /// <summary>Whether a head of it has been read, or was found to be none.</summary>
    public bool IsJudged => _isBehindHead || _end == MessageEventKind.Failed;

    /// <summary>Whether the response was whole and well-formed; whether the connection is kept is another question, which its fields answer.</summary>
    public bool IsSound
    {
        get
        {
            // That nothing more belongs to it may show only now.
            Read([]);
            return _end == MessageEventKind.Complete && !_reader.Flaws.SpoilsConnection && !_hasMore;
        }
    }

    /// <summary>What of the response is not as the specification wants it: told where somebody listens, with what was done about it.</summary>
    public void Tell(TraceSpan span)
    {
        if (_bareLineFeedAt is { } at)
        {
            span.Tell(new MessageFlawFound(MessageFlaw.BareLineFeed, at, FlawAction.Accepted) { Because = MessageRules.Of(MessageFlaw.BareLineFeed) });
        }
        foreach (var flaw in _reader.Flaws.Found)
        {
            span.Tell(new MessageFlawFound(flaw.Flaw, flaw.Position, flaw.Action) { Because = MessageRules.Of(flaw.Flaw) });
        }
        if (_end == MessageEventKind.Failed) { span.Tell(new ResponseRepaired(_reader.Failure.Fault, _reader.Failure.Position)); }
    }

    /// <summary>Takes bytes that were taken off the connection; of a head a line, whole.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (!_isBehindHead && bytes is [.., (byte)'\n'] and not [.., (byte)'\r', (byte)'\n'])
        {
            TakeAsIs(bytes[..^1]);
            _bareLineFeedAt ??= _reader.Position + _count;
            bytes = "\r\n"u8;
        }
        TakeAsIs(bytes);
    }

    private void TakeAsIs(ReadOnlySpan<byte> bytes)
    {
        if (_end != MessageEventKind.NeedMore)
        {
            _hasMore |= bytes.Length > 0;
            return;
        }
        if (_count == 0)
        {
            Hold(bytes[Read(bytes)..]);
            return;
        }
        Hold(bytes);
        var read = Read(_held.AsSpan(0, _count));
        _held.AsSpan(read, _count - read).CopyTo(_held);
        _count -= read;
    }

    // A line of which the end is still to come.
    private void Hold(ReadOnlySpan<byte> bytes)
    {
        if (_held.Length < _count + bytes.Length) { Array.Resize(ref _held, Math.Max(_held.Length * 2, _count + bytes.Length)); }
        bytes.CopyTo(_held.AsSpan(_count));
        _count += bytes.Length;
    }

    private int Read(ReadOnlySpan<byte> bytes)
    {
        var read = 0;
        while (_end == MessageEventKind.NeedMore)
        {
            var next = _reader.Read(bytes[read..], ended: false, out var consumed);
            read += consumed;
            if (next.Kind == MessageEventKind.NeedMore) { break; }
            _isBehindHead |= next.Kind == MessageEventKind.Head;
            if (next.Kind is MessageEventKind.Complete or MessageEventKind.Failed)
            {
                _end = next.Kind;
                _hasMore = read < bytes.Length;
                return bytes.Length;
            }
        }
        return read;
    }
}
