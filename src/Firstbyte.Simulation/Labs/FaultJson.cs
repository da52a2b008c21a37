using System.Text.Json;
using System.Text.Json.Serialization;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;

namespace Firstbyte.Labs;

/// <summary>What happens, with its fault's fields beside the times, whatever fault it is.</summary>
internal sealed class HappeningJsonConverter : JsonConverter<Happening>
{
    public override Happening Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("labs are read from their own format");

    public override void Write(Utf8JsonWriter writer, Happening value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("fault", value.Fault.Description.Word);
        value.Fault.Write(new FaultJson(writer));
        writer.WriteNumber("atNanoseconds", value.AtNanoseconds);
        if (value.LatestNanoseconds is { } latest) { writer.WriteNumber("latestNanoseconds", latest); }
        if (value.ForNanoseconds is { } length) { writer.WriteNumber("forNanoseconds", length); }
        writer.WriteEndObject();
    }
}

/// <summary>A fault's fields as members of the object that is being written.</summary>
internal sealed class FaultJson(Utf8JsonWriter json) : IFaultWriter
{
    public void Keyword(string word) { }

    public void Name(string field, string value) => json.WriteString(field, value);

    public void Names(string field, IReadOnlyList<string> values)
    {
        json.WriteStartArray(field);
        foreach (var value in values) { json.WriteStringValue(value); }
        json.WriteEndArray();
    }

    public void Number(string field, long value) => json.WriteNumber(field, value);

    public void Choice(string field, bool isFirst, string first, string second) => json.WriteBoolean(field, isFirst);

    public void Share(string field, int millionths) => json.WriteNumber(field, millionths);

    public void Rate(string field, long bitsPerSecond) => json.WriteNumber(field, bitsPerSecond);

    public void Size(string field, long bytes) => json.WriteNumber(field, bytes);

    public void Time(string field, long nanoseconds) => json.WriteNumber(field, nanoseconds);

    public void SignedTime(string field, long nanoseconds) => json.WriteNumber(field, nanoseconds);

    public void Drift(string field, int partsPerMillion) => json.WriteNumber(field, partsPerMillion);

    public void Direction(string field, LinkDirection direction) => json.WriteString(field, direction.ToString());

    public void Settings(string field, WireSettings settings)
    {
        json.WritePropertyName(field);
        LabWireJsonConverter.Write(json, settings);
    }
}
