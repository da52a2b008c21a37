using Firstbyte.Addressing;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>A name server of a world, and what is wrong with it until the world heals.</summary>
internal sealed class WorldHost(int number)
{
    public IpAddress Address { get; } = IpAddress.Parse($"10.0.{number / 200}.{number % 200 + 1}");

    /// <summary>The zones that it serves, each in the version that it has.</summary>
    public Dictionary<WorldZone, Zone> Zones { get; } = [];

    public AuthoritativeServer Server { get; } = new(new ZoneSet());

    public int LatencyMs { get; set; } = 5;

    public int JitterMs { get; set; }

    /// <summary>Of a thousand datagrams so many are lost, each way.</summary>
    public int Loss { get; set; }

    public int Duplicates { get; set; }

    /// <summary>It never answers.</summary>
    public bool IsDead { get; set; }

    /// <summary>What it says to every question about its zones, in place of the answer; null for the answer.</summary>
    public string? Lameness { get; set; }

    /// <summary>Who asks for a zone that it does not serve waits in vain; others say REFUSED.</summary>
    public bool IsSilentAboutOthers { get; set; }

    public bool Truncates { get; set; }

    public bool RejectsEdns { get; set; }

    public bool FoldsCase { get; set; }

    /// <summary>The alias that it makes from a DNAME record leads elsewhere than that says; in a signed zone that would be a forgery.</summary>
    public bool BendsAliases { get; set; }

    /// <summary>Beside a referral it says no addresses; who asks for one by name gets it.</summary>
    public bool WithholdsGlue { get; set; }

    /// <summary>Beside a denial it gives the SOA record with the record's own time, whatever its last field says (RFC 2308 section 3).</summary>
    public bool SaysWholeSoaTime { get; set; }

    /// <summary>It puts records of others into its answers.</summary>
    public bool Lies { get; set; }

    /// <summary>Whether anything keeps it from answering for its zones each time.</summary>
    public bool IsSick => Loss > 0 || IsDead || Lameness is not null;

    public void Heal() => (Loss, Duplicates, IsDead, Lameness, JitterMs) = (0, 0, false, null, 0);

    public void Serve(WorldZone zone, Zone version)
    {
        // A version that comes late does not take the place of a newer one.
        if (Zones.TryGetValue(zone, out var present) && present.Soa.Serial > version.Soa.Serial) { return; }
        Zones[zone] = version;
        Server.Zones = new ZoneSet(Zones.Values);
    }
}
