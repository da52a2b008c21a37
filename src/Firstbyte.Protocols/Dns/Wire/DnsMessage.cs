using System.Text;
using Firstbyte.Dns.Records;

namespace Firstbyte.Dns.Wire;

/// <summary>A message as a value: what tests, tools and cold paths work with (RFC 1035 section 4.1).</summary>
/// <remarks>
/// The OPT record is not among the additional records: its meaning is in <see cref="Edns"/> and in the upper bits of
/// <see cref="ResponseCode"/>.
/// </remarks>
public sealed class DnsMessage
{
    /// <summary>The number by which a client knows its answer.</summary>
    public ushort Id { get; init; }

    /// <summary>The flags.</summary>
    public HeaderFlags Flags { get; init; }

    /// <summary>The kind of query.</summary>
    public OpCode OpCode { get; init; }

    /// <summary>What came of it, with EDNS' upper bits.</summary>
    public ResponseCode ResponseCode { get; init; }

    /// <summary>The questions; in practice one.</summary>
    public IReadOnlyList<Question> Questions { get; init; } = [];

    /// <summary>The answer section.</summary>
    public IReadOnlyList<DnsRecord> Answers { get; init; } = [];

    /// <summary>The authority section.</summary>
    public IReadOnlyList<DnsRecord> Authorities { get; init; } = [];

    /// <summary>The additional section without OPT.</summary>
    public IReadOnlyList<DnsRecord> Additionals { get; init; } = [];

    /// <summary>The OPT record, or null.</summary>
    public Edns? Edns { get; init; }

    /// <summary>QR</summary>
    public bool IsResponse => (Flags & HeaderFlags.Response) != HeaderFlags.None;

    /// <summary>AA</summary>
    public bool IsAuthoritative => (Flags & HeaderFlags.AuthoritativeAnswer) != HeaderFlags.None;

    /// <summary>TC</summary>
    public bool IsTruncated => (Flags & HeaderFlags.Truncated) != HeaderFlags.None;

    /// <summary>A query for one question.</summary>
    public static DnsMessage Query(ushort id, Question question, HeaderFlags flags = HeaderFlags.None, Edns? edns = null) =>
        new() { Id = id, Flags = flags, Questions = [question], Edns = edns };

    /// <summary>Reads a message; strict: one malformed record spoils it. Bytes behind the last record are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out DnsMessage message, out MessageError error)
    {
        message = null!;
        if (!MessageView.TryRead(bytes, out var view, out error)) { return false; }
        var questions = new List<Question>();
        foreach (var question in view.Questions) { questions.Add(question.ToQuestion()); }
        if (!TryRead(view.Answers, out var answers, ref error)
            || !TryRead(view.Authorities, out var authorities, ref error)
            || !TryRead(view.Additionals, out var additionals, ref error)) { return false; }
        message = new DnsMessage
        {
            Id = view.Header.Id,
            Flags = view.Header.Flags,
            OpCode = view.Header.OpCode,
            ResponseCode = view.ResponseCode,
            Questions = questions,
            Answers = answers,
            Authorities = authorities,
            Additionals = additionals,
            Edns = view.HasEdns ? view.Edns.ToEdns() : null,
        };
        return true;
    }

    /// <summary>Writes the message and returns its length; what does not fit is cut at the last whole record and TC is set.</summary>
    /// <exception cref="ArgumentException">Not even the header, the questions and OPT fit.</exception>
    public int Write(Span<byte> destination)
    {
        var writer = new MessageWriter(destination);
        var options = Edns?.OptionBytes() ?? [];
        var fits = Edns is null || writer.TryReserveEdns(options.Length);
        foreach (var question in Questions) { fits = fits && writer.TryWriteQuestion(question); }
        if (!fits) { throw new ArgumentException("the buffer is too short for the questions", nameof(destination)); }
        foreach (var (section, records) in Sections())
        {
            foreach (var record in records)
            {
                if (!writer.IsTruncated && !writer.TryWriteRecord(section, record)) { writer.MarkTruncated(); }
            }
        }
        if (Edns is not null) { writer.TryWriteEdns(Edns.PayloadSize, ResponseCode, Edns.DnssecOk, options, Edns.Version); }
        return writer.Finish(Id, Flags, OpCode, ResponseCode);
    }

    /// <summary>The message as bytes, at most 65,535.</summary>
    public byte[] ToArray()
    {
        var buffer = new byte[MessageView.MaxLength];
        return buffer[..Write(buffer)];
    }

    /// <summary>The message as text, section by section.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"{OpCode} {ResponseCode} id {Id} flags {Flags}\n");
        if (Edns is not null) { text.Append($"EDNS version {Edns.Version} payload {Edns.PayloadSize}{(Edns.DnssecOk ? " do" : "")}\n"); }
        foreach (var question in Questions) { text.Append($"question {question}\n"); }
        foreach (var (section, records) in Sections())
        {
            foreach (var record in records) { text.Append($"{section.ToString().ToLowerInvariant()} {record}\n"); }
        }
        return text.ToString();
    }

    private (MessageSection Section, IReadOnlyList<DnsRecord> Records)[] Sections() =>
        [(MessageSection.Answer, Answers), (MessageSection.Authority, Authorities), (MessageSection.Additional, Additionals)];

    private static bool TryRead(RecordEnumerator section, out List<DnsRecord> records, ref MessageError error)
    {
        records = [];
        foreach (var view in section)
        {
            if (view.Type == RecordType.OPT) { continue; }
            if (!view.TryGetRecord(out var record))
            {
                error = new MessageError(MessageFault.RecordDataMalformed, view.DataOffset);
                return false;
            }
            records.Add(record);
        }
        return true;
    }
}
