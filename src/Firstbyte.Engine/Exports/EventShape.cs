using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Firstbyte.Exports;

/// <summary>Compares a JSON object with an event's shape: nothing missing, nothing null that never is, enumerations by their names.</summary>
/// <remarks>The serializer fills in defaults, null among them, for what is missing, and takes any number for an enumeration.</remarks>
internal static class EventShape
{
    public static EventFault Check(JsonElement json, JsonTypeInfo shape, string path = "") => shape.Kind switch
    {
        JsonTypeInfoKind.Object => CheckObject(json, shape, path),
        JsonTypeInfoKind.Enumerable => CheckArray(json, shape, path),
        _ when Underlying(shape.Type).IsEnum && !IsEnumName(json) => new EventFault(EventFlaw.WrongValue, Member: path),
        _ => default,
    };

    /// <summary>The text of a JSON string; false when its escapes are half a surrogate pair, which is no text.</summary>
    public static bool TryGetText(JsonElement json, out string text)
    {
        try
        {
            text = json.GetString()!;
            return true;
        }
        catch (InvalidOperationException)
        {
            text = "";
            return false;
        }
    }

    private static EventFault CheckObject(JsonElement json, JsonTypeInfo shape, string path)
    {
        if (json.ValueKind != JsonValueKind.Object) { return new EventFault(EventFlaw.WrongValue, Member: path); }
        if (shape.PolymorphismOptions is { } kinds)
        {
            var member = Join(path, kinds.TypeDiscriminatorPropertyName);
            if (!json.TryGetProperty(kinds.TypeDiscriminatorPropertyName, out var kind)) { return new EventFault(EventFlaw.MissingMember, Member: member); }
            if (FindLeaf(kinds, kind) is not { } leaf) { return new EventFault(EventFlaw.WrongValue, Member: member); }
            shape = shape.Options.GetTypeInfo(leaf);
        }
        foreach (var property in shape.Properties)
        {
            var member = Join(path, property.Name);
            var mayLack = MayLack(property);
            if (!json.TryGetProperty(property.Name, out var value))
            {
                if (mayLack) { continue; }
                return new EventFault(EventFlaw.MissingMember, Member: member);
            }
            if (value.ValueKind == JsonValueKind.Null)
            {
                if (mayLack) { continue; }
                return new EventFault(EventFlaw.WrongValue, Member: member);
            }
            var type = Underlying(property.PropertyType);
            var fault = Check(value, shape.Options.GetTypeInfo(type), member);
            if (fault.Flaw != EventFlaw.None) { return fault; }
        }
        return default;
    }

    private static EventFault CheckArray(JsonElement json, JsonTypeInfo shape, string path)
    {
        if (shape.ElementType == typeof(byte) && json.ValueKind == JsonValueKind.String) { return default; }
        if (json.ValueKind != JsonValueKind.Array) { return new EventFault(EventFlaw.WrongValue, Member: path); }
        var element = shape.Options.GetTypeInfo(shape.ElementType!);
        var index = 0;
        foreach (var value in json.EnumerateArray())
        {
            var member = $"{path}[{index++}]";
            if (value.ValueKind == JsonValueKind.Null) { return new EventFault(EventFlaw.WrongValue, Member: member); }
            var fault = Check(value, element, member);
            if (fault.Flaw != EventFlaw.None) { return fault; }
        }
        return default;
    }

    private static Type? FindLeaf(JsonPolymorphismOptions kinds, JsonElement kind)
    {
        if (kind.ValueKind != JsonValueKind.String || !TryGetText(kind, out var text)) { return null; }
        foreach (var leaf in kinds.DerivedTypes)
        {
            if (leaf.TypeDiscriminator is string name && name == text) { return leaf.DerivedType; }
        }
        return null;
    }

    private static string Join(string path, string member) => path.Length == 0 ? member : $"{path}.{member}";

    // What is no parameter of a record's constructor (the stamps of every event, the members of a structure) has a default of its own,
    // unless that would be null.
    private static bool MayLack(JsonPropertyInfo property) =>
        Nullable.GetUnderlyingType(property.PropertyType) is not null
        || (property.AssociatedParameter is { IsMemberInitializer: false } parameter
            ? parameter.IsNullable
            : property.PropertyType.IsValueType || property.IsSetNullable);

    private static Type Underlying(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool IsEnumName(JsonElement json) =>
        json.ValueKind == JsonValueKind.String && TryGetText(json, out var text) && text.Length > 0 && char.IsAsciiLetter(text[0]);
}
