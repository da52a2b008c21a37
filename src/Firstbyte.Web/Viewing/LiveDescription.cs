using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Firstbyte.Web.Viewing;

/// <summary>What the server of the page says of itself (live.json).</summary>
/// <param name="PublicOnly">Journeys go to public addresses alone.</param>
/// <param name="Seconds">How long they may take.</param>
/// <param name="Bytes">How much content they may bring.</param>
public sealed record LiveDescription(bool PublicOnly, double Seconds, long Bytes)
{
    /// <summary>The version that is understood here.</summary>
    public const int Version = 1;

    /// <summary>Reads it; null when it is none, or of a version that is not known here.</summary>
    public static LiveDescription? Read(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.GetProperty("version").GetInt32() != Version ? null
                : new LiveDescription(root.GetProperty("publicOnly").GetBoolean(), root.GetProperty("seconds").GetDouble(), root.GetProperty("bytes").GetInt64());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException) { return null; }
    }
}

/// <summary>What the server is asked for.</summary>
/// <param name="Url">The URL as it was typed.</param>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Redirects">Whether redirects are followed.</param>
public sealed record LiveQuestion(string Url, string Method, bool Redirects)
{
    /// <summary>Its JSON.</summary>
    public string ToJson()
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(output))
        {
            writer.WriteStartObject();
            writer.WriteString("url", Url);
            writer.WriteString("method", Method);
            writer.WriteBoolean("redirects", Redirects);
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
