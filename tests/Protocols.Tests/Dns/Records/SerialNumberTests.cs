using CsCheck;
using Firstbyte.Dns.Records;

namespace Firstbyte.Tests.Dns.Records;

public class SerialNumberTests
{
    [Theory]
    // RFC 1982 section 5.2, in 32 bits.
    [InlineData(1u, 0u, true)]
    [InlineData(0u, 1u, false)]
    [InlineData(0u, 0u, false)]
    [InlineData(0x7FFFFFFFu, 0u, true)]
    [InlineData(0x80000000u, 0u, false)]
    [InlineData(0u, 0x80000000u, false)]
    [InlineData(0x80000001u, 0u, false)]
    [InlineData(0u, uint.MaxValue, true)]
    [InlineData(100u, 4294967196u, true)]
    public void What_is_newer_wraps_around(uint serial, uint than, bool expected) => Assert.Equal(expected, SerialNumber.IsNewer(serial, than));

    [Fact]
    public void The_next_one_is_newer_and_never_zero() => Gen.OneOf(Gen.UInt, Gen.Const(uint.MaxValue), Gen.Const(0u)).Sample(serial =>
    {
        var next = SerialNumber.Next(serial);
        Assert.True(SerialNumber.IsNewer(next, serial));
        Assert.NotEqual(0u, next);
    });
}
