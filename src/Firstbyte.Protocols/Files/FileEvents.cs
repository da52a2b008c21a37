using Firstbyte.Tracing;

namespace Firstbyte.Files;

/// <summary>A file of this host was looked at.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Length">Its bytes; null for a directory.</param>
/// <param name="Modified">When it was last changed; null where nobody knows.</param>
/// <param name="Type">The media type of its content; empty for a directory.</param>
public sealed record FileFound(string Path, FileKind Kind, long? Length, Instant? Modified, string Type) : TraceEvent;

/// <summary>Content of a file was read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="From">The place of the first byte.</param>
/// <param name="Bytes">How many were read.</param>
/// <param name="ElapsedNanoseconds">How long it took.</param>
public sealed record FileRead(string Path, long From, long Bytes, long ElapsedNanoseconds) : TraceEvent;

/// <summary>The names of a directory were read.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Entries">The first of them (<see cref="FileLimits.ToldNames"/>), by name.</param>
public sealed record DirectoryListed(string Path, int Count, FileEntry[] Entries) : TraceEvent;

/// <summary>Content was stored in a file, which has it whole.</summary>
/// <param name="Path">Where it is.</param>
/// <param name="Bytes">How many were stored.</param>
/// <param name="ReplacedBytes">The length of the file that had been there; null where none was.</param>
/// <param name="ElapsedNanoseconds">How long it took.</param>
public sealed record FileStored(string Path, long Bytes, long? ReplacedBytes, long ElapsedNanoseconds) : TraceEvent;
