using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Transfers;

/// <summary>Where a transfer that comes in stands.</summary>
public enum TransferState
{
    /// <summary>More messages must come.</summary>
    Open,

    /// <summary>The whole zone has come.</summary>
    Whole,

    /// <summary>Differences have come.</summary>
    Incremental,

    /// <summary>There is no newer version.</summary>
    UpToDate,

    /// <summary>It cannot be used; the fault says why.</summary>
    Failed,
}

/// <summary>Why a transfer that comes in cannot be used. The primary is at fault, or who has sent in its name.</summary>
public enum TransferFault
{
    None,

    /// <summary>A message cannot be read, or a record's data does not have the shape of its type.</summary>
    Malformed,

    /// <summary>An answer to something else: another number, or no answer at all.</summary>
    NotAnAnswer,

    /// <summary>The primary refuses, or cannot.</summary>
    Refused,

    /// <summary>It does not begin with the SOA record of the zone.</summary>
    NoSoa,

    /// <summary>A record outside the zone, or of another class.</summary>
    OutOfZone,

    /// <summary>Differences do not follow upon each other, or begin with another version than ours.</summary>
    Disordered,

    /// <summary>Records come behind its end.</summary>
    Surplus,

    /// <summary>More records or bytes than the limits allow.</summary>
    TooMuch,
}

/// <summary>What a transfer may take.</summary>
public sealed record TransferLimits
{
    /// <summary>Records; ten million names with a record or two each.</summary>
    public long MaxRecords { get; init; } = 20_000_000;

    /// <summary>Bytes of messages; a record takes 50 or so.</summary>
    public long MaxBytes { get; init; } = 1L << 31;
}

/// <summary>Puts a zone, or the differences to it, together from the messages of a transfer (RFC 5936 section 3, RFC 1995 section 4).</summary>
/// <remarks>
/// Theory of operation. The first record is the SOA record of the newest version, and the next record of that kind decides: none, and the transfer
/// is over where whoever asked has that version; an older one, and differences follow; anything else, and it is the whole zone, until the SOA record
/// comes again. Whatever comes, nothing is taken over before the end.
/// </remarks>
public sealed class TransferReader
{
    private readonly DnsName _origin;
    private readonly ushort _id;
    private readonly uint? _ownSerial;
    private readonly TransferLimits _limits;
    private readonly List<DnsRecord> _records = [];
    private readonly List<ZoneDifference> _differences = [];
    private readonly List<DnsRecord> _removed = [];
    private readonly List<DnsRecord> _added = [];
    private DnsRecord? _newest, _from, _to;
    private bool _isIncremental;
    private long _bytes;

    /// <summary>Waits for the answer to a question.</summary>
    /// <param name="origin">The zone.</param>
    /// <param name="id">The number of the question.</param>
    /// <param name="ownSerial">The version that was named in a question for differences; null where the whole zone was asked for.</param>
    /// <param name="limits">What it may take.</param>
    public TransferReader(DnsName origin, ushort id, uint? ownSerial, TransferLimits? limits = null) =>
        (_origin, _id, _ownSerial, _limits) = (origin, id, ownSerial, limits ?? new TransferLimits());

    /// <summary>Where it stands.</summary>
    public TransferState State { get; private set; }

    /// <summary>Why it failed.</summary>
    public TransferFault Fault { get; private set; }

    /// <summary>What the primary said.</summary>
    public ResponseCode Code { get; private set; }

    /// <summary>The records of the whole zone, its SOA record first.</summary>
    public IReadOnlyList<DnsRecord> Records => _records;

    /// <summary>The differences, the oldest first.</summary>
    public IReadOnlyList<ZoneDifference> Differences => _differences;

    /// <summary>The records that have come.</summary>
    public long RecordCount { get; private set; }

    /// <summary>The bytes that have come.</summary>
    public long ByteCount => _bytes;

    /// <summary>The serial number of the newest version, once it is known.</summary>
    public uint? Serial => _newest is null ? null : ((SoaData)_newest.Data).Serial;

    /// <summary>Takes the next message, whose signature has been checked where there is one.</summary>
    public TransferState Take(ReadOnlySpan<byte> message)
    {
        if (State != TransferState.Open) { return Fail(TransferFault.Surplus); }
        _bytes += message.Length;
        if (_bytes > _limits.MaxBytes) { return Fail(TransferFault.TooMuch); }
        if (!MessageView.TryRead(message, out var view, out _)) { return Fail(TransferFault.Malformed); }
        if (!view.Header.IsResponse || view.Header.Id != _id || view.Header.OpCode != OpCode.Query) { return Fail(TransferFault.NotAnAnswer); }
        Code = view.ResponseCode;
        if (Code != ResponseCode.NoError) { return Fail(TransferFault.Refused); }
        if (view.Header.AnswerCount == 0 && _newest is null) { return Fail(TransferFault.NoSoa); }
        foreach (var record in view.Answers)
        {
            if (!record.TryGetRecord(out var read)) { return Fail(TransferFault.Malformed); }
            var fault = State != TransferState.Open ? TransferFault.Surplus : Take(read);
            if (fault != TransferFault.None) { return Fail(fault); }
        }
        // The SOA record of the version that we have, and nothing more: there is nothing newer. RFC 1995 section 2 has it so as well for a primary that lags.
        if (State == TransferState.Open && RecordCount == 1 && _ownSerial is { } own && !SerialNumber.IsNewer(Serial!.Value, own))
        {
            State = TransferState.UpToDate;
        }
        return State;
    }

    private TransferFault Take(DnsRecord record)
    {
        if (++RecordCount > _limits.MaxRecords) { return TransferFault.TooMuch; }
        if (!record.Owner.IsSubdomainOf(_origin) || _newest is not null && record.Class != _newest.Class) { return TransferFault.OutOfZone; }
        var isSoa = record.Type == RecordType.SOA && record.Owner == _origin;
        if (_newest is null)
        {
            if (!isSoa) { return TransferFault.NoSoa; }
            _newest = record;
            _records.Add(record);
            return TransferFault.None;
        }
        if (RecordCount == 2 && isSoa && _ownSerial is not null && SerialOf(record) != SerialOf(_newest))
        {
            _isIncremental = true;
            _from = record;
            return SerialOf(record) == _ownSerial ? TransferFault.None : TransferFault.Disordered;
        }
        if (_isIncremental) { return TakeDifference(record, isSoa); }
        if (!isSoa) { _records.Add(record); }
        else if (SerialOf(record) == SerialOf(_newest)) { State = TransferState.Whole; }
        else { return TransferFault.Disordered; }
        return TransferFault.None;
    }

    private TransferFault TakeDifference(DnsRecord record, bool isSoa)
    {
        if (!isSoa)
        {
            (_to is null ? _removed : _added).Add(record);
            return TransferFault.None;
        }
        if (_to is null)
        {
            _to = record;
            return SerialNumber.IsNewer(SerialOf(record), SerialOf(_from!)) ? TransferFault.None : TransferFault.Disordered;
        }
        _differences.Add(new ZoneDifference(_from!, _to, [.. _removed], [.. _added]));
        _removed.Clear();
        _added.Clear();
        if (SerialOf(record) != SerialOf(_to)) { return TransferFault.Disordered; }
        if (SerialOf(record) == SerialOf(_newest!)) { State = TransferState.Incremental; }
        (_from, _to) = (record, null);
        return TransferFault.None;
    }

    private static uint SerialOf(DnsRecord record) => ((SoaData)record.Data).Serial;

    private TransferState Fail(TransferFault fault)
    {
        Fault = fault;
        return State = TransferState.Failed;
    }
}
