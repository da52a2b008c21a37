namespace Firstbyte.Http;

/// <summary>The client's side of one HTTP/1.x connection as a value: which exchange is under way, how far both its directions are, what is due.</summary>
/// <remarks>
/// Theory of operation. Whoever owns the connection says what it is about to do and what has become of it (<see cref="TryBegin"/>, <see cref="RequestSent"/>,
/// <see cref="SendFailed"/>, <see cref="PatienceEnded"/>, <see cref="ReceiveFailed"/>, <see cref="GiveUp"/>) and shows what came (<see cref="Read"/>);
/// <see cref="Due"/> says what to do next, <see cref="Retry"/> whether the request may go out again, and <see cref="KeepReason"/> why the connection
/// lives on or not. What leads where stands in one table (<see cref="ExchangeTable"/>, drawn in docs/http-exchange.md): early responses,
/// 100 Continue, upgrades, close and re-use are decided there and nowhere else. One value serves a connection for its life, and an exchange allocates nothing.
/// Calls may not overlap.
/// </remarks>
public sealed class HttpExchange
{
    private readonly ResponseReader _reader;
    private bool _isUnfinished;

    /// <summary>A connection that has carried nothing yet.</summary>
    /// <param name="isStrict">Refuse responses with flaws.</param>
    public HttpExchange(bool isStrict = false) => _reader = new ResponseReader { IsStrict = isStrict };

    /// <summary>How far the request is.</summary>
    public RequestState Request { get; private set; }

    /// <summary>How far the response is.</summary>
    public ResponseState Response { get; private set; }

    /// <summary>What led to this state.</summary>
    public ExchangeRule Rule { get; private set; }

    /// <summary>What is due.</summary>
    public ExchangeDuty Due => ExchangeTable.Due(Request, Response);

    /// <summary>Whether the request may be sent again, once the exchange is over.</summary>
    public RetryRule Retry { get; private set; }

    /// <summary>Why the connection may carry another exchange, or may not; known when the response is over.</summary>
    public KeepReason KeepReason => Response == ResponseState.Broken ? KeepReason.Failed
        : _isUnfinished ? KeepReason.RequestUnfinished
        : _reader.KeepReason;

    /// <summary>The flaws of the response so far.</summary>
    public FlawLog Flaws => _reader.Flaws;

    /// <summary>Why the response cannot be read, once it cannot.</summary>
    public MessageFailure Failure => _reader.Failure;

    /// <summary>Bytes of the response that were read.</summary>
    public long Position => _reader.Position;

    /// <summary>Bytes of the response's content so far, without framing.</summary>
    public long BodyBytes => _reader.BodyBytes;

    /// <summary>The content's bytes that are still due, where Content-Length says it; otherwise -1.</summary>
    public long BodyBytesDue => _reader.BodyBytesDue;

    /// <summary>Begins an exchange; false, and nothing has changed, where none may begin.</summary>
    /// <param name="head">Where the response's head goes; it may be the one of the exchange before.</param>
    /// <param name="request">What decides how the response is read.</param>
    /// <param name="ownClose">The request says that this side will close the connection.</param>
    /// <param name="withholds">The content waits for 100 Continue.</param>
    public bool TryBegin(ResponseHead head, RequestKind request = RequestKind.Other, bool ownClose = false, bool withholds = false)
    {
        if (Due != ExchangeDuty.Keep) { return false; }
        _reader.Begin(head, request, ownClose);
        _isUnfinished = false;
        Take(withholds ? ExchangeInput.BeginWithheld : ExchangeInput.Begin);
        return true;
    }

    /// <summary>The last byte of the request was handed over.</summary>
    public void RequestSent() => Take(ExchangeInput.RequestSent);

    /// <summary>The connection takes no more of the request.</summary>
    public void SendFailed() => Take(ExchangeInput.SendFailed);

    /// <summary>The wait for 100 Continue has been long enough.</summary>
    public void PatienceEnded() => Take(ExchangeInput.PatienceEnded);

    /// <summary>The connection brings no more, and not because its peer has ended it.</summary>
    public void ReceiveFailed() => Take(ExchangeInput.ReadFailed);

    /// <summary>Nobody wants the rest of the exchange; between exchanges, the connection is not wanted any more.</summary>
    public void GiveUp() => Take(ExchangeInput.GivenUp);

    /// <summary>Bytes, or the peer's end, came while no exchange was under way.</summary>
    public void ReceivedUnasked() => Take(ExchangeInput.Unsolicited);

    /// <summary>Finds the next event of the response in the bytes at hand, as <see cref="MessageReader.Read"/> does.</summary>
    public MessageEvent Read(ReadOnlySpan<byte> received, bool ended, out int consumed)
    {
        consumed = 0;
        if (Response == ResponseState.Idle && (received.Length > 0 || ended)) { ReceivedUnasked(); }
        if (Response == ResponseState.Broken) { return new MessageEvent(MessageEventKind.Failed); }
        if (Response == ResponseState.Idle) { return new MessageEvent(MessageEventKind.NeedMore); }
        if (Response == ResponseState.Awaited && received.Length > 0) { Take(ExchangeInput.FirstByte); }
        var next = _reader.Read(received, ended, out consumed);
        switch (next.Kind)
        {
            case MessageEventKind.Informational when _reader.Head.Status == 100: Take(ExchangeInput.Continue); break;
            case MessageEventKind.Head: Take(InputOf(_reader.Head)); break;
            case MessageEventKind.Complete: Take(InputOf(_reader.KeepReason)); break;
            case MessageEventKind.Failed: Take(ExchangeInput.ReadFailed); break;
            default: break;
        }
        return next;
    }

    private static ExchangeInput InputOf(ResponseHead head) => head switch
    {
        { Framing: BodyFraming.Tunnel } => ExchangeInput.Switch,
        { Status: 417 } => ExchangeInput.ExpectationFailed,
        { Status: >= 400 } => ExchangeInput.Refusal,
        _ => ExchangeInput.Answer,
    };

    private static ExchangeInput InputOf(KeepReason reason) => reason switch
    {
        KeepReason.PersistentByDefault or KeepReason.KeepAliveAsked => ExchangeInput.CompleteKept,
        KeepReason.PeerCloses or KeepReason.OwnClose or KeepReason.Http10 => ExchangeInput.CompleteClosing,
        _ => ExchangeInput.CompleteSpoiled,
    };

    private void Take(ExchangeInput input)
    {
        var next = ExchangeTable.Next(Request, Response, input);
        if (next.Rule == ExchangeRule.Stays) { return; }
        (Request, Response, Rule) = (next.Request, next.Response, next.Rule);
        Retry = ExchangeTable.Retry(next.Rule) ?? Retry;
        _isUnfinished |= next.Rule is ExchangeRule.RequestUnfinished or ExchangeRule.SwitchedTooEarly;
    }
}
