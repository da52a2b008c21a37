using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Firstbyte.Exports;

namespace Firstbyte.Cli.Drawing;

/// <summary>Covers secrets in the strings of a JSON document that is printed.</summary>
internal static class JsonSecrets
{
    private static readonly JsonWriterOptions s_options = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document with the secrets in its strings covered; the text itself where there are none.</summary>
    public static string Mask(string json)
    {
        var root = JsonNode.Parse(json);
        if (root is null || !Cover(root)) { return json; }
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, s_options)) { root.WriteTo(writer); }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static bool Cover(JsonNode node)
    {
        var hasCovered = false;
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members.ToArray())
                {
                    if (value is JsonValue text && (SecretText.IsSecretName(name) ? Whole(text) : Covered(text)) is { } covered)
                    {
                        (members[name], hasCovered) = (covered, true);
                    }
                    else if (value is not null) { hasCovered |= Cover(value); }
                }
                break;
            case JsonArray items:
                for (var i = 0; i < items.Count; i++)
                {
                    if (items[i] is JsonValue text && Covered(text) is { } covered) { (items[i], hasCovered) = (covered, true); }
                    else if (items[i] is { } item) { hasCovered |= Cover(item); }
                }
                break;
            default: break;
        }
        return hasCovered;
    }

    private static JsonValue? Whole(JsonValue value) => value.TryGetValue<string>(out _) ? JsonValue.Create(SecretText.Cover) : null;

    private static JsonValue? Covered(JsonValue value) =>
        value.TryGetValue<string>(out var text) && SecretText.Mask(text) is var masked && masked != text ? JsonValue.Create(masked) : null;
}
