namespace Firstbyte.Http;

/// <summary>What becomes of a request when its exchange is over.</summary>
public enum RepeatVerdict : byte
{
    /// <summary>It is not sent again: it was answered, or its connection gives no reason to.</summary>
    Over,

    /// <summary>The connection had been used before and died unanswered: once more, on a new one.</summary>
    OnNewConnection,

    /// <summary>The server refuses to be asked for 100 Continue: once more, without asking.</summary>
    WithoutExpectation,

    /// <summary>As <see cref="OnNewConnection"/>, but doing it twice could do harm, and nobody knows whether it has been done.</summary>
    Forbidden,
}

/// <summary>When a client may send a request again by itself (RFC 9110 9.2.2, RFC 9112 9.3.1).</summary>
/// <remarks>
/// A server may close an idle connection at any time, so its close and our request may cross: of a connection that was used before, an end
/// without a byte of response says nothing about the request. On a new connection the same end is the server's answer to it. "A client
/// SHOULD NOT automatically retry a failed automatic retry": the second time always goes out on a new connection, and so is the last.
/// </remarks>
public static class RequestRepeating
{
    /// <summary>Decides for one exchange.</summary>
    /// <param name="rule">What the exchange's own state allows.</param>
    /// <param name="reused">The connection had carried an exchange before.</param>
    /// <param name="isIdempotent">Doing the request twice means the same as doing it once.</param>
    public static RepeatVerdict Decide(RetryRule rule, bool reused, bool isIdempotent) => (rule, reused) switch
    {
        (RetryRule.WithoutExpectation, _) => RepeatVerdict.WithoutExpectation,
        (RetryRule.Always, true) => RepeatVerdict.OnNewConnection,
        (RetryRule.IfIdempotent, true) => isIdempotent ? RepeatVerdict.OnNewConnection : RepeatVerdict.Forbidden,
        _ => RepeatVerdict.Over,
    };
}
