using Firstbyte.Http;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Http;

public sealed class RangeTests
{
    /// <summary>The examples of RFC 9110 14.4.</summary>
    [Theory]
    [InlineData("bytes 42-1233/1234", 42, 1233, 1234L)]
    [InlineData("bytes 42-1233/*", 42, 1233, null)]
    [InlineData("bytes 0-0/1", 0, 0, 1L)]
    public void A_range_says_which_bytes_of_how_many(string field, long first, long last, long? complete)
    {
        Assert.True(ContentRange.TryRead(field, out var range));
        Assert.Equal(new ContentRange(first, last, complete), range);
        Assert.Equal(field, range.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("bytes */1234")]
    [InlineData("bytes 5-4/10")]
    [InlineData("bytes 0-10/10")]
    [InlineData("bytes -5/10")]
    [InlineData("bytes 0-/10")]
    [InlineData("bytes +0-5/10")]
    [InlineData("bytes 0-5")]
    [InlineData("bytes 0/5-10")]
    [InlineData("lines 0-5/10")]
    [InlineData("bytes 0-99999999999999999999/*")]
    public void What_is_no_possible_range_is_none(string field) => Assert.False(ContentRange.TryRead(field, out _));

    /// <summary>The examples of RFC 9110 10.2.3, and the obsolete dates of 5.6.7.</summary>
    [Theory]
    [InlineData("120", 120)]
    [InlineData(" 0 ", 0)]
    [InlineData("Fri, 31 Dec 1999 23:59:59 GMT", 59)]
    [InlineData("Friday, 31-Dec-99 23:59:59 GMT", 59)]
    [InlineData("Fri Dec 31 23:59:59 1999", 59)]
    [InlineData("Thu, 30 Dec 1999 23:59:59 GMT", 0)]
    [InlineData("Sat, 31 Dec 2050 23:59:59 GMT", 21600)]
    [InlineData("99999999999999999999999", 21600)]
    public void A_server_says_how_long_to_wait(string field, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), RetryAfter.Read(field, Instant.FromDateTimeOffset(new DateTimeOffset(1999, 12, 31, 23, 59, 0, TimeSpan.Zero))));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("Fri, 31 Dec 1999")]
    public void What_says_nothing_is_no_wait(string field) => Assert.Null(RetryAfter.Read(field, default));
}
