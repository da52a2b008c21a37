using Firstbyte.Http;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Labs;

/// <summary>Answers as another handler does, after a while.</summary>
internal sealed class DelayedHandler(Kernel kernel, IHttpHandler inner, long nanoseconds) : IHttpHandler
{
    public async ValueTask<ServerResponse> HandleAsync(ServerRequest request, CancellationToken cancellationToken)
    {
        await kernel.Delay(nanoseconds);
        return await inner.HandleAsync(request, cancellationToken);
    }
}
