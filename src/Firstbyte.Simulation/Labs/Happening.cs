using System.Text.Json.Serialization;
using Firstbyte.Simulation.Elements;

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
[JsonDerivedType(typeof(Cut), "cut")]
[JsonDerivedType(typeof(Clog), "clog")]
[JsonDerivedType(typeof(Impairment), "impair")]
[JsonDerivedType(typeof(ClockSkew), "skew")]
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

/// <summary>A host or router loses its power, and starts again when it is over.</summary>
public sealed record Outage(long AtNanoseconds, long? ForNanoseconds, string Node) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>The directions of a cable, as its name reads.</summary>
public enum LinkDirection
{
    /// <summary>Both.</summary>
    Both,

    /// <summary>From the first to the second: from a machine to its subnet.</summary>
    Up,

    /// <summary>From the second to the first.</summary>
    Down,
}

/// <summary>A cable is pulled.</summary>
public sealed record Cut(long AtNanoseconds, long? ForNanoseconds, string Link, LinkDirection Direction) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A cable holds everything back, and lets go of it when it is over.</summary>
public sealed record Clog(long AtNanoseconds, long? ForNanoseconds, string Link, LinkDirection Direction) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A cable treats frames in another way.</summary>
public sealed record Impairment(long AtNanoseconds, long? ForNanoseconds, string Link, LinkDirection Direction, WireSettings Settings) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>The clock of a host or router is wrong.</summary>
/// <param name="AtNanoseconds">From when on.</param>
/// <param name="ForNanoseconds">For how long; null is for ever.</param>
/// <param name="Node">Whose clock.</param>
/// <param name="OffsetNanoseconds">How far its calendar is ahead; negative is behind.</param>
/// <param name="DriftPartsPerMillion">How much too fast it runs; negative is too slow.</param>
public sealed record ClockSkew(long AtNanoseconds, long? ForNanoseconds, string Node, long OffsetNanoseconds, int DriftPartsPerMillion) : Happening(AtNanoseconds, ForNanoseconds);

/// <summary>A host or router lets no ICMP message in or out.</summary>
public sealed record IcmpFilter(long AtNanoseconds, long? ForNanoseconds, string Node) : Happening(AtNanoseconds, ForNanoseconds);
