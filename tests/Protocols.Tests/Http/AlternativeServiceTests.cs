using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

/// <summary>The field Alt-Svc (RFC 7838 3).</summary>
public class AlternativeServiceTests
{
    [Theory]
    [InlineData("clear", "")]
    [InlineData("h2=\":8000\"", "h2 :8000 86400")]
    [InlineData("h2=\"new.example.org:80\"", "h2 new.example.org:80 86400")]
    [InlineData("h2=\"alt.example.com:8000\", h2=\":443\"", "h2 alt.example.com:8000 86400|h2 :443 86400")]
    [InlineData("h2=\":443\"; ma=2592000; persist=1", "h2 :443 2592000")]
    [InlineData(" h3=\":443\" ;\tMA=60 ,, h3-29=\":443\"", "h3 :443 60|h3-29 :443 86400")]
    [InlineData("h3=\"[2001:db8::1]:443\"", "h3 [2001:db8::1]:443 86400")]
    [InlineData("w%3D%3A%3D=\":1\"", "w%3D%3A%3D :1 86400")]
    [InlineData("h3=\":443\"; v=\"46,43\"", "h3 :443 86400")]
    [InlineData("h3=\":443\"; ma=99999999999999999999", "h3 :443 9223372036854775807")]
    public void What_is_offered_is_read(string value, string expected)
    {
        Assert.True(AlternativeService.TryRead(value, 8, out var services));
        Assert.Equal(expected, string.Join('|', services.Select(static one => $"{one.Protocol} {one.Host}:{one.Port} {one.MaximumAge}")));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("h3")]
    [InlineData("h3=:443")]
    [InlineData("h3=\"443\"")]
    [InlineData("h3=\":0\"")]
    [InlineData("h3=\":65536\"")]
    [InlineData("h3=\":443")]
    [InlineData("h 3=\":443\"")]
    [InlineData("=\":443\"")]
    [InlineData("h3=\":443\"; ma")]
    [InlineData("h3=\":443\"; ma=soon")]
    [InlineData("h3=\":443\"; ma=-1")]
    [InlineData("h3=\"a b:443\"")]
    [InlineData("h3=\":443\", h2")]
    [InlineData("Clear")]
    public void What_is_malformed_is_void(string value) => Assert.False(AlternativeService.TryRead(value, 8, out _));

    [Fact]
    public void No_more_are_read_than_are_wanted()
    {
        Assert.True(AlternativeService.TryRead(string.Join(',', Enumerable.Repeat("h3=\":443\"", 1000)), 8, out var services));
        Assert.Equal(8, services.Count);
    }
}
