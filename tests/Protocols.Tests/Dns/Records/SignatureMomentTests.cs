using Firstbyte.Dns.Signing;

namespace Firstbyte.Tests.Dns;

/// <summary>Moments of signatures as a command line gives them.</summary>
public class SignatureMomentTests
{
    private const uint Now = 1_800_000_000;

    [Theory]
    [InlineData("now", Now)]
    [InlineData("+1h30m", Now + 5400)]
    [InlineData("-1d", Now - 86400)]
    [InlineData("0", 0)]
    [InlineData("4294967295", uint.MaxValue)]
    [InlineData("20270115080000", Now)]
    [InlineData("+2494967295", uint.MaxValue)]
    public void A_moment_is_read(string text, uint moment)
    {
        Assert.True(SignatureMoment.TryParse(text, Now, out var read));
        Assert.Equal(moment, read);
    }

    [Theory]
    [InlineData("")]
    [InlineData("tomorrow")]
    [InlineData("+")]
    [InlineData("-1x")]
    [InlineData("-1800000001")]
    [InlineData("+2494967296")]
    [InlineData("4294967296")]
    [InlineData("20271301000000")]
    [InlineData("22000101000000")]
    public void What_is_no_moment_is_none(string text) => Assert.False(SignatureMoment.TryParse(text, Now, out _));

    [Fact]
    public void Moments_are_compared_as_serial_numbers()
    {
        Assert.True(SignatureMoment.IsBefore(uint.MaxValue, 5));
        Assert.False(SignatureMoment.IsBefore(5, uint.MaxValue));
        Assert.False(SignatureMoment.IsBefore(5, 5));
    }
}
