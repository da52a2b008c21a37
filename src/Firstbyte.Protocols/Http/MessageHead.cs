using System.Text;

namespace Firstbyte.Http;

/// <summary>The status line and the fields of a response (RFC 9112 4): reusable, filled by <see cref="ResponseReader"/>.</summary>
public sealed class ResponseHead
{
    private ByteRange _reason;

    /// <summary>The field lines.</summary>
    public FieldTable Fields { get; } = new();

    /// <summary>The fields that came after a chunked body, kept apart from the others (RFC 9110 6.5).</summary>
    public FieldTable Trailers { get; } = new();

    /// <summary>The digit after "HTTP/1.".</summary>
    public byte MinorVersion { get; private set; }

    /// <summary>Anything from HTTP/1.1 on is read as HTTP/1.1 (RFC 9110 2.5).</summary>
    public HttpVersion Version => MinorVersion == 0 ? HttpVersion.Http10 : HttpVersion.Http11;

    /// <summary>The status code: 100 to 999; 0 before there is one.</summary>
    public int Status { get; private set; }

    /// <summary>The reason phrase, possibly empty.</summary>
    public ReadOnlySpan<byte> Reason => Fields.Stored(_reason);

    /// <summary>Bytes of the head on the wire, the empty line included.</summary>
    public int WireBytes { get; internal set; }

    /// <summary>How the body's end is found.</summary>
    public BodyFraming Framing { get; internal set; }

    /// <summary>The value of Content-Length, or -1: also where the message has no body (HEAD, 304).</summary>
    public long ContentLength { get; internal set; } = -1;

    /// <summary>The reason phrase as a Latin-1 view of its bytes.</summary>
    public string ReasonText => Encoding.Latin1.GetString(Reason);

    /// <summary>Empties it for the next response.</summary>
    public void Clear()
    {
        Fields.Clear();
        Trailers.Clear();
        (_reason, MinorVersion, Status, WireBytes, Framing, ContentLength) = (default, 0, 0, 0, BodyFraming.None, -1);
    }

    internal void SetStatusLine(byte minorVersion, int status, ReadOnlySpan<byte> reason) =>
        (MinorVersion, Status, _reason) = (minorVersion, status, Fields.Store(reason));
}

/// <summary>The request line and the fields of a request (RFC 9112 3): reusable, filled by <see cref="RequestReader"/>.</summary>
public sealed class RequestHead
{
    private ByteRange _method;
    private ByteRange _target;

    /// <summary>The field lines.</summary>
    public FieldTable Fields { get; } = new();

    /// <summary>The fields that came after a chunked body.</summary>
    public FieldTable Trailers { get; } = new();

    /// <summary>The method token, in its own case.</summary>
    public ReadOnlySpan<byte> Method => Fields.Stored(_method);

    /// <summary>The request target as it came.</summary>
    public ReadOnlySpan<byte> Target => Fields.Stored(_target);

    /// <summary>The method as text.</summary>
    public string MethodText => Encoding.Latin1.GetString(Method);

    /// <summary>The target as a Latin-1 view of its bytes.</summary>
    public string TargetText => Encoding.Latin1.GetString(Target);

    /// <summary>The version; anything from HTTP/1.1 on is read as HTTP/1.1 (RFC 9110 2.5).</summary>
    public HttpVersion Version { get; private set; }

    /// <summary>Whether the method is HEAD: the response then has no body.</summary>
    public bool IsHead => Method.SequenceEqual("HEAD"u8);

    /// <summary>How the body's end is found.</summary>
    public BodyFraming Framing { get; internal set; }

    /// <summary>The value of Content-Length, or -1.</summary>
    public long ContentLength { get; internal set; } = -1;

    /// <summary>Whether the client waits for 100 Continue before it sends the body (RFC 9110 10.1.1).</summary>
    public bool ExpectsContinue { get; internal set; }

    internal void Clear()
    {
        Fields.Clear();
        Trailers.Clear();
        (_method, _target, Version, Framing, ContentLength, ExpectsContinue) = (default, default, HttpVersion.Http11, BodyFraming.None, -1, false);
    }

    internal void SetRequestLine(ReadOnlySpan<byte> method, ReadOnlySpan<byte> target, HttpVersion version) =>
        (_method, _target, Version) = (Fields.Store(method), Fields.Store(target), version);
}
