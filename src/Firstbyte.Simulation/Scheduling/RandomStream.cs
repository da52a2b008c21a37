using System.Buffers.Binary;
using Firstbyte.Sockets;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>The random numbers of one component of a world: xoshiro256**, seeded by splitmix64 from the world's seed and the component's name.</summary>
/// <remarks>
/// Own code, because the sequence of <c>System.Random</c> may change between runtime versions. Algorithms: D. Blackman and S. Vigna,
/// "Scrambled linear pseudorandom number generators" (https://prng.di.unimi.it/, xoshiro256starstar.c and splitmix64.c, public domain).
/// </remarks>
public sealed class RandomStream : IRandomSource
{
    private readonly Kernel? _kernel;
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    internal RandomStream(Kernel kernel, string component)
        : this(kernel.Seed, component) => _kernel = kernel;

    /// <summary>A stream of its own, outside any world.</summary>
    public RandomStream(ulong seed, string component)
    {
        var name = TraceHash.Of(component);
        var state = seed;
        state = SplitMix(ref state) ^ name;
        _a = SplitMix(ref state);
        _b = SplitMix(ref state);
        _c = SplitMix(ref state);
        _d = SplitMix(ref state);
    }

    internal RandomStream(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>The next 64 random bits.</summary>
    public ulong NextUInt64()
    {
        _kernel?.RequireInside("random");
        var result = ulong.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = ulong.RotateLeft(_d, 45);
        return result;
    }

    /// <summary>
    /// A number from 0 to <paramref name="exclusive"/> - 1, every one as likely (D. Lemire, "Fast random integer generation in an
    /// interval", 2019).
    /// </summary>
    public long NextBelow(long exclusive)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(exclusive);
        var bound = (ulong)exclusive;
        var high = Math.BigMul(NextUInt64(), bound, out ulong low);
        if (low < bound)
        {
            var threshold = (0 - bound) % bound;
            while (low < threshold) { high = Math.BigMul(NextUInt64(), bound, out low); }
        }
        return (long)high;
    }

    /// <summary>True with the given probability in millionths.</summary>
    public bool Chance(int millionths) => millionths > 0 && NextBelow(1_000_000) < millionths;

    /// <inheritdoc/>
    public void Fill(Span<byte> destination)
    {
        while (destination.Length >= 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(destination, NextUInt64());
            destination = destination[8..];
        }
        if (destination.IsEmpty) { return; }
        Span<byte> last = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(last, NextUInt64());
        last[..destination.Length].CopyTo(destination);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
