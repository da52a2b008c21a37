using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Packets;
using Firstbyte.Routing.Rip;

namespace Firstbyte.Tests.Routing;

public class RipMessageTests
{
    [Theory]
    [InlineData("0202 0000 0002 0007 0A010000 FFFF0000 00000000 00000003", "10.1.0.0/16 3 tag 7")]
    [InlineData("0202 0000 0002 0000 0A010000 FFFF0000 C0000209 00000010", "10.1.0.0/16 16 by 192.0.2.9")]
    [InlineData("0202 0000 0002 0000 00000000 00000000 00000000 00000001", "0.0.0.0/0 1")]
    // No route: metric 0 and 17, a mask with a hole, another family, authentication (RFC 2453 section 4.1), loopback, a group, network 0, a short default.
    [InlineData("0202 0000 0002 0000 0A010000 FFFF0000 00000000 00000000", "")]
    [InlineData("0202 0000 0002 0000 0A010000 FFFF0000 00000000 00000011", "")]
    [InlineData("0202 0000 0002 0000 0A010000 FF00FF00 00000000 00000001", "")]
    [InlineData("0202 0000 0003 0000 0A010000 FFFF0000 00000000 00000001", "")]
    [InlineData("0202 0000 FFFF 0002 0A010000 FFFF0000 00000000 00000001", "")]
    [InlineData("0202 0000 0002 0000 7F000000 FF000000 00000000 00000001", "")]
    [InlineData("0202 0000 0002 0000 E0000009 FFFFFFFF 00000000 00000001", "")]
    [InlineData("0202 0000 0002 0000 00010000 FFFF0000 00000000 00000001", "")]
    [InlineData("0202 0000 0002 0000 0A010000 00000000 00000000 00000001", "")]
    public void Rows_of_ripv2(string hex, string expected) => Assert.Equal(expected, Read(hex, isV6: false));

    [Theory]
    [InlineData("0201 0000 20010DB8000100000000000000000000 0007 30 03", "2001:db8:1::/48 3 tag 7")]
    [InlineData("0201 0000 FE800000000000000000000000000009 0000 00 FF 20010DB8000100000000000000000000 0000 30 03", "2001:db8:1::/48 3 by fe80::9")]
    [InlineData("0201 0000 20010DB8000000000000000000000009 0000 00 FF 20010DB8000100000000000000000000 0000 30 03", "2001:db8:1::/48 3")]
    [InlineData("0201 0000 20010DB8000100000000000000000000 0000 81 03", "")]
    [InlineData("0201 0000 FE800000000000000000000000000000 0000 40 03", "")]
    [InlineData("0201 0000 FF020000000000000000000000000000 0000 40 03", "")]
    public void Rows_of_ripng(string hex, string expected) => Assert.Equal(expected, Read(hex, isV6: true));

    [Theory]
    [InlineData("0102 0000 0000 0000 00000000 00000000 00000000 00000010", false, true)]
    [InlineData("0102 0000 0002 0000 00000000 00000000 00000000 00000010", false, false)]
    [InlineData("0202 0000 0000 0000 00000000 00000000 00000000 00000010", false, false)]
    [InlineData("0101 0000 00000000000000000000000000000000 0000 00 10", true, true)]
    [InlineData("0101 0000 00000000000000000000000000000000 0000 01 10", true, false)]
    public void A_request_for_everything(string hex, bool isV6, bool expected)
    {
        Assert.True(RipView.TryParse(Bytes(hex), isV6, out var message, out _));
        Assert.Equal(expected, message.AsksForAll);
        if (!expected) { return; }
        var buffer = new byte[24];
        var writer = new RipWriter(buffer, isV6, RipCommand.Request);
        writer.AddRequestForAll();
        Assert.Equal(Bytes(hex), buffer);
    }

    [Theory]
    [InlineData("", PacketFlaw.TooShort)]
    [InlineData("0202 0000", PacketFlaw.TooShort)]
    [InlineData("0302 0000 0002 0000 0A010000 FFFF0000 00000000 00000001", PacketFlaw.UnknownKind)]
    [InlineData("0201 0000 0002 0000 0A010000 FFFF0000 00000000 00000001", PacketFlaw.WrongVersion)]
    [InlineData("0202 0000 0002 0000 0A010000 FFFF0000 00000000 00000001 00", PacketFlaw.PayloadTruncated)]
    public void What_is_no_message(string hex, PacketFlaw expected)
    {
        Assert.False(RipView.TryParse(Bytes(hex), false, out _, out var flaw));
        Assert.Equal(expected, flaw);
    }

    [Fact]
    public void Rows_behind_the_twenty_fifth_are_not_read()
    {
        var buffer = new byte[4 + 30 * 20];
        var writer = new RipWriter(buffer, false, RipCommand.Response);
        for (var i = 0; i < 30; i++) { writer.Add(new RipRoute(IpPrefix.Parse($"10.{i}.0.0/16"), 1)); }
        Assert.True(RipView.TryParse(buffer, false, out var message, out _));
        var rows = message.Rows;
        var count = 0;
        while (rows.Read()) { count++; }
        Assert.Equal(25, count);
    }

    [Fact]
    public void What_is_written_is_read() =>
        Gen.Select(Gen.Bool, Gen.Select(Gen.UInt[0x0B000000, 0x7E000000], Gen.Int[1, 32], Gen.Int[1, 16], Gen.UShort).Array[1, 25]).Sample(static (isV6, routes) =>
        {
            RipRoute[] written = [.. routes.Select(route => new RipRoute(
                isV6 ? new IpPrefix(IpAddress.FromV6(new UInt128(0x2001_0DB8_0000_0000UL | route.Item1, 0)), 32 + route.Item2) : new IpPrefix(IpAddress.FromV4(route.Item1), Math.Max(8, route.Item2)), route.Item3, default, route.Item4))];
            var buffer = new byte[4 + 20 * written.Length];
            var writer = new RipWriter(buffer, isV6, RipCommand.Response);
            foreach (var route in written) { writer.Add(route); }
            Assert.Equal(buffer.Length, writer.Length);
            Assert.True(RipView.TryParse(buffer, isV6, out var message, out _));
            var read = new List<RipRoute>();
            var rows = message.Rows;
            while (rows.Read()) { read.Add(rows.Route); }
            Assert.Equal(written, read);
        });

    private static string Read(string hex, bool isV6)
    {
        Assert.True(RipView.TryParse(Bytes(hex), isV6, out var message, out _));
        var lines = new List<string>();
        var rows = message.Rows;
        while (rows.Read())
        {
            var route = rows.Route;
            lines.Add($"{route.Prefix} {route.Metric}{(route.NextHop.Version == IpVersion.None ? "" : $" by {route.NextHop}")}{(route.Tag == 0 ? "" : $" tag {route.Tag}")}");
        }
        return string.Join(", ", lines);
    }

    private static byte[] Bytes(string hex) => Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
}
