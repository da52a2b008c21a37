
namespace Firstbyte.Journeys;

/// <summary>Takes a journey's request to its response. What is done on the way is a chain of these, each around the next:</summary>
/// <remarks>
/// <code>
///   continuation ─► redirect ─► hsts ─► authentication ─► cookies ─► decoding
///     ─► recording ─► cache ─► retry ─► pieces ─► authentication with a proxy ─► transport
/// </code>
/// The order is part of the contract: what follows a redirect is authenticated, has cookies and may be answered by the cache for its own URL; a cache keeps
/// what is not decoded yet, and so stands inside the decoding; a retry sends the same bytes
/// again. Whether a request goes out twice because its connection had died is decided below the chain, beside the pool
/// (<see cref="Firstbyte.Http.HttpConnectionPool"/>).
/// </remarks>
internal interface IExchange
{
    /// <summary>Exchanges messages until there is a final response, or none.</summary>
    ValueTask<ExchangeEnd> RunAsync(Journey journey, CancellationToken cancellationToken);
}

/// <summary>How an exchange ended. The journey is still to be ended with it.</summary>
/// <param name="Journey">The journey that it ended: the last of those that redirects have made.</param>
/// <param name="Failure">Why it failed; null when it did not.</param>
internal readonly record struct ExchangeEnd(Journey Journey, JourneyFailure? Failure)
{
    /// <summary>Ends the journey.</summary>
    public JourneyResult End()
    {
        var head = Journey.Response?.Head;
        var end = new JourneyEnd(head?.Status ?? 0, head is { Status: > 0 } ? head.ReasonText : null, Journey.Response?.BodyBytes ?? 0);
        return Failure is { } failure ? Journey.Fail(failure, end) : Journey.Succeed(end);
    }
}
