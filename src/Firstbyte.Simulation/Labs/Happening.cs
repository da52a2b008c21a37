using System.Text.Json.Serialization;

namespace Firstbyte.Labs;

/// <summary>Something that goes wrong, from an instant on, for a while or for ever. Times are nanoseconds of the world.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "fault")]
[JsonDerivedType(typeof(Silence), "silence")]
[JsonDerivedType(typeof(Refusal), "refuse")]
[JsonDerivedType(typeof(Breakage), "break")]
[JsonDerivedType(typeof(PacketLoss), "lose")]
[JsonDerivedType(typeof(Partition), "partition")]
[JsonDerivedType(typeof(Outage), "down")]
[JsonDerivedType(typeof(IcmpFilter), "filter")]
public abstract record Happening(long AtNanoseconds, long? ForNanoseconds)
{
    /// <summary>When it begins at the latest: the world's seed chooses an instant from <see cref="AtNanoseconds"/> on; null when it begins at that one.</summary>
    public long? LatestNanoseconds { get; init; }
}

/// <summary>A host, or one port of it, is sent things and never answers.</summary>
public sealed record Silence(long AtNanoseconds, long? ForNanoseconds, string Host, ushort? Port) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A port refuses.</summary>
public sealed record Refusal(long AtNanoseconds, long? ForNanoseconds, string Host, ushort Port) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>Connections of a port break after so many bytes.</summary>
public sealed record Breakage(long AtNanoseconds, long? ForNanoseconds, string Host, ushort Port, long AfterBytes, bool ByReset) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A share of the packets between two hosts is lost, in one direction; null is any host.</summary>
public sealed record PacketLoss(long AtNanoseconds, long? ForNanoseconds, int Millionths, string? Source, string? Target) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>Two sets of hosts and routers do not hear each other.</summary>
public sealed record Partition(long AtNanoseconds, long? ForNanoseconds, IReadOnlyList<string> Left, IReadOnlyList<string> Right) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A host is switched off.</summary>
public sealed record Outage(long AtNanoseconds, long? ForNanoseconds, string Host) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A host or router lets no ICMP message in or out.</summary>
public sealed record IcmpFilter(long AtNanoseconds, long? ForNanoseconds, string Node) : Happening(AtNanoseconds, ForNanoseconds);
