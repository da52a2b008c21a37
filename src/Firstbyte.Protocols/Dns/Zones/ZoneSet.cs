using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Zones;

/// <summary>The zones that a server is responsible for; it never changes: a server swaps one set for another.</summary>
public sealed class ZoneSet
{
    private readonly FrozenDictionary<DnsName, Zone> _zones;
    private readonly FrozenDictionary<DnsName, Zone>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly int _deepest;

    /// <summary>A set of zones.</summary>
    /// <exception cref="ArgumentException">Two zones have the same name.</exception>
    public ZoneSet(params IEnumerable<Zone> zones)
    {
        var byName = new Dictionary<DnsName, Zone>(DnsNameComparer.Instance);
        foreach (var zone in zones) { byName.Add(zone.Origin, zone); }
        _zones = byName.ToFrozenDictionary(DnsNameComparer.Instance);
        _byBytes = _zones.GetAlternateLookup<ReadOnlySpan<byte>>();
        _deepest = _zones.Count == 0 ? -1 : _zones.Keys.Max(name => name.LabelCount);
    }

    /// <summary>The zones, by name.</summary>
    public IEnumerable<Zone> Zones => _zones.Values.OrderBy(zone => zone.Origin);

    /// <summary>The zone responsible for a name: the deepest one, but for DS at a zone's own name the one above (RFC 4035 section 3.1.4.1).</summary>
    [SkipLocalsInit]
    public Zone? FindZone(ReadOnlySpan<byte> name, RecordType type)
    {
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        var labels = WireName.FindLabels(name, starts);
        Zone? own = null;
        for (var depth = Math.Min(labels, _deepest); depth >= 0; depth--)
        {
            var suffix = depth == 0 ? name[^1..] : name[starts[labels - depth]..];
            if (!_byBytes.TryGetValue(suffix, out var zone)) { continue; }
            if (type != RecordType.DS || depth < labels) { return zone; }
            own ??= zone;
        }
        return own;
    }

    /// <summary>Answers a query: writes the response and returns its length; 0 when nothing should be sent. Allocates nothing.</summary>
    /// <param name="query">The query's bytes, whatever they are.</param>
    /// <param name="client">Who asks. All clients are told the same.</param>
    /// <param name="transport">How the query came: over UDP the response is cut to what the client takes.</param>
    /// <param name="response">Room for the response: at least 512 bytes.</param>
    public int Answer(ReadOnlySpan<byte> query, Endpoint client, DnsTransport transport, Span<byte> response) =>
        new AuthoritativeAnswer(this, transport).Write(query, response);
}
