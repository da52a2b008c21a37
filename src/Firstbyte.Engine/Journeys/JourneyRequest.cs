using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Transfers;

namespace Firstbyte.Journeys;

/// <summary>What one journey is to do: where to, and with which request.</summary>
/// <param name="Input">The URL as it was typed.</param>
public sealed record JourneyRequest(string Input)
{
    /// <summary>The method; null chooses GET, POST with content, PUT with an upload.</summary>
    public string? Method { get; init; }

    /// <summary>The method that is written (HTTP).</summary>
    internal string MethodOnTheWire => Method ?? (Body is null ? "GET" : IsUpload ? "PUT" : "POST");

    /// <summary>The user's own fields, written after ours; one with the name of one of ours takes its place, and one without value takes it out.</summary>
    public IReadOnlyList<HttpField> Fields { get; init; } = [];

    /// <summary>The content to send; null for none.</summary>
    public IBodySource? Body { get; init; }

    /// <summary>Whether the content is to be stored under the URL: PUT over HTTP, STOR over FTP.</summary>
    public bool IsUpload { get; init; }

    /// <summary>Bytes that are here already and need not come again; less than 0 of an upload: as many as the server has.</summary>
    public long ResumeAt { get; init; }

    /// <summary>The strong entity tag of what those bytes are a part of; null where nobody knows (HTTP, RFC 9110 13.1.5).</summary>
    public string? ResumeValidator { get; init; }

    /// <summary>Cookies for this one host, "name=value; name=value", behind those that are kept; null for none (HTTP).</summary>
    public string? Cookies { get; init; }

    /// <summary>Who asks, for this one origin; null leaves it to the URL, and to the run's netrc file.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>How the credentials may be shown (HTTP). Basic alone goes unasked, as curl's does.</summary>
    public AuthenticationSchemes Authentication { get; init; } = AuthenticationSchemes.Basic;

    /// <summary>A token that lets whoever has it in, for this one origin; null for none (HTTP, RFC 6750).</summary>
    public string? BearerToken { get; init; }

    /// <summary>Which bytes are wanted, as a Range field has them behind "bytes="; null for the whole (HTTP, RFC 9110 14.1.2).</summary>
    public string? Range { get; init; }

    /// <summary>Ask for content codings, and take them off (HTTP).</summary>
    public bool AcceptsCodings { get; init; }

    /// <summary>The version to speak.</summary>
    public HttpVersion Version { get; init; } = HttpVersion.Http11;
}
