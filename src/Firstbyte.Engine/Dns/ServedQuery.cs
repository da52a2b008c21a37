using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>A query that a server is answering, with the buffers for both messages; used again for the next one.</summary>
internal sealed class ServedQuery(DnsTransport transport, int queryRoom, int responseRoom)
{
    // Made for the first answer: of many servers most are never asked.
    private byte[]? _response;

    /// <summary>How it came.</summary>
    public DnsTransport Transport { get; } = transport;

    /// <summary>Room for the query.</summary>
    public byte[] QueryBuffer { get; private set; } = new byte[queryRoom];

    /// <summary>The query's length.</summary>
    public int QueryLength { get; set; }

    /// <summary>Who asks.</summary>
    public Endpoint Client { get; set; }

    /// <summary>From which address the answer has to leave, where the socket has none of its own.</summary>
    public byte[] Origin { get; set; } = [];

    /// <summary>The response's length.</summary>
    public int ResponseLength { get; set; }

    /// <summary>The step that its events belong to.</summary>
    public TraceSpan Span { get; set; }

    /// <summary>The query.</summary>
    public ReadOnlyMemory<byte> Query => QueryBuffer.AsMemory(0, QueryLength);

    /// <summary>Room for the response.</summary>
    public Memory<byte> Response => Whole.AsMemory(DnsStreamReader.PrefixLength);

    /// <summary>The response as a datagram.</summary>
    public ReadOnlyMemory<byte> Datagram => Whole.AsMemory(DnsStreamReader.PrefixLength, ResponseLength);

    /// <summary>The response behind its length.</summary>
    public ReadOnlyMemory<byte> Framed
    {
        get
        {
            DnsStreamReader.WritePrefix(Whole, ResponseLength);
            return Whole.AsMemory(0, DnsStreamReader.PrefixLength + ResponseLength);
        }
    }

    private byte[] Whole => _response ??= new byte[DnsStreamReader.PrefixLength + responseRoom];

    /// <summary>Takes a query out of a connection's buffer.</summary>
    public void CopyQuery(ReadOnlySpan<byte> query)
    {
        if (QueryBuffer.Length < query.Length) { QueryBuffer = new byte[query.Length]; }
        query.CopyTo(QueryBuffer);
        QueryLength = query.Length;
    }
}

/// <summary>Queries whose answers have gone, to be used again; answers may end on several threads.</summary>
/// <remarks>Not a ConcurrentBag: its per-thread queues are held by the thread, and through the query's span they would hold the server for ever.</remarks>
internal sealed class ServedQueryPool(DnsTransport transport, int queryRoom, int responseRoom)
{
    private readonly Stack<ServedQuery> _unused = new();

    public ServedQuery Take()
    {
        lock (_unused)
        {
            if (_unused.TryPop(out var used)) { return used; }
        }
        return new ServedQuery(transport, queryRoom, responseRoom);
    }

    public void Release(ServedQuery served)
    {
        lock (_unused) { _unused.Push(served); }
    }
}

/// <summary>What the bytes of a served query say, for those who listen.</summary>
internal static class ServedQueryEvents
{
    public static QueryReceived Received(ServedQuery served)
    {
        var bytes = served.Query.Span;
        var id = MessageHeader.TryRead(bytes, out var header) ? header.Id : 0;
        if (!MessageView.TryRead(bytes, out var view, out var error))
        {
            return new QueryReceived(served.Client, served.Transport, id, "", "", false, bytes.Length, error.Fault);
        }
        return view.TryGetQuestion(out var question)
            ? new QueryReceived(
                served.Client, served.Transport, id, question.Name.ToString(), question.Type.ToString(), view.HasEdns, bytes.Length,
                MessageFault.None)
            : new QueryReceived(served.Client, served.Transport, id, "", "", view.HasEdns, bytes.Length, MessageFault.None);
    }

    public static ResponseSent Sent(ServedQuery served)
    {
        var bytes = served.Datagram.Span;
        MessageHeader.TryRead(bytes, out var header);
        var code = MessageView.TryRead(bytes, out var view, out _) ? view.ResponseCode : header.ResponseCode;
        return new ResponseSent(served.Client, served.Transport, header.Id, code.ToString(), header.IsAuthoritative, header.IsTruncated,
            header.AnswerCount, header.AuthorityCount, header.AdditionalCount, bytes.Length);
    }

    /// <summary>SERVFAIL with the question where it can be read; nothing to what is no query.</summary>
    public static int WriteServerFailure(ServedQuery served)
    {
        if (!MessageHeader.TryRead(served.Query.Span, out var header) || header.IsResponse) { return 0; }
        var writer = new MessageWriter(served.Response.Span);
        if (MessageView.TryRead(served.Query.Span, out var view, out _) && view.TryGetQuestion(out var question))
        {
            writer.TryWriteQuestion(question.ToQuestion());
        }
        return writer.Finish(header.Id, HeaderFlags.Response | header.Flags & HeaderFlags.RecursionDesired, header.OpCode, ResponseCode.ServerFailure);
    }
}
