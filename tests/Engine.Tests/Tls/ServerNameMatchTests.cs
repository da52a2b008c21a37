using Firstbyte.Tls;

namespace Firstbyte.Tests.Tls;

public class ServerNameMatchTests
{
    [Theory]
    [InlineData("www.example.test", "www.example.test", true)]
    [InlineData("WWW.Example.Test", "www.example.test", true)]
    [InlineData("www.example.test", "www.example.test.", true)]
    [InlineData("*.example.test", "www.example.test", true)]
    [InlineData("*.example.test", "example.test", false)]
    [InlineData("*.example.test", "a.www.example.test", false)]
    [InlineData("*.example.test", ".example.test", false)]
    [InlineData("w*.example.test", "www.example.test", false)]
    [InlineData("example.test", "www.example.test", false)]
    [InlineData("192.0.2.1", "192.0.2.1", true)]
    [InlineData("192.0.2.1", "192.0.2.2", false)]
    [InlineData("*.0.2.1", "192.0.2.1", false)]
    [InlineData("2001:db8::1", "2001:DB8:0::1", true)]
    [InlineData("", "", false)]
    [InlineData("*.", "x", false)]
    public void A_name_covers_a_host_as_RFC_9525_says(string name, string host, bool covers) =>
        Assert.Equal(covers, ServerNameMatch.Covers([name], host));
}
