using Firstbyte.Transfers;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>A sink that keeps the content, and counts how often it was begun and ended.</summary>
internal sealed class CountingSink : IBodySink
{
    public MemoryStream Content { get; } = new();

    public int Begun { get; private set; }

    public int Ended { get; private set; }

    public bool IsWhole { get; private set; }

    public void Begin(ContentDescription content) => Begun++;

    public ValueTask WriteAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Content.Write(piece.Span);
        return ValueTask.CompletedTask;
    }

    public void End(bool isWhole) => (Ended, IsWhole) = (Ended + 1, isWhole);
}
