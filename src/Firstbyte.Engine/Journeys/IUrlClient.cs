namespace Firstbyte.Journeys;

/// <summary>Speaks the protocol of a scheme: takes journeys from the URL that has been read to the last byte.</summary>
/// <remarks>
/// Theory of operation. The scheme chooses the client (<see cref="UrlClients"/>); what all clients share comes with the <see cref="ClientContext"/>: the host's
/// network with its clock and randomness, names, connections, TLS, settings. A client makes the steps of its protocol in its own order. It tells each on the
/// journey's span, times it (<see cref="Journey.Doing"/>), hands content to the journey's sink, and ends the journey exactly once, by
/// <see cref="Journey.Succeed"/> or <see cref="Journey.Fail"/>. A cancelled token throws. Clients live for a run and may keep connections for its next journey.
/// </remarks>
internal interface IUrlClient : IDisposable
{
    /// <summary>Whether it connects to the URL's host, for which a proxy may have been named.</summary>
    bool GoesByProxies => true;

    /// <summary>Makes one journey.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    ValueTask<JourneyResult> RunAsync(Journey journey, CancellationToken cancellationToken);
}
