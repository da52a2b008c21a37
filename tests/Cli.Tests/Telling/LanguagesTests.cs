using Firstbyte.Cli;
using Firstbyte.Telling;

namespace Firstbyte.Tests.Telling;

public class LanguagesTests
{
    [Theory]
    [InlineData("zh", "zh")]
    [InlineData("ZH", "zh")]
    [InlineData("zh_CN.UTF-8", "zh")]
    [InlineData("zh-Hans-CN", "zh")]
    [InlineData("en_GB@euro", "en")]
    [InlineData("zhx", null)]
    [InlineData("C", null)]
    [InlineData("", null)]
    public void A_locale_names_its_language(string locale, string? tag) => Assert.Equal(tag, Languages.Of(locale)?.Tag);

    /// <summary>XBD 8.2: the first of the variables that is set and not empty decides.</summary>
    [Theory]
    [InlineData("", "", "", "en")]
    [InlineData("", "", "zh_CN.UTF-8", "zh")]
    [InlineData("", "zh_CN.UTF-8", "en_US.UTF-8", "zh")]
    [InlineData("C", "zh_CN.UTF-8", "zh_CN.UTF-8", "en")]
    [InlineData("zh_CN.UTF-8", "C", "C", "zh")]
    [InlineData("de_DE.UTF-8", "", "zh_CN.UTF-8", "en")]
    public void The_environment_chooses(string all, string messages, string lang, string tag)
    {
        var variables = new Dictionary<string, string> { ["LC_ALL"] = all, ["LC_MESSAGES"] = messages, ["LANG"] = lang };
        Assert.Equal(tag, Languages.FromEnvironment(variables.GetValueOrDefault).Tag);
    }

    [Theory]
    [InlineData("zh", "--lang", "zh", "--lab", "http://x/")]
    [InlineData("zh", "--lab", "http://x/", "--lang=zh")]
    [InlineData("en", "--lang=en")]
    [InlineData("zh", "--", "--lang=en")]
    [InlineData("zh", "http://x/")]
    [InlineData("zh", "--lang", "fr", "http://x/")]
    [InlineData("zh", "--lang=fr")]
    public void The_command_line_has_the_last_word(string tag, params string[] arguments) => Assert.Equal(tag, CommandLineText.LanguageOf(arguments, name => name == "LANG" ? "zh_CN" : null).Tag);

    [Fact]
    public void A_language_that_is_not_spoken_is_refused()
    {
        var run = Command.Run("--lang", "tlh", "--lab", "http://www.lab.glasscom.com/");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--lang 'tlh': expected one of en, zh", run.Errors);
    }
}
