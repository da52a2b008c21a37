using Firstbyte.Addressing;
using Firstbyte.Connecting;

namespace Firstbyte.Tests.Connecting;

/// <summary>Entries as curl's <c>--resolve</c> has them (curl(1)).</summary>
public sealed class GivenAddressesTests
{
    [Theory]
    [InlineData("a.test:80:192.0.2.1", "a.test", 80, "192.0.2.1")]
    [InlineData("+A.Test.:80:192.0.2.1,[2001:db8::1],2001:db8::2", "a.test", 80, "192.0.2.1 2001:db8::1 2001:db8::2")]
    [InlineData("[2001:DB8:0::1]:443:127.0.0.1", "2001:db8::1", 443, "127.0.0.1")]
    [InlineData("192.0.2.7:0:127.0.0.1", "192.0.2.7", 0, "127.0.0.1")]
    [InlineData("bücher.test:80:127.0.0.1", "xn--bcher-kva.test", 80, "127.0.0.1")]
    [InlineData("*:80:127.0.0.1", "whatever.test", 80, "127.0.0.1")]
    [InlineData("a.test:80:127.0.0.1", "a.test", 81, null)]
    [InlineData("a.test:80:127.0.0.1", "b.a.test", 80, null)]
    public void A_host_has_what_it_is_given_at_its_port(string entry, string host, int port, string? expected)
    {
        var given = new GivenAddresses();
        Assert.True(given.TryAdd(entry));
        Assert.Equal(expected, given.Find(host, port) is { } found ? string.Join(' ', found) : null);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.test")]
    [InlineData("a.test:80")]
    [InlineData("a.test:80:")]
    [InlineData("a.test:80:,")]
    [InlineData("a.test:80:b.test")]
    [InlineData("a.test:80:127.0.0.1,x")]
    [InlineData("a.test:65536:127.0.0.1")]
    [InlineData("a.test:-1:127.0.0.1")]
    [InlineData(":80:127.0.0.1")]
    [InlineData("[::1:80:127.0.0.1")]
    [InlineData("[::1]80:127.0.0.1")]
    [InlineData("-a.test:80:127.0.0.1")]
    [InlineData("-a.test")]
    public void Anything_else_is_no_entry(string entry)
    {
        var given = new GivenAddresses();
        Assert.False(given.TryAdd(entry));
        Assert.Equal(0, given.Count);
    }

    [Fact]
    public void A_host_of_its_own_goes_before_every_host_the_later_before_the_earlier_and_is_taken_back()
    {
        var given = new GivenAddresses();
        foreach (var entry in (string[])["a.test:80:192.0.2.1", "*:80:192.0.2.2", "A.TEST:80:192.0.2.3"]) { Assert.True(given.TryAdd(entry)); }
        Assert.Equal(IpAddress.Parse("192.0.2.3"), Assert.Single(given.Find("a.test", 80)!));
        Assert.True(given.TryAdd("-a.test:80"));
        Assert.Equal(IpAddress.Parse("192.0.2.2"), Assert.Single(given.Find("a.test", 80)!));
        Assert.True(given.TryAdd("-*:80"));
        Assert.Null(given.Find("a.test", 80));
    }
}
