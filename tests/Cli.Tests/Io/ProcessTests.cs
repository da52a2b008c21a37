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
}
