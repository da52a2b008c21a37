using System.Security.Cryptography;

namespace Firstbyte.Http;

/// <summary>One state of a resource as a server has it: what is sent, the tag that names it, and any part of it (RFC 9110 3.2, 8.8.3, 14).</summary>
public sealed class Representation
{
    // As much of a SHA-256 as nobody meets twice by accident.
    private const int TagDigits = 16;

    private readonly HttpResponse _whole;
    private readonly Func<ContentRange, IResponseBody>? _source;

    private Representation(HttpResponse message, EntityTag tag, long length, Func<ContentRange, IResponseBody>? source)
    {
        (Tag, Length, _source) = (tag, length, source);
        HttpField[] named = message.Fields.Any(static field => field.Name.Equals("ETag", StringComparison.OrdinalIgnoreCase))
            ? [] : [new HttpField("ETag", tag.ToString())];
        _whole = message with { Fields = [.. message.Fields, .. named] };
    }

    /// <summary>The name of this state; strong.</summary>
    public EntityTag Tag { get; }

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>The answer to a GET without conditions.</summary>
    public HttpResponse Message => _whole;

    /// <summary>One whose bytes are there: named by their hash, or by an ETag field of the message's own where that can be read.</summary>
    public static Representation Of(HttpResponse message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var own = message.Fields.FirstOrDefault(static field => field.Name.Equals("ETag", StringComparison.OrdinalIgnoreCase)).Value;
        return new Representation(message, EntityTag.TryRead(own, out var tag) ? tag : TagOf(message.Body.Span), message.Body.Length, null);
    }

    /// <summary>One whose bytes are made while they are sent.</summary>
    /// <param name="message">Status and fields.</param>
    /// <param name="tag">Its name; its bytes never change under it.</param>
    /// <param name="length">Its length.</param>
    /// <param name="source">Makes the bytes of a part.</param>
    public static Representation Made(HttpResponse message, EntityTag tag, long length, Func<ContentRange, IResponseBody> source)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(source);
        return new Representation(message, tag, length, source);
    }

    /// <summary>The tag that bytes have by themselves.</summary>
    public static EntityTag TagOf(ReadOnlySpan<byte> content) => new(Convert.ToHexStringLower(SHA256.HashData(content))[..TagDigits]);

    /// <summary>The answer to a GET or a HEAD: the whole, a part (206), nothing new (304), or that the client is mistaken (412, 416).</summary>
    public ServerResponse Answer(RequestHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        switch (Preconditions.Judge(head.MethodText, head.Fields, Tag))
        {
            case PreconditionOutcome.Failed: return Refusal();
            // RFC 9110 15.4.5: what would help a cache to know what is still good.
            case PreconditionOutcome.NotModified:
                return new HttpResponse(304)
                { Fields = [.. _whole.Fields.Where(static field => field.Name is "ETag" or "Vary" or "Cache-Control" or "Expires")] };
            default: break;
        }
        // Range is for GET alone (RFC 9110 14.2).
        if (head.IsHead || head.Fields.Find("Range"u8) is not { } wanted || !Preconditions.HeedsRange(head.Fields, Tag)) { return Whole(); }
        switch (RangeRequest.Read(wanted, Length, out var part))
        {
            case RangeOutcome.Part:
                var message = _whole with
                {
                    Status = 206,
                    Reason = ReasonPhrase.Of(206),
                    Fields = [.. _whole.Fields, new HttpField("Content-Range", part.ToString())],
                };
                return _source is { } make
                    ? new ServerResponse(message, make(part))
                    : message with { Body = _whole.Body.Slice((int)part.First, (int)(part.Last - part.First + 1)) };
            case RangeOutcome.Unsatisfiable:
                return HttpResponse.Text(416, $"There are {Length} bytes here.\n") with
                {
                    Fields = [new HttpField("Content-Range", $"bytes */{Length}"), new HttpField("Content-Type", "text/plain; charset=utf-8")],
                };
            default: return Whole();
        }
    }

    /// <summary>412: the client took the state for another one.</summary>
    public static HttpResponse Refusal() => HttpResponse.Text(412, "What is here is not what the condition names.\n");

    private ServerResponse Whole() =>
        _source is { } source ? new ServerResponse(_whole, source(new ContentRange(0, Length - 1, Length))) : _whole;
}
