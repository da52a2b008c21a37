using System.Reflection;
using Firstbyte.Cli.Io;
using Firstbyte.Journeys;
using Firstbyte.Telling;

namespace Firstbyte.Tests;

/// <summary>What <c>--help</c> says of exit codes is the one list of them.</summary>
public class ExitCodeTests
{
    [Fact]
    public void Every_exit_code_is_in_the_help_of_every_language()
    {
        var codes = ((Type[])[typeof(ExitCodes), typeof(Exit), typeof(Signals)]).SelectMany(static type => type.GetFields(BindingFlags.Public | BindingFlags.Static))
            .Where(static field => field.IsLiteral).Select(static field => (int)field.GetRawConstantValue()!).Distinct().Order().ToArray();
        Assert.Equal(codes, Exit.All);
        foreach (var language in Languages.All)
        {
            Assert.All(codes, code => Assert.NotEmpty(language.Help.ExitCode(code)));
            Assert.Empty(language.Help.ExitCode(99));
            var help = WithoutSpace(Command.Run("--help", "--lang", language.Tag).Output);
            Assert.All(codes, code => Assert.Contains(WithoutSpace($"{code} {language.Help.ExitCode(code)}"), help, StringComparison.Ordinal));
        }
    }

    // Lines are broken anywhere between words, and in Chinese between letters.
    private static string WithoutSpace(string text) => string.Concat(text.Where(static letter => !char.IsWhiteSpace(letter)));
}
