using System.Text;
using Firstbyte.Exports;

namespace Firstbyte.Tests.Exports;

public class SecretTests
{
    [Theory]
    [InlineData("http://user:hunter2@www.glasscom.com:80/dir/file1.htm", "http://user:********@www.glasscom.com:80/dir/file1.htm")]
    [InlineData("user:hunter2@host/path", "user:********@host/path")]
    [InlineData("http://h/?a=1&password=hunter2&b=2", "http://h/?a=1&password=********&b=2")]
    [InlineData("http://h/?access_token=hunter2#f", "http://h/?access_token=********#f")]
    [InlineData("http://h/mail@example.com:hunter", "http://h/mail@example.com:hunter")]
    [InlineData("http://user@h/", "http://user@h/")]
    public void Passwords_in_urls_are_covered(string url, string masked) => Assert.Equal(masked, SecretText.MaskUrl(url));

    /// <summary>However the bytes are cut into pieces, no secret shows, and every piece keeps its length.</summary>
    [Fact]
    public void Secrets_on_the_wire_are_covered_at_every_cut()
    {
        var message = Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: h\r\nAuthorization: Basic hunter2\r\nX: y\r\ncookie: a=hunter2; b=hunter2\r\n\r\n");
        for (var cut = 0; cut <= message.Length; cut++)
        {
            var wire = new SecretWire();
            var masked = wire.Mask(message.AsSpan(0, cut)).Concat(wire.Mask(message.AsSpan(cut))).ToArray();
            var text = Encoding.ASCII.GetString(masked);
            Assert.Equal(message.Length, masked.Length);
            Assert.DoesNotContain("hunter2", text);
            Assert.Contains("Host: h\r\n", text);
            Assert.Contains("X: y\r\n", text);
        }
    }

    [Fact]
    public void Passwords_in_forms_are_covered() =>
        Assert.Equal("user=a&password=*******&x=1", Encoding.ASCII.GetString(new SecretWire().Mask("user=a&password=hunter2&x=1"u8)));
}
