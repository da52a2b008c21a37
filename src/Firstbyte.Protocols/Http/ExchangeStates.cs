using Firstbyte.Tracing;

namespace Firstbyte.Http;

/// <summary>How far the request of an exchange is.</summary>
public enum RequestState : byte
{
    /// <summary>There is none.</summary>
    Idle,

    /// <summary>It is going out.</summary>
    Sending,

    /// <summary>Its head is out, and its content waits until the server asks for it (RFC 9110 10.1.1).</summary>
    Withheld,

    /// <summary>All of it is out.</summary>
    Sent,

    /// <summary>The rest of it will never go out.</summary>
    CutOff,
}

/// <summary>How far the response of an exchange is.</summary>
public enum ResponseState : byte
{
    /// <summary>None is due.</summary>
    Idle,

    /// <summary>None of its bytes has come.</summary>
    Awaited,

    /// <summary>Bytes have come, and no final head.</summary>
    Begun,

    /// <summary>The final head has come; what follows is content.</summary>
    Content,

    /// <summary>It is complete, and its server is the one to close.</summary>
    Closing,

    /// <summary>It is complete, and nothing may follow.</summary>
    Over,

    /// <summary>It was the last: another protocol follows.</summary>
    Switched,

    /// <summary>It broke, or nobody wants it any more.</summary>
    Broken,
}

/// <summary>What happens to an exchange.</summary>
public enum ExchangeInput : byte
{
    /// <summary>A request is about to go out.</summary>
    Begin,

    /// <summary>A request is about to go out whose content waits for 100 Continue.</summary>
    BeginWithheld,

    /// <summary>The last byte of the request was handed over.</summary>
    RequestSent,

    /// <summary>The connection takes no more of the request.</summary>
    SendFailed,

    /// <summary>The wait for 100 Continue has been long enough.</summary>
    PatienceEnded,

    /// <summary>The first byte of a response came.</summary>
    FirstByte,

    /// <summary>100 Continue came.</summary>
    Continue,

    /// <summary>The final head came.</summary>
    Answer,

    /// <summary>The final head came, with a status of 400 or more.</summary>
    Refusal,

    /// <summary>The final head came, with 417.</summary>
    ExpectationFailed,

    /// <summary>101, or 2xx to CONNECT, came.</summary>
    Switch,

    /// <summary>The response is complete, and by itself would let the connection live on.</summary>
    CompleteKept,

    /// <summary>The response is complete, and one of both sides has said that it closes.</summary>
    CompleteClosing,

    /// <summary>The response is complete, and leaves a doubt, or no connection.</summary>
    CompleteSpoiled,

    /// <summary>The response breaks its rules, or ended too early, or the connection broke.</summary>
    ReadFailed,

    /// <summary>The caller wants no more of it.</summary>
    GivenUp,

    /// <summary>Bytes, or the end, on a connection that owes none.</summary>
    Unsolicited,
}

/// <summary>Why an exchange went from one state to another.</summary>
public enum ExchangeRule : byte
{
    /// <summary>An input that changes nothing here.</summary>
    Stays,

    /// <summary>A request goes out.</summary>
    RequestBegins,

    /// <summary>The head goes out; its content waits.</summary>
    ContentWithheld,

    /// <summary>The request is out.</summary>
    RequestSent,

    /// <summary>The connection takes no more; an answer may still come.</summary>
    SendingBroke,

    /// <summary>The server wants the content.</summary>
    ContinueReceived,

    /// <summary>The server says nothing; the content goes out all the same.</summary>
    PatienceEnded,

    /// <summary>A response begins.</summary>
    ResponseBegins,

    /// <summary>The answer to all of the request.</summary>
    Answered,

    /// <summary>The answer came while the request is still going out, which goes on.</summary>
    AnsweredEarly,

    /// <summary>The answer came instead of 100 Continue: the content is not wanted.</summary>
    AnsweredInstead,

    /// <summary>The server cannot be asked for 100 Continue: the same request may go out without asking.</summary>
    ExpectationFailed,

    /// <summary>The server refuses while the request is still going out: the rest stays here.</summary>
    RefusedEarly,

    /// <summary>Another protocol begins.</summary>
    Switched,

    /// <summary>Another protocol would begin in the middle of a request.</summary>
    SwitchedTooEarly,

    /// <summary>The connection may carry the next exchange.</summary>
    Kept,

    /// <summary>The server closes.</summary>
    Closing,

    /// <summary>The response leaves a doubt, or no connection.</summary>
    Spoiled,

    /// <summary>The response is complete and the request is not: what the server would read next is not a request.</summary>
    RequestUnfinished,

    /// <summary>The connection died and no byte of an answer came.</summary>
    DiedUnanswered,

    /// <summary>The connection died before the content was sent.</summary>
    DiedWithheld,

    /// <summary>The response broke.</summary>
    Broke,

    /// <summary>The caller gave up.</summary>
    GivenUp,

    /// <summary>What nobody asked for is no response.</summary>
    Unsolicited,

    /// <summary>What cannot happen here has happened: nothing is certain any more.</summary>
    OutOfPlace,
}

/// <summary>Whether the request of an exchange may be sent again by itself (RFC 9110 9.2.2).</summary>
public enum RetryRule : byte
{
    /// <summary>It may not: an answer had begun, or the exchange is not over.</summary>
    Never,

    /// <summary>It may where doing it twice means the same as doing it once: the server may have acted on it.</summary>
    IfIdempotent,

    /// <summary>It may: what the server would have acted on was never sent.</summary>
    Always,

    /// <summary>It may, without its expectation (RFC 9110 10.1.1).</summary>
    WithoutExpectation,
}

/// <summary>What is due in a state of an exchange.</summary>
public enum ExchangeDuty : byte
{
    /// <summary>Nothing: the next exchange may begin.</summary>
    Keep,

    /// <summary>Send the request, and read what comes meanwhile.</summary>
    Send,

    /// <summary>Read, and send the content when that takes too long.</summary>
    ReadWithPatience,

    /// <summary>Read.</summary>
    Read,

    /// <summary>Let the server close, then close.</summary>
    AwaitClose,

    /// <summary>Close.</summary>
    Close,

    /// <summary>Hand the connection to the other protocol.</summary>
    HandOver,
}

/// <summary>One step of an exchange: both directions after it, and why.</summary>
internal readonly record struct ExchangeTransition(RequestState Request, ResponseState Response, ExchangeRule Rule);

/// <summary>The states of an exchange and what leads from one to another, both directions in one table (RFC 9112 9).</summary>
/// <remarks>
/// docs/http-exchange.md is drawn from it by a test. What is not in it cannot happen where both sides and the caller keep to their rules; if it does, the
/// exchange is broken and its connection closed: of two readings of a connection the one that closes it is never wrong.
/// </remarks>
internal static class ExchangeTable
{
    /// <summary>Where an input leads.</summary>
    public static ExchangeTransition Next(RequestState request, ResponseState response, ExchangeInput input) => (input, request, response) switch
    {
        // Between exchanges.
        (ExchangeInput.Begin, RequestState.Idle, ResponseState.Idle) => new(RequestState.Sending, ResponseState.Awaited, ExchangeRule.RequestBegins),
        (ExchangeInput.BeginWithheld, RequestState.Idle, ResponseState.Idle) => new(RequestState.Withheld, ResponseState.Awaited, ExchangeRule.ContentWithheld),
        (ExchangeInput.Unsolicited, RequestState.Idle, ResponseState.Idle) => new(request, ResponseState.Broken, ExchangeRule.Unsolicited),

        // Once the response is over nothing changes any more: a send that was under way may still end.
        (_, _, ResponseState.Closing or ResponseState.Over or ResponseState.Switched or ResponseState.Broken) => new(request, response, ExchangeRule.Stays),
        (ExchangeInput.GivenUp, _, _) => new(EndOf(request), ResponseState.Broken, ExchangeRule.GivenUp),
        (_, RequestState.Idle, _) => new(request, ResponseState.Broken, ExchangeRule.OutOfPlace),

        // The request.
        (ExchangeInput.RequestSent, RequestState.Sending, _) => new(RequestState.Sent, response, ExchangeRule.RequestSent),
        (ExchangeInput.SendFailed, RequestState.Sending or RequestState.Withheld, _) => new(RequestState.CutOff, response, ExchangeRule.SendingBroke),
        (ExchangeInput.RequestSent or ExchangeInput.SendFailed, RequestState.CutOff, _) => new(request, response, ExchangeRule.Stays),
        (ExchangeInput.PatienceEnded, RequestState.Withheld, _) => new(RequestState.Sending, response, ExchangeRule.PatienceEnded),
        (ExchangeInput.PatienceEnded, _, _) => new(request, response, ExchangeRule.Stays),

        // The response.
        (ExchangeInput.FirstByte, _, ResponseState.Awaited) => new(request, ResponseState.Begun, ExchangeRule.ResponseBegins),
        (ExchangeInput.Continue, RequestState.Withheld, ResponseState.Begun) => new(RequestState.Sending, response, ExchangeRule.ContinueReceived),
        (ExchangeInput.Continue, _, ResponseState.Begun) => new(request, response, ExchangeRule.Stays),
        (ExchangeInput.Switch, RequestState.Sent, ResponseState.Begun) => new(request, ResponseState.Switched, ExchangeRule.Switched),
        (ExchangeInput.Switch, _, ResponseState.Begun) => new(RequestState.CutOff, ResponseState.Over, ExchangeRule.SwitchedTooEarly),
        (ExchangeInput.ExpectationFailed, RequestState.Withheld, ResponseState.Begun) =>
            new(RequestState.CutOff, ResponseState.Content, ExchangeRule.ExpectationFailed),
        (ExchangeInput.Answer or ExchangeInput.Refusal, RequestState.Withheld, ResponseState.Begun) =>
            new(RequestState.CutOff, ResponseState.Content, ExchangeRule.AnsweredInstead),
        (ExchangeInput.Refusal or ExchangeInput.ExpectationFailed, RequestState.Sending, ResponseState.Begun) =>
            new(RequestState.CutOff, ResponseState.Content, ExchangeRule.RefusedEarly),
        (ExchangeInput.Answer, RequestState.Sending, ResponseState.Begun) => new(request, ResponseState.Content, ExchangeRule.AnsweredEarly),
        (ExchangeInput.Answer or ExchangeInput.Refusal or ExchangeInput.ExpectationFailed, _, ResponseState.Begun) =>
            new(request, ResponseState.Content, ExchangeRule.Answered),

        // Its end.
        (ExchangeInput.CompleteKept, RequestState.Sent, ResponseState.Content) => new(RequestState.Idle, ResponseState.Idle, ExchangeRule.Kept),
        (ExchangeInput.CompleteClosing, RequestState.Sent, ResponseState.Content) => new(request, ResponseState.Closing, ExchangeRule.Closing),
        (ExchangeInput.CompleteSpoiled, RequestState.Sent, ResponseState.Content) => new(request, ResponseState.Over, ExchangeRule.Spoiled),
        (ExchangeInput.CompleteKept or ExchangeInput.CompleteClosing or ExchangeInput.CompleteSpoiled, _, ResponseState.Content) =>
            new(RequestState.CutOff, ResponseState.Over, ExchangeRule.RequestUnfinished),
        (ExchangeInput.ReadFailed, RequestState.Withheld, ResponseState.Awaited) => new(RequestState.CutOff, ResponseState.Broken, ExchangeRule.DiedWithheld),
        (ExchangeInput.ReadFailed, _, ResponseState.Awaited) => new(EndOf(request), ResponseState.Broken, ExchangeRule.DiedUnanswered),
        (ExchangeInput.ReadFailed, _, _) => new(EndOf(request), ResponseState.Broken, ExchangeRule.Broke),

        _ => new(EndOf(request), ResponseState.Broken, ExchangeRule.OutOfPlace),
    };

    /// <summary>What is due in a state.</summary>
    public static ExchangeDuty Due(RequestState request, ResponseState response) => (request, response) switch
    {
        (RequestState.Idle, ResponseState.Idle) => ExchangeDuty.Keep,
        (_, ResponseState.Closing) => ExchangeDuty.AwaitClose,
        (_, ResponseState.Switched) => ExchangeDuty.HandOver,
        (_, ResponseState.Over or ResponseState.Broken) => ExchangeDuty.Close,
        (RequestState.Sending, _) => ExchangeDuty.Send,
        (RequestState.Withheld, _) => ExchangeDuty.ReadWithPatience,
        _ => ExchangeDuty.Read,
    };

    /// <summary>What a step says about sending the request again; null where it says nothing about it.</summary>
    public static RetryRule? Retry(ExchangeRule rule) => rule switch
    {
        ExchangeRule.RequestBegins or ExchangeRule.ContentWithheld => RetryRule.Never,
        ExchangeRule.DiedUnanswered => RetryRule.IfIdempotent,
        ExchangeRule.DiedWithheld => RetryRule.Always,
        ExchangeRule.ExpectationFailed => RetryRule.WithoutExpectation,
        _ => null,
    };

    /// <summary>The clause that a step rests on; null where none does.</summary>
    public static Clause? Of(ExchangeRule rule) => rule switch
    {
        ExchangeRule.ContentWithheld or ExchangeRule.PatienceEnded or ExchangeRule.AnsweredInstead or ExchangeRule.ExpectationFailed
            or ExchangeRule.DiedWithheld => new("RFC 9110", "10.1.1"),
        ExchangeRule.ContinueReceived => new("RFC 9110", "15.2.1"),
        ExchangeRule.Switched or ExchangeRule.SwitchedTooEarly => new("RFC 9110", "7.8"),
        ExchangeRule.DiedUnanswered => new("RFC 9110", "9.2.2"),
        ExchangeRule.Unsolicited => new("RFC 9112", "9.2"),
        ExchangeRule.RequestBegins or ExchangeRule.RequestSent or ExchangeRule.ResponseBegins or ExchangeRule.Answered => new("RFC 9112", "2.1"),
        ExchangeRule.Kept => new("RFC 9112", "9.3"),
        ExchangeRule.SendingBroke or ExchangeRule.AnsweredEarly or ExchangeRule.RefusedEarly or ExchangeRule.RequestUnfinished => new("RFC 9112", "9.5"),
        ExchangeRule.Closing => new("RFC 9112", "9.6"),
        ExchangeRule.Spoiled => new("RFC 9112", "6.3"),
        ExchangeRule.Broke => new("RFC 9112", "8"),
        _ => null,
    };

    // What is out is out; the rest will not follow.
    private static RequestState EndOf(RequestState request) => request is RequestState.Sending or RequestState.Withheld ? RequestState.CutOff : request;
}
