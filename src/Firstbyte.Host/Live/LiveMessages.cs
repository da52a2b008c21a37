using System.Text.Json.Serialization;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Host.Live;

/// <summary>What the page asks for.</summary>
/// <param name="Url">The URL as it was typed; null when the page forgot it.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Redirects">Whether redirects are followed.</param>
internal sealed record LiveRequest(string? Url, string Method = "GET", bool Redirects = false);

/// <summary>What the page is told of the server (live.json).</summary>
/// <param name="Version">The version of this form, and of the paths beside it.</param>
/// <param name="PublicOnly">Journeys go to public addresses alone.</param>
/// <param name="Seconds">How long they may take.</param>
/// <param name="Bytes">How much content they may bring.</param>
internal sealed record LiveDescription(int Version, bool PublicOnly, double Seconds, long Bytes)
{
    /// <summary>The version that is spoken here.</summary>
    public const int Current = 1;
}

/// <summary>Why the server does not do it.</summary>
internal sealed record LiveRefusal(HostRefusal Refusal);

/// <summary>The JSON of these messages.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(LiveRequest))]
[JsonSerializable(typeof(LiveDescription))]
[JsonSerializable(typeof(LiveRefusal))]
internal sealed partial class LiveJson : JsonSerializerContext;
