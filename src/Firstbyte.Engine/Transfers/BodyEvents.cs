using Firstbyte.Tracing;

namespace Firstbyte.Transfers;

/// <summary>What is stored is not as long as it was when it was begun: somebody has cut its source meanwhile, or writes to it.</summary>
/// <param name="Said">How many bytes it had said.</param>
/// <param name="Read">How many there were; null where there are more by now, which stay here.</param>
public sealed record BodyLengthChanged(long Said, long? Read) : TraceEvent;

/// <summary>A part of a form, without its content.</summary>
/// <param name="Name">The member's name.</param>
/// <param name="FileName">The name that the server is told the file has; null where it is none.</param>
/// <param name="Type">Its media type; null where none is said.</param>
/// <param name="From">What its content comes from.</param>
/// <param name="Length">How many bytes of content it will be; null where only its end will show it.</param>
public sealed record FormPartChosen(string Name, string? FileName, string? Type, BodyKind From, long? Length);
