using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>A look at a message where it lies: nothing is copied, nothing allocated.</summary>
/// <remarks>
/// Theory of operation. <see cref="TryRead(ReadOnlySpan{byte}, out MessageView, out MessageError)"/> walks the whole message once: counts, borders, and every
/// owner name. What it accepts can be enumerated without further checks. RDATA is checked when it is read, record by record, because one malformed record
/// must not hide the others: its reader says false and the record is dropped. A question has at least 5 bytes, a record at least 11, and a message at most 65,535;
/// what is longer than its bytes are names behind pointers, which have a limit of their own.
/// <code>
///   0        12                answers        authorities      additionals     end
///   | header | questions       | records      | records        | records, OPT  | (bytes that nothing counts)
/// </code>
/// </remarks>
public readonly ref struct MessageView
{
    /// <summary>The length field of DNS over TCP has 16 bits (RFC 1035 section 4.2.2).</summary>
    public const int MaxLength = ushort.MaxValue;

    /// <summary>
    /// Labels that the names of the sections have behind pointers, all together (own choice, some 2 ms): a part of the zone of an IPv6 network that fills a
    /// message has 80,000.
    /// </summary>
    public const int MaxLabels = 1 << 18;

    /// <summary>The same of what a server is sent (own choice, some 0.25 ms): an UPDATE of a thousand such names has fewer.</summary>
    public const int MaxRequestLabels = 1 << 15;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _answers;
    private readonly int _authorities;
    private readonly int _additionals;
    private readonly int _opt;

    private MessageView(ReadOnlySpan<byte> message, MessageHeader header, int answers, int authorities, int additionals, int end, int opt)
    {
        _message = message;
        Header = header;
        (_answers, _authorities, _additionals, End, _opt) = (answers, authorities, additionals, end, opt);
    }

    /// <summary>The header.</summary>
    public MessageHeader Header { get; }

    /// <summary>Where the last record ends; bytes behind it belong to nothing.</summary>
    public int End { get; }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Bytes => _message;

    /// <summary>Bytes that no section counts.</summary>
    public int TrailingLength => _message.Length - End;

    /// <summary>The questions; in practice one.</summary>
    public QuestionEnumerator Questions => new(_message, Header.QuestionCount);

    /// <summary>The answer section.</summary>
    public RecordEnumerator Answers => new(_message, _answers, Header.AnswerCount, MessageSection.Answer);

    /// <summary>The authority section.</summary>
    public RecordEnumerator Authorities => new(_message, _authorities, Header.AuthorityCount, MessageSection.Authority);

    /// <summary>The additional section, with the OPT record where there is one.</summary>
    public RecordEnumerator Additionals => new(_message, _additionals, Header.AdditionalCount, MessageSection.Additional);

    /// <summary>True when the message has an OPT record.</summary>
    public bool HasEdns => _opt != 0;

    /// <summary>The OPT record (RFC 6891); empty, with the classic 512 bytes, when there is none.</summary>
    public EdnsView Edns => _opt == 0 ? default : new EdnsView(new RecordView(_message, _opt, MessageSection.Additional));

    /// <summary>The response code, with EDNS' upper 8 bits.</summary>
    public ResponseCode ResponseCode =>
        _opt == 0 ? Header.ResponseCode : new ResponseCode((ushort)(Edns.ExtendedResponseCode << 4 | Header.ResponseCode.Value));

    /// <summary>The offset at which the answer section starts: the questions lie between 12 and here.</summary>
    public int QuestionEnd => _answers;

    /// <summary>Reads the borders of a message; on failure says what is wrong and where.</summary>
    public static bool TryRead(ReadOnlySpan<byte> message, out MessageView view, out MessageError error) => TryRead(message, MaxLabels, out view, out error);

    /// <summary>The same of a message whose names may have only so many labels behind pointers.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> message, int labels, out MessageView view, out MessageError error)
    {
        view = default;
        error = default;
        if (!MessageHeader.TryRead(message, out var header))
        {
            error = new MessageError(MessageFault.HeaderCut, message.Length);
            return false;
        }
        var at = MessageHeader.Length;
        for (var i = 0; i < header.QuestionCount; i++)
        {
            var flaw = CompressedName.Measure(message, at, ref labels, out at, out _, out var flawOffset);
            if (flaw == MessageFault.None && at + 4 > message.Length) { (flaw, flawOffset) = (MessageFault.QuestionCut, message.Length); }
            if (flaw != MessageFault.None)
            {
                error = new MessageError(flaw, flawOffset);
                return false;
            }
            at += 4;
        }
        var opt = 0;
        var answers = at;
        if (!TrySkipRecords(message, header.AnswerCount, MessageSection.Answer, ref at, ref labels, ref opt, ref error)) { return false; }
        var authorities = at;
        if (!TrySkipRecords(message, header.AuthorityCount, MessageSection.Authority, ref at, ref labels, ref opt, ref error)) { return false; }
        var additionals = at;
        if (!TrySkipRecords(message, header.AdditionalCount, MessageSection.Additional, ref at, ref labels, ref opt, ref error)) { return false; }
        view = new MessageView(message, header, answers, authorities, additionals, at, opt);
        if (opt != 0 && !view.Edns.IsWellFormed)
        {
            error = new MessageError(MessageFault.OptOptions, opt);
            return false;
        }
        return true;
    }

    /// <summary>The question, when there is exactly one.</summary>
    public bool TryGetQuestion(out QuestionView question)
    {
        question = default;
        if (Header.QuestionCount != 1) { return false; }
        question = new QuestionView(_message, MessageHeader.Length, _answers - 4);
        return true;
    }

    /// <summary>The records of a section.</summary>
    public RecordEnumerator Records(MessageSection section) => section switch
    {
        MessageSection.Answer => Answers,
        MessageSection.Authority => Authorities,
        _ => Additionals,
    };

    private static bool TrySkipRecords(
        ReadOnlySpan<byte> message, int count, MessageSection section, ref int at, ref int labels, ref int opt, ref MessageError error)
    {
        for (var i = 0; i < count; i++)
        {
            var start = at;
            var flaw = CompressedName.Measure(message, at, ref labels, out at, out var nameLength, out var flawOffset);
            if (flaw == MessageFault.None)
            {
                flaw = CheckFixedPart(message, at, out var next, out var type, out flawOffset);
                if (flaw == MessageFault.None && type == RecordType.OPT)
                {
                    if (section != MessageSection.Additional || nameLength != 1 || opt != 0) { (flaw, flawOffset) = (MessageFault.OptMisplaced, start); }
                    opt = start;
                }
                at = next;
            }
            if (flaw != MessageFault.None)
            {
                error = new MessageError(flaw, flawOffset);
                return false;
            }
        }
        return true;
    }

    private static MessageFault CheckFixedPart(ReadOnlySpan<byte> message, int at, out int next, out RecordType type, out int flawOffset)
    {
        (next, type, flawOffset) = (at, default, message.Length);
        if (at + RecordView.FixedLength > message.Length) { return MessageFault.RecordCut; }
        type = new RecordType(BinaryPrimitives.ReadUInt16BigEndian(message[at..]));
        next = at + RecordView.FixedLength + BinaryPrimitives.ReadUInt16BigEndian(message[(at + 8)..]);
        flawOffset = at + 8;
        return next > message.Length ? MessageFault.RecordDataCut : MessageFault.None;
    }
}

/// <summary>A question where it lies.</summary>
public readonly ref struct QuestionView
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _name;
    private readonly int _type;

    internal QuestionView(ReadOnlySpan<byte> message, int name, int type)
    {
        _message = message;
        _name = name;
        _type = type;
    }

    /// <summary>QNAME</summary>
    public NameView Name => new(_message, _name);

    /// <summary>QTYPE</summary>
    public RecordType Type => new(BinaryPrimitives.ReadUInt16BigEndian(_message[_type..]));

    /// <summary>QCLASS</summary>
    public RecordClass Class => new(BinaryPrimitives.ReadUInt16BigEndian(_message[(_type + 2)..]));

    /// <summary>The question as a value of its own.</summary>
    public Question ToQuestion() => new(Name.ToName(), Type, Class);
}

/// <summary>Walks the questions of a message.</summary>
public ref struct QuestionEnumerator
{
    private readonly ReadOnlySpan<byte> _message;
    private int _left;
    private int _next;

    internal QuestionEnumerator(ReadOnlySpan<byte> message, int count)
    {
        _message = message;
        _left = count;
        _next = MessageHeader.Length;
    }

    /// <summary>The question.</summary>
    public QuestionView Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly QuestionEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next question.</summary>
    public bool MoveNext()
    {
        if (_left == 0) { return false; }
        _left--;
        var type = CompressedName.Skip(_message, _next);
        Current = new QuestionView(_message, _next, type);
        _next = type + 4;
        return true;
    }
}

/// <summary>Walks the records of a section.</summary>
public ref struct RecordEnumerator
{
    private readonly ReadOnlySpan<byte> _message;
    private readonly MessageSection _section;
    private int _left;
    private int _next;

    internal RecordEnumerator(ReadOnlySpan<byte> message, int start, int count, MessageSection section)
    {
        _message = message;
        _next = start;
        _left = count;
        _section = section;
    }

    /// <summary>The record.</summary>
    public RecordView Current { get; private set; }

    /// <summary>For foreach.</summary>
    public readonly RecordEnumerator GetEnumerator() => this;

    /// <summary>Goes to the next record.</summary>
    public bool MoveNext()
    {
        if (_left == 0) { return false; }
        _left--;
        Current = new RecordView(_message, _next, _section);
        _next = Current.End;
        return true;
    }
}

/// <summary>A record where it lies.</summary>
public readonly ref struct RecordView
{
    /// <summary>TYPE, CLASS, TTL and RDLENGTH together (RFC 1035 section 4.1.3).</summary>
    internal const int FixedLength = 10;

    private readonly ReadOnlySpan<byte> _message;
    private readonly int _start;
    private readonly int _fixed;

    internal RecordView(ReadOnlySpan<byte> message, int start, MessageSection section)
    {
        _message = message;
        _start = start;
        Section = section;
        _fixed = CompressedName.Skip(message, start);
    }

    /// <summary>The section it stands in.</summary>
    public MessageSection Section { get; }

    /// <summary>The owner.</summary>
    public NameView Owner => new(_message, _start);

    /// <summary>The type.</summary>
    public RecordType Type => new(BinaryPrimitives.ReadUInt16BigEndian(_message[_fixed..]));

    /// <summary>The class; in an OPT record the payload size.</summary>
    public RecordClass Class => new(BinaryPrimitives.ReadUInt16BigEndian(_message[(_fixed + 2)..]));

    /// <summary>The time to live.</summary>
    public Ttl Ttl => Ttl.FromWire(TtlBits);

    /// <summary>The 32 bits of the TTL field, which OPT uses for other things.</summary>
    public uint TtlBits => BinaryPrimitives.ReadUInt32BigEndian(_message[(_fixed + 4)..]);

    /// <summary>The RDATA as it stands in the message: names may be compressed.</summary>
    public ReadOnlySpan<byte> RawData => _message[DataOffset..End];

    /// <summary>Where the record ends.</summary>
    public int End => DataOffset + BinaryPrimitives.ReadUInt16BigEndian(_message[(_fixed + 8)..]);

    /// <summary>Where the record starts.</summary>
    public int Offset => _start;

    /// <summary>Where the RDATA starts.</summary>
    public int DataOffset => _fixed + FixedLength;

    /// <summary>The longest RDATA without compression: each of two names can grow to 255 bytes (SOA, MINFO, RP, PX).</summary>
    internal const int MaxExpansion = 2 * WireName.MaxLength;

    /// <summary>The address of an A or AAAA record of class IN; false for anything else and for a wrong length.</summary>
    public bool TryGetAddress(out IpAddress address)
    {
        address = default;
        var data = RawData;
        return (Type == RecordType.A && data.Length == 4 || Type == RecordType.AAAA && data.Length == 16) && Class == RecordClass.IN
            && IpAddress.TryFromBytes(data, out address);
    }

    /// <summary>The name that an NS, CNAME, PTR, DNAME, MX or SRV record points to; false for anything else and for malformed data.</summary>
    public bool TryGetTarget(out NameView target)
    {
        target = default;
        var skip = Type.Value switch { 2 or 5 or 12 or 39 => 0, 15 => 2, 33 => 6, _ => -1 };
        if (skip < 0 || RawData.Length <= skip
            || CompressedName.Measure(_message[..End], DataOffset + skip, out var next, out _, out _) != MessageFault.None || next != End) { return false; }
        target = new NameView(_message, DataOffset + skip);
        return true;
    }

    /// <summary>
    /// The length of time in seconds that an SOA record gives for keeping "there is none": the smaller of its TTL and MINIMUM (RFC 2308
    /// section 5).
    /// </summary>
    public bool TryGetNegativeTtl(out Ttl ttl)
    {
        ttl = default;
        if (Type != RecordType.SOA || RawData.Length < 22) { return false; }
        ttl = Ttl.Min(Ttl, Ttl.FromWire(BinaryPrimitives.ReadUInt32BigEndian(_message[(End - 4)..])));
        return true;
    }

    /// <summary>
    /// Writes the RDATA without compression; false when it does not have the shape of its type or does not fit.
    /// RDLENGTH + 510 bytes always suffice.
    /// </summary>
    [SkipLocalsInit]
    public bool TryExpandData(Span<byte> destination, out int length)
    {
        length = 0;
        var raw = RawData;
        ref readonly var layout = ref RecordTypes.LayoutOf(Type);
        if (layout.IsFlat)
        {
            if (!layout.Fits(raw) || !raw.TryCopyTo(destination)) { return false; }
            length = raw.Length;
            return true;
        }
        if (!layout.TrySkipHead(raw, out var head) || head > destination.Length) { return false; }
        raw[..head].CopyTo(destination);
        length = head;
        var at = DataOffset + head;
        Span<byte> name = stackalloc byte[WireName.MaxLength];
        for (var i = 0; i < layout.Names; i++)
        {
            // Only the bytes of this record and those before it may make up the name.
            if (CompressedName.Expand(_message[..End], at, name, out at, out var nameLength) != MessageFault.None
                || !name[..nameLength].TryCopyTo(destination[length..])) { return false; }
            length += nameLength;
        }
        var rest = _message[at..End];
        if (!layout.HasRest && rest.Length != layout.Suffix || !rest.TryCopyTo(destination[length..])) { return false; }
        length += rest.Length;
        return true;
    }

    /// <summary>The data as a value of its own; false when it does not have the shape of its type.</summary>
    [SkipLocalsInit]
    public bool TryGetData(out RecordData data)
    {
        data = null!;
        if (RecordTypes.LayoutOf(Type).IsFlat) { return RecordData.TryRead(Type, RawData, out data); }
        var length = RawData.Length + MaxExpansion;
        var buffer = length <= 1024 ? stackalloc byte[1024] : new byte[length];
        return TryExpandData(buffer, out length) && RecordData.TryRead(Type, buffer[..length], out data);
    }

    /// <summary>The record as a value of its own; false when its data does not have the shape of its type.</summary>
    public bool TryGetRecord(out DnsRecord record)
    {
        record = null!;
        if (!TryGetData(out var data)) { return false; }
        record = new DnsRecord(Owner.ToName(), Class, Ttl, data);
        return true;
    }
}
