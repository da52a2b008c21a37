using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Updating;

/// <summary>What a message wants changed in a zone (RFC 2136), and whether its conditions hold.</summary>
/// <remarks>
/// Theory of operation. All of the message is looked at before anything changes: the conditions (section 3.2), then the form of every change (section
/// 3.4.1); the changes are then made on copies of the sets that they touch (section 3.4.2), and what has become different is the difference to the
/// next version. Its serial number is the one that the message brings, or the next. A set has one TTL (RFC 2181 section 5.2): the one that was
/// brought last. Zones that are signed are not changed here: their signatures would not hold any more.
/// </remarks>
public sealed class ZoneUpdate
{
    private readonly Zone _zone;
    private readonly Dictionary<DnsName, List<DnsRecord>> _names = new(DnsNameComparer.Instance);
    private DnsRecord? _soa;

    private ZoneUpdate(Zone zone) => _zone = zone;

    /// <summary>Whether a zone can be changed: one with keys or signatures would have to be signed anew.</summary>
    public static bool CanChange(Zone zone)
    {
        ArgumentNullException.ThrowIfNull(zone);
        return !zone.IsExpired && !zone.RecordsAt(zone.Origin).Any(static record => record.Type == RecordType.DNSKEY || IsOfSigning(record.Type));
    }

    /// <summary>Works the difference out that a message makes; null, with NOERROR, when nothing becomes different.</summary>
    /// <param name="message">The message; its zone section names the zone.</param>
    /// <param name="zone">The zone as it is.</param>
    /// <param name="difference">What becomes different.</param>
    public static ResponseCode TryMake(ReadOnlySpan<byte> message, Zone zone, out ZoneDifference? difference)
    {
        ArgumentNullException.ThrowIfNull(zone);
        difference = null;
        if (!MessageView.TryRead(message, out var view, out _) || !view.TryGetQuestion(out var question)) { return ResponseCode.FormatError; }
        if (question.Type != RecordType.SOA) { return ResponseCode.FormatError; }
        if (!question.Name.Equals(zone.Origin) || question.Class != zone.Class) { return ResponseCode.NotAuthoritative; }
        if (!CanChange(zone)) { return ResponseCode.Refused; }
        var update = new ZoneUpdate(zone);
        var code = update.CheckConditions(view.Answers);
        if (code == ResponseCode.NoError) { code = update.CheckForm(view.Authorities); }
        if (code != ResponseCode.NoError) { return code; }
        foreach (var record in view.Authorities) { update.Apply(record); }
        difference = update.ToDifference();
        return ResponseCode.NoError;
    }

    /// <summary>Types that only the signing of a zone makes.</summary>
    private static bool IsOfSigning(RecordType type) =>
        type == RecordType.RRSIG || type == RecordType.NSEC || type == RecordType.NSEC3 || type == RecordType.NSEC3PARAM;

    /// <summary>RFC 2136 section 3.2.</summary>
    private ResponseCode CheckConditions(RecordEnumerator conditions)
    {
        var wanted = new Dictionary<(DnsName Owner, RecordType Type), HashSet<RecordData>>();
        foreach (var condition in conditions)
        {
            if (condition.TtlBits != 0) { return ResponseCode.FormatError; }
            var owner = condition.Owner.ToName();
            if (!owner.IsSubdomainOf(_zone.Origin)) { return ResponseCode.NotInZone; }
            if (condition.Class == _zone.Class)
            {
                if (condition.Type.IsMeta || !condition.TryGetData(out var data)) { return ResponseCode.FormatError; }
                if (!wanted.TryGetValue((owner, condition.Type), out var set)) { wanted[(owner, condition.Type)] = set = []; }
                set.Add(data);
                continue;
            }
            if (condition.Class != RecordClass.Any && condition.Class != RecordClass.None || condition.RawData.Length > 0) { return ResponseCode.FormatError; }
            var mustExist = condition.Class == RecordClass.Any;
            var isAny = condition.Type == RecordType.Any;
            if (condition.Type.IsMeta && !isAny) { return ResponseCode.FormatError; }
            var type = condition.Type;
            var exists = isAny ? DataAt(owner).Any() : DataAt(owner).Any(record => record.Type == type);
            if (exists == mustExist) { continue; }
            return mustExist
                ? isAny ? ResponseCode.NameError : ResponseCode.SetMissing
                : isAny ? ResponseCode.NameExists : ResponseCode.SetExists;
        }
        return wanted.All(set => set.Value.SetEquals(DataAt(set.Key.Owner).Where(record => record.Type == set.Key.Type).Select(static record => record.Data)))
            ? ResponseCode.NoError
            : ResponseCode.SetMissing;
    }

    /// <summary>RFC 2136 section 3.4.1.</summary>
    private ResponseCode CheckForm(RecordEnumerator changes)
    {
        foreach (var change in changes)
        {
            if (!change.Owner.ToName().IsSubdomainOf(_zone.Origin)) { return ResponseCode.NotInZone; }
            if (IsOfSigning(change.Type)) { return ResponseCode.Refused; }
            var isAny = change.Type == RecordType.Any;
            var isWhole = change.Class == RecordClass.Any;
            if (isWhole || change.Class == RecordClass.None)
            {
                if (change.TtlBits != 0 || change.Type.IsMeta && !(isWhole && isAny)) { return ResponseCode.FormatError; }
                if (isWhole && change.RawData.Length > 0) { return ResponseCode.FormatError; }
                if (!isWhole && !change.TryGetData(out _)) { return ResponseCode.FormatError; }
            }
            else if (change.Class != _zone.Class || change.Type.IsMeta || change.Type.Value == 0) { return ResponseCode.FormatError; }
            else if (!change.TryGetData(out _)) { return ResponseCode.FormatError; }
        }
        return ResponseCode.NoError;
    }

    /// <summary>RFC 2136 section 3.4.2.</summary>
    private void Apply(RecordView change)
    {
        var (owner, type) = (change.Owner.ToName(), change.Type);
        var isApex = owner == _zone.Origin;
        var records = At(owner);
        if (change.Class == RecordClass.Any)
        {
            // Section 3.4.2.3: a zone keeps its SOA and NS sets. The SOA record stands beside.
            records.RemoveAll(record => (type == RecordType.Any || record.Type == type) && !(isApex && record.Type == RecordType.NS));
            return;
        }
        change.TryGetData(out var data);
        if (change.Class == RecordClass.None)
        {
            // Section 3.4.2.4: nor does it lose its last NS record.
            var isLast = isApex && type == RecordType.NS && records.Count(static record => record.Type == RecordType.NS) == 1;
            if (!isLast) { records.RemoveAll(record => record.Data.Equals(data)); }
            return;
        }
        Add(new DnsRecord(owner, change.Class, change.Ttl, data), records);
    }

    /// <summary>RFC 2136 section 3.4.2.2: what does not go together with what is there is passed over, without a word.</summary>
    private void Add(DnsRecord record, List<DnsRecord> records)
    {
        if (record.Type == RecordType.SOA)
        {
            var held = ((SoaData)(_soa ?? _zone.SoaRecord).Data).Serial;
            var wanted = ((SoaData)record.Data).Serial;
            // Two steps around the circle of serial numbers (RFC 1982 section 3.2) may each lead on, and both together behind the zone as it is.
            var isNewer = SerialNumber.IsNewer(wanted, held) && SerialNumber.IsNewer(wanted, _zone.Soa.Serial);
            if (record.Owner == _zone.Origin && isNewer) { _soa = record; }
            return;
        }
        var isAlias = record.Type == RecordType.CNAME;
        if (isAlias && (record.Owner == _zone.Origin || records.Exists(static other => other.Type != RecordType.CNAME))) { return; }
        if (!isAlias && records.Exists(static other => other.Type == RecordType.CNAME)) { return; }
        records.RemoveAll(other => other.Type == record.Type && (isAlias || record.Type == RecordType.DNAME || other.Data.Equals(record.Data)));
        for (var i = 0; i < records.Count; i++)
        {
            if (records[i].Type == record.Type) { records[i] = records[i].WithTtl(record.Ttl); }
        }
        records.Add(record);
    }

    private ZoneDifference? ToDifference()
    {
        var (removed, added) = (new List<DnsRecord>(), new List<DnsRecord>());
        foreach (var (owner, records) in _names)
        {
            var before = _zone.RecordsAt(owner);
            removed.AddRange(before.Where(record => !records.Contains(record)));
            added.AddRange(records.Where(record => !before.Contains(record)));
        }
        if (removed.Count == 0 && added.Count == 0 && _soa is null) { return null; }
        var old = _zone.Soa;
        // Section 3.6: a version has a serial number of its own.
        var soa = _soa ?? new DnsRecord(
            _zone.Origin, _zone.Class, _zone.SoaRecord.Ttl,
            new SoaData(old.Primary, old.Mailbox, SerialNumber.Next(old.Serial), old.Refresh, old.Retry, old.Expire, old.Minimum));
        return new ZoneDifference(_zone.SoaRecord, soa, removed, added);
    }

    /// <summary>What stands at a name for conditions: its SOA record too.</summary>
    private IEnumerable<DnsRecord> DataAt(DnsName owner) => owner == _zone.Origin ? At(owner).Append(_zone.SoaRecord) : At(owner);

    private List<DnsRecord> At(DnsName owner)
    {
        if (!_names.TryGetValue(owner, out var records)) { _names[owner] = records = [.. _zone.RecordsAt(owner)]; }
        return records;
    }
}
