using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Dns.Transfers;

/// <summary>How a zone is copied.</summary>
public enum TransferKind
{
    /// <summary>The whole zone (AXFR, RFC 5936).</summary>
    Whole,

    /// <summary>The differences since a version (IXFR, RFC 1995).</summary>
    Incremental,

    /// <summary>The SOA record alone: whoever asks has that version already.</summary>
    UpToDate,
}

/// <summary>The messages in which a server gives one version of a zone away, made one at a time.</summary>
/// <remarks>
/// Theory of operation. A version never changes, so a transfer may take as long as it likes while newer ones are served. Records stand between two
/// copies of the SOA record; of an incremental transfer each difference begins with the SOA record of the version that it starts from, and its
/// additions with that of the version that it makes (RFC 1995 section 4).
/// <code>
///   whole        SOA new | every other record | SOA new
///   incremental  SOA new | { SOA old | removed | SOA next | added } … | SOA new
///   up to date   SOA new
/// </code>
/// </remarks>
public sealed class ZoneTransfer
{
    /// <summary>What a compression pointer reaches (RFC 1035 section 4.1.4); a record that is longer has a message of its own.</summary>
    private const int MessageLength = 1 << 14;

    private readonly IEnumerator<DnsRecord> _records;
    private readonly MessageHeader _query;
    private readonly Question _question;
    private readonly bool _hasEdns;
    private readonly TsigSession? _session;
    private bool _hasRecord;

    internal ZoneTransfer(
        Zone zone, TransferKind kind, MessageHeader query, Question question, bool hasEdns, TsigSession? session,
        ReadOnlyMemory<ZoneDifference> differences)
    {
        (Zone, Kind, _query, _question, _hasEdns, _session) = (zone, kind, query, question, hasEdns, session);
        _records = Records(zone, kind, differences).GetEnumerator();
        _hasRecord = _records.MoveNext();
    }

    /// <summary>The version that is given.</summary>
    public Zone Zone { get; }

    /// <summary>How.</summary>
    public TransferKind Kind { get; }

    /// <summary>The key with which the messages are signed; null for none.</summary>
    public TsigKey? Key => _session?.Key;

    /// <summary>The messages so far.</summary>
    public int MessageCount { get; private set; }

    /// <summary>The records so far, the copies of the SOA record counted.</summary>
    public long RecordCount { get; private set; }

    /// <summary>The bytes so far.</summary>
    public long ByteCount { get; private set; }

    /// <summary>Writes the next message and returns its length; 0 when the transfer is whole.</summary>
    /// <param name="buffer">Room for 65,535 bytes.</param>
    /// <param name="now">The time, for its signature.</param>
    public int Next(Span<byte> buffer, Instant now)
    {
        if (!_hasRecord) { return 0; }
        var most = MessageView.MaxLength - (_session?.SignatureLength ?? 0);
        var writer = new MessageWriter(buffer[..most]) { KeepsCase = true };
        var isFirst = MessageCount++ == 0;
        if (isFirst) { writer.TryWriteQuestion(_question); }
        if (isFirst && _hasEdns) { writer.TryReserveEdns(0); }
        var count = 0;
        for (; _hasRecord && (count == 0 || writer.Length < MessageLength); count++)
        {
            if (!writer.TryWriteRecord(MessageSection.Answer, _records.Current))
            {
                // The longest record that there is does not fit behind a question and in front of a signature: it cannot be sent to anybody.
                if (count == 0) { throw new InvalidOperationException($"a record of {_records.Current.Owner} does not fit into a message"); }
                break;
            }
            _hasRecord = _records.MoveNext();
        }
        if (isFirst && _hasEdns) { writer.TryWriteEdns(Edns.DefaultPayloadSize, ResponseCode.NoError, dnssecOk: false, default); }
        var flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer | _query.Flags & HeaderFlags.RecursionDesired;
        var length = writer.Finish(_query.Id, flags, OpCode.Query, ResponseCode.NoError);
        if (_session is not null) { length = _session.Sign(buffer, length, now); }
        RecordCount += count;
        ByteCount += length;
        return length;
    }

    private static IEnumerable<DnsRecord> Records(Zone zone, TransferKind kind, ReadOnlyMemory<ZoneDifference> differences)
    {
        yield return zone.SoaRecord;
        if (kind == TransferKind.UpToDate) { yield break; }
        if (kind == TransferKind.Whole)
        {
            foreach (var set in zone.Sets)
            {
                if (set.Type == RecordType.SOA) { continue; }
                foreach (var record in set.Records) { yield return record; }
            }
        }
        for (var i = 0; i < differences.Length; i++)
        {
            var difference = differences.Span[i];
            yield return difference.OldSoa;
            foreach (var record in difference.Removed) { yield return record; }
            yield return difference.NewSoa;
            foreach (var record in difference.Added) { yield return record; }
        }
        yield return zone.SoaRecord;
    }
}
