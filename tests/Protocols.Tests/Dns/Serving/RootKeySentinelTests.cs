using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;

namespace Firstbyte.Tests.Dns.Serving;

/// <summary>Which first labels are sentinels (RFC 8509 section 3.1).</summary>
public sealed class RootKeySentinelTests
{
    [Theory]
    [InlineData("root-key-sentinel-is-ta-20326.example", true, 20326)]
    [InlineData("ROOT-key-SENTINEL-not-TA-38696.example", false, 38696)]
    [InlineData("root-key-sentinel-is-ta-00007.example", true, 7)]
    [InlineData("root-key-sentinel-not-ta-65535", false, 65535)]
    public void A_sentinel_says_what_it_asks(string name, bool wantsTrusted, int keyTag)
    {
        Assert.True(RootKeySentinel.TryRead(DnsName.Parse(name).Wire, out var sentinel));
        Assert.Equal(new RootKeySentinel(wantsTrusted, (ushort)keyTag), sentinel);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("www.example")]
    [InlineData("root-key-sentinel-is-ta-7.example")]
    [InlineData("root-key-sentinel-is-ta-203266.example")]
    [InlineData("root-key-sentinel-is-ta-65536.example")]
    [InlineData("root-key-sentinel-is-ta-+0007.example")]
    [InlineData("root-key-sentinel-is-ta-2032x.example")]
    [InlineData("root-key-sentinel-is-tb-20326.example")]
    [InlineData("root-key-sentinel-not-ta-2032.example")]
    [InlineData("www.root-key-sentinel-is-ta-20326.example")]
    public void Other_names_are_none(string name) => Assert.False(RootKeySentinel.TryRead(DnsName.Parse(name).Wire, out _));
}
