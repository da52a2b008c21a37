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
    public void The_most_specific_block_names_the_kind(string address, AddressKind kind) => Assert.Equal(kind, SpecialPurpose.KindOf(IpAddress.Parse(address)));

    [Fact]
    public void Every_row_names_its_source() => Assert.All(SpecialPurpose.Registry, row => Assert.StartsWith("RFC ", row.Source));

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
