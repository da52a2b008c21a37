using Firstbyte.Telling.Sentences;

namespace Firstbyte.Tests.Telling;

public sealed class StandpointTests
{
    /// <summary>A page has no command line: what is to be typed is said to be the command's.</summary>
    [Theory]
    [InlineData("-k goes on in spite of the certificate", true)]
    [InlineData("a name that the certificate is for; -k goes on in spite of it", true)]
    [InlineData("确实需要时用 -k 继续", true)]
    [InlineData("可用-v查看", true)]
    [InlineData("--max-redirs changes how many are followed", true)]
    [InlineData("firstbyte lab show x", true)]
    [InlineData("a self-signed certificate - of nobody", false)]
    [InlineData("check the spelling", false)]
    public void Advice_with_options_is_for_the_command(string advice, bool isElsewhere)
    {
        Assert.Equal(isElsewhere, new Standpoint(IsPage: true).IsElsewhere(advice));
        Assert.False(Standpoint.Here.IsElsewhere(advice));
    }
}
