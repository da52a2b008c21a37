namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>A row of numbers that is the same for a seed on every system (SplitMix64).</summary>
internal sealed class WorldRandom(ulong seed)
{
    private ulong _state = seed * 0x9E3779B97F4A7C15 + 1;

    public ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    /// <summary>A number from 0 on, below the limit.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Once in so many times.</summary>
    public bool OneIn(int times) => Below(times) == 0;

    public T Of<T>(IReadOnlyList<T> choices) => choices[Below(choices.Count)];
}
