using System.Security.Cryptography;

namespace Firstbyte.Http;

/// <summary>One state of a resource as a server has it: what is sent, the tag that names it, and any part of it (RFC 9110 3.2, 8.8.3, 14).</summary>
public sealed class Representation
{
    // As much of a SHA-256 as nobody meets twice by accident.
    private const int TagDigits = 16;

    private readonly HttpResponse _message;
    private readonly EntityTag? _given;
    private readonly Func<ContentRange, IResponseBody>? _source;

    // Made when first asked for: of a site's resources most are never asked for, and a hash goes over all bytes.
    private Named? _named;

    private Representation(HttpResponse message, EntityTag? given, long length, Func<ContentRange, IResponseBody>? source) =>
        (_message, _given, Length, _source) = (message, given, length, source);

    /// <summary>The name of this state; strong.</summary>
    public EntityTag Tag => WithName.Tag;

    /// <summary>Its length in bytes.</summary>
    public long Length { get; }

    /// <summary>The answer to a GET without conditions.</summary>
    public HttpResponse Message => WithName.Message;

    private Named WithName
    {
        get
        {
            if (_named is { } named) { return named; }
            var own = _message.Fields.FirstOrDefault(static one => one.Name.Equals("ETag", StringComparison.OrdinalIgnoreCase)).Value;
            var tag = _given ?? (EntityTag.TryRead(own, out var read) ? read : TagOf(_message.Body.Span));
            return _named = new Named(tag, own is null ? _message with { Fields = [.. _message.Fields, new HttpField("ETag", tag.ToString())] } : _message);
        }
    }

    /// <summary>One whose bytes are there: named by their hash, or by an ETag field of the message's own where that can be read.</summary>
    public static Representation Of(HttpResponse message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new Representation(message, null, message.Body.Length, null);
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
                { Fields = [.. Message.Fields.Where(static field => field.Name is "ETag" or "Vary" or "Cache-Control" or "Expires")] };
            default: break;
        }
        // Range is for GET alone (RFC 9110 14.2).
        if (head.IsHead || head.Fields.Find("Range"u8) is not { } wanted || !Preconditions.HeedsRange(head.Fields, Tag)) { return Whole(); }
        switch (RangeRequest.Read(wanted, Length, out var part))
        {
            case RangeOutcome.Part:
                var message = Message with
                {
                    Status = 206,
                    Reason = ReasonPhrase.Of(206),
                    Fields = [.. Message.Fields, new HttpField("Content-Range", part.ToString())],
                };
                return _source is { } make
                    ? new ServerResponse(message, make(part))
                    : message with { Body = Message.Body.Slice((int)part.First, (int)(part.Last - part.First + 1)) };
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
        _source is { } source ? new ServerResponse(Message, source(new ContentRange(0, Length - 1, Length))) : Message;

    private sealed record Named(EntityTag Tag, HttpResponse Message);
}
