using System.Buffers.Binary;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Serving;

/// <summary>How far a query could be read.</summary>
internal enum QueryReading
{
    /// <summary>Nothing to name in an answer, or an answer itself: two servers must not talk for ever.</summary>
    Unanswerable,

    /// <summary>It is not what RFC 1035 section 4.1 says.</summary>
    Malformed,

    /// <summary>It has no question, or several (RFC 9619).</summary>
    NotOneQuestion,

    /// <summary>It has one question.</summary>
    Whole,
}

/// <summary>What a server must know of a query.</summary>
/// <remarks>
/// Nearly every query is a header, a question without pointers and at most an OPT record at the end: that is read in one pass, and the name stays where
/// it is. Everything else is read as any message is.
/// </remarks>
internal ref struct ReceivedQuery
{
    private const int OptLength = 11;

    /// <summary>The header; its counts are those that were sent.</summary>
    public MessageHeader Header;

    /// <summary>The question's name, its case kept.</summary>
    public ReadOnlySpan<byte> Name;

    public RecordType Type;
    public RecordClass Class;
    public bool HasEdns;

    /// <summary>The longest datagram that the client takes.</summary>
    public int PayloadSize;

    public byte EdnsVersion;
    public bool DnssecOk;

    /// <summary>The bytes of the EDNS options, which end where they should.</summary>
    public ReadOnlySpan<byte> Options;

    /// <summary>There is a signature among its records (RFC 8945): the message is read again, and checked.</summary>
    public bool HasSignature;

    /// <summary>Reads a query; the buffer holds a name of <see cref="WireName.MaxLength"/> bytes that has to be put together.</summary>
    public static QueryReading Read(ReadOnlySpan<byte> bytes, Span<byte> buffer, out ReceivedQuery query)
    {
        query = new ReceivedQuery { PayloadSize = EdnsView.MinPayloadSize };
        if (!MessageHeader.TryRead(bytes, out query.Header) || query.Header.IsResponse) { return QueryReading.Unanswerable; }
        return query.TryReadPlain(bytes) ? QueryReading.Whole : query.ReadAny(bytes, buffer);
    }

    private bool TryReadPlain(ReadOnlySpan<byte> bytes)
    {
        if (Header is not { QuestionCount: 1, AnswerCount: 0, AuthorityCount: 0, AdditionalCount: 0 or 1 }) { return false; }
        var at = MessageHeader.Length;
        while (at < bytes.Length && bytes[at] is > 0 and <= WireName.MaxLabelLength) { at += 1 + bytes[at]; }
        if (at + 5 > bytes.Length || bytes[at] != 0 || at - MessageHeader.Length >= WireName.MaxLength) { return false; }
        at++;
        Name = bytes[MessageHeader.Length..at];
        Type = new RecordType(BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]));
        Class = new RecordClass(BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
        var rest = bytes[(at + 4)..];
        if (Header.AdditionalCount == 0) { return rest.Length == 0; }
        if (rest.Length < OptLength || rest[0] != 0 || BinaryPrimitives.ReadUInt16BigEndian(rest[1..]) != RecordType.OPT.Value
            || BinaryPrimitives.ReadUInt16BigEndian(rest[9..]) != rest.Length - OptLength) { return false; }
        // Options are checked where all of them are walked; most queries have none, or one.
        if (rest.Length > OptLength && !EdnsView.AreWellFormed(rest[OptLength..])) { return false; }
        HasEdns = true;
        PayloadSize = Math.Max((int)BinaryPrimitives.ReadUInt16BigEndian(rest[3..]), EdnsView.MinPayloadSize);
        EdnsVersion = rest[6];
        DnssecOk = (rest[7] & 0x80) != 0;
        Options = rest[OptLength..];
        return true;
    }

    private QueryReading ReadAny(ReadOnlySpan<byte> bytes, Span<byte> buffer)
    {
        if (!MessageView.TryRead(bytes, MessageView.MaxRequestLabels, out var view, out _) || view.TrailingLength > 0) { return QueryReading.Malformed; }
        if (view.HasEdns)
        {
            var edns = view.Edns;
            (HasEdns, PayloadSize, EdnsVersion, DnssecOk) = (true, edns.PayloadSize, edns.Version, edns.DnssecOk);
            Options = edns.Options;
        }
        HasSignature = HasRecord(view, RecordType.TSIG);
        if (!view.TryGetQuestion(out var question)) { return QueryReading.NotOneQuestion; }
        Name = buffer[..question.Name.CopyTo(buffer)];
        (Type, Class) = (question.Type, question.Class);
        return QueryReading.Whole;
    }

    private static bool HasRecord(scoped in MessageView view, RecordType type)
    {
        for (var section = MessageSection.Answer; section <= MessageSection.Additional; section++)
        {
            foreach (var record in view.Records(section))
            {
                if (record.Type == type) { return true; }
            }
        }
        return false;
    }
}
