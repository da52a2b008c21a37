using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.RegularExpressions;
using Firstbyte.Addressing;
using Firstbyte.Doctor;
using Firstbyte.Exports;
using Firstbyte.Journeys;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests;

/// <summary>Makes the JSON schema (draft 2020-12) of the events from their types.</summary>
internal static class EventSchema
{
    private static readonly Dictionary<Type, string> Patterns = new()
    {
        [typeof(Instant)] = @"^-?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$",
        // No address at all is written as an empty text.
        [typeof(IpAddress)] = "^([0-9A-Fa-f:.]+(%.+)?)?$",
        [typeof(Endpoint)] = @"^(\d+(\.\d+){3}|\[[0-9A-Fa-f:.]+(%.+)?\]):\d+$",
        [typeof(IpPrefix)] = @"^[0-9A-Fa-f:.]+/\d+$",
        [typeof(MacAddress)] = "^[0-9a-f]{2}(:[0-9a-f]{2}){5}$",
        [typeof(Clause)] = "^.+$",
    };

    // Families of values that many members are of: said once, and pointed at.
    private static readonly Dictionary<Type, string> s_families = new() { [typeof(JourneyFailure)] = "journey-failure", [typeof(Finding)] = "finding" };

    private static readonly JsonSerializerOptions s_written = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly JsonSchemaExporterOptions s_exported = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    public static string Make()
    {
        var definitions = new JsonObject();
        var kinds = EventRegistry.Default.Kinds.OrderBy(static kind => kind.Name, StringComparer.Ordinal).ToArray();
        foreach (var kind in kinds) { definitions[kind.Name] = Definition(kind); }
        foreach (var (family, name) in s_families) { definitions[name] = EventRegistry.Default.Options.GetTypeInfo(family).GetJsonSchemaAsNode(s_exported); }
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "A line of firstbyte --json",
            ["description"] = $"Version {EventRegistry.Version}. The first line is trace.opened, the last trace.closed.",
            ["oneOf"] = new JsonArray([.. kinds.Select(static kind => new JsonObject { ["$ref"] = "#/$defs/" + kind.Name })]),
            ["$defs"] = definitions,
        };
        return root.ToJsonString(s_written).ReplaceLineEndings("\n") + "\n";
    }

    private static JsonObject Definition(EventKind kind)
    {
        var made = EventRegistry.Default.Options.GetTypeInfo(kind.Leaf).GetJsonSchemaAsNode(s_exported).AsObject();
        var members = new JsonObject { [EventRegistry.Discriminator] = new JsonObject { ["const"] = kind.Name } };
        // Where a reader counts on a member: what is null is left out.
        var required = new JsonArray(EventRegistry.Discriminator, "at", "span", "parent");
        foreach (var (name, member) in made["properties"]!.AsObject())
        {
            if (name == EventRegistry.Discriminator) { continue; }
            members[name] = member!.DeepClone();
            if (name is not ("at" or "span" or "parent" or "because") && !MayBeNull(member)) { required.Add(name); }
        }
        return new JsonObject
        {
            ["description"] = $"Level {kind.Level.ToString().ToLowerInvariant()}.",
            ["type"] = "object",
            ["properties"] = members,
            ["required"] = required,
            ["additionalProperties"] = false,
        };
    }

    private static bool MayBeNull(JsonNode member) =>
        member is JsonObject schema && (schema["anyOf"] is JsonArray choices ? choices.Any(static one => MayBeNull(one!))
            : schema["type"] is JsonValue only ? only.GetValueKind() == JsonValueKind.String && (string?)only == "null"
            : schema["type"] is JsonArray types
            ? types.Any(static type => (string?)type == "null")
            : schema["enum"] is JsonArray values && values.Any(static value => value is null));

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (s_families.TryGetValue(context.TypeInfo.Type, out var family) && !context.Path.IsEmpty && context.BaseTypeInfo is null)
        {
            var pointer = new JsonObject { ["$ref"] = "#/$defs/" + family };
            return context.PropertyInfo is { IsGetNullable: true } ? new JsonObject { ["anyOf"] = new JsonArray(pointer, new JsonObject { ["type"] = "null" }) } : pointer;
        }
        // Every parameter of a constructor counts as required, but what is null is left out.
        if (schema is JsonObject structure && structure["required"] is JsonArray required && structure["properties"] is JsonObject properties)
        {
            structure["required"] = new JsonArray([.. required.Select(static name => (string)name!)
                .Where(name => !properties.TryGetPropertyValue(name, out var member) || !MayBeNull(member!)).Select(static name => JsonValue.Create(name))]);
        }
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        var isNullable = type != context.TypeInfo.Type || context.PropertyInfo is { IsGetNullable: true };
        if (Patterns.TryGetValue(type, out var pattern))
        {
            return new JsonObject { ["type"] = isNullable ? new JsonArray("string", "null") : "string", ["pattern"] = pattern };
        }
        // Flags are written together: "Syn, Ack".
        var isFlags = type.IsEnum && type.IsDefined(typeof(FlagsAttribute), false);
        return isFlags ? new JsonObject { ["type"] = isNullable ? new JsonArray("string", "null") : "string" } : schema;
    }
}

/// <summary>Holds JSON against a schema, by the few keywords that ours has; another keyword is an error.</summary>
internal sealed class SchemaValidator(string schema)
{
    private readonly JsonElement _root = JsonDocument.Parse(schema).RootElement;

    /// <summary>What is wrong with the line; null when nothing is.</summary>
    public string? Check(JsonElement json)
    {
        // "oneOf" of a hundred shapes would only say that none fits: the kind's own says why.
        var name = json.GetProperty(EventRegistry.Discriminator).GetString()!;
        return _root.GetProperty("$defs").TryGetProperty(name, out var shape) ? Check(json, shape, name) : $"no event is called {name}";
    }

    private string? Check(JsonElement json, JsonElement schema, string place)
    {
        if (schema.ValueKind == JsonValueKind.True) { return null; }
        foreach (var keyword in schema.EnumerateObject())
        {
            var fault = keyword.Name switch
            {
                "description" => null,
                "$ref" => Check(json, _root.GetProperty("$defs").GetProperty(keyword.Value.GetString()!["#/$defs/".Length..]), place),
                "anyOf" => keyword.Value.EnumerateArray().Any(one => Check(json, one, place) is null) ? null : "is none of the kinds",
                "const" => JsonElement.DeepEquals(json, keyword.Value) ? null : "is not the constant",
                "enum" => keyword.Value.EnumerateArray().Any(value => JsonElement.DeepEquals(json, value)) ? null : "is none of the names",
                "type" => Types(keyword.Value).Any(type => IsOf(json, type)) ? null : $"is {json.ValueKind}",
                "pattern" => Matches(json, keyword.Value.GetString()!) ? null : "has another form",
                "required" => keyword.Value.EnumerateArray().Select(static member => member.GetString()!)
                    .Where(member => !json.TryGetProperty(member, out _)).Select(static member => $"lacks {member}").FirstOrDefault(),
                "additionalProperties" => json.ValueKind != JsonValueKind.Object ? null : json.EnumerateObject()
                    .Where(member => !schema.GetProperty("properties").TryGetProperty(member.Name, out _))
                    .Select(static member => $"has {member.Name}").FirstOrDefault(),
                "properties" => json.ValueKind != JsonValueKind.Object ? null : keyword.Value.EnumerateObject()
                    .Select(member => json.TryGetProperty(member.Name, out var value) ? Check(value, member.Value, $"{place}.{member.Name}") : null)
                    .FirstOrDefault(static one => one is not null),
                "items" => json.ValueKind != JsonValueKind.Array ? null : json.EnumerateArray()
                    .Select(value => Check(value, keyword.Value, place + "[]")).FirstOrDefault(static one => one is not null),
                _ => throw new InvalidOperationException($"the validator does not know '{keyword.Name}' ({place})"),
            };
            if (fault is not null) { return fault.StartsWith(place, StringComparison.Ordinal) ? fault : $"{place} {fault}"; }
        }
        return null;
    }

    private static bool Matches(JsonElement json, string pattern) =>
        json.ValueKind != JsonValueKind.String || Regex.IsMatch(json.GetString()!, pattern, RegexOptions.None, TimeSpan.FromSeconds(1));

    private static IEnumerable<string> Types(JsonElement types) =>
        types.ValueKind == JsonValueKind.Array ? types.EnumerateArray().Select(static type => type.GetString()!) : [types.GetString()!];

    private static bool IsOf(JsonElement json, string type) => type switch
    {
        "string" => json.ValueKind == JsonValueKind.String,
        "integer" => json.ValueKind == JsonValueKind.Number && !json.GetRawText().Contains('.', StringComparison.Ordinal),
        "number" => json.ValueKind == JsonValueKind.Number,
        "boolean" => json.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => json.ValueKind == JsonValueKind.Null,
        "array" => json.ValueKind == JsonValueKind.Array,
        "object" => json.ValueKind == JsonValueKind.Object,
        _ => throw new InvalidOperationException($"no JSON type is called {type}"),
    };
}
