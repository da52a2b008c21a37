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

    /// <summary>Each option of the registry that is read, as its document writes it; what does not have the shape of its kind is shown as it is.</summary>
    [Theory]
    [InlineData(3, "6e7331ff", "ServerIdentifierOption { Text = ns1., Hex = 6e7331ff }")]
    [InlineData(3, "", "ServerIdentifierOption { Text = , Hex =  }")]
    [InlineData(8, "00011800c00002", "ClientSubnetOption { Address = 192.0.2.0, SourceLength = 24, ScopeLength = 0 }")]
    [InlineData(8, "0002382020010db8000000", "ClientSubnetOption { Address = 2001:db8::, SourceLength = 56, ScopeLength = 32 }")]
    [InlineData(8, "00000000", "ClientSubnetOption { Address = , SourceLength = 0, ScopeLength = 0 }")]
    [InlineData(8, "00012100c00002", "OtherOption { Code = 8, Hex = 00012100c00002 }")]
    [InlineData(9, "00015180", "ExpireOption { Seconds = 86400 }")]
    [InlineData(9, "", "ExpireOption { Seconds =  }")]
    [InlineData(9, "01", "OtherOption { Code = 9, Hex = 01 }")]
    [InlineData(10, "2464c4abcf10c957", "CookieOption { Client = 2464c4abcf10c957, Server =  }")]
    [InlineData(10, "2464c4abcf10c957010000005cf79f111f8130c3eee29480", "CookieOption { Client = 2464c4abcf10c957, Server = 010000005cf79f111f8130c3eee29480 }")]
    [InlineData(10, "2464c4abcf10c95701", "OtherOption { Code = 10, Hex = 2464c4abcf10c95701 }")]
    [InlineData(11, "0064", "KeepAliveOption { Milliseconds = 10000 }")]
    [InlineData(11, "ffff", "KeepAliveOption { Milliseconds = 6553500 }")]
    [InlineData(11, "", "KeepAliveOption { Milliseconds =  }")]
    [InlineData(12, "000000", "PaddingOption { Length = 3 }")]
    [InlineData(13, "076578616d706c6500", "ChainOption { ClosestTrustPoint = example. }")]
    [InlineData(13, "07657861", "OtherOption { Code = 13, Hex = 07657861 }")]
    [InlineData(15, "00146e6f", "ExtendedErrorOption { Code = 20, Purpose = Not Authoritative, Text = no }")]
    [InlineData(15, "ffff", "ExtendedErrorOption { Code = 65535, Purpose = , Text =  }")]
    [InlineData(15, "00", "OtherOption { Code = 15, Hex = 00 }")]
    [InlineData(65001, "abcd", "OtherOption { Code = 65001, Hex = abcd }")]
    public void An_option_says_what_it_is(int code, string hex, string said) =>
        Assert.Equal(said, EdnsOptionValue.Read(new EdnsOption(new EdnsOptionCode((ushort)code), Convert.FromHexString(hex))).ToString());
}
