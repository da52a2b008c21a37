using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Serving;

/// <summary>Writes what a responsible server says to a query (RFC 1034 section 4.3.2, as amended by RFC 2308, 4592, 6672, 6891, 8482 and 9471).</summary>
/// <remarks>
/// Theory of operation. The query is checked from the outside in, and each check has its response code: a message that cannot be read is
/// FORMERR, a kind of query that is not done here NOTIMP, an EDNS version that does not exist BADVERS, a name outside all zones REFUSED. Then the zone
/// is asked (<see cref="AliasWalk"/>), and the next one where an alias leads. Names of queries keep their case (0x20): owners in the
/// answer point at the question.
/// </remarks>
internal readonly ref struct AuthoritativeAnswer(
    ZoneSet zones, ServerNames names, NsidOption nsid, DnsCookies? cookies, ResponseRates? rates, AuthoritativeServerOptions options,
    in QuerySource source, int reserved = 0)
{
    private readonly QuerySource _source = source;

    [SkipLocalsInit]
    public int Write(ReadOnlySpan<byte> bytes, Span<byte> response)
    {
        Span<byte> buffer = stackalloc byte[WireName.MaxLength];
        var reading = ReceivedQuery.Read(bytes, buffer, out var query);
        if (reading == QueryReading.Unanswerable) { return 0; }
        // RD is copied (RFC 1035 section 4.1.1), CD is cleared (RFC 4035 section 3.1.6), RA stays off.
        var flags = HeaderFlags.Response | query.Header.Flags & HeaderFlags.RecursionDesired;
        if (reading == QueryReading.Malformed)
        {
            return new AnswerWriter(response, response.Length)
                .Finish(query.Header.Id, flags, query.Header.OpCode, ResponseCode.FormatError, hasQuestion: false);
        }
        if (query.HasSignature) { return WriteSigned(bytes, response); }
        var cookie = CookieState.None;
        scoped ReadOnlySpan<byte> option = default;
        if (cookies is not null && query.Options.Length > 0 && EdnsView.TryFindOption(query.Options, EdnsOptionCode.Cookie, out option))
        {
            cookie = cookies.Check(option, _source.Client.Address, _source.Now);
        }
        var limit = Limit(query, response.Length);
        var edns = query.HasEdns ? AnswerWriter.EdnsLength + OptionsLength(query, cookie) : 0;
        scoped var writer = new AnswerWriter(response, limit - edns);
        var outcome = new AnswerOutcome { Flags = flags, Code = ResponseCode.FormatError, Kind = ErrorKind };
        if (reading == QueryReading.Whole) { writer.WriteQuestion(query.Name, query.Type, query.Class); }
        if (cookie == CookieState.Malformed) { cookie = CookieState.None; }
        else if (reading == QueryReading.Whole) { Dispatch(bytes, query, ref writer, ref outcome); }
        // RFC 1996 section 3.7, RFC 2136 section 3.1.1: both are about one zone.
        else if (IsKept(query.Header.OpCode)) { outcome.Code = ResponseCode.FormatError; }
        else if (query.Header.OpCode != OpCode.Query) { outcome.Code = ResponseCode.NotImplemented; }
        // RFC 7873 section 5.4: who asks for nothing but a cookie gets one.
        else if (query.Header.QuestionCount == 0 && cookie != CookieState.None) { outcome.Code = ResponseCode.NoError; }
        if (cookie != CookieState.Valid && !IsWithinRate(query, ref writer, ref outcome, response)) { return 0; }
        if (query.HasEdns) { WriteEdns(query, cookie, option, outcome, limit, ref writer); }
        return writer.Finish(query.Header.Id, outcome.Flags, query.Header.OpCode, outcome.Code, reading == QueryReading.Whole);
    }

    private bool IsKept(OpCode opCode) => options.Keeper is not null && (opCode == OpCode.Notify || opCode == OpCode.Update);

    /// <summary>Answers a query without its signature, if that holds, and signs the answer (RFC 8945 section 5.2 and 5.3).</summary>
    private int WriteSigned(ReadOnlySpan<byte> bytes, Span<byte> response)
    {
        var request = new SignedRequest(bytes, options.Keys, _source.Now);
        if (request.Fault != TsigFault.None)
        {
            options.Keeper?.Refused(RequestKind.Signature, request.Name, request.Error, _source);
            return request.WriteRefusal(response);
        }
        var session = request.Session!;
        var inner = new AuthoritativeAnswer(
            zones, names, nsid, cookies, rates, options, _source with { Key = session.Key }, reserved: session.SignatureLength);
        var length = inner.Write(request.Unsigned, response);
        return length == 0 ? 0 : session.Sign(response, length, _source.Now);
    }

    /// <summary>What is counted by a rate limit beside the type: an error, a referral.</summary>
    private const int ErrorKind = 0x10000;

    /// <summary>Answers by opcode. NOTIFY and UPDATE concern the keeper of zones; without one nobody may.</summary>
    private void Dispatch(ReadOnlySpan<byte> bytes, scoped in ReceivedQuery query, ref AnswerWriter writer, ref AnswerOutcome outcome)
    {
        outcome.Code = query.Header.OpCode switch
        {
            // BADVERS comes first: what the other fields mean is only known for version 0 (RFC 6891 section 6.1.3).
            _ when query.HasEdns && query.EdnsVersion != 0 => ResponseCode.BadVersion,
            { Value: 0 } => Answer(query, ref writer, ref outcome),
            { Value: 4 } => TakeNotify(bytes, query, ref outcome),
            { Value: 5 } => TakeUpdate(bytes, query),
            _ => ResponseCode.NotImplemented,
        };
    }

    [SkipLocalsInit]
    private ResponseCode Answer(scoped in ReceivedQuery query, ref AnswerWriter writer, ref AnswerOutcome outcome)
    {
        if (query.Class == RecordClass.CH && query.Type is { Value: 16 or 255 } && names.Find(query.Name) is { Length: > 0 } text)
        {
            outcome.Flags |= HeaderFlags.AuthoritativeAnswer;
            writer.TryWriteData(MessageSection.Answer, new RecordType(16), RecordClass.CH, Ttl.Zero, text);
            return ResponseCode.NoError;
        }
        Span<byte> starts = stackalloc byte[WireName.MaxLabels];
        Span<ulong> hashes = stackalloc ulong[WireName.MaxLabels];
        var name = new HashedName(query.Name, starts, hashes);
        var zone = zones.FindZone(name, query.Type);
        var isHeld = zone is not null && (query.Class == zone.Class || query.Class == RecordClass.Any);
        if (query.Type == RecordType.AXFR || query.Type == RecordType.IXFR)
        {
            return AnswerTransfer(isHeld && zone!.Origin.Length == query.Name.Length ? zone : null, query, ref writer, ref outcome);
        }
        if (query.Type.IsMeta && query.Type != RecordType.Any) { return ResponseCode.NotImplemented; }
        if (!isHeld)
        {
            outcome.ErrorInfo = NotAuthoritativeInfo;
            return ResponseCode.Refused;
        }
        if (zone!.IsExpired)
        {
            outcome.ErrorInfo = NotReadyInfo;
            return ResponseCode.ServerFailure;
        }
        var code = new AliasWalk(zones, query.Type, query.DnssecOk).Follow(zone!, name, ref writer, ref outcome);
        // RFC 1035 section 6.2: of other classes this server knows nothing.
        if (query.Class == RecordClass.Any) { outcome.Flags &= ~HeaderFlags.AuthoritativeAnswer; }
        return code;
    }

    /// <summary>
    /// What is said to a question for a copy that gets no stream of messages: over UDP the version alone is told, so that TCP is tried (RFC 1995 section
    /// 2); the rest is refused. A zone that is not held is NOTAUTH (RFC 5936 section 2.2.1).
    /// </summary>
    private ResponseCode AnswerTransfer(Zone? zone, scoped in ReceivedQuery query, ref AnswerWriter writer, ref AnswerOutcome outcome)
    {
        var code = TransferRequest.Judge(zone, options, _source);
        if (code == ResponseCode.NoError)
        {
            // RFC 5936 section 4.2: over UDP a whole zone is not given.
            if (query.Type == RecordType.AXFR) { return ResponseCode.FormatError; }
            outcome.Flags |= HeaderFlags.AuthoritativeAnswer;
            writer.TryWriteData(MessageSection.Answer, RecordType.SOA, zone!.Class, zone.SoaRecord.Ttl, zone.Soa.Wire);
            return code;
        }
        options.Keeper?.Refused(RequestKind.Transfer, DnsName.FromValidWire(query.Name), code, _source);
        return code;
    }

    /// <summary>RFC 1996 section 3.7: the question names the zone, and the answer section may hold its new SOA record.</summary>
    private ResponseCode TakeNotify(ReadOnlySpan<byte> bytes, scoped in ReceivedQuery query, ref AnswerOutcome outcome)
    {
        if (options.Keeper is null) { return ResponseCode.Refused; }
        if (query.Type != RecordType.SOA) { return ResponseCode.FormatError; }
        MessageView.TryRead(bytes, out var view, out _);
        uint? serial = null;
        foreach (var record in view.Answers)
        {
            if (record.Type == RecordType.SOA && record.TryGetData(out var data)) { serial = ((SoaData)data).Serial; }
        }
        var code = options.Keeper.TakeNotify(DnsName.FromValidWire(query.Name), serial, _source);
        if (code == ResponseCode.NoError) { outcome.Flags |= HeaderFlags.AuthoritativeAnswer; }
        return code;
    }

    /// <summary>RFC 2136 section 3.1: the zone section names the zone by its SOA type.</summary>
    private ResponseCode TakeUpdate(ReadOnlySpan<byte> bytes, scoped in ReceivedQuery query)
    {
        if (options.Keeper is null) { return ResponseCode.NotImplemented; }
        return query.Type == RecordType.SOA
            ? options.Keeper.TakeUpdate(bytes, DnsName.FromValidWire(query.Name), _source)
            : ResponseCode.FormatError;
    }

    /// <summary>RFC 8914 section 4.15: the server has the zone not yet, or not any more.</summary>
    private const int NotReadyInfo = 14;

    /// <summary>RFC 8914 section 4.21: the server is not responsible for the name.</summary>
    private const int NotAuthoritativeInfo = 20;

    private int Limit(scoped in ReceivedQuery query, int room)
    {
        if (_source.Transport != DnsTransport.Udp) { return Math.Min(room, MessageView.MaxLength) - reserved; }
        return Math.Min(room, query.HasEdns ? Math.Min(query.PayloadSize, Edns.DefaultPayloadSize) : EdnsView.MinPayloadSize) - reserved;
    }

    private bool WantsNsid(scoped in ReceivedQuery query) =>
        nsid.Data.Length > 0 && query.Options.Length > 0 && EdnsView.TryFindOption(query.Options, EdnsOptionCode.Nsid, out _);

    /// <summary>The most that the options of the response take.</summary>
    private int OptionsLength(scoped in ReceivedQuery query, CookieState cookie)
    {
        const int Head = 4, ErrorInfo = 2;
        return Head + ErrorInfo + (cookie > CookieState.Malformed ? Head + DnsCookies.ClientLength + DnsCookies.ServerLength : 0)
            + (WantsNsid(query) ? Head + nsid.Data.Length : 0);
    }

    private void WriteEdns(
        scoped in ReceivedQuery query, CookieState cookie, scoped ReadOnlySpan<byte> sent, in AnswerOutcome outcome, int limit, ref AnswerWriter writer)
    {
        var written = writer.BeginEdns(outcome.Code, query.DnssecOk);
        var length = 0;
        if (cookie != CookieState.None)
        {
            var option = Begin(EdnsOptionCode.Cookie, DnsCookies.ClientLength + DnsCookies.ServerLength, written, ref length);
            cookies!.Write(sent, _source.Client.Address, _source.Now, option);
        }
        if (WantsNsid(query)) { nsid.Data.CopyTo(Begin(EdnsOptionCode.Nsid, nsid.Data.Length, written, ref length)); }
        if (outcome.ErrorInfo is { } info) { BinaryPrimitives.WriteUInt16BigEndian(Begin(EdnsOptionCode.ExtendedError, 2, written, ref length), (ushort)info); }
        if (ResponsePadding.IsWanted(_source.Transport, query.Options))
        {
            // A signature still follows: without the time for which room was kept, as only a refusal has it.
            var signature = reserved == 0 ? 0 : reserved - TsigRecord.TimeLength;
            length += ResponsePadding.Write(written[length..], writer.Length + AnswerWriter.EdnsLength + length + signature, limit + signature);
        }
        writer.EndEdns(length);
    }

    private static Span<byte> Begin(EdnsOptionCode code, int dataLength, Span<byte> written, ref int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(written[length..], code.Value);
        BinaryPrimitives.WriteUInt16BigEndian(written[(length + 2)..], (ushort)dataLength);
        length += 4 + dataLength;
        return written.Slice(length - dataLength, dataLength);
    }

    /// <summary>False when the response is one too many for this client's network; cut, it asks a real client to come by TCP.</summary>
    private bool IsWithinRate(scoped in ReceivedQuery query, ref AnswerWriter writer, ref AnswerOutcome outcome, Span<byte> response)
    {
        // Over TCP a client has shown that its address is its own.
        if (rates is null || _source.Transport != DnsTransport.Udp) { return true; }
        switch (rates.Count(_source.Client.Address, _source.Now, outcome.Kind | query.Type.Value, outcome.Name))
        {
            case RateVerdict.Drop: return false;
            case RateVerdict.SendCut:
                writer = new AnswerWriter(response, response.Length) { IsTruncated = true };
                if (query.Name.Length > 0) { writer.WriteQuestion(query.Name, query.Type, query.Class); }
                break;
        }
        return true;
    }
}

/// <summary>What an answer came to, beside its records.</summary>
internal struct AnswerOutcome
{
    public HeaderFlags Flags;
    public ResponseCode Code;

    /// <summary>The extended error (RFC 8914) where there is one.</summary>
    public int? ErrorInfo;

    /// <summary>What kind of response it is and from which name, for those who count.</summary>
    public int Kind;

    public ulong Name;
}
