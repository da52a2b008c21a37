using Firstbyte.Http;

namespace Firstbyte.Transfers;

/// <summary>What is known of content before it comes. What an HTTP head says is read from it when somebody asks.</summary>
public readonly struct ContentDescription
{
    private readonly ResponseHead? _head;
    private readonly string? _type;
    private readonly long? _length;

    /// <summary>Content of this length and type, each null where nobody says it.</summary>
    public ContentDescription(long? length, string? type) => (_length, _type) = (length, type);

    /// <summary>Content as a response's head describes it.</summary>
    public ContentDescription(ResponseHead head)
    {
        ArgumentNullException.ThrowIfNull(head);
        (_head, Head, Status) = (head, head, head.Status);
        _length = head.Framing == BodyFraming.ContentLength ? head.ContentLength : null;
    }

    /// <summary>The head of the response that brings it, which is the exchange's and is filled no more; null where it comes by no HTTP.</summary>
    public ResponseHead? Head { get; init; }

    /// <summary>Whether codings were taken off that <see cref="Head"/> still names.</summary>
    public bool IsDecoded { get; init; }

    /// <summary>The URL to which redirects have led, or HSTS; null where it is the one that was asked for.</summary>
    public string? FoundAt { get; init; }

    /// <summary>The status that it comes with; 0 where there is none.</summary>
    public int Status { get; init; }

    /// <summary>How many bytes will come; null where their end will show it.</summary>
    public long? Length => Whole ?? _length;

    /// <summary>How many bytes will come where this is the first of several responses that bring them; null where it is the only one.</summary>
    public long? Whole { get; init; }

    /// <summary>Its place in the whole, where bytes before it are here already; 0 for content from its beginning.</summary>
    public long From { get; init; }

    /// <summary>The strong entity tag of what it is, or is a part of (RFC 9110 8.8.3); null where none is said.</summary>
    public string? Validator => _head?.Fields.Find("ETag"u8) is { } text && EntityTag.TryRead(text, out var tag) && !tag.IsWeak ? tag.ToString() : null;

    /// <summary>The media type with its parameters; null where none is said.</summary>
    public string? Type => _head is null ? _type : _head.Fields.Find("Content-Type"u8);

    /// <summary>The name under which its server wants it saved (RFC 6266), made harmless; null where none is said.</summary>
    public string? FileName => ContentDisposition.FileNameOf(_head?.Fields.Find("Content-Disposition"u8));

    /// <summary>The codings that it still has; null where it has none.</summary>
    public string? Coding => _head?.Fields.Find("Content-Encoding"u8);
}
