using CsCheck;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns.Wire;

/// <summary>What the options of EDNS hold.</summary>
public class EdnsOptionTests
{
    [Theory]
    // RFC 7871 section 6: the address is cut to the bytes that its bits need.
    [InlineData("192.0.2.0/24", "0001 18 00 c00002", "192.0.2.0/24/0")]
    [InlineData("192.0.2.255/25", "0001 19 00 c0000280", "192.0.2.128/25/0")]
    [InlineData("192.0.2.1", "0001 20 00 c0000201", "192.0.2.1/32/0")]
    [InlineData("2001:db8::/56", "0002 38 00 20010db8000000", "2001:db8::/56/0")]
    [InlineData("0.0.0.0/0", "0001 00 00", "0.0.0.0/0/0")]
    [InlineData("0", "0000 00 00", "0/0/0")]
    public void A_subnet_is_written_with_as_many_bytes_as_it_has_bits(string text, string hex, string shown)
    {
        Assert.True(ClientSubnet.TryParse(text, out var subnet));
        Assert.Equal(hex.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(subnet.ToArray()));
        Assert.True(ClientSubnet.TryRead(subnet.ToArray(), out var again));
        Assert.Equal((subnet, shown), (again, again.ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("000118")]
    // A bit beyond the prefix, bytes too few and too many, a prefix too long, a family that is none.
    [InlineData("00011900c00002c0")]
    [InlineData("00011800c000")]
    [InlineData("00011800c0000200")]
    [InlineData("00012100c000020101")]
    [InlineData("00030000")]
    [InlineData("00000800ff")]
    public void What_is_no_subnet_is_refused(string hex) => Assert.False(ClientSubnet.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void Whatever_is_read_is_written_as_the_same() => Gen.Byte.Array[0, 24].Sample(bytes =>
    {
        if (bytes.Length > 1) { (bytes[0], bytes[1]) = (0, (byte)(bytes[1] % 4)); }
        return !ClientSubnet.TryRead(bytes, out var subnet) || subnet.ToArray().AsSpan().SequenceEqual(bytes);
    });

    [Fact]
    public void The_registry_says_what_an_extended_error_is_for() =>
        Assert.Equal(("20 (Not Authoritative)", "65000"), (new ExtendedErrorCode(20).ToString(), new ExtendedErrorCode(65000).ToString()));
}
