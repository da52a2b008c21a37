using Firstbyte.Http;

namespace Firstbyte.Journeys;

/// <summary>What one journey is to do: where to, and with which request.</summary>
/// <param name="Input">The URL as it was typed.</param>
public sealed record JourneyRequest(string Input)
{
    /// <summary>The method; null chooses GET, or POST with a body.</summary>
    public string? Method { get; init; }

    /// <summary>The user's own fields, written after ours; one with the name of one of ours takes its place, and one without value takes it out.</summary>
    public IReadOnlyList<HttpField> Fields { get; init; } = [];

    /// <summary>The body to send; null for none.</summary>
    public ReadOnlyMemory<byte>? Body { get; init; }

    /// <summary>The version to speak.</summary>
    public HttpVersion Version { get; init; } = HttpVersion.Http11;
}
