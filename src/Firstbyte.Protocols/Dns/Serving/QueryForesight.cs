using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>Where in memory the answer to a query that waits behind others will be looked for: it is fetched while the others are answered.</summary>
/// <remarks>
/// Theory of operation. An answer from a large zone waits twice for the memory: for a slot of the hash table, and for the block that the slot points at. Of
/// many queries that came together each can go these two steps before the first is answered: first all ask for their slots, then, as the slots have come,
/// all ask for their blocks, and the memory works on many at a time. Nothing is promised: an answer is the same without.
/// </remarks>
public struct QueryForesight
{
    private ZoneStore? _store;
    private ulong _hash;

    /// <summary>Looks at a query and asks for its slot. Only what nearly every query is, is looked at: one question, its name without pointers.</summary>
    [SkipLocalsInit]
    internal void Begin(ReadOnlySpan<byte> query, ZoneSet zones)
    {
        _store = null;
        if (!TryFindName(query, out var wire)) { return; }
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels];
        var name = new HashedName(wire, starts, hashes);
        // Of a zone and the one above it the deeper one has all names but its own DS.
        if (zones.FindZone(name, RecordType.A) is not { } zone) { return; }
        (_store, _hash) = (zone.Store, name.HashOf(name.LabelCount));
        _store.ForeseeSlot(_hash);
    }

    /// <summary>Asks for the block at which the slot points, once the slot may have come.</summary>
    public readonly void Continue() => _store?.ForeseeBlock(_hash);

    private static bool TryFindName(ReadOnlySpan<byte> query, out ReadOnlySpan<byte> name)
    {
        name = default;
        var at = MessageHeader.Length;
        while (at < query.Length && query[at] is > 0 and <= WireName.MaxLabelLength) { at += 1 + query[at]; }
        if (at >= query.Length || query[at] != 0 || at - MessageHeader.Length >= WireName.MaxLength) { return false; }
        name = query[MessageHeader.Length..(at + 1)];
        return true;
    }
}
