using CsCheck;
using Firstbyte.Addressing;

namespace Firstbyte.Tests.Addressing;

public class IpPrefixTests
{
    [Theory]
    [InlineData("10.11.12.13/24")]
    [InlineData("10.11.12.13/255.255.255.0")]
    public void The_chapters_address_is_read_in_both_spellings(string text)
    {
        var address = InterfaceAddress.Parse(text);
        Assert.Equal("10.11.12.13/24", address.ToString());
        Assert.Equal("10.11.12.0/24", address.Prefix.ToString());
        Assert.Equal("255.255.255.0", address.Prefix.Mask.ToString());
        Assert.Equal("10.11.12.255", address.Prefix.Broadcast.ToString());
        Assert.Equal((UInt128)13, address.HostNumber);
        Assert.Equal("10.11.12.1", address.Prefix.FirstHost.ToString());
        Assert.Equal("10.11.12.254", address.Prefix.LastHost.ToString());
        Assert.Equal(254, address.Prefix.HostCount);
    }

    [Theory]
    [InlineData("10.11.12.13/20", "10.11.0.0/20", "255.255.240.0", "10.11.15.255")]
    [InlineData("192.0.2.226/27", "192.0.2.224/27", "255.255.255.224", "192.0.2.255")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    public void The_border_may_lie_inside_a_byte(string text, string network, string mask, string broadcast)
    {
        var prefix = InterfaceAddress.Parse(text).Prefix;
        Assert.Equal(network, prefix.ToString());
        Assert.Equal(mask, prefix.Mask.ToString());
        Assert.Equal(broadcast, prefix.Broadcast.ToString());
    }

    [Theory]
    [InlineData("192.0.2.0/31", 2)]
    [InlineData("192.0.2.1/32", 1)]
    [InlineData("2001:db8::/127", 2)]
    public void Where_there_is_no_room_for_a_broadcast_address_there_is_none(string text, int hosts)
    {
        var prefix = IpPrefix.Parse(text);
        Assert.Null(prefix.Broadcast);
        Assert.Equal(hosts, prefix.HostCount);
    }

    [Theory]
    [InlineData("10.11.12.13/33", InterfaceAddressFlaw.LengthTooLong)]
    [InlineData("10.11.12.13/255.0.255.0", InterfaceAddressFlaw.MaskWithHoles)]
    [InlineData("10.11.12.13/x", InterfaceAddressFlaw.Mask)]
    [InlineData("10.11.12.13/ffff::", InterfaceAddressFlaw.Mask)]
    [InlineData("10.11.12/24", InterfaceAddressFlaw.Address)]
    public void What_is_wrong_is_named(string text, InterfaceAddressFlaw flaw)
    {
        Assert.False(InterfaceAddress.TryParse(text, out _, out var found));
        Assert.Equal(flaw, found);
        Assert.Throws<FormatException>(() => InterfaceAddress.Parse(text));
    }

    [Fact]
    public void Splitting_and_merging_are_inverse() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 24], Gen.Int[0, 8]).Sample((bits, length, more) =>
        {
            var prefix = new IpPrefix(IpAddress.FromV4(bits), length);
            var parts = SubnetPlan.Split(prefix, length + more).ToList();
            return parts.Count == 1 << more && parts.All(prefix.Contains) && SubnetPlan.Merge(parts.AsEnumerable().Reverse()) is [var whole] && whole == prefix;
        });

    [Fact]
    public void What_is_excluded_and_the_rest_are_the_whole() =>
        Gen.Select(Gen.UInt, Gen.Int[0, 30], Gen.UInt, Gen.Int[0, 32]).Sample((bits, length, inside, longer) =>
        {
            var prefix = new IpPrefix(IpAddress.FromV4(bits), length);
            var mask = length == 0 ? 0 : uint.MaxValue << (32 - length);
            var taken = new IpPrefix(IpAddress.FromV4((bits & mask) | (inside & ~mask)), Math.Max(length, longer));
            var rest = SubnetPlan.Exclude(prefix, taken);
            return rest.All(r => !r.Contains(taken) && !taken.Contains(r)) && SubnetPlan.Merge(rest.Append(taken)) is [var whole] && whole == prefix;
        });

    [Fact]
    public void A_whole_version_splits_too()
    {
        Assert.Equal(["::/1", "8000::/1"], SubnetPlan.Split(IpPrefix.Parse("::/0"), 1).Select(p => p.ToString()));
        Assert.Equal(["::/0"], SubnetPlan.Split(IpPrefix.Parse("::/0"), 0).Select(p => p.ToString()));
        Assert.Equal(["0.0.0.0/0"], SubnetPlan.Merge([IpPrefix.Parse("128.0.0.0/1"), IpPrefix.Parse("0.0.0.0/1")]).Select(p => p.ToString()));
    }
}
