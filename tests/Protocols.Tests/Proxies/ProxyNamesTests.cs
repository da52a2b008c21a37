using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;

namespace Firstbyte.Tests.Proxies;

/// <summary>Which text names which proxy, and which hosts go without one.</summary>
public sealed class ProxyNamesTests
{
    [Theory]
    [InlineData("proxy", "http://proxy:1080")]
    [InlineData("proxy:8080", "http://proxy:8080")]
    [InlineData("proxy:80", "http://proxy:80")]
    [InlineData("http://proxy:80/", "http://proxy:80")]
    [InlineData("HTTP://Proxy.Example", "http://proxy.example:1080")]
    [InlineData("https://proxy", "https://proxy:443")]
    [InlineData("https://proxy:443", "https://proxy:443")]
    [InlineData("socks5h://proxy:9050", "socks5h://proxy:9050")]
    [InlineData("socks4://10.0.0.1", "socks4://10.0.0.1:1080")]
    [InlineData("socks4a://proxy", "socks4a://proxy:1080")]
    [InlineData("socks://proxy", "socks4://proxy:1080")]
    [InlineData("socks5://[2001:db8::1]:7", "socks5://[2001:db8::1]:7")]
    [InlineData(" proxy ", "http://proxy:1080")]
    public void A_text_names_a_proxy(string text, string proxy)
    {
        Assert.True(ProxyAddress.TryRead(text, ProxyKind.Http, out var read, out var fault));
        Assert.Equal((proxy, ProxyAddressFault.None, null), (read.ToString(), fault, read.Credentials));
    }

    [Fact]
    public void Who_asks_stands_before_the_host()
    {
        Assert.True(ProxyAddress.TryRead("socks5://us%40er:pa%3Ass@proxy:7", ProxyKind.Http, out var read, out _));
        Assert.Equal(new Credentials("us@er", "pa:ss"), read.Credentials);
        Assert.Equal("socks5://proxy:7", read.ToString());
        Assert.True(ProxyAddress.TryRead("user@proxy", ProxyKind.Socks5, out read, out _));
        Assert.Equal((ProxyKind.Socks5, new Credentials("user", "")), (read.Kind, read.Credentials));
    }

    [Theory]
    [InlineData("", ProxyAddressFault.HostMissing)]
    [InlineData("http://", ProxyAddressFault.HostMissing)]
    [InlineData("ftp://proxy", ProxyAddressFault.SchemeUnknown)]
    [InlineData("a b", ProxyAddressFault.HostInvalid)]
    [InlineData("proxy:99999", ProxyAddressFault.HostInvalid)]
    [InlineData("http://proxy/path", ProxyAddressFault.PathGiven)]
    [InlineData("proxy?x", ProxyAddressFault.PathGiven)]
    public void A_text_that_names_none_says_why(string text, ProxyAddressFault fault)
    {
        Assert.False(ProxyAddress.TryRead(text, ProxyKind.Http, out _, out var found));
        Assert.Equal(fault, found);
    }

    [Theory]
    [InlineData("example.com", "example.com", true)]
    [InlineData("example.com", "www.example.com", true)]
    [InlineData(".example.com", "www.example.com", true)]
    [InlineData(".example.com", "example.com", true)]
    [InlineData("example.com.", "example.com", true)]
    [InlineData("example.com", "EXAMPLE.com.", true)]
    [InlineData("example.com", "notexample.com", false)]
    [InlineData("www.example.com", "example.com", false)]
    [InlineData("a.test,b.test", "b.test", true)]
    [InlineData("a.test b.test", "b.test", true)]
    [InlineData(" , a.test ,, ", "a.test", true)]
    [InlineData("*", "anything", true)]
    [InlineData("*", "[::1]", true)]
    // curl: the star alone; it is no pattern.
    [InlineData("*.test", "a.test", false)]
    [InlineData("a.test,*", "b.test", false)]
    [InlineData("127.0.0.1", "127.0.0.1", true)]
    [InlineData("127.0.0.1", "127.0.0.2", false)]
    [InlineData("192.168.0.0/16", "192.168.7.9", true)]
    [InlineData("192.168.0.0/16", "192.169.7.9", false)]
    [InlineData("0.0.0.0/0", "8.8.8.8", true)]
    [InlineData("10.0.0.0/33", "10.0.0.0", false)]
    [InlineData("2001:db8::/32", "[2001:db8:1::9]", true)]
    [InlineData("[::1]", "::1", true)]
    [InlineData("::1", "[::1]", true)]
    // An address is no name's end.
    [InlineData("0.1", "127.0.0.1", false)]
    [InlineData("", "a.test", false)]
    public void Hosts_go_without_a_proxy(string list, string host, bool isCovered) => Assert.Equal(isCovered, new NoProxyList(list).Find(host) is not null);

    [Fact]
    public void The_list_has_an_end()
    {
        var list = string.Join(',', Enumerable.Range(0, ProxyLimits.NoProxyEntries + 1).Select(static i => $"h{i}.test"));
        Assert.Equal($"h{ProxyLimits.NoProxyEntries - 1}.test", new NoProxyList(list).Find($"h{ProxyLimits.NoProxyEntries - 1}.test"));
        Assert.Null(new NoProxyList(list).Find($"h{ProxyLimits.NoProxyEntries}.test"));
    }

    [Fact]
    public void The_users_proxy_goes_before_the_environments_and_the_schemes_before_the_one_for_all()
    {
        var (given, https, all) = (Of("given"), Of("https"), Of("all"));
        var settings = new ProxySettings { Named = [new("https", "https_proxy", https), new("", "all_proxy", all)] };
        Assert.Equal(("https_proxy", https), (settings.Find("https")!.Variable, settings.Find("https")!.Proxy));
        Assert.Equal(all, settings.Find("http")!.Proxy);
        Assert.Equal(("", given), ((settings with { Given = given }).Find("https")!.Variable, (settings with { Given = given }).Find("https")!.Proxy));
        Assert.Null(ProxySettings.None.Find("http"));
        var who = new Credentials("u", "p");
        Assert.Equal(who, (settings with { Credentials = who }).Find("http")!.Proxy.Credentials);

        static ProxyAddress Of(string host) => new(ProxyKind.Http, host, 1);
    }
}
