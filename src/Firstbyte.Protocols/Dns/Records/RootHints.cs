using Firstbyte.Addressing;

namespace Firstbyte.Dns.Records;

/// <summary>Where every resolution can start: the 13 root servers (RFC 9609).</summary>
/// <remarks>Source: InterNIC's named.cache, last update April 18, 2024, related version of the root zone 2024041801.</remarks>
public static class RootHints
{
    /// <summary>The time to live that the file gives every record, in seconds.</summary>
    public static readonly Ttl Ttl = new(3_600_000);

    /// <summary>The servers, a to m.</summary>
    public static IReadOnlyList<RootServer> Servers { get; } =
    [
        Server('a', "198.41.0.4", "2001:503:ba3e::2:30"),
        Server('b', "170.247.170.2", "2801:1b8:10::b"),
        Server('c', "192.33.4.12", "2001:500:2::c"),
        Server('d', "199.7.91.13", "2001:500:2d::d"),
        Server('e', "192.203.230.10", "2001:500:a8::e"),
        Server('f', "192.5.5.241", "2001:500:2f::f"),
        Server('g', "192.112.36.4", "2001:500:12::d0d"),
        Server('h', "198.97.190.53", "2001:500:1::53"),
        Server('i', "192.36.148.17", "2001:7fe::53"),
        Server('j', "192.58.128.30", "2001:503:c27::2:30"),
        Server('k', "193.0.14.129", "2001:7fd::1"),
        Server('l', "199.7.83.42", "2001:500:9f::42"),
        Server('m', "202.12.27.33", "2001:dc3::35"),
    ];

    /// <summary>The same as records: 13 NS, 13 A and 13 AAAA.</summary>
    public static IEnumerable<DnsRecord> Records
    {
        get
        {
            foreach (var server in Servers) { yield return new DnsRecord(DnsName.Root, Ttl, new NameData(RecordType.NS, server.Name)); }
            foreach (var server in Servers)
            {
                yield return new DnsRecord(server.Name, Ttl, new AddressData(server.V4));
                yield return new DnsRecord(server.Name, Ttl, new AddressData(server.V6));
            }
        }
    }

    private static RootServer Server(char letter, string v4, string v6) =>
        new(DnsName.Parse($"{letter}.root-servers.net."), IpAddress.Parse(v4), IpAddress.Parse(v6));
}

/// <summary>A root server and its two addresses.</summary>
public sealed record RootServer(DnsName Name, IpAddress V4, IpAddress V6);
