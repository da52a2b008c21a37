namespace Firstbyte.Fuzz.Running;

/// <summary>SplitMix64: the same numbers for the same seed on every version of the runtime.</summary>
internal class FuzzRandom(ulong seed)
{
    private ulong _state = seed;

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound)
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = _state;
        mixed = (mixed ^ mixed >> 30) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ mixed >> 27) * 0x94D049BB133111EB;
        mixed ^= mixed >> 31;
        return (int)Math.BigMul(mixed, (ulong)bound, out _);
    }
}

/// <summary>The choices of a check, drawn from the first bytes of its input: an edit behind them changes what is chosen from, not the choices.</summary>
internal sealed class FuzzChoices(ulong seed) : FuzzRandom(seed)
{
    /// <summary>How many bytes of an input belong to the choices.</summary>
    public const int Length = 2;

    /// <summary>Takes the choices off an input; <paramref name="rest"/> is what remains.</summary>
    public static FuzzChoices Take(byte[] input, out ReadOnlySpan<byte> rest)
    {
        var taken = Math.Min(Length, input.Length);
        rest = input.AsSpan(taken);
        return new FuzzChoices(taken == 0 ? 0 : input[0] | (ulong)input[taken - 1] << 8);
    }

    /// <summary>An input of which the rest is <paramref name="payload"/>.</summary>
    public static byte[] Before(ReadOnlySpan<byte> payload, ushort choices = 0) => [(byte)choices, (byte)(choices >> 8), .. payload];
}
