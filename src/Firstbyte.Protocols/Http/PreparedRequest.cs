namespace Firstbyte.Http;

/// <summary>A request that has been checked, with its head in the bytes that go on the wire.</summary>
/// <remarks>
/// It is checked and written once, whoever needs it: a journey that tells of the head before there is a connection, the connection, and
/// another one when the request
/// is sent again. It can be filled again, and then allocates nothing once its buffer is long enough.
/// </remarks>
public sealed class PreparedRequest
{
    private byte[] _head = [];
    private HttpField[]? _fields;

    /// <summary>A request that is checked and written now; <see cref="Result"/> says how that ended.</summary>
    public PreparedRequest(HttpRequest request)
    {
        Request = request;
        Prepare(request);
    }

    /// <summary>The request.</summary>
    public HttpRequest Request { get; private set; }

    /// <summary>The head's length, or why none was written.</summary>
    public WriteResult Result { get; private set; }

    /// <summary>The head with its empty line; empty when the request cannot be written.</summary>
    public ReadOnlyMemory<byte> Head => _head.AsMemory(0, Result.Length);

    /// <summary>Whether the content goes out in the chunked coding.</summary>
    public bool IsChunked { get; private set; }

    /// <summary>How many bytes of content the head promises; null where the chunked coding says when it ends.</summary>
    public long? PromisedLength => RequestWriter.PromisedLength(Request);

    /// <summary>The fields in the order and spelling of the head, made when they are first asked for.</summary>
    public HttpField[] FieldsOnTheWire => _fields ??= RequestWriter.FieldsOnTheWire(Request);

    /// <summary>Takes another request.</summary>
    public void Prepare(HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var length = RequestWriter.MeasureHead(request);
        if (_head.Length < length) { _head = new byte[length]; }
        (Request, _fields, IsChunked) = (request, null, RequestWriter.IsChunked(request));
        Result = RequestWriter.WriteHead(request, _head);
    }
}
