using Firstbyte.Cli;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;
using Firstbyte.Telling;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Telling.Sentences.English;

namespace Firstbyte.Tests.Telling;

public class LanguagesTests
{
    [Theory]
    [InlineData("zh", "zh")]
    [InlineData("ZH", "zh")]
    [InlineData("zh_CN.UTF-8", "zh")]
    [InlineData("zh-Hans-CN", "zh")]
    [InlineData("en_GB@euro", "en")]
    [InlineData("zh_SG.UTF-8", "zh")]
    [InlineData("zh-Hans-TW", "zh")]
    [InlineData("zh_TW.UTF-8", null)]
    [InlineData("zh-HK", null)]
    [InlineData("zh_mo", null)]
    [InlineData("zh-Hant", null)]
    [InlineData("zh_Hant_SG.UTF-8@pinyin", null)]
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
    [InlineData("tlh_AQ.UTF-8", "", "zh_CN.UTF-8", "en")]
    [InlineData("", "", "zh_CN", "zh")]
    [InlineData("", "", "zh_CN.utf8@pinyin", "zh")]
    [InlineData("", "", "zh_CN.GBK", "en")]
    [InlineData("", "zh_CN.GB18030", "zh_CN.UTF-8", "en")]
    [InlineData("zh_TW.UTF-8", "", "", "en")]
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

    /// <summary>What is registered is in the help and is completed, and speaks where it is asked for; a locale asks only for what is complete.</summary>
    [Fact]
    public void Every_language_of_the_registry_is_found_everywhere()
    {
        Assert.Equal(Languages.All.Count, Languages.All.Select(static language => language.Tag).Distinct().Count());
        var help = Command.Run("ip", "--help").Output;
        var completed = Command.Run("[suggest:17]", "firstbyte --lang ").Output.Split('\n');
        Assert.All(Languages.All, language =>
        {
            Assert.Matches($@"--lang LANGUAGE [^-]*\b{language.Tag}\b", help);
            Assert.Contains(language.Tag, completed);
            Assert.Same(language, CommandLineText.LanguageOf(["--lang", language.Tag], static _ => null));
            Assert.Same(language.IsComplete ? language : Languages.English, Languages.FromEnvironment(name => name == "LANG" ? language.Tag : null));
        });
        Assert.All(Languages.All, static language => Assert.Equal(language.IsComplete, StandsAlone(language)));
    }

    /// <summary>A language under work says what it can sentence by sentence, and everything else in English.</summary>
    [Fact]
    public void A_language_that_is_not_complete_says_the_rest_in_English()
    {
        var pirate = new PirateLanguage();
        Assert.False(StandsAlone(pirate));
        using var io = new CommandIo(Stream.Null, Stream.Null, Stream.Null, new ProcessSignals()) { Language = pirate };
        var help = new HelpPage(pirate, 100, "firstbyte ping").Of(new PingCommand(pirate).InShell(io)).ToArray();
        Assert.Equal("Hails a ship", help[0]);
        Assert.Contains("Heed:", help);
        Assert.Contains("Options:", help);
        Assert.Contains(help, static line => line.Contains("IPv4 only", StringComparison.Ordinal));
        Assert.Equal("2 leagues away", pirate.Amounts.Hops(2).ToString());
        Assert.Equal(Languages.English.Amounts.Bytes(5).ToString(), pirate.Amounts.Bytes(5).ToString());
    }

    // Neither it nor what it says of anything is made of another language's: then a sentence that is missing does not compile.
    private static bool StandsAlone(Language language) => language.GetType().BaseType == typeof(Language)
        && typeof(Language).GetProperties().Where(static one => one.PropertyType.IsInterface).All(one => one.GetValue(language)!.GetType().BaseType == typeof(object));

    [Fact]
    public void A_language_that_is_not_spoken_is_refused()
    {
        var run = Command.Run("--lang", "tlh", "--lab", "http://www.lab.glasscom.com/");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"--lang 'tlh': expected one of {string.Join(", ", Languages.All.Select(static language => language.Tag))}", run.Errors);
    }

    private sealed class PirateLanguage : EnglishLanguage
    {
        public override string Tag => "arr";

        public override string Name => "Pirate";

        public override bool IsComplete => false;

        public override IHelp Help { get; } = new PirateHelp();

        public override IAmountSentences Amounts { get; } = new PirateAmounts();
    }

    private sealed class PirateHelp : EnglishHelp, IHelp
    {
        string IHelp.Ping => "Hails a ship";

        string IHelp.UsageHead => "Heed:";
    }

    private sealed class PirateAmounts : EnglishAmounts, IAmountSentences
    {
        Phrase IAmountSentences.Hops(long count) => $"{count:#,0} leagues away";
    }
}
