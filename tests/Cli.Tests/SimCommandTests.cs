using System.Text.Json;

namespace Firstbyte.Tests;

public sealed class SimCommandTests
{
    [Fact]
    public void Two_processes_with_different_numbers_of_jobs_print_the_same_hashes()
    {
        var one = Command.Run("sim", "--seeds", "1..6", "--hashes", "--jobs", "1");
        Assert.Equal(0, one.ExitCode);
        Assert.Matches("^(\\d+ [0-9a-f]{16}\n){6}$", one.Output);
        Assert.Equal(one.Output, Command.Run("sim", "--seeds", "1..6", "--hashes", "--jobs", "3").Output);
    }

    [Fact]
    public void One_world_is_told_with_its_faults_and_every_world_is_a_line_of_JSON()
    {
        var text = Command.Run("sim", "--seed", "2");
        Assert.Equal(0, text.ExitCode);
        Assert.Matches("Seed 2: \\d subnets, \\d routers, \\d+ hosts, \\d+ journeys", text.Output);
        Assert.Contains("everything held", text.Output);

        var lines = Command.Run("sim", "--seeds", "2..3", "--faults", "loss,down", "--json").Output.TrimEnd('\n').Split('\n');
        Assert.Equal(["world", "world", "coverage"], lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("type").GetString()));
        var fired = JsonDocument.Parse(lines[^1]).RootElement.GetProperty("faults");
        Assert.Equal(0, fired.GetProperty("throttle").GetInt64());
        Assert.True(fired.GetProperty("loss").GetInt64() > 0);
    }

    [Fact]
    public void What_was_to_be_covered_and_was_not_is_a_failure()
    {
        var run = Command.Run("sim", "--seeds", "2..2");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("NOT COVERED: ", run.Output);
    }

    [Theory]
    [InlineData("--seeds", "5..1")]
    [InlineData("--seeds", "many")]
    [InlineData("--faults", "gremlins")]
    [InlineData("--faults", "3")]
    public void What_cannot_be_understood_is_said(string option, string value)
    {
        var run = Command.Run("sim", option, value);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(value, run.Errors);
    }
}
