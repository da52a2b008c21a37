using System.Text.RegularExpressions;
using Firstbyte.Addressing;

namespace Firstbyte.Tests.Addressing;

public class SpecialPurposeTests
{
    [Theory]
    [InlineData("10.11.12.13", AddressKind.Private)]
    [InlineData("172.31.255.255", AddressKind.Private)]
    [InlineData("172.32.0.0", AddressKind.Global)]
    [InlineData("192.0.2.226", AddressKind.Documentation)]
    [InlineData("127.0.0.1", AddressKind.Loopback)]
    [InlineData("169.254.1.1", AddressKind.LinkLocal)]
    [InlineData("224.0.0.251", AddressKind.Multicast)]
    [InlineData("255.255.255.255", AddressKind.LimitedBroadcast)]
    [InlineData("0.0.0.0", AddressKind.Unspecified)]
    [InlineData("198.41.0.4", AddressKind.Global)]
    [InlineData("::1", AddressKind.Loopback)]
    [InlineData("fe80::1", AddressKind.LinkLocal)]
    [InlineData("2001:db8::1", AddressKind.Documentation)]
    [InlineData("ff02::1", AddressKind.Multicast)]
    [InlineData("2001:503:ba3e::2:30", AddressKind.Global)]
    [InlineData("::ffff:10.0.0.1", AddressKind.V4Mapped)]
    [InlineData("::1.2.3.4", AddressKind.V4Compatible)]
    [InlineData("fec0::1", AddressKind.SiteLocal)]
    [InlineData("200::1", AddressKind.Reserved)]
    [InlineData("1fff::1", AddressKind.Reserved)]
    [InlineData("2600::1", AddressKind.Global)]
    [InlineData("3ffe::1", AddressKind.Global)]
    [InlineData("4000::1", AddressKind.Reserved)]
    [InlineData("fe00::1", AddressKind.Reserved)]
    public void The_most_specific_block_names_the_kind(string address, AddressKind kind) => Assert.Equal(kind, SpecialPurpose.KindOf(IpAddress.Parse(address)));

    [Fact]
    public void The_table_says_what_the_data_file_says()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "special-purpose.tsv")).Where(static line => !line.StartsWith('#'));
        var said = lines.Select(static line => line.Split('\t')).Select(static columns => string.Join('\t', [.. columns[..6], .. columns[6..].Select(static use => use == "yes" ? "yes" : "no")]));
        Assert.Equal(said, SpecialPurpose.Registry.Select(Describe));
    }

    private static string Describe(SpecialPurposeBlock row)
    {
        AddressUses[] columns = [AddressUses.Source, AddressUses.Destination, AddressUses.Forwardable, AddressUses.GloballyReachable, AddressUses.ReservedByProtocol];
        string[] texts = [row.Prefix.ToString(), row.Kind.ToString(), row.Name, row.Source, row.Allocated, row.Terminated, .. columns.Select(use => row.Uses.HasFlag(use) ? "yes" : "no")];
        return string.Join('\t', texts);
    }

    [Fact]
    public void Every_row_names_its_source_and_month() => Assert.All(SpecialPurpose.Registry, row =>
    {
        Assert.Matches("^RFC [0-9]+( [0-9.]+)?$", row.Source);
        Assert.Matches(new Regex("^(19|20)[0-9]{2}-(0[1-9]|1[0-2])$", RegexOptions.ExplicitCapture), row.Allocated);
    });

    [Fact]
    public void Every_row_holds_from_its_first_address_to_its_last() => Assert.All(SpecialPurpose.Registry, row =>
    {
        foreach (var inside in (IpAddress[])[row.Prefix.Network, row.Prefix.Last])
        {
            // The row itself, or a smaller block inside it.
            var found = SpecialPurpose.Find(inside)!;
            Assert.True(row.Prefix.Contains(found.Prefix) && (found == row || found.Prefix.Length > row.Prefix.Length), $"{inside} is in {found}");
        }
        if (row.Prefix.Network.Bits > 0) { Assert.NotEqual(row, SpecialPurpose.Find(row.Prefix.Network.WithBits(row.Prefix.Network.Bits - 1))); }
        var largest = row.Prefix.Network.IsV4 ? uint.MaxValue : UInt128.MaxValue;
        if (row.Prefix.Last.Bits < largest) { Assert.NotEqual(row, SpecialPurpose.Find(row.Prefix.Last.WithBits(row.Prefix.Last.Bits + 1))); }
    });

    [Fact]
    public void Each_block_stands_once() => Assert.Equal(SpecialPurpose.Registry.Count, SpecialPurpose.Registry.Select(static row => row.Prefix).Distinct().Count());

    // What was wrong or missing before, and neighbours of it: prefix found, forwardable, globally reachable.
    [Theory]
    [InlineData("100:0:0:1::1", "100:0:0:1::/64", false, false)]
    [InlineData("100::1", "100::/64", true, false)]
    [InlineData("100:0:0:2::1", "100::/8", false, false)]
    [InlineData("2001:1::1", "2001:1::1/128", true, true)]
    [InlineData("2001:1::3", "2001:1::3/128", true, true)]
    [InlineData("2001:1::4", "2001::/23", false, false)]
    [InlineData("2001:30::1", "2001:30::/28", true, true)]
    [InlineData("2001:3f:ffff::1", "2001:30::/28", true, true)]
    [InlineData("2001:40::1", "2001::/23", false, false)]
    [InlineData("2001:10::1", "2001:10::/28", false, false)]
    [InlineData("2001:200::1", null, false, false)]
    [InlineData("192.88.99.1", "192.88.99.0/24", false, false)]
    [InlineData("192.88.99.2", "192.88.99.2/32", true, false)]
    [InlineData("192.0.0.9", "192.0.0.9/32", true, true)]
    [InlineData("192.0.0.11", "192.0.0.0/24", false, false)]
    [InlineData("192.0.0.171", "192.0.0.171/32", false, false)]
    [InlineData("5f00::1", "5f00::/16", true, false)]
    [InlineData("3fff:fff::1", "3fff::/20", false, false)]
    [InlineData("3fff:1000::1", null, false, false)]
    [InlineData("224.0.0.1", "224.0.0.0/24", false, false)]
    [InlineData("224.0.1.1", "224.0.0.0/4", true, true)]
    [InlineData("ff02::1", "ff02::/16", false, false)]
    [InlineData("ff12::1", "ff12::/16", false, false)]
    [InlineData("ff0e::1", "ff0e::/16", true, true)]
    [InlineData("ff3e:30:2001:db8::1", "ff3e::/16", true, true)]
    [InlineData("ff05::1:3", "ff05::/16", true, false)]
    [InlineData("ff07::1", "ff00::/8", true, false)]
    [InlineData("feff::1", "fec0::/10", false, false)]
    public void The_most_specific_block_says_how_far_packets_go(string address, string? prefix, bool isForwardable, bool isReachable)
    {
        var block = SpecialPurpose.Find(IpAddress.Parse(address));
        Assert.Equal(prefix, block?.Prefix.ToString());
        Assert.Equal((isForwardable, isReachable), (block?.IsForwardable ?? false, block?.IsGloballyReachable ?? false));
    }

    [Theory]
    [InlineData("223.255.255.255", MulticastScope.None)]
    [InlineData("224.0.0.0", MulticastScope.LinkLocal)]
    [InlineData("224.0.0.255", MulticastScope.LinkLocal)]
    [InlineData("224.0.1.0", MulticastScope.Global)]
    [InlineData("238.255.255.255", MulticastScope.Global)]
    [InlineData("239.0.0.0", MulticastScope.AdminLocal)]
    [InlineData("239.191.255.255", MulticastScope.AdminLocal)]
    [InlineData("239.192.0.0", MulticastScope.OrganizationLocal)]
    [InlineData("239.195.255.255", MulticastScope.OrganizationLocal)]
    [InlineData("239.196.0.0", MulticastScope.AdminLocal)]
    [InlineData("239.255.0.0", MulticastScope.RealmLocal)]
    [InlineData("239.255.255.255", MulticastScope.RealmLocal)]
    [InlineData("240.0.0.0", MulticastScope.None)]
    [InlineData("fe80::1", MulticastScope.None)]
    [InlineData("ff00::1", MulticastScope.None)]
    [InlineData("ff01::1", MulticastScope.InterfaceLocal)]
    [InlineData("ff02::1", MulticastScope.LinkLocal)]
    [InlineData("ff32::1", MulticastScope.LinkLocal)]
    [InlineData("ff03::1", MulticastScope.RealmLocal)]
    [InlineData("ff04::1", MulticastScope.AdminLocal)]
    [InlineData("ff05::1", MulticastScope.SiteLocal)]
    [InlineData("ff06::1", MulticastScope.None)]
    [InlineData("ff08::1", MulticastScope.OrganizationLocal)]
    [InlineData("ff0e::1", MulticastScope.Global)]
    [InlineData("ff0f::1", MulticastScope.None)]
    public void Multicast_has_a_scope(string address, MulticastScope scope) => Assert.Equal(scope, SpecialPurpose.ScopeOf(IpAddress.Parse(address)));

    [Fact]
    public void A_scope_of_the_link_or_less_is_never_forwarded() => Assert.All(SpecialPurpose.Registry.Where(static row => row.Kind == AddressKind.Multicast && row.Prefix.Length > 8), row =>
        Assert.Equal(SpecialPurpose.ScopeOf(row.Prefix.Network) > MulticastScope.LinkLocal, row.IsForwardable));

    [Theory]
    [InlineData("10.11.12.13", "13.12.11.10.in-addr.arpa.")]
    [InlineData("2001:db8::1", "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa.")]
    public void Reverse_names_are_the_rfcs(string address, string name) => Assert.Equal(name, ReverseName.Of(IpAddress.Parse(address)));

    [Theory]
    [InlineData("192.0.2.0/24", "2.0.192.in-addr.arpa.")]
    [InlineData("10.0.0.0/8", "10.in-addr.arpa.")]
    [InlineData("10.11.0.0/20", null)]
    [InlineData("2001:db8::/32", "8.b.d.0.1.0.0.2.ip6.arpa.")]
    public void Reverse_zones_lie_on_label_borders(string prefix, string? zone) => Assert.Equal(zone, ReverseName.OfZone(IpPrefix.Parse(prefix)));
}
