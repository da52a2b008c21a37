using Firstbyte.Cli.Commands;
using Firstbyte.Telling;
namespace Firstbyte.Tests;

/// <summary>ping and traceroute are written once: what they say of a lab, of this machine and over any other place differs only in addresses and times.</summary>
public class ProbeCommandTests
{
    /// <summary>What runs on a host can be given in the shell, in a lab and at its prompt, explained and completed.</summary>
    [Fact]
    public void Every_program_of_a_host_is_there_at_every_place()
    {
        var programs = CommandRegistry.Standard.AtPlaces(Languages.English).Where(static one => !one.IsUnnamed).Select(static program => program.Name).ToArray();
        Assert.True(programs.Length >= 2);
        Assert.All(programs, static name =>
        {
            Assert.Contains($"firstbyte {name} ", Command.Run(name, "--help").Output, StringComparison.Ordinal);
            Assert.Contains($"firstbyte lab {name} ", Command.Run("lab", name, "--help").Output, StringComparison.Ordinal);
            Assert.Contains("--tun", Command.Run(name, "--help").Output, StringComparison.Ordinal);
            Assert.Contains("--from", Command.RunWith($"help {name}\n", null, "lab", "run", "glasscom").Output, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    public void Ping_works_from_this_machine(string address)
    {
        var run = RunHere("ping", address, "-c", "2", "-i", "10ms");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.StartsWith($"PING {address} from {address}: 56 data bytes\n64 bytes from {address}: icmp_seq=1 ttl=64 time=", run.Output);
        Assert.Contains("2 packets transmitted, 2 received, 0% packet loss", run.Output);
    }

    [Fact]
    public void Traceroute_works_from_this_machine()
    {
        var run = RunHere("traceroute", "127.0.0.1");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Matches(@"\n 1  127\.0\.0\.1  \d+\.\d+ ms  \d+\.\d+ ms  \d+\.\d+ ms\n$", run.Output);
    }

    [Fact]
    public void The_size_reaches_the_wire()
    {
        var run = RunHere("ping", "127.0.0.1", "-c", "1", "-s", "1000");
        Assert.Contains("1008 bytes from 127.0.0.1: icmp_seq=1 ttl=", run.Output);
    }

    [Theory]
    [InlineData("ping", "www")]
    [InlineData("traceroute", "www.lab.glasscom.com")]
    public void In_a_lab_they_say_the_same_from_the_shell_and_of_the_lab(string verb, string target)
    {
        var run = Command.Run(verb, "--lab", target);
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Command.Run("lab", verb, "glasscom", target), run);
    }

    // A user whom the system lets send no echo requests is told so, and has nothing to test.
    private static CommandRun RunHere(params string[] arguments)
    {
        if (!OperatingSystem.IsLinux()) { Assert.Skip("needs Linux"); }
        var run = Command.Run(arguments);
        if (run.Errors.Contains("ping_group_range", StringComparison.Ordinal)) { Assert.Skip("this user may send no echo requests"); }
        if (run.Errors.Contains("EADDRNOTAVAIL", StringComparison.Ordinal) || run.Output.Contains("ENETUNREACH", StringComparison.Ordinal)) { Assert.Skip("this machine has no such address"); }
        return run;
    }
}
