using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Labs;

/// <summary>
/// The world of names changes: from an instant on, every server of a zone in the lab says something else about a name, until it is
/// changed again. Caches do not hear of it.
/// </summary>
/// <param name="Place">Where the lab says so; no part of its value.</param>
/// <param name="AtNanoseconds">When, in nanoseconds of the world.</param>
/// <param name="Origin">The zone's name.</param>
/// <param name="Owner">The name that it is about.</param>
/// <param name="Type">The type of the record set.</param>
public abstract record NameChange(LabPlace Place, long AtNanoseconds, DnsName Origin, DnsName Owner, RecordType Type)
{
    /// <summary>What stands in the place of the set.</summary>
    private protected abstract IEnumerable<DnsRecord> Records { get; }

    /// <summary>
    /// The zone after the change, with the next serial number (RFC 1982) unless the change is one of the SOA record itself. False when
    /// the rest would be no zone.
    /// </summary>
    public bool TryApply(Zone zone, out Zone changed, out IReadOnlyList<ZoneProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(zone);
        var kept = zone.Sets.Where(set => set.Type != Type || set.Owner != Owner).SelectMany(static set => set.Records);
        if (Type != RecordType.SOA)
        {
            kept = kept.Select(record => record.Data is SoaData soa ? new DnsRecord(record.Owner, record.Class, record.Ttl, Next(soa)) : record);
        }
        return Zone.TryCreate(Origin, kept.Concat(Records), out changed, out problems);
    }

    private static SoaData Next(SoaData soa) =>
        new(soa.Primary, soa.Mailbox, unchecked(soa.Serial + 1), soa.Refresh, soa.Retry, soa.Expire, soa.Minimum);
}

/// <summary>A name has this record and no other of its type.</summary>
public sealed record NameSetting(LabPlace Place, long AtNanoseconds, DnsName Origin, DnsRecord Record)
    : NameChange(Place, AtNanoseconds, Origin, Record.Owner, Record.Type)
{
    private protected override IEnumerable<DnsRecord> Records => [Record];

    /// <inheritdoc/>
    public override string ToString() => $"set {Record}";
}

/// <summary>A name has no record of this type any more.</summary>
public sealed record NameRemoval(LabPlace Place, long AtNanoseconds, DnsName Origin, DnsName Owner, RecordType Type)
    : NameChange(Place, AtNanoseconds, Origin, Owner, Type)
{
    private protected override IEnumerable<DnsRecord> Records => [];

    /// <inheritdoc/>
    public override string ToString() => $"unset {Owner} {Type}";
}
