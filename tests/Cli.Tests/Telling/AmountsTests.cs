using Firstbyte.Telling;

namespace Firstbyte.Tests.Telling;

public class AmountsTests
{
    /// <summary>Sentences say times as a person would.</summary>
    [Theory]
    [InlineData(0, "0 s", "0 秒")]
    [InlineData(1, "0.001 µs", "0.001 微秒")]
    [InlineData(50_000, "50 µs", "50 微秒")]
    [InlineData(20_000_000, "20 ms", "20 毫秒")]
    [InlineData(999_999_999, "1 s", "1 秒")]
    [InlineData(1_500_000_000, "1.5 s", "1.5 秒")]
    [InlineData(30_000_000_000, "30 s", "30 秒")]
    [InlineData(300_000_000_000, "5 min", "5 分钟")]
    [InlineData(303_250_000_000, "5 min 3.25 s", "5 分钟 3.25 秒")]
    [InlineData(7_200_000_000_000, "2 h", "2 小时")]
    [InlineData(86_461_000_000_000, "24 h 1 min 1 s", "24 小时 1 分钟 1 秒")]
    public void A_time_has_the_units_that_it_is_said_in(long nanoseconds, string english, string chinese) =>
        Assert.Equal((english, chinese), (Languages.English.Amounts.Duration(nanoseconds).ToString(), Languages.Chinese.Amounts.Duration(nanoseconds).ToString()));
}
