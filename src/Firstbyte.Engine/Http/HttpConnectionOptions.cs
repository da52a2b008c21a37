namespace Firstbyte.Http;

/// <summary>What a client lets a connection do.</summary>
public sealed record HttpConnectionOptions
{
    /// <summary>The defaults: no limits but those of the messages themselves.</summary>
    public static readonly HttpConnectionOptions Default = new();

    /// <summary>How long nothing may move during an exchange before the connection is given up; without end by default, as curl's.</summary>
    public TimeSpan StallTimeout { get; init; } = Timeout.InfiniteTimeSpan;

    /// <summary>Bytes of body that are taken before the exchange is ended; no limit by default.</summary>
    public long MaximumBodyBytes { get; init; } = long.MaxValue;

    /// <summary>
    /// How long to wait for the end of a connection that the server has said it will close, so that the server closes first and keeps the
    /// waiting state of TCP (RFC 9112 9.6, RFC 9293 3.6.1); zero closes at once.
    /// </summary>
    public TimeSpan PeerCloseTimeout { get; init; } = TimeSpan.Zero;

    /// <summary>How long content that waits for 100 Continue waits for it: a second, as curl's (RFC 9110 10.1.1 leaves the figure to the client).</summary>
    public TimeSpan ContinueTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Refuse responses with flaws instead of taking them as they were meant.</summary>
    public bool IsStrict { get; init; }
}
