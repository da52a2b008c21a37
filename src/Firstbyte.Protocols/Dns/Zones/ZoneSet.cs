using System.Numerics;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>The zones that a server is responsible for; it never changes: a server swaps one set for another.</summary>
public sealed class ZoneSet
{
    private readonly Zone[] _zones;
    private readonly Zone?[] _slots;
    private readonly int _deepest = -1;
    private readonly int _shallowest = int.MaxValue;

    /// <summary>A set of zones.</summary>
    /// <exception cref="ArgumentException">Two zones have the same name.</exception>
    public ZoneSet(params IEnumerable<Zone> zones)
    {
        _zones = [.. zones.OrderBy(static zone => zone.Origin)];
        _slots = new Zone?[BitOperations.RoundUpToPowerOf2((uint)Math.Max(2 * _zones.Length, 2))];
        foreach (var zone in _zones)
        {
            var at = SlotOf(NameHash.Of(zone.Origin.Wire));
            for (; _slots[at] is { } other; at = at + 1 & _slots.Length - 1)
            {
                if (other.Origin == zone.Origin) { throw new ArgumentException($"two zones are named {zone.Origin}", nameof(zones)); }
            }
            _slots[at] = zone;
            _deepest = Math.Max(_deepest, zone.OriginLabels);
            _shallowest = Math.Min(_shallowest, zone.OriginLabels);
            StoredBytes += zone.StoredBytes;
        }
    }

    /// <summary>The bytes that all names and records take in memory.</summary>
    public long StoredBytes { get; }

    /// <summary>The zones, by name.</summary>
    public IEnumerable<Zone> Zones => _zones;

    /// <summary>The zone responsible for a name: the deepest one, but for DS at a zone's own name the one above (RFC 4035 section 3.1.4.1).</summary>
    [SkipLocalsInit]
    public Zone? FindZone(ReadOnlySpan<byte> name, RecordType type)
    {
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels];
        return FindZone(new HashedName(name, starts, hashes), type);
    }

    /// <summary>The same for a name whose labels and hashes are known.</summary>
    internal Zone? FindZone(in HashedName name, RecordType type)
    {
        Zone? own = null;
        for (var depth = Math.Min(name.LabelCount, _deepest); depth >= _shallowest; depth--)
        {
            if (Find(name.HashOf(depth), name.Wire[name.StartOf(depth)..]) is not { } zone) { continue; }
            if (type != RecordType.DS || depth < name.LabelCount) { return zone; }
            own ??= zone;
        }
        return own;
    }

    private Zone? Find(ulong hash, ReadOnlySpan<byte> origin)
    {
        for (var at = SlotOf(hash); _slots[at] is { } zone; at = at + 1 & _slots.Length - 1)
        {
            if (WireName.Equals(zone.Origin.Wire, origin)) { return zone; }
        }
        return null;
    }

    private int SlotOf(ulong hash) => (int)hash & _slots.Length - 1;
}
