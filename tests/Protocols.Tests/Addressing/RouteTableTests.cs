using CsCheck;
using Firstbyte.Addressing;

namespace Firstbyte.Tests.Addressing;

public class RouteTableTests
{
    [Fact]
    public void The_longest_prefix_wins()
    {
        var table = new RouteTable<string>();
        table.Set(IpPrefix.Parse("0.0.0.0/0"), "default");
        table.Set(IpPrefix.Parse("10.0.0.0/8"), "eight");
        table.Set(IpPrefix.Parse("10.11.0.0/16"), "sixteen");
        table.Set(IpPrefix.Parse("10.11.12.13/32"), "host");
        table.Set(IpPrefix.Parse("2001:db8::/32"), "documentation");

        Assert.Equal("host", Match(table, "10.11.12.13"));
        Assert.Equal("sixteen", Match(table, "10.11.12.14"));
        Assert.Equal("eight", Match(table, "10.255.255.255"));
        Assert.Equal("default", Match(table, "255.255.255.255"));
        Assert.Equal("documentation", Match(table, "2001:db8:ffff::1"));
        Assert.Null(Match(table, "2001:db9::"));

        Assert.True(table.Remove(IpPrefix.Parse("0.0.0.0/0")));
        Assert.False(table.Remove(IpPrefix.Parse("0.0.0.0/0")));
        Assert.Null(Match(table, "192.0.2.1"));
        Assert.Equal("host", Match(table, "10.11.12.13"));
    }

    [Fact]
    public void An_empty_table_matches_nothing() => Assert.Null(Match(new RouteTable<string>(), "192.0.2.1"));

    /// <summary>Against the definition: of all rows that contain the address, the longest.</summary>
    [Fact]
    public void Every_match_is_what_a_linear_search_finds()
    {
        var v4 = Gen.Select(Gen.UInt, Gen.Int[0, 32]).Select((bits, length) => new IpPrefix(IpAddress.FromV4(bits & 0xF00F_F0FF), length));
        var v6 = Gen.Select(Gen.ULong, Gen.ULong, Gen.Int[0, 128]).Select((high, low, length) => new IpPrefix(IpAddress.FromV6(new UInt128(high & 0xFF, low & 0xFF)), length));
        var addresses = Gen.OneOf(Gen.UInt.Select(bits => IpAddress.FromV4(bits)), Gen.Select(Gen.ULong, Gen.ULong).Select((high, low) => IpAddress.FromV6(new UInt128(high & 0xFF, low & 0xFF))));
        Gen.Select(Gen.OneOf(v4, v6).Array[0, 60], addresses.Array[1, 60]).Sample((prefixes, probes) =>
        {
            var table = new RouteTable<int>();
            for (var i = 0; i < prefixes.Length; i++) { table.Set(prefixes[i], i); }
            foreach (var probe in probes.Concat(prefixes.Select(p => p.Network)).Concat(prefixes.Select(p => p.Last)))
            {
                var expected = prefixes.Where(p => p.Contains(probe)).OrderByDescending(p => p.Length).Select(p => (IpPrefix?)p).FirstOrDefault();
                var found = table.TryMatch(probe, out var prefix, out _);
                if (found != expected.HasValue || (found && prefix != expected)) { return false; }
            }
            return true;
        });
    }

    private static string? Match(RouteTable<string> table, string address) => table.TryMatch(IpAddress.Parse(address), out _, out var value) ? value : null;
}
