using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Firstbyte.Tracing;

namespace Firstbyte.Exports;

/// <summary>Every kind of event with its name, and its JSON in both directions: one object a line.</summary>
/// <remarks>
/// Each assembly contributes what it tells; who stands on top puts the catalogues together. Writing goes by the type, so that the name
/// comes first; reading goes by the name, which may be one of an older version, and checks the shape of what follows before anything is
/// made of it, so that a consumer never meets a value that no producer could have told.
/// </remarks>
public sealed class EventRegistry
{
    /// <summary>The member that tells an object's kind; it comes first.</summary>
    public const string Discriminator = "event";

    /// <summary>The version of the form that is written. Version 0 had neither a first line nor domains in names.</summary>
    public const int Version = 1;

    private readonly Dictionary<Type, EventKind> _byType = [];
    private readonly Dictionary<string, EventKind> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, EventKind> _byFirstName = new(StringComparer.Ordinal);

    /// <summary>Puts catalogues together.</summary>
    public EventRegistry(params EventCatalogue[] catalogues)
    {
        ArgumentNullException.ThrowIfNull(catalogues);
        foreach (var kind in catalogues.SelectMany(static catalogue => catalogue.Kinds))
        {
            _byType.Add(kind.Leaf, kind);
            _byName.Add(kind.Name, kind);
            if (kind.FirstName is { } first) { _byFirstName.Add(first, kind); }
        }
        Options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            Converters = { new InstantJsonConverter() },
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. catalogues.Select(static catalogue => catalogue.Json)])
                .WithAddedModifier(NameLeaves),
        };
    }

    /// <summary>What this assembly and those below it tell.</summary>
    public static EventRegistry Default { get; } = new(ProtocolEvents.Catalogue, EngineEvents.Catalogue);

    /// <summary>The kinds.</summary>
    public IReadOnlyCollection<EventKind> Kinds => _byType.Values;

    /// <summary>How the events are written.</summary>
    public JsonSerializerOptions Options { get; }

    /// <summary>The kind of an event.</summary>
    public EventKind KindOf(TraceEvent traceEvent)
    {
        ArgumentNullException.ThrowIfNull(traceEvent);
        return _byType[traceEvent.GetType()];
    }

    /// <summary>Writes one event as one JSON object, without a line end.</summary>
    public void Write(Utf8JsonWriter writer, TraceEvent traceEvent)
    {
        ArgumentNullException.ThrowIfNull(traceEvent);
        JsonSerializer.Serialize(writer, traceEvent, Options.GetTypeInfo(traceEvent.GetType()));
    }

    /// <summary>Reads one event.</summary>
    /// <param name="json">One JSON object.</param>
    /// <param name="version">The version of the file that it is of.</param>
    /// <param name="traceEvent">The event.</param>
    /// <param name="fault">Why the text is none.</param>
    public bool TryRead(ReadOnlyMemory<byte> json, int version, [NotNullWhen(true)] out TraceEvent? traceEvent, out EventFault fault)
    {
        traceEvent = null;
        JsonDocument document;
        try { document = JsonDocument.Parse(json); }
        catch (JsonException e)
        {
            fault = new EventFault(EventFlaw.NotJson, Position: e.BytePositionInLine ?? 0);
            return false;
        }
        using (document)
        {
            if (PlaceOfHalfName(json.Span) is { } place)
            {
                fault = new EventFault(EventFlaw.NotJson, Position: place);
                return false;
            }
            if (!TryFindKind(document.RootElement, version, out var kind, out fault)) { return false; }
            var shape = Options.GetTypeInfo(kind.Leaf);
            fault = EventShape.Check(document.RootElement, shape);
            if (fault.Flaw != EventFlaw.None)
            {
                // Members that every event of the kind has today were others when its first name was given.
                var isOlder = version == 0 && fault.Flaw == EventFlaw.MissingMember;
                fault = fault with { Name = kind.Name, Flaw = isOlder ? EventFlaw.OlderForm : fault.Flaw };
                return false;
            }
            try { traceEvent = (TraceEvent)document.RootElement.Deserialize(shape)!; }
            // The form of a value is its converter's business: an address, an instant, base64.
            catch (JsonException e)
            {
                fault = new EventFault(EventFlaw.WrongValue, kind.Name, e.Path is { Length: > 2 } path ? path[2..] : "");
                return false;
            }
            return true;
        }
    }

    // Where a member's name holds half a surrogate pair in an escape: the grammar allows it (RFC 8259 section 8.2), but it is no text to look for.
    private static long? PlaceOfHalfName(ReadOnlySpan<byte> json)
    {
        // Nearly no line has such an escape, and one search says so.
        if (json.IndexOf("\\uD"u8) < 0 && json.IndexOf("\\ud"u8) < 0) { return null; }
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueIsEscaped) { continue; }
            try { reader.GetString(); }
            catch (InvalidOperationException) { return reader.TokenStartIndex; }
        }
        return null;
    }

    private bool TryFindKind(JsonElement json, int version, [NotNullWhen(true)] out EventKind? kind, out EventFault fault)
    {
        kind = null;
        fault = default;
        if (json.ValueKind != JsonValueKind.Object) { fault = new EventFault(EventFlaw.NotAnObject); }
        else if (!json.TryGetProperty(Discriminator, out var name) || name.ValueKind != JsonValueKind.String)
        {
            fault = new EventFault(EventFlaw.NoName);
        }
        else if (!EventShape.TryGetText(name, out var text)) { fault = new EventFault(EventFlaw.WrongValue, Member: Discriminator); }
        // The line that tells the version is read before a version is known.
        else if (!_byName.TryGetValue(text, out kind) || (version == 0 && kind.Leaf != typeof(TraceOpened)))
        {
            if (version > 0 || !_byFirstName.TryGetValue(text, out kind))
            {
                // A kind of today without a version before it: the beginning of its file is gone.
                fault = new EventFault(version == 0 && _byName.ContainsKey(text) ? EventFlaw.NoVersion : EventFlaw.UnknownName, text);
                kind = null;
            }
        }
        return kind is not null;
    }

    // By each leaf alone: a type that knew all its leaves would have the serializer prepare every kind there is before the first line.
    private void NameLeaves(JsonTypeInfo info)
    {
        if (!_byType.TryGetValue(info.Type, out var kind)) { return; }
        var name = JsonMetadataServices.CreatePropertyInfo(info.Options, new JsonPropertyInfoValues<string>
        {
            IsProperty = true,
            IsPublic = true,
            DeclaringType = info.Type,
            PropertyName = Discriminator,
            JsonPropertyName = Discriminator,
            Getter = _ => kind.Name,
        });
        name.Order = int.MinValue;
        info.Properties.Insert(0, name);
    }
}
