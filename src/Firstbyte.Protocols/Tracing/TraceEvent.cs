using System.Text.Json;
using System.Text.Json.Serialization;

namespace Firstbyte.Tracing;

/// <summary>
/// Something that happened on the way from a URL's text to the last byte of its response.
/// </summary>
/// <remarks>
/// Theory of operation. Every stage tells what it did as a sealed leaf of this record, declared beside the noun it tells of; nothing
/// below the edge formats text. A producer fills in only what it knows itself; the driver that passes the event on stamps
/// <see cref="At"/>, <see cref="Span"/> and <see cref="Parent"/>. The terminal story, the page, JSON lines and captures are consumers
/// of the same events. Leaves hold plain data (numbers, strings, addresses, arrays), so that each survives a round trip through JSON.
/// </remarks>
public abstract record TraceEvent
{
    /// <summary>When it happened, on the clock of the network it happened on.</summary>
    [JsonPropertyOrder(-5)]
    public Instant At { get; set; }

    /// <summary>The step this event belongs to: a journey, a resolution, a connection, an exchange. Unique in a run, counted from 1.</summary>
    [JsonPropertyOrder(-4)]
    public long Span { get; set; }

    /// <summary>The step that started this step; 0 for a root.</summary>
    [JsonPropertyOrder(-3)]
    public long Parent { get; set; }

    /// <summary>The clause of the specification that made it so, where one did.</summary>
    [JsonPropertyOrder(-2)]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Clause? Because { get; set; }
}

/// <summary>A place in a specification: ("RFC 9112", "6.3"). Written "RFC 9112 6.3".</summary>
[JsonConverter(typeof(ClauseJsonConverter))]
public sealed record Clause(string Document, string Section)
{
    /// <inheritdoc/>
    public override string ToString() => Section.Length == 0 ? Document : $"{Document} {Section}";
}

/// <summary>Writes a <see cref="Clause"/> as one string; the section is what follows the last space.</summary>
public sealed class ClauseJsonConverter : JsonConverter<Clause>
{
    /// <inheritdoc/>
    public override Clause? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.GetString();
        if (text is null) { return null; }
        var space = text.LastIndexOf(' ');
        return space > 0 && space + 1 < text.Length && char.IsDigit(text[space + 1]) && text.AsSpan(0, space).Contains(' ')
            ? new Clause(text[..space], text[(space + 1)..])
            : new Clause(text, "");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Clause value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Takes events. One instance serves one run; calls come one at a time, in order.</summary>
public interface ITraceSink
{
    /// <summary>False when nobody would see an event: producers then make none.</summary>
    bool IsListening { get; }

    /// <summary>Takes one stamped event.</summary>
    void Tell(TraceEvent traceEvent);
}

/// <summary>The sink of a run that nobody watches.</summary>
public sealed class SilentSink : ITraceSink
{
    /// <summary>The one instance: it holds nothing.</summary>
    public static readonly SilentSink Instance = new();

    private SilentSink() { }

    /// <inheritdoc/>
    public bool IsListening => false;

    /// <inheritdoc/>
    public void Tell(TraceEvent traceEvent) { }
}
