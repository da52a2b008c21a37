using Firstbyte.Addressing;

namespace Firstbyte.Tests.Addressing;

public class IpAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("0.0.0.0", "0.0.0.0")]
    [InlineData("255.255.255.255", "255.255.255.255")]
    [InlineData("::", "::")]
    [InlineData("::1", "::1")]
    [InlineData("2001:DB8::1", "2001:db8::1")]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:0db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("1::", "1::")]
    [InlineData("fe80::1%eth0", "fe80::1%eth0")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    public void Text_is_read_and_written_as_rfc_5952_says(string text, string canonical) =>
        Assert.Equal(canonical, IpAddress.Parse(text).ToString());

    [Fact]
    public void Reading_and_writing_in_place_allocates_nothing()
    {
        var address = IpAddress.Parse("2001:db8::192.0.2.1");
        Assert.Equal(0, Allocations.Of(() =>
        {
            Span<char> text = stackalloc char[64];
            Span<byte> bytes = stackalloc byte[64];
            Assert.True(address.TryFormat(text, out var length, default, null) && IpAddress.TryParse(text[..length], out var again) && again == address
                && address.TryFormat(bytes, out var count, default, null) && IpAddress.TryParse(bytes[..count], null, out again) && again == address);
        }));
    }

    [Fact]
    public void Text_is_a_fixed_point_and_agrees_with_the_base_library() =>
        CsCheck.Check.Sample(CsCheck.Gen.Select(CsCheck.Gen.ULong, CsCheck.Gen.ULong, CsCheck.Gen.Int[0, 8]), t =>
        {
            // Many zero groups, so that compression has something to choose from.
            var address = IpAddress.FromV6(new UInt128(t.Item1 & (ulong)(t.Item1 * 31), t.Item2) & (UInt128.MaxValue << (t.Item3 * 16 % 128)));
            return IpAddress.Parse(address.ToString()) == address && IpAddress.FromIPAddress(System.Net.IPAddress.Parse(address.ToString())) == address
                && IpAddress.FromIPAddress(address.ToIPAddress()) == address && IpPrefix.FromIPNetwork(new IpPrefix(address, 64).ToIPNetwork()) == new IpPrefix(address, 64);
        });

    [Theory]
    [InlineData("")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.04")]
    [InlineData("1.2.3.4.5")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1::2::3")]
    [InlineData("12345::")]
    [InlineData("1:")]
    [InlineData("::1%")]
    public void Text_that_is_no_address_is_refused(string text) => Assert.False(IpAddress.TryParse(text, out _));
}
