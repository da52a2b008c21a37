using System.Text.Json;
using Firstbyte.Cli;
using Firstbyte.Cli.Commands;
using Firstbyte.Cli.Io;

namespace Firstbyte.Tests;

/// <summary>Command lines that are not what they should be: each is refused with what may be meant, and no packet leaves.</summary>
public class MisuseTests
{
    /// <summary>A short run makes what its line names; the list of names is the commands' own.</summary>
    [Fact]
    public void Every_command_is_listed_by_its_own_name()
    {
        using var io = new CommandIo(Stream.Null, Stream.Null, Stream.Null, new ProcessSignals());
        var whole = Application.Grammar(io);
        Assert.All(whole.Subcommands, static command => Assert.True(CommandRegistry.Standard.Has(command.Name), command.Name));
        Assert.All(whole.Subcommands, static command => Assert.True(command.Options.Count + command.Arguments.Count + command.Subcommands.Count > 0, command.Name));
        var names = new System.CommandLine.Command("names");
        CommandRegistry.Standard.AddTo(names, io, static _ => false);
        Assert.Equal(whole.Subcommands.Select(static command => command.Name), names.Subcommands.Select(static command => command.Name));
        Assert.All(names.Subcommands, static command => Assert.Empty(command.Options));
    }

    [Theory]
    [InlineData("--labs", "there is no option '--labs'; did you mean '--lab'?")]
    [InlineData("--jsn http://h/", "there is no option '--jsn'; did you mean '--json'?")]
    [InlineData("--interface eth0 http://h/", "curl's --interface is here --tun NAME")]
    [InlineData("-sSz x --lab http://www.lab.glasscom.com/", "curl's -z is not here (yet)")]
    [InlineData("-version", "there is no option '-version'; did you mean '--version'?")]
    [InlineData("-verbose --lab http://www.lab.glasscom.com/", "there is no option '-verbose'; did you mean '--verbose'?")]
    [InlineData("-vv=x --lab http://www.lab.glasscom.com/", "-v takes no value: it is there, or it is not")]
    [InlineData("resolve -vx --lab www.lab.glasscom.com", "there is no option '-x'")]
    [InlineData("ping -4x --lab www", "there is no option '-x'")]
    [InlineData("tracert www", "there is no command 'tracert'; did you mean 'traceroute'?")]
    [InlineData("nslookup www.test 127.0.0.1", "there is no command 'nslookup'; did you mean 'resolve'?")]
    [InlineData("versoin", "there is no command 'versoin'; did you mean '--version'?")]
    [InlineData("wget http://127.0.0.1:1/", "there is no command 'wget'; did you mean 'curl'?")]
    [InlineData("-vLß --lab http://www.lab.glasscom.com/", "there is no option '-ß'")]
    [InlineData("resolve -vZ --lab www.lab.glasscom.com", "there is no option '-Z'")]
    [InlineData("-P - ftp://h/", "curl's -P is not here (yet)")]
    [InlineData("-B http://h/", "curl's -B is not here (yet)")]
    [InlineData("--doh-url x http://h/", "curl's --doh-url is not here (yet)")]
    [InlineData("--aws-sigv4 x http://h/", "curl's --aws-sigv4 is not here (yet)")]
    [InlineData("--post301 http://h/", "curl's --post301 is not here (yet)")]
    [InlineData("-Q http://h/", "curl's -Q is not here (yet)")]
    [InlineData("--capath x http://localhost/", "curl's --capath is not here (yet)")]
    [InlineData("--lab=two-subnets resolve www.test", "'--lab' stands before 'resolve', where that does not hear it")]
    [InlineData("--json ip 10.0.0.0/8", "'--json' stands before 'ip', where that does not hear it")]
    [InlineData("http://127.0.0.1:1/ ip 10.0.0.0/8", "'http://127.0.0.1:1/' stands before 'ip', where that does not hear it")]
    [InlineData("--pcap p.pcapng lab ping two-subnets www", "'--pcap' stands before 'lab ping', where that does not hear it")]
    [InlineData("--nonsense ip 10.0.0.0/8", "'--nonsense' stands before 'ip', where that does not hear it")]
    [InlineData("--lab reslove www.test", "there is no command 'reslove'; did you mean 'resolve'?")]
    [InlineData("--server 127.0.0.1:1 -v Resolve www.test", "there is no command 'Resolve'; did you mean 'resolve'?")]
    [InlineData("ping --lab www -t 0", "-t wants a number from 1 to 255")]
    [InlineData("--nonsense http://h/", "there is no option '--nonsense'")]
    [InlineData("reslove x", "there is no command 'reslove'; did you mean 'resolve'? (a host of that name: http://reslove/)")]
    [InlineData("hlep", "there is no command 'hlep'; did you mean 'help'? (a host of that name: http://hlep/)")]
    [InlineData("-v=3 --lab http://www.lab.glasscom.com/", "-v takes no value: it is there, or it is not")]
    [InlineData("--lab http://www.lab.glasscom.com/ --body=x", "--body takes no value: it is there, or it is not")]
    [InlineData("-", "there is no option '-'")]
    [InlineData("--lab -", "there is no option '-'")]
    [InlineData("help nosuch", "there is no command 'nosuch' (resolve, dig, curl, doctor, ping")]
    [InlineData("reslove --help", "there is no command 'reslove'; did you mean 'resolve'?")]
    [InlineData("--version --lab", "--version has no use for '--lab'")]
    [InlineData("labs", "there is no command 'labs'; did you mean 'lab'? (a host of that name: http://labs/)")]
    [InlineData("lab lst", "there is no command 'lab lst'; did you mean 'list'?")]
    [InlineData("lab", "lab: say which: list, show, run,")]
    [InlineData("serve", "serve: say which: dns, resolver")]
    [InlineData("serve dns", "serve dns wants --zone ORIGIN=FILE")]
    [InlineData("ip", "ip wants ADDRESS")]
    [InlineData("ip --split 1000000000000 10.0.0.0/8", "--split '1000000000000': a whole number up to 2147483647 is wanted")]
    [InlineData("ip --split x 10.0.0.0/8", "--split 'x': a whole number is wanted")]
    [InlineData("ip --jsno 10.0.0.0/8", "there is no option '--jsno'; did you mean '--json'?")]
    [InlineData("resolve a b c", "resolve has no use for 'c'")]
    [InlineData("-o", "-o wants FILE")]
    [InlineData("--connect-timeout x http://h/", "--connect-timeout 'x': a number is wanted")]
    [InlineData("--connect-timeout nan http://h/", "--connect-timeout wants a number of seconds above 0")]
    [InlineData("--connect-timeout -1 http://h/", "--connect-timeout wants a number of seconds above 0")]
    [InlineData("-m x http://h/", "-m 'x': a number is wanted")]
    [InlineData("--color x http://h/", "--color 'x': one of auto, always, never is wanted")]
    [InlineData("", "no URL given")]
    public void A_command_line_that_is_none_says_what_may_be_meant(string line, string complaint)
    {
        var run = Command.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.StartsWith("firstbyte: " + complaint, run.Errors);
        Assert.Contains("Try: firstbyte", run.Errors);
    }

    /// <summary>What begins with a slash is a path, also where another system writes its options so.</summary>
    [Fact]
    public void A_slash_is_no_option() => Assert.Contains("http://a/?", Command.Run("url", "/?", "--base", "http://a/").Output, StringComparison.Ordinal);

    /// <summary>The option that was written is named, and what may be a secret is not shown.</summary>
    [Theory]
    [InlineData("--lab --form-string x http://www.lab.glasscom.com/", "--form-string wants NAME=CONTENT")]
    [InlineData("--lab -H X-Api-Key=s3cr3t http://www.lab.glasscom.com/", "-H 'X-Api-Key=…': expected 'Name: value', or 'Name:' to take one of ours out")]
    public void An_argument_that_is_malformed_is_told_by_its_option(string line, string complaint)
    {
        var run = Command.Run(line.Split(' '));
        Assert.Equal((2, "", $"firstbyte: {complaint}\n"), (run.ExitCode, run.Output, run.Errors));
    }

    /// <summary>What is no host, and could be asked for as a name, is not asked for.</summary>
    [Theory]
    [InlineData("resolve --lab http://u:secret@www.test/x", "a URL is not the name of a host: that one's host is 'www.test'")]
    [InlineData("resolve --lab http://u:secret@a^b/x", "'http://u:********@a^b/x' is not a domain name: labels have 1 to 63 bytes, a whole name at most 255")]
    [InlineData("resolve --lab 10.0.0.0/24", "'10.0.0.0/24' is a subnet, and not one host: firstbyte ip 10.0.0.0/24 tells of it")]
    [InlineData("resolve --lab www.test:80", "'www.test:80' has a port, which is neither asked for nor probed: 'www.test' without it")]
    [InlineData("ping --lab http://www.test/", "a URL is not the name of a host: that one's host is 'www.test'")]
    [InlineData("traceroute --lab [fd00::1]:80", "'[fd00::1]:80' has a port, which is neither asked for nor probed: 'fd00::1' without it")]
    public void A_host_is_not_a_url_nor_a_subnet_nor_has_it_a_port(string line, string complaint)
    {
        var run = Command.Run(line.Split(' '));
        Assert.Equal((2, "", $"firstbyte: {complaint}\n"), (run.ExitCode, run.Output, run.Errors));
    }

    [Theory]
    [InlineData("--pcap-secrets mask --lab http://www.lab.glasscom.com/")]
    [InlineData("lab run glasscom --until 1s --pcap-secrets keep")]
    public void A_word_about_a_capture_wants_one(string line)
    {
        var run = Command.Run(line.Split(' '));
        Assert.Equal((2, "", "firstbyte: --pcap-secrets is about a capture, and none is asked for: add --pcap FILE\n"), (run.ExitCode, run.Output, run.Errors));
    }

    /// <summary>What "$UNSET" in a script leaves: the option that wants a file is named before anything is sent, and nothing is a fault of this program.</summary>
    [Theory]
    [InlineData("-o", "-T", "-c", "--pcap", "--cacert", "--cert", "--netrc-file")]
    public void An_empty_name_of_a_file_is_a_mistake(params string[] options)
    {
        foreach (var option in options)
        {
            var run = Command.Run("--lab", option, "", "http://www.lab.glasscom.com/");
            Assert.Equal(
                (2, $"firstbyte: {option} wants the name of a file, and got an empty one (a variable that is not set, in a script?)\n"),
                (run.ExitCode, string.Concat(run.Errors.Split('\n')[..1]) + "\n"));
        }
    }

    [Theory]
    [InlineData("--lab|-d|@|http://www.lab.glasscom.com/")]
    [InlineData("--lab|-F|a=@|http://www.lab.glasscom.com/")]
    [InlineData("--lab|-F|a=<|http://www.lab.glasscom.com/")]
    [InlineData("--lab|--data-urlencode|a@|http://www.lab.glasscom.com/")]
    [InlineData("--lab|--data-json|@|http://www.lab.glasscom.com/")]
    [InlineData("story|")]
    [InlineData("lab|show|")]
    [InlineData("lab|run|")]
    [InlineData("serve|dns|--zone|x=")]
    public void Nor_does_an_empty_name_elsewhere_reach_the_framework(string line)
    {
        var run = Command.Run(line.Split('|'));
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.DoesNotContain("fault of firstbyte", run.Errors, StringComparison.Ordinal);
    }

    /// <summary>What is a command behind "lab" alone is not looked up as a host.</summary>
    [Fact]
    public void A_command_of_a_lab_without_the_lab_is_a_mistake()
    {
        using var io = new Firstbyte.Cli.Io.CommandIo(Stream.Null, Stream.Null, Stream.Null, new Firstbyte.Cli.Io.ProcessSignals());
        var root = Firstbyte.Cli.Application.Grammar(io);
        var known = root.Subcommands.Select(static command => command.Name).ToHashSet();
        var labs = root.Subcommands.Single(static command => command.Name == "lab").Subcommands.Select(static command => command.Name);
        Assert.Equal(labs.Where(name => !known.Contains(name)).Order(), Firstbyte.Cli.Commands.Misuse.LabWords.Order());
        Assert.StartsWith("firstbyte: there is no command 'show'; did you mean 'lab show'?", Command.Run("show", "glasscom").Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lab dig -h")]
    [InlineData("help help")]
    public void Help_is_given(string line)
    {
        var run = Command.Run(line.Split(' '));
        Assert.Equal((0, ""), (run.ExitCode, run.Errors));
        Assert.Contains("firstbyte", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_for_what_no_group_of_commands_has_is_none() =>
        Assert.StartsWith("firstbyte: there is no command 'lab nosuch'", Command.Run("help", "lab", "nosuch").Errors, StringComparison.Ordinal);

    /// <summary>Who types it so asks for help, and nothing is looked up.</summary>
    [Theory]
    [InlineData("resolve")]
    [InlineData("ip")]
    [InlineData("lab")]
    [InlineData("serve")]
    public void Help_may_stand_behind_a_command(string command) =>
        Assert.Equal(Command.Run(command, "--help"), Command.Run(command, "help"));

    [Fact]
    public void Behind_two_hyphens_a_word_is_what_it_says() => Assert.Contains("http://-x/", Command.Run("--lab", "--", "-x").Output);

    [Fact]
    public void A_host_that_is_called_like_no_command_is_a_host()
    {
        foreach (var host in (string[])["localhost", "printserver", "lab.test", "lab:80", "lab/"]) { Assert.Contains("URL ", Command.Run("--lab", host).Output); }
    }

    [Fact]
    public void Every_command_has_help_whatever_else_it_wants()
    {
        using var io = new CommandIo(Stream.Null, Stream.Null, Stream.Null, new ProcessSignals());
        var count = 0;
        foreach (var path in Paths(Application.Grammar(io), []))
        {
            foreach (var arguments in (string[][])[[.. path, "--help"], ["help", .. path]])
            {
                var run = Command.Run(arguments);
                Assert.Equal((0, ""), (run.ExitCode, run.Errors));
                Assert.Contains("Usage:\n  firstbyte" + string.Concat(path.Select(static word => " " + word)), run.Output);
                count++;
            }
        }
        Assert.True(count > 40, $"{count} helps");

        static IEnumerable<string[]> Paths(System.CommandLine.Command command, string[] path) =>
            command.Subcommands.SelectMany(child => Paths(child, [.. path, child.Name])).Prepend(path);
    }

    [Fact]
    public void A_command_without_what_it_wants_says_what_that_is() =>
        Assert.Equal("firstbyte: doctor wants URL\nTry: firstbyte doctor --help\n", Command.Run("doctor").Errors);

    [Fact]
    public void An_option_without_its_value_is_a_mistake_and_no_fault_of_ours()
    {
        using var io = new CommandIo(Stream.Null, Stream.Null, Stream.Null, new ProcessSignals());
        var count = 0;
        foreach (var (path, option) in Options(Application.Grammar(io), []))
        {
            var run = Command.Run([.. path, option]);
            Assert.True(run.ExitCode == 2, $"firstbyte {string.Join(' ', path)} {option}: {run.ExitCode} {run.Errors}");
            Assert.True(run.Errors.Contains(option, StringComparison.Ordinal), $"firstbyte {string.Join(' ', path)} {option}: {run.Errors}");
            count++;
        }
        Assert.True(count > 150, $"{count} options");

        static IEnumerable<(string[] Path, string Option)> Options(System.CommandLine.Command command, string[] path) =>
            command.Options.Where(static option => option.Arity.MinimumNumberOfValues > 0).Select(option => (path, option.Name))
                .Concat(command.Subcommands.SelectMany(child => Options(child, [.. path, child.Name])));
    }

    /// <summary>Whatever is typed, nothing of it reaches the terminal as a control character, nor is a message longer than a screen.</summary>
    [Fact]
    public void What_was_typed_is_told_escaped_and_cut()
    {
        const string esc = "\u001b[31m\u009b2J";
        var long1 = new string('x', 100_000);
        using var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "bad.zone"), $"$TTL 300\n@ SOA ns1 host 1 2 3 4 5\n@ NS ns1\nns1 A {esc}{long1}\n");
        foreach (var evil in (string[])[esc, long1])
        {
            foreach (var arguments in (string[][])[
                ["--server", evil, "http://h/"], ["-H", evil, "http://h/"], ["serve", "dns", "--zone", evil], ["serve", "dns", "--zone", $"a={evil}"], ["serve", "dns", "--zone", "a=bad.zone"], ["ip", evil],
                ["ip", "--split", evil, "10.0.0.0/8"], ["ip", "--contains", evil, "10.0.0.0/8"], ["resolve", $"a..{evil}"], ["resolve", "a.test", evil], ["--" + evil], ["lab", evil], ["lab", "show", evil],
                ["lab", "ping", "glasscom", evil], ["lab", "arp", "glasscom", evil], ["lab", "cut", "glasscom", evil], ["lab", "ping", "glasscom", "www", "-i", evil], ["--tun", evil, "http://h/"], ["--lab=" + evil, "http://h/"],
                ["story", evil], ["url", "--base", evil, "x"], ["url", "--bench", evil], ["--color", evil, "http://h/"], ["sim", "--seeds", evil], ["sim", "--faults", evil], ["completion", evil], ["--lab", "-d", "@" + evil, "http://h/"],
                ["--lab", "-o", evil + "/x", "http://www.lab.glasscom.com/"], ["ping", "--lab", evil], ["--lab", "--body", "http://" + evil + "/"],
            ])
            {
                var run = Command.RunIn(folder.Path, arguments);
                var said = run.Errors + run.Output;
                Assert.True(run.ExitCode != 0 && said.Length > 0, $"{arguments[0]}: {run.ExitCode} {said}");
                Assert.True(said.Length < 3 * ErrorLines.MaxLength, $"{arguments[0]}: {said.Length} characters");
                Assert.DoesNotContain(said, static letter => char.IsControl(letter) && letter is not '\n');
            }
        }
    }

    /// <summary>Every URL of the conformance data goes through every command that prints one; none is too strange to be told.</summary>
    [Fact]
    public void Every_url_can_be_told_by_every_command_that_prints_one()
    {
        using var data = JsonDocument.Parse(File.ReadAllText(ConformanceData.Require("url/urltestdata.json")));
        var urls = data.RootElement.EnumerateArray().Where(static one => one.ValueKind == JsonValueKind.Object).Select(static one => one.GetProperty("input").GetString()!)
            .Concat(["file:///etc/hosts", "file:///", "file:///a"]).Where(static url => !url.Contains('\0', StringComparison.Ordinal)).Distinct().ToArray();
        Assert.True(urls.Length > 500);
        foreach (var chunk in urls.Chunk(100))
        {
            foreach (var arguments in (string[][])[["url"], ["url", "--json"], ["url", "--base", "http://a.test/b/c?d#e"], ["url", "--show-secrets"]])
            {
                var run = Command.Run([.. arguments, "--", .. chunk]);
                Assert.True(run.ExitCode is 0 or 3 && run.Errors.Length == 0, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Errors}");
            }
            // No name of theirs exists in the lab: the journeys end, and are told, soon.
            foreach (var arguments in (string[][])[["--lab"], ["--lab", "--json"], ["--lab", "-v"]])
            {
                var run = Command.Run([.. arguments, "--", .. chunk]);
                Assert.True(run.ExitCode is > 0 and < 70, $"{string.Join(' ', arguments)}: {run.ExitCode} {run.Errors}");
                if (arguments.Length < 2) { Assert.Equal("", run.Errors); }
            }
        }
    }
}
