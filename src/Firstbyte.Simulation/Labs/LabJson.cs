using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Firstbyte.Simulation.Elements;
using Firstbyte.Tracing;

namespace Firstbyte.Labs;

/// <summary>The JSON of labs, generated at compile time; docs/labs/lab.schema.json describes it.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LabWireJsonConverter), typeof(HappeningJsonConverter)])]
[JsonSerializable(typeof(LabDocument))]
internal sealed partial class LabJson : JsonSerializerContext;

/// <summary>Bytes as text where they are text, as base64 where they are not.</summary>
internal sealed class LabContentJsonConverter : JsonConverter<byte[]>
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("labs are read from their own format");

    public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        if (TryGetText(value, out var text)) { writer.WriteString("text", text); }
        else { writer.WriteBase64String("base64", value); }
        writer.WriteEndObject();
    }

    private static bool TryGetText(byte[] value, out string text)
    {
        try
        {
            text = Strict.GetString(value);
            return true;
        }
        catch (DecoderFallbackException)
        {
            text = "";
            return false;
        }
    }
}

/// <summary>One direction of a cable: what differs from a perfect one.</summary>
internal sealed class LabWireJsonConverter : JsonConverter<WireSettings>
{
    public override WireSettings Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("labs are read from their own format");

    public override void Write(Utf8JsonWriter writer, WireSettings value, JsonSerializerOptions options) => Write(writer, value);

    public static void Write(Utf8JsonWriter writer, WireSettings value)
    {
        writer.WriteStartObject();
        writer.WriteNumber("latencyNanoseconds", value.Latency.ToNanoseconds());
        WriteUnlessZero(writer, "jitterNanoseconds", value.Jitter.ToNanoseconds());
        WriteUnlessZero(writer, "bitsPerSecond", value.BitsPerSecond);
        WriteUnlessZero(writer, "queueBytes", value.QueueBytes);
        WriteUnlessZero(writer, "lossMillionths", value.LossMillionths);
        WriteUnlessZero(writer, "duplicateMillionths", value.DuplicateMillionths);
        WriteUnlessZero(writer, "reorderMillionths", value.ReorderMillionths);
        WriteUnlessZero(writer, "reorderDelayNanoseconds", value.ReorderDelay.ToNanoseconds());
        WriteUnlessZero(writer, "corruptMillionths", value.CorruptMillionths);
        writer.WriteNumber("mtu", value.Mtu);
        writer.WriteEndObject();
    }

    private static void WriteUnlessZero(Utf8JsonWriter writer, string name, long value)
    {
        if (value != 0) { writer.WriteNumber(name, value); }
    }
}
