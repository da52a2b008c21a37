using Firstbyte.Journeys;

namespace Firstbyte.Extensions;

/// <summary>What a request needs while it is under way, and the next one may use again.</summary>
internal sealed class HandlerRoom : IDisposable
{
    /// <summary>The messages of its exchange.</summary>
    public ExchangeRoom Messages { get; } = new();

    /// <summary>Ends it.</summary>
    public CancellationTokenSource Over { get; } = new();

    public void Dispose() => Over.Dispose();
}
