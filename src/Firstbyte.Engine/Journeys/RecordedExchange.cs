using Firstbyte.Addressing;
using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Journeys;

/// <summary>A request and what it was answered with, whole: for those who write runs down (HAR). Nothing in it is masked.</summary>
public sealed record RecordedExchange
{
    /// <summary>The longest content that is held; of what is longer there is no content here.</summary>
    public const int MaximumContent = 64 * 1024 * 1024;

    /// <summary>When it began, on the calendar of its network.</summary>
    public required Instant StartedAt { get; init; }

    /// <summary>The URL without fragment and credentials.</summary>
    public required string Url { get; init; }

    /// <summary>The method token.</summary>
    public required string Method { get; init; }

    /// <summary>"HTTP/1.1" or "HTTP/1.0".</summary>
    public required string RequestVersion { get; init; }

    /// <summary>The request's fields, in their order on the wire.</summary>
    public required IReadOnlyList<HttpField> RequestFields { get; init; }

    /// <summary>Bytes of the request's head; -1 where none was written.</summary>
    public required int RequestHeadBytes { get; init; }

    /// <summary>The request's content; null where there is none, or it came from a source that is read while it is sent.</summary>
    public ReadOnlyMemory<byte>? RequestContent { get; init; }

    /// <summary>Bytes of the request's content; null where nobody knows.</summary>
    public long? RequestContentBytes { get; init; }

    /// <summary>The status; 0 without a response.</summary>
    public int Status { get; init; }

    /// <summary>The reason phrase.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The response's version.</summary>
    public string ResponseVersion { get; init; } = "";

    /// <summary>The response's fields, in their order.</summary>
    public IReadOnlyList<HttpField> ResponseFields { get; init; } = [];

    /// <summary>Bytes of the response's head; -1 where none came.</summary>
    public int ResponseHeadBytes { get; init; } = -1;

    /// <summary>Bytes of the body as they came, with their codings.</summary>
    public long BodyBytes { get; init; }

    /// <summary>The content with its codings taken off; null where it was longer than <see cref="MaximumContent"/>.</summary>
    public ReadOnlyMemory<byte>? Content { get; init; }

    /// <summary>Whether the codings could not be taken off: the content is as it came.</summary>
    public bool IsCoded { get; init; }

    /// <summary>A cache has answered, and nobody was asked, or only whether it is still so.</summary>
    public bool IsFromCache { get; init; }

    /// <summary>Who was connected to; null where nobody was.</summary>
    public IpAddress? RemoteAddress { get; init; }

    /// <summary>Time for the name, nanoseconds; null where none was looked up.</summary>
    public long? NameNanoseconds { get; init; }

    /// <summary>Time for the connection without TLS, nanoseconds; null where none was made.</summary>
    public long? ConnectNanoseconds { get; init; }

    /// <summary>Time for TLS, nanoseconds; null where there was no handshake.</summary>
    public long? TlsNanoseconds { get; init; }

    /// <summary>Time until the request was handed over, nanoseconds.</summary>
    public long SendNanoseconds { get; init; }

    /// <summary>Time until the first byte of the response, nanoseconds.</summary>
    public long WaitNanoseconds { get; init; }

    /// <summary>Time until its last byte, nanoseconds.</summary>
    public long ReceiveNanoseconds { get; init; }

    /// <summary>Why it failed; null when it did not.</summary>
    public JourneyFailure? Failure { get; init; }
}
