namespace Firstbyte.Tests;

/// <summary><c>firstbyte zone check</c> with files: what is included, and where its lines are.</summary>
public class ZoneCommandTests
{
    private const string Head = "$TTL 60\n@ SOA a. b. 1 2 3 4 5\n@ NS x.\n";

    [Fact]
    public void A_fault_in_an_included_file_is_shown_with_its_line()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), Head + "$INCLUDE inner\n");
        File.WriteAllText(Path.Combine(folder.Path, "inner"), "; a comment\n\na\t1\tA\t1.2.3\n");
        var run = Command.RunIn(folder.Path, "zone", "check", "example=db");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("error: inner:3:7: expected an IPv4 address such as 192.0.2.1, found '1.2.3'\n     3 | a 1 A 1.2.3\n       |       ^\nzone example. cannot be served\n", run.Output);
    }

    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("nowhere")]
    [InlineData(".")]
    public void Only_regular_files_are_included(string name)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("devices of Linux"); }
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "db"), Head + $"$INCLUDE {name}\n");
        var run = Command.RunIn(folder.Path, "zone", "check", "example=db");
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"error: db:4:10: expected the name of a file that can be read, found '{name}'\n", run.Output, StringComparison.Ordinal);
    }
}
