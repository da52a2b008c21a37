using Firstbyte.Exports;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Exports;

/// <summary>
/// The serializer's generator wants an attribute for every kind of event. They are made of the rows of the catalogue, so that a new event is one row. To
/// accept a change, move the .received file over the list.
/// </summary>
public class EventJsonListTests
{
    [Fact]
    public void The_json_of_the_protocols_events_is_generated_for_every_row() => Hold("Protocols", "ProtocolEvents", ProtocolEvents.Catalogue);

    [Fact]
    public void The_json_of_the_engines_events_is_generated_for_every_row() => Hold("Engine", "EngineEvents", EngineEvents.Catalogue);

    private static void Hold(string assembly, string catalogue, EventCatalogue rows)
    {
        var name = catalogue[..^1] + "Json";
        var leaves = rows.Kinds.Select(static kind => kind.Leaf).ToArray();
        var namespaces = leaves.Select(static leaf => leaf.Namespace!).Append("System.Text.Json.Serialization").Distinct().Where(static one => one != "Firstbyte.Exports");
        var made = $$"""
            // Made of the rows of {{catalogue}}.cs: EventJsonListTests holds them together.
            {{string.Join('\n', namespaces.OrderBy(static one => !one.StartsWith("System", StringComparison.Ordinal)).ThenBy(static one => one, StringComparer.Ordinal).Select(static one => $"using {one};"))}}

            namespace Firstbyte.Exports;

            /// <summary>The JSON of the events that this assembly tells, generated at compile time.</summary>
            [JsonSourceGenerationOptions(
                PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
                UseStringEnumConverter = true,
                DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
                Converters = [typeof(InstantJsonConverter)])]
            // HTTP has faults of the same name.
            [JsonSerializable(typeof(Firstbyte.Dns.Wire.MessageFault), TypeInfoPropertyName = "DnsMessageFault")]
            {{string.Join('\n', leaves.Select(static leaf => $"[JsonSerializable(typeof({leaf.Name}))]"))}}
            internal sealed partial class {{name}} : JsonSerializerContext;

            """;
        var path = Path.Combine(RepositoryRoot.Require(), "src", $"Firstbyte.{assembly}", "Exports", name + ".g.cs");
        if (File.ReadAllText(path) == made)
        {
            File.Delete(path + ".received");
            return;
        }
        File.WriteAllText(path + ".received", made);
        Assert.Fail($"the kinds of events have changed: move {path}.received over {path} and build again");
    }
}
