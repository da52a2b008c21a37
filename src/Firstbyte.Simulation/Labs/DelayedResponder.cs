using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>A DNS server that thinks for a while before it answers.</summary>
internal sealed class DelayedResponder(Kernel kernel, IDnsResponder responder, long nanoseconds) : IDnsResponder
{
    public async ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span,
        CancellationToken cancellationToken)
    {
        await kernel.Delay(nanoseconds);
        return await responder.AnswerAsync(query, client, transport, response, span, cancellationToken);
    }
}
