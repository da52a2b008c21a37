using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public sealed class OctetTextTests
{
    [Theory]
    [InlineData("")]
    [InlineData("61")]
    [InlineData("C3A9")]
    [InlineData("F09F9880")]
    [InlineData("F09F92A9")]
    [InlineData("F09F92A9A9")]
    [InlineData("F09F9880FF")]
    [InlineData("FF")]
    [InlineData("76FFE9")]
    [InlineData("EFBFBD80")]
    [InlineData("C3")]
    [InlineData("EDB2A061")]
    public void Octets_come_back_as_they_were(string octets)
    {
        var bytes = Convert.FromHexString(octets);
        var text = OctetText.Of(bytes);
        Assert.Equal(octets, Convert.ToHexString(OctetText.Octets(text)));
        Assert.Equal(!System.Text.Unicode.Utf8.IsValid(bytes), OctetText.HasOctets(text));
        Assert.False(OctetText.HasOctets(OctetText.Shown(text)));
        var room = new byte[bytes.Length];
        Assert.True(OctetText.TryWrite(text, room, out var written));
        Assert.Equal(bytes, room[..written]);
        if (bytes.Length > 0) { Assert.False(OctetText.TryWrite(text, room.AsSpan(1), out _)); }
    }

    [Fact]
    public void Whatever_octets_there_are_they_come_back()
    {
        var random = new Random(9110);
        var octets = new byte[12];
        for (var run = 0; run < 20_000; run++)
        {
            random.NextBytes(octets);
            Assert.Equal(octets, OctetText.Octets(OctetText.Of(octets)));
        }
    }

    [Fact]
    public void For_people_they_are_replaced() => Assert.Equal("v\uFFFD\uFFFD", OctetText.Shown(OctetText.Of([0x76, 0xFF, 0xE9])));
}
