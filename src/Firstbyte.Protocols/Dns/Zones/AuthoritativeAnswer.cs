using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Zones;

/// <summary>Writes what a responsible server says to a query (RFC 1034 section 4.3.2, as amended by RFC 2308, 4592, 6672, 6891, 8482 and 9471).</summary>
/// <remarks>
/// Theory of operation. The query is checked from the outside in, and each check has its response code: a message that cannot be read is
/// FORMERR, a kind of query that
/// is not done here NOTIMP, an EDNS version that does not exist BADVERS, a name outside all zones REFUSED. Then the zone is asked, and asked again
/// for the target of each alias it finds within itself. Names of queries keep their case (0x20): owners in the answer point at the question.
/// </remarks>
internal readonly ref struct AuthoritativeAnswer(ZoneSet zones, DnsTransport transport)
{
    /// <summary>BIND follows as many aliases (max-query-restarts 11).</summary>
    private const int MaxAliases = 11;

    private readonly ZoneSet _zones = zones;
    private readonly DnsTransport _transport = transport;

    public int Write(ReadOnlySpan<byte> query, Span<byte> response)
    {
        // Nothing to name in an answer, or an answer itself: two servers must not talk forever.
        if (!MessageHeader.TryRead(query, out var header) || header.IsResponse) { return 0; }
        var writer = new MessageWriter(response);
        if (!MessageView.TryRead(query, out var view, out _) || view.TrailingLength > 0)
        {
            return writer.Finish(header.Id, HeaderFlags.Response | header.Flags & HeaderFlags.RecursionDesired, header.OpCode, ResponseCode.FormatError);
        }
        var edns = view.Edns;
        if (_transport == DnsTransport.Udp)
        {
            writer.Limit(view.HasEdns ? Math.Min(edns.PayloadSize, Edns.DefaultPayloadSize) : EdnsView.MinPayloadSize);
        }
        if (view.HasEdns) { writer.TryReserveEdns(0); }
        // RD is copied (RFC 1035 section 4.1.1), CD is cleared (RFC 4035 section 3.1.6), RA stays off.
        var flags = HeaderFlags.Response | header.Flags & HeaderFlags.RecursionDesired;
        var code = Fill(view, ref writer, ref flags);
        if (view.HasEdns) { writer.TryWriteEdns(Edns.DefaultPayloadSize, code, edns.DnssecOk, default); }
        return writer.Finish(header.Id, flags, header.OpCode, code);
    }

    [SkipLocalsInit]
    private ResponseCode Fill(MessageView query, ref MessageWriter writer, ref HeaderFlags flags)
    {
        // RFC 9619: a query has one question.
        if (!query.TryGetQuestion(out var question)) { return query.Header.OpCode == OpCode.Query ? ResponseCode.FormatError : ResponseCode.NotImplemented; }
        Span<byte> buffer = stackalloc byte[WireName.MaxLength];
        var name = buffer[..question.Name.CopyTo(buffer)];
        var (type, recordClass) = (question.Type, question.Class);
        if (!writer.TryWriteQuestion(name, type, recordClass)) { return ResponseCode.ServerFailure; }
        if (query.Header.OpCode != OpCode.Query) { return ResponseCode.NotImplemented; }
        if (query.HasEdns && query.Edns.Version != 0) { return ResponseCode.BadVersion; }
        if (type == RecordType.AXFR || type == RecordType.IXFR) { return ResponseCode.Refused; }
        if (type.IsMeta && type != RecordType.Any) { return ResponseCode.NotImplemented; }
        if (_zones.FindZone(name, type) is not { } zone || recordClass != zone.Class) { return ResponseCode.Refused; }
        return Follow(zone, name, type, ref writer, ref flags);
    }

    /// <summary>Asks the zone for the name, and for the target of each alias, as long as the zone itself holds it.</summary>
    [SkipLocalsInit]
    private static ResponseCode Follow(Zone zone, scoped ReadOnlySpan<byte> name, RecordType type, ref MessageWriter writer, ref HeaderFlags flags)
    {
        Span<byte> substituted = stackalloc byte[WireName.MaxLength];
        var seen = default(SeenAliases);
        for (var aliases = 0; ; aliases++)
        {
            var finding = zone.Find(name, type);
            var entry = finding.Entry;
            if (finding.Kind == ZoneFindingKind.Referral)
            {
                WriteReferral(entry!, ref writer);
                return ResponseCode.NoError;
            }
            flags |= HeaderFlags.AuthoritativeAnswer;
            switch (finding.Kind)
            {
                case ZoneFindingKind.Answer:
                    if (WriteAnswer(finding, name, ref writer)) { WriteAddresses(entry!.Addresses, ref writer); }
                    return ResponseCode.NoError;
                case ZoneFindingKind.NoData or ZoneFindingKind.NameError:
                    if (!writer.TryWriteRecordSet(MessageSection.Authority, zone.NegativeSoa)) { writer.MarkTruncated(); }
                    // RFC 6604 section 3: the code is that of the last name.
                    return finding.Kind == ZoneFindingKind.NoData ? ResponseCode.NoError : ResponseCode.NameError;
                case ZoneFindingKind.Alias:
                    // A circle of aliases is told once.
                    if (((ReadOnlySpan<ZoneSetEntry?>)seen)[..aliases].Contains(entry)) { return ResponseCode.NoError; }
                    seen[aliases] = entry;
                    if (!WriteAnswer(finding, name, ref writer)) { return ResponseCode.NoError; }
                    name = entry!.Set.DataArray[0].Wire;
                    break;
                default:
                    if (!TryRedirect(entry!.Set, name, substituted, out var length, ref writer)) { return ResponseCode.NameExists; }
                    if (writer.IsTruncated) { return ResponseCode.NoError; }
                    // Two buffers are not needed: the next name is made from what stands in the zone or here.
                    name = substituted[..length];
                    break;
            }
            if (aliases == MaxAliases || !WireName.IsSubdomainOf(name, zone.Origin.Wire)) { return ResponseCode.NoError; }
        }
    }

    private static bool WriteAnswer(ZoneFinding finding, scoped ReadOnlySpan<byte> name, ref MessageWriter writer)
    {
        var set = finding.Entry!.Set;
        if (writer.TryWriteRecordSet(MessageSection.Answer, set, name, set.Ttl)) { return true; }
        writer.MarkTruncated();
        return false;
    }

    /// <summary>RFC 6672 section 3.1: the DNAME, and the CNAME that it makes for this name. False when the new name would be too long.</summary>
    private static bool TryRedirect(
        RecordSet redirection, scoped ReadOnlySpan<byte> name, scoped Span<byte> substituted, out int length, ref MessageWriter writer)
    {
        var prefix = name.Length - redirection.Owner.Length;
        var target = redirection.DataArray[0].Wire;
        length = prefix + target.Length;
        var fits = writer.TryWriteRecordSet(MessageSection.Answer, redirection);
        if (length > WireName.MaxLength) { return false; }
        // The name may itself stand in this buffer: its front part stays where it is, and the rest is replaced.
        Span<byte> owner = stackalloc byte[WireName.MaxLength];
        name.CopyTo(owner);
        owner[..prefix].CopyTo(substituted);
        target.CopyTo(substituted[prefix..]);
        if (!fits || !writer.TryWriteRecord(
            MessageSection.Answer, owner[..(prefix + redirection.Owner.Length)], RecordType.CNAME, redirection.Class, redirection.Ttl,
            substituted[..length]))
        {
            writer.MarkTruncated();
        }
        return true;
    }

    private static void WriteReferral(ZoneSetEntry servers, ref MessageWriter writer)
    {
        var fits = writer.TryWriteRecordSet(MessageSection.Authority, servers.Set);
        foreach (var glue in servers.RequiredGlue) { fits = fits && writer.TryWriteRecordSet(MessageSection.Additional, glue); }
        // RFC 9471 section 3.1: a referral without its glue is truncated.
        if (!fits) { writer.MarkTruncated(); }
        else { WriteAddresses(servers.Addresses, ref writer); }
    }

    /// <summary>What is useful but can be asked for: left out in silence where there is no room (RFC 2181 section 9).</summary>
    private static void WriteAddresses(RecordSet[] sets, ref MessageWriter writer)
    {
        foreach (var set in sets)
        {
            if (!writer.TryWriteRecordSet(MessageSection.Additional, set)) { return; }
        }
    }

    [InlineArray(MaxAliases + 1)]
    private struct SeenAliases
    {
        private ZoneSetEntry? _first;
    }
}
