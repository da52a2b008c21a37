using System.Text.Json;
using Firstbyte.Addressing;

namespace Firstbyte.Tests.Addressing;

public class EndpointTests
{
    [Theory]
    [InlineData("192.0.2.1:80")]
    [InlineData("[2001:db8::1]:443")]
    [InlineData(":0")]
    public void What_is_written_as_json_is_read_again(string text)
    {
        var endpoint = JsonSerializer.Deserialize<Endpoint>($"\"{text}\"");
        Assert.Equal(text, endpoint.ToString());
        Assert.Equal($"\"{text}\"", JsonSerializer.Serialize(endpoint));
    }
}
