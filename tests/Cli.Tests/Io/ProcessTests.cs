namespace Firstbyte.Tests.Io;

/// <summary>The one test that starts every command for real: what it prints as a process is what it prints in this one.</summary>
public class ProcessTests
{
    [Fact]
    public void As_a_process_a_command_prints_what_it_prints_here() =>
        // A start waits for the disk and for itself as often as it computes: several at once are not longer than the last.
        Parallel.ForEach(OutputTests.Printing.Values.Select(static lines => lines[0]), new ParallelOptions { MaxDegreeOfParallelism = 3 }, static words =>
        {
            var input = OutputTests.Inputs.GetValueOrDefault(string.Join(' ', words));
            Assert.Equal(Command.RunWith(input, null, words), Command.Start(input ?? "", null, words));
        });

    /// <summary>A URL whose path ends as the program is called is a URL: the parser's own guess is that a first word of that end is the program.</summary>
    [Theory]
    [InlineData("http://www.lab.glasscom.com/firstbyte", "--lab")]
    [InlineData("http://www.lab.glasscom.com/dir1/firstbyte.dll", "--lab")]
    public void A_URL_that_ends_as_the_program_is_called_is_a_URL(params string[] words) =>
        Assert.Contains($"URL       {words[0]}", Command.Start("", null, words).Output, StringComparison.Ordinal);
}
