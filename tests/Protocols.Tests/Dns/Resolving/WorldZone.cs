using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>A zone of a world with all its versions: the truth, moment by moment.</summary>
internal sealed class WorldZone(DnsName origin, WorldZone? parent, bool isSigned, bool isHashed)
{
    private readonly HashKey _key = new(origin);

    public DnsName Origin { get; } = origin;

    public WorldZone? Parent { get; } = parent;

    public bool IsSigned { get; } = isSigned;

    /// <summary>Whether its parent points to its key, and that one's parent to that one's.</summary>
    public bool IsSecure { get; } = isSigned && (parent is null || parent.IsSecure);

    public ZonePublicKey Key => _key.Public;

    public List<WorldHost> Hosts { get; } = [];

    /// <summary>The zones in which its servers' names lie.</summary>
    public HashSet<WorldZone> NeededZones { get; } = [];

    public List<Version> Versions { get; } = [];

    /// <summary>Whether all of its servers answer each time.</summary>
    public bool IsHealthy => !Hosts.Exists(static host => host.IsSick || host.Lies);

    /// <summary>Loads, and signs, the next version.</summary>
    public Zone Add(string text, Instant from)
    {
        var zone = Load(text);
        if (IsSigned)
        {
            var seconds = (uint)(Instant.SimulationEpoch.Nanoseconds / 1_000_000_000);
            zone = Load(string.Join('\n', ZoneSigner.Sign(zone, [_key], new SigningOptions(seconds - 3600, seconds + 30 * 86_400, isHashed))) + "\n");
        }
        Versions.Add(new Version(zone, from));
        return zone;
    }

    private Zone Load(string text) => Zone.TryLoad(text, "world", Origin, out var zone, out var problems)
        ? zone
        : throw new InvalidOperationException($"{string.Join('\n', problems)}\n{text}");

    /// <summary>One version, and how long some server had it.</summary>
    internal sealed record Version(Zone Zone, Instant From)
    {
        public Instant Until { get; set; } = Instant.Never;
    }
}
