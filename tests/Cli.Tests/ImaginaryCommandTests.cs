using System.CommandLine;
using Firstbyte.Cli.Commands;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Tests;

/// <summary>
/// A command that nobody has, with a command line of its own as dig and curl have one: everything about it is in this file, and the shell, <c>lab</c>, the
/// prompt, their help and their completion have it.
/// </summary>
public class ImaginaryCommandTests
{
    private static readonly CommandRegistry Registry = CommandRegistry.Standard.With("ask", static _ => new Ask());

    [Theory]
    [InlineData("ask -4 +short --lab www.lab.glasscom.com --json x", "client")]
    [InlineData("ask --lab=glasscom -4 +short www.lab.glasscom.com --json x", "client")]
    [InlineData("lab ask glasscom -4 +short www.lab.glasscom.com --json x", "client")]
    [InlineData("lab ask glasscom -4 +short --from client2 www.lab.glasscom.com --json x", "client2")]
    public void Its_words_are_its_own_but_for_those_that_name_the_place(string line, string host) =>
        Assert.Equal(new CommandRun(0, $"{host}: -4 +short www.lab.glasscom.com --json x: 192.0.2.226\n", ""), Command.RunOf(Registry, null, line.Split(' ')));

    [Fact]
    public void Behind_two_hyphens_even_those_are_its_own() =>
        Assert.Contains("a: -- --lab -- www", Command.RunOf(Registry, null, "ask", "--lab", "--", "--lab", "--", "www").Output.Replace("client", "a", StringComparison.Ordinal));

    [Fact]
    public void The_prompt_has_it_and_a_way_back_tells_it_once()
    {
        var run = Command.RunOf(Registry, "ask www.lab.glasscom.com -4 --from client2\ngoto 1\ngoto end\nhelp ask\n", "lab", "run", "glasscom");
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Single(run.Output.Split('\n'), static line => line == "client2: www.lab.glasscom.com -4: 192.0.2.226");
        Assert.Contains("--from HOST", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_help_is_ours_wherever_it_is_asked_for()
    {
        foreach (var line in (string[])["ask --help", "help ask", "ask +short --help x"])
        {
            var run = Command.RunOf(Registry, null, line.Split(' '));
            Assert.Equal((0, ""), (run.ExitCode, run.Errors));
            Assert.StartsWith("Asks as nobody asks\n\nUsage:\n  firstbyte ask [WORD…]", run.Output, StringComparison.Ordinal);
            Assert.Contains("--tun NAME", run.Output, StringComparison.Ordinal);
            Assert.DoesNotContain("--json", run.Output, StringComparison.Ordinal);
        }
        Assert.Contains("  ask ", Command.RunOf(Registry, null, "--help").Output, StringComparison.Ordinal);
        Assert.Contains("  ask ", Command.RunOf(Registry, null, "lab", "--help").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_completed() =>
        Assert.Contains("www.lab.glasscom.com", Command.RunOf(Registry, null, "[suggest]", "lab ask glasscom www.lab").Output, StringComparison.Ordinal);

    private sealed class Ask() : PlaceCommand("ask", "Asks as nobody asks")
    {
        private readonly Argument<string[]> _words = new("word") { Arity = ArgumentArity.ZeroOrMore };

        public override bool HasOwnGrammar => true;

        public override Argument Target => _words;

        public override void AddTo(System.CommandLine.Command command, bool isRecorded) => command.Arguments.Add(_words);

        public override int Run(ParseResult parsed, CommandSite site)
        {
            var words = parsed.GetValue(_words)!;
            using var station = site.Open(Use, isSilent: true);
            var said = "";
            var exitCode = station.Run(Name, async (host, stop) =>
            {
                var name = DnsName.Parse(words.First(static word => word.Contains("www", StringComparison.Ordinal)));
                var outcome = await host.Resolver!.ResolveAsync(name, RecordType.A, new ResolutionOptions { IsAbsolute = true }, host.Root(), stop);
                said = $"{host.Name}: {string.Join(' ', words)}: {string.Join(' ', (outcome as ResolvedAnswer)?.Records.Select(static one => one.Data.ToString()) ?? [])}";
                return ExitCodes.Success;
            });
            station.Outlet.Page?.Line(said);
            return exitCode;
        }
    }
}
