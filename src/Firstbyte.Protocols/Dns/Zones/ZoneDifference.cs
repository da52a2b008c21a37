using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Zones;

/// <summary>What makes one version of a zone out of the one before it (RFC 1995 section 4): its SOA record, and the records that go and come.</summary>
/// <param name="OldSoa">The SOA record of the version before.</param>
/// <param name="NewSoa">The SOA record of the new version.</param>
/// <param name="Removed">The other records that go.</param>
/// <param name="Added">The other records that come.</param>
public sealed record ZoneDifference(DnsRecord OldSoa, DnsRecord NewSoa, IReadOnlyList<DnsRecord> Removed, IReadOnlyList<DnsRecord> Added)
{
    /// <summary>The serial number of the version before.</summary>
    public uint OldSerial => ((SoaData)OldSoa.Data).Serial;

    /// <summary>The serial number of the new version.</summary>
    public uint NewSerial => ((SoaData)NewSoa.Data).Serial;

    /// <summary>The number of records in it, both SOA records counted.</summary>
    public int Count => 2 + Removed.Count + Added.Count;

    /// <summary>
    /// The difference as it is for a zone that has some of its records already: a primary may name records that it has written anew and that are as they were
    /// (NSD 4.6 does). What is to go must be there all the same.
    /// </summary>
    public ZoneDifference Onto(Zone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var (going, held) = (Removed.ToHashSet(), new Dictionary<DnsName, HashSet<DnsRecord>>(DnsNameComparer.Instance));
        bool IsThere(DnsRecord record)
        {
            if (!held.TryGetValue(record.Owner, out var records)) { held[record.Owner] = records = zone.RecordsAt(record.Owner); }
            return records.Contains(record);
        }
        var coming = Added.Where(record => going.Contains(record) || !IsThere(record)).ToArray();
        return coming.Length == Added.Count ? this : this with { Added = coming };
    }

    /// <summary>What is different between two versions of a zone.</summary>
    public static ZoneDifference Between(Zone older, Zone newer)
    {
        ArgumentNullException.ThrowIfNull(older);
        ArgumentNullException.ThrowIfNull(newer);
        var (before, after) = (Records(older), Records(newer));
        return new ZoneDifference(
            older.SoaRecord, newer.SoaRecord, [.. before.Where(record => !after.Contains(record))], [.. after.Where(record => !before.Contains(record))]);
    }

    private static HashSet<DnsRecord> Records(Zone zone) =>
        [.. zone.Sets.Where(static set => set.Type != RecordType.SOA).SelectMany(static set => set.Records)];
}

/// <summary>
/// The differences by which a zone came to its version, the oldest first: what a secondary that lags behind is given instead of the whole zone.
/// </summary>
/// <remarks>It never changes; the next version has the next one. What is over its limits is dropped from the oldest end on.</remarks>
public sealed class ZoneHistory
{
    /// <summary>Own choice: versions kept. A secondary that lags further behind takes the whole zone.</summary>
    public const int MaxVersions = 1000;

    /// <summary>Own choice: records kept in all, some 20 MB.</summary>
    public const int MaxRecords = 200_000;

    private readonly ZoneDifference[] _differences;

    private ZoneHistory(ZoneDifference[] differences) => _differences = differences;

    /// <summary>No versions before this one.</summary>
    public static ZoneHistory None { get; } = new([]);

    /// <summary>The differences, the oldest first.</summary>
    public IReadOnlyList<ZoneDifference> Differences => _differences;

    /// <summary>The history with one more version; one that does not begin where this one ends begins anew.</summary>
    public ZoneHistory With(ZoneDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        var isNext = _differences.Length == 0 || _differences[^1].NewSerial == difference.OldSerial;
        ZoneDifference[] all = isNext ? [.. _differences, difference] : [difference];
        var (first, records) = (all.Length, 0);
        while (first > 0 && all.Length - first < MaxVersions && records + all[first - 1].Count <= MaxRecords) { records += all[--first].Count; }
        return first == 0 ? new ZoneHistory(all) : new ZoneHistory(all[first..]);
    }

    /// <summary>The differences that lead from a version to this one; null when they are not kept.</summary>
    public ReadOnlyMemory<ZoneDifference>? Since(uint serial)
    {
        for (var i = _differences.Length - 1; i >= 0; i--)
        {
            if (_differences[i].OldSerial == serial) { return _differences.AsMemory(i); }
        }
        return null;
    }
}
