using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Firstbyte.Tracing;

/// <summary>How closely one looks: each level holds the ones before it.</summary>
[JsonConverter(typeof(EventLevelConverter))]
public enum EventLevel
{
    /// <summary>What the story of a journey tells.</summary>
    Journey,

    /// <summary>Frames and segments too.</summary>
    Packets,

    /// <summary>Everything: every change of a table, every decision of TCP, what servers do behind the scenes.</summary>
    All,
}

// Written as the option says it (--json=all); files that were written as "All" are read as well.
internal sealed class EventLevelConverter() : JsonStringEnumConverter<EventLevel>(JsonNamingPolicy.CamelCase);

/// <summary>A kind of event.</summary>
/// <param name="Leaf">Its type.</param>
/// <param name="Name">Its name in files: the owner's domain, a full stop, what happened.</param>
/// <param name="Level">The level from which on it is told.</param>
/// <param name="FirstName">Its name in files of version 0, which knew no domains; null for kinds that are younger.</param>
public sealed record EventKind(Type Leaf, string Name, EventLevel Level, string? FirstName = null);

/// <summary>The kinds of events that one assembly tells.</summary>
/// <param name="Json">Their JSON.</param>
/// <param name="Kinds">The kinds.</param>
public sealed record EventCatalogue(IJsonTypeInfoResolver Json, IReadOnlyList<EventKind> Kinds);

/// <summary>A file of events begins: its first line.</summary>
/// <param name="Version">The version of the form.</param>
/// <param name="Level">What is told.</param>
public sealed record TraceOpened(int Version, EventLevel Level) : TraceEvent;

/// <summary>A file of events is whole: its last line. A file without it was cut.</summary>
/// <param name="Events">The events between the first line and this one.</param>
public sealed record TraceClosed(long Events) : TraceEvent;
