using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>A question for a copy of a zone (RFC 5936 section 2.1, RFC 1995 section 3): what is given, to whom.</summary>
internal static class TransferRequest
{
    /// <summary>Begins a transfer; null when the message asks for none, or for one that is not given.</summary>
    public static ZoneTransfer? Begin(ReadOnlySpan<byte> bytes, ZoneSet zones, AuthoritativeServerOptions options, in QuerySource source)
    {
        Span<byte> buffer = stackalloc byte[WireName.MaxLength];
        if (ReceivedQuery.Read(bytes, buffer, out var query) != QueryReading.Whole || query.Header.OpCode != OpCode.Query
            || query.Type != RecordType.AXFR && query.Type != RecordType.IXFR || query.HasEdns && query.EdnsVersion != 0) { return null; }
        TsigSession? session = null;
        if (query.HasSignature)
        {
            var request = new SignedRequest(bytes, options.Keys, source.Now);
            if (request.Fault != TsigFault.None) { return null; }
            session = request.Session;
        }
        var zone = zones.FindZone(query.Name, query.Type);
        if (zone is not null && (zone.Origin.Length != query.Name.Length || query.Class != zone.Class)) { zone = null; }
        if (Judge(zone, options, source with { Key = session?.Key }) != ResponseCode.NoError) { return null; }
        var (kind, differences) = (TransferKind.Whole, default(ReadOnlyMemory<ZoneDifference>));
        if (query.Type == RecordType.IXFR && FindSerial(bytes, zone!.Origin) is { } serial)
        {
            // A version that is not ours, or not older, is answered with the newest one alone.
            if (!SerialNumber.IsNewer(zone.Soa.Serial, serial)) { kind = TransferKind.UpToDate; }
            else if (zone.History.Since(serial) is { } since) { (kind, differences) = (TransferKind.Incremental, since); }
        }
        var question = new Question(DnsName.FromValidWire(query.Name), query.Type, query.Class);
        return new ZoneTransfer(zone!, kind, query.Header, question, query.HasEdns, session, differences);
    }

    /// <summary>Whether a copy of a zone is given to somebody.</summary>
    public static ResponseCode Judge(Zone? zone, AuthoritativeServerOptions options, in QuerySource source)
    {
        if (zone is null) { return ResponseCode.NotAuthoritative; }
        foreach (var rule in options.TransferRules)
        {
            if (rule.Allows(source.Client.Address, source.Key)) { return zone.IsExpired ? ResponseCode.ServerFailure : ResponseCode.NoError; }
        }
        return ResponseCode.Refused;
    }

    /// <summary>The version that whoever asks has; null when the SOA record that says it is missing.</summary>
    private static uint? FindSerial(ReadOnlySpan<byte> bytes, DnsName origin)
    {
        MessageView.TryRead(bytes, out var view, out _);
        foreach (var record in view.Authorities)
        {
            if (record.Type == RecordType.SOA && record.Owner.Equals(origin) && record.TryGetData(out var data)) { return ((SoaData)data).Serial; }
        }
        return null;
    }
}
