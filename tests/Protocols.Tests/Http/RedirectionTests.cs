using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

/// <summary>RFC 9110 15.4, row by row.</summary>
public sealed class RedirectionTests
{
    [Theory]
    [InlineData(301, "GET", "GET")]
    [InlineData(301, "POST", "GET")]
    [InlineData(301, "PUT", "PUT")]
    [InlineData(301, "HEAD", "HEAD")]
    [InlineData(302, "POST", "GET")]
    [InlineData(302, "DELETE", "DELETE")]
    [InlineData(303, "POST", "GET")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "POST", "POST")]
    public void The_method_changes_as_the_status_says(int status, string before, string after) => Assert.Equal(after, Redirection.NextMethod(status, before));

    [Theory]
    [InlineData(300, false)]
    [InlineData(301, true)]
    [InlineData(304, false)]
    [InlineData(305, false)]
    [InlineData(307, true)]
    [InlineData(308, true)]
    [InlineData(200, false)]
    public void Some_of_the_3xx_are_followed(int status, bool isFollowed) => Assert.Equal(isFollowed, Redirection.IsFollowed(status));

    [Theory]
    [InlineData(false, false, "")]
    [InlineData(true, false, "authorization Cookie Host X-Api-Key")]
    [InlineData(false, true, "Content-Type")]
    [InlineData(true, true, "authorization Cookie Content-Type Host X-Api-Key")]
    public void Fields_are_left_out_that_another_origin_is_not_to_see_or_that_describe_what_is_not_sent(bool crossesOrigin, bool dropsContent, string names)
    {
        HttpField[] fields = [new("authorization", "Bearer t"), new("Accept", "*/*"), new("Cookie", "a=b"), new("Content-Type", "text/plain"), new("Host", "h"), new("X-Api-Key", "k")];
        Assert.Equal(names, string.Join(' ', Redirection.LeftOut(fields, crossesOrigin, dropsContent).Select(field => field.Name)));
    }
}
