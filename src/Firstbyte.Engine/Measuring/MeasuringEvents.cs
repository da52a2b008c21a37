using Firstbyte.Journeys;
using Firstbyte.Tracing;

namespace Firstbyte.Measuring;

/// <summary>The same journey is made again and again.</summary>
/// <param name="Input">The URL as it was typed.</param>
/// <param name="Count">How often.</param>
/// <param name="KeepsConnection">Whether all of them go over one connection, as far as the server keeps it.</param>
public sealed record RepetitionStarted(string Input, int Count, bool KeepsConnection) : TraceEvent;

/// <summary>What the times of many journeys come to.</summary>
/// <param name="Count">Journeys that were made.</param>
/// <param name="Failed">Those that failed: their times are not among the others.</param>
/// <param name="Steps">Each step that any of them took; empty where none succeeded.</param>
/// <param name="Statuses">What was answered, the most frequent first.</param>
/// <param name="Failure">How the last of those failed; null where none did.</param>
public sealed record JourneysMeasured(int Count, int Failed, StepTimes[] Steps, StatusCount[] Statuses, JourneyFailure? Failure) : TraceEvent;

/// <summary>How often a status was answered.</summary>
/// <param name="Status">Which; 0 where nothing answers with one.</param>
/// <param name="Count">How often.</param>
public sealed record StatusCount(int Status, int Count);
