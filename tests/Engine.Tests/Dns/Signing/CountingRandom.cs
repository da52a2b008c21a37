using Firstbyte.Sockets;

namespace Firstbyte.Tests.Dns.Signing;

/// <summary>Bytes that differ and are the same each time.</summary>
internal sealed class CountingRandom : IRandomSource
{
    private byte _next;

    public void Fill(Span<byte> destination)
    {
        foreach (ref var value in destination) { value = _next++; }
    }
}
