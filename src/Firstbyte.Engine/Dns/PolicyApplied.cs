using Firstbyte.Dns.Policies;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>A rule of a policy zone counts for an answer.</summary>
/// <param name="Zone">The policy zone.</param>
/// <param name="Name">What was asked for.</param>
/// <param name="Type">The type.</param>
/// <param name="Trigger">By what the rule was met.</param>
/// <param name="Met">The name or address that has met it.</param>
/// <param name="Action">What is done.</param>
public sealed record PolicyApplied(string Zone, string Name, string Type, PolicyTrigger Trigger, string Met, PolicyAction Action) : TraceEvent;
