using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Firstbyte.Simulation.Scheduling;

/// <summary>Everything that happened in a world, folded into 64 bits in order: FNV-1a over 64-bit words.</summary>
/// <remarks>
/// A fingerprint to compare two runs by, not a protection against anybody. The same on every runtime and processor, unlike
/// <see cref="HashCode"/>.
/// </remarks>
public sealed class TraceHash
{
    // http://www.isthe.com/chongo/tech/comp/fnv/: the 64-bit offset basis and prime.
    private const ulong OffsetBasis = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>The fingerprint of everything up to now.</summary>
    public ulong Value { get; private set; } = OffsetBasis;

    /// <summary>Folds a number in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fold(ulong word)
    {
        // The rotation brings the high half, where multiplication gathers, back to where the next word meets it.
        Value = ulong.RotateLeft((Value ^ word) * Prime, 29);
    }

    /// <summary>Folds an event of a component in: which component, what kind, and its bytes.</summary>
    public void Fold(ulong component, ulong kind, ReadOnlySpan<byte> payload)
    {
        Fold(component);
        Fold(kind ^ ((ulong)payload.Length << 32));
        while (payload.Length >= 8)
        {
            Fold(BinaryPrimitives.ReadUInt64LittleEndian(payload));
            payload = payload[8..];
        }
        ulong rest = 0;
        foreach (var value in payload) { rest = (rest << 8) | value; }
        if (!payload.IsEmpty) { Fold(rest); }
    }

    /// <summary>The fingerprint of a name: FNV-1a over its UTF-16 units.</summary>
    public static ulong Of(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        var hash = OffsetBasis;
        foreach (var unit in name) { hash = (hash ^ unit) * Prime; }
        return hash;
    }
}
