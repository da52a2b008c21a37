using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Resolving;

/// <summary>A message that came in, read whole: its records in class IN whose data has their type's shape.</summary>
internal sealed class Reply
{
    /// <summary>Octets that are kept of what a server says of an error (own choice: more than a line is no explanation).</summary>
    private const int MaxSaid = 160;

    private Reply(MessageHeader header, ResponseCode code, Question? question, int length) =>
        (Header, Code, Question, Length) = (header, code, question, length);

    private MessageHeader Header { get; }
    public ushort Id => Header.Id;
    public bool IsResponse => Header.IsResponse;
    public OpCode OpCode => Header.OpCode;
    public ResponseCode Code { get; }
    public bool IsAuthoritative => Header.IsAuthoritative;
    public bool IsTruncated => Header.IsTruncated;
    public bool IsRecursionAvailable => Header.IsRecursionAvailable;
    public int QuestionCount => Header.QuestionCount;
    public int AnswerCount => Header.AnswerCount;
    public int AuthorityCount => Header.AuthorityCount;
    public int AdditionalCount => Header.AdditionalCount;

    /// <summary>The question, when there is exactly one.</summary>
    public Question? Question { get; }

    public int Length { get; }

    /// <summary>What an error is of, as the server says (RFC 8914); null where it says nothing, or there is none.</summary>
    public ExtendedErrorOption? Said { get; private set; }

    /// <summary>Whether a record of the authority section was left out because its data cannot be read.</summary>
    public bool HasUnreadable { get; private set; }

    public List<DnsRecord> Answer { get; } = [];
    public List<DnsRecord> Authority { get; } = [];
    public List<DnsRecord> Additional { get; } = [];

    /// <summary>
    /// Reads a message; null when its borders are broken and it is not marked as cut, or when an answer's data cannot be read. A truncated message may
    /// end anywhere (RFC 2181 9): of that only header and question count. Bounded by the length of a message, 65,535 bytes.
    /// </summary>
    public static Reply? Read(ReadOnlySpan<byte> message)
    {
        if (!MessageView.TryRead(message, out var view, out _)) { return ReadHead(message); }
        Question? question = view.TryGetQuestion(out var asked) ? asked.ToQuestion() : null;
        var reply = new Reply(view.Header, view.ResponseCode, question, message.Length);
        if (view.ResponseCode != ResponseCode.NoError && view.HasEdns && view.Edns.TryGetOption(EdnsOptionCode.ExtendedError, out var error))
        {
            var said = error[..Math.Min(error.Length, MaxSaid)].ToArray();
            reply.Said = EdnsOptionValue.Read(new EdnsOption(EdnsOptionCode.ExtendedError, said)) as ExtendedErrorOption;
        }
        foreach (var record in view.Answers)
        {
            // What was asked for came, and cannot be read: that is no "there is none".
            if (!Take(record, reply.Answer)) { return null; }
        }
        foreach (var record in view.Authorities) { reply.HasUnreadable |= !Take(record, reply.Authority); }
        foreach (var record in view.Additionals) { Take(record, reply.Additional); }
        return reply;
    }

    private static Reply? ReadHead(ReadOnlySpan<byte> message)
    {
        if (!MessageHeader.TryRead(message, out var header) || !header.IsTruncated || header.QuestionCount != 1) { return null; }
        Span<byte> head = stackalloc byte[MessageHeader.Length + WireName.MaxLength + 4];
        var length = Math.Min(head.Length, message.Length);
        message[..length].CopyTo(head);
        (header with { AnswerCount = 0, AuthorityCount = 0, AdditionalCount = 0 }).Write(head);
        if (!MessageView.TryRead(head[..length], out var view, out _) || !view.TryGetQuestion(out var asked)) { return null; }
        return new Reply(view.Header, view.ResponseCode, asked.ToQuestion(), message.Length);
    }

    /// <summary>False where its data has not its type's shape.</summary>
    private static bool Take(RecordView view, List<DnsRecord> records)
    {
        if (view.Class != RecordClass.IN || view.Type == RecordType.OPT) { return true; }
        if (!view.TryGetRecord(out var record)) { return false; }
        records.Add(record);
        return true;
    }
}
