using Firstbyte.Dns.Upstreams;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Tests.Dns;

public sealed class UpstreamTransportsTests
{
    private const string Pin = "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    [Theory]
    [InlineData("192.0.2.1", DnsTransport.Udp, "192.0.2.1:5353")]
    [InlineData("192.0.2.1:54", DnsTransport.Udp, "192.0.2.1:54")]
    [InlineData("2001:db8::1", DnsTransport.Udp, "[2001:db8::1]:5353")]
    [InlineData("udp://192.0.2.1", DnsTransport.Udp, "192.0.2.1:5353")]
    [InlineData("tcp://192.0.2.1", DnsTransport.Tcp, "192.0.2.1:5353")]
    [InlineData("tls://192.0.2.1", DnsTransport.Tls, "192.0.2.1:853")]
    [InlineData("TLS://[2001:db8::1]:8853#dns.example", DnsTransport.Tls, "[2001:db8::1]:8853", "dns.example")]
    [InlineData("tls://192.0.2.1#" + Pin, DnsTransport.Tls, "192.0.2.1:853", "", 1)]
    [InlineData("tls://192.0.2.1#dns.example," + Pin + "," + Pin, DnsTransport.Tls, "192.0.2.1:853", "dns.example", 2)]
    [InlineData("tls-opportunistic://192.0.2.1", DnsTransport.Tls, "192.0.2.1:853", "", 0, "192.0.2.1:5353")]
    [InlineData("https://192.0.2.1", DnsTransport.Https, "192.0.2.1:443")]
    [InlineData("https://192.0.2.1/", DnsTransport.Https, "192.0.2.1:443")]
    [InlineData("https://192.0.2.1:8443/resolve?x=1#dns.example", DnsTransport.Https, "192.0.2.1:8443", "dns.example", 0, null, "/resolve?x=1")]
    public void Servers_are_read(
        string text, DnsTransport transport, string endpoint, string name = "", int pins = 0, string? inClear = null, string path = "/dns-query")
    {
        Assert.True(UpstreamTransports.TryParse(text, 5353, out var server));
        Assert.Equal(
            (transport, endpoint, name, pins, inClear, path),
            (server.Transport, server.Endpoint.ToString(), server.Name.TrimEnd('.'), server.PinnedKeys.Count, server.InClear?.ToString(), server.Path));
    }

    [Theory]
    [InlineData("")]
    [InlineData("dns.example")]
    [InlineData("tls://dns.example")]
    [InlineData("tls://")]
    [InlineData("tls://192.0.2.1#")]
    [InlineData("tls://192.0.2.1#.")]
    [InlineData("tls://192.0.2.1#a,b")]
    [InlineData("tls://192.0.2.1#a\\;b")]
    [InlineData("https://192.0.2.1#a@b")]
    [InlineData("https://192.0.2.1#a\\032b")]
    [InlineData("tls://192.0.2.1#sha256//AAAA")]
    [InlineData("tls://192.0.2.1/dns-query")]
    [InlineData("tls-opportunistic://192.0.2.1#dns.example")]
    [InlineData("udp://192.0.2.1#dns.example")]
    [InlineData("https://192.0.2.1/a b")]
    [InlineData("https://192.0.2.1/a\r\nX: y")]
    [InlineData("quic://192.0.2.1")]
    [InlineData("192.0.2.1:99999")]
    public void What_is_no_server_is_none(string text) => Assert.False(UpstreamTransports.TryParse(text, 53, out _));
}
