using System.Text.Json;
using System.Text.RegularExpressions;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>Holds JSON against a JSON Schema (draft 2020-12): the keywords that the labs' schema uses, and an error for any other.</summary>
internal sealed class JsonSchemaJudge(JsonElement schema)
{
    /// <summary>What is wrong, each with its place; empty when the value is valid.</summary>
    public IReadOnlyList<string> Judge(JsonElement value)
    {
        var faults = new List<string>();
        Judge(schema, value, "$", faults);
        return faults;
    }

    private void Judge(JsonElement rule, JsonElement value, string at, List<string> faults)
    {
        foreach (var keyword in rule.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$schema" or "$defs" or "title" or "description": break;
                case "$ref": Judge(Resolve(keyword.Value.GetString()!), value, at, faults); break;
                case "type": Require(IsOf(keyword.Value.GetString()!, value), $"{at} is not of type {keyword.Value}", faults); break;
                case "enum": Require(keyword.Value.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"{at} is {value}, which is none of {keyword.Value}", faults); break;
                case "const": Require(JsonElement.DeepEquals(keyword.Value, value), $"{at} is {value}, not {keyword.Value}", faults); break;
                case "pattern": Require(value.ValueKind != JsonValueKind.String || Regex.IsMatch(value.GetString()!, keyword.Value.GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1)), $"{at} '{value}' does not match {keyword.Value}", faults); break;
                case "minimum": Require(value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal(), $"{at} is {value}, below {keyword.Value}", faults); break;
                case "maximum": Require(value.ValueKind != JsonValueKind.Number || value.GetDecimal() <= keyword.Value.GetDecimal(), $"{at} is {value}, above {keyword.Value}", faults); break;
                case "minItems": Require(value.ValueKind != JsonValueKind.Array || value.GetArrayLength() >= keyword.Value.GetInt32(), $"{at} has fewer than {keyword.Value} items", faults); break;
                case "items" when value.ValueKind == JsonValueKind.Array: JudgeItems(keyword.Value, value, at, faults); break;
                case "required" when value.ValueKind == JsonValueKind.Object: foreach (var name in keyword.Value.EnumerateArray()) { Require(value.TryGetProperty(name.GetString()!, out _), $"{at} has no {name}", faults); } break;
                case "properties" when value.ValueKind == JsonValueKind.Object: JudgeMembers(keyword.Value, value, at, faults); break;
                case "additionalProperties" when value.ValueKind == JsonValueKind.Object: Require(rule.GetProperty("properties") is var known && value.EnumerateObject().All(member => known.TryGetProperty(member.Name, out _)), $"{at} has a member that the schema does not know: {value}", faults); break;
                case "oneOf": JudgeOneOf(keyword.Value, value, at, faults); break;
                // A keyword about another type than the value's says nothing (JSON Schema Validation 6).
                case "items" or "required" or "properties" or "additionalProperties": break;
                default: throw new NotSupportedException($"the schema uses '{keyword.Name}', which this judge does not know");
            }
        }
    }

    private void JudgeItems(JsonElement rule, JsonElement value, string at, List<string> faults)
    {
        var number = 0;
        foreach (var item in value.EnumerateArray()) { Judge(rule, item, $"{at}[{number++}]", faults); }
    }

    private void JudgeMembers(JsonElement rules, JsonElement value, string at, List<string> faults)
    {
        foreach (var rule in rules.EnumerateObject())
        {
            if (value.TryGetProperty(rule.Name, out var member)) { Judge(rule.Value, member, $"{at}.{rule.Name}", faults); }
        }
    }

    private void JudgeOneOf(JsonElement rules, JsonElement value, string at, List<string> faults)
    {
        var each = rules.EnumerateArray().Select(rule =>
        {
            var found = new List<string>();
            Judge(rule, value, at, found);
            return found;
        }).ToArray();
        Require(each.Count(static found => found.Count == 0) == 1, $"{at} fits {each.Count(static found => found.Count == 0)} of the shapes: {value}; {string.Join("; ", each.SelectMany(static found => found))}", faults);
    }

    private JsonElement Resolve(string reference)
    {
        Assert.StartsWith("#/", reference, StringComparison.Ordinal);
        return reference[2..].Split('/').Aggregate(schema, static (at, name) => at.GetProperty(name));
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) && number == decimal.Truncate(number),
        _ => throw new NotSupportedException($"the schema uses the type '{type}', which this judge does not know"),
    };

    private static void Require(bool holds, string fault, List<string> faults)
    {
        if (!holds) { faults.Add(fault); }
    }
}
