using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Firstbyte.Journeys;

namespace Firstbyte.Cli;

/// <summary>The generated help, followed by examples that work as they stand.</summary>
internal sealed class HelpWithExamples(HelpAction generated) : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new(StringComparer.Ordinal)
    {
        ["resolve"] =
        [
            "firstbyte resolve --lab www.lab.glasscom.com          the relay from the root down, in the built-in internet",
            "firstbyte resolve example.com MX                      by this machine's configured resolver",
            "firstbyte resolve --iterative example.com AAAA        from the root servers down, by ourselves",
            "firstbyte resolve --server 9.9.9.9 example.com        by the resolver at 9.9.9.9",
        ],
        ["dns"] = ["firstbyte serve dns --zone example.com=example.com.zone --listen 127.0.0.1:5300"],
        ["resolver"] = ["firstbyte serve resolver --listen 127.0.0.1:5301"],
        ["story"] = ["firstbyte --json http://example.com/ > run.jsonl && firstbyte story run.jsonl"],
        ["sim"] = ["firstbyte sim --seeds 1..500", "firstbyte sim --seed 42 --faults loss,crash"],
        ["lab"] =
        [
            "firstbyte lab list",
            "firstbyte lab show glasscom",
            "firstbyte lab ping glasscom www                                        is it there, and how far away",
            "firstbyte lab traceroute glasscom www.lab.glasscom.com                 the routers on the way",
            "firstbyte lab cache glasscom dns --after \"resolve www.lab.glasscom.com\"  what its resolver has learned then",
            "firstbyte lab run glasscom                                             a prompt in the running lab: 'help' lists its commands",
        ],
        ["run"] =
        [
            "firstbyte lab run glasscom                        a prompt: ping www · fetch http://www.lab.glasscom.com/ · break core-glasscom · back 3",
            "firstbyte lab run glasscom --until 5s --json      every event of the first five seconds",
            "echo 'ping www' | firstbyte lab run glasscom --pcap ping.pcapng",
        ],
        ["break"] = ["firstbyte lab break glasscom core-glasscom --then \"ping www\" --then \"traceroute www\""],
        ["completion"] = ["firstbyte completion bash > ~/.local/share/bash-completion/completions/firstbyte"],
        [""] =
        [
            "firstbyte --lab http://www.lab.glasscom.com/dir1/file1.html    the whole journey inside a built-in internet",
            "firstbyte http://127.0.0.1:8080/                               the same over this machine's network",
            "firstbyte --body -o page.html http://example.com/              only fetch",
            "firstbyte --json URL > run.jsonl; firstbyte story run.jsonl    keep a run and tell it again",
            "firstbyte -v --lab URL                                         with every byte on the wire",
            "firstbyte --lab --pcap run.pcapng URL                          and every frame on every link, for Wireshark",
            "ip tuntap add dev tun0 mode tun; ip address add 10.9.0.1/24 dev tun0; ip link set tun0 up        (as root, once)",
            "firstbyte --tun tun0 http://10.9.0.1/                          by our own TCP, as 10.9.0.2, from this machine's server",
        ],
    };

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var command = parseResult.CommandResult.Command;
        var output = parseResult.InvocationConfiguration.Output;
        var result = ExitCodes.Success;
        using (var text = new StringWriter())
        {
            parseResult.InvocationConfiguration.Output = text;
            result = generated.Invoke(parseResult);
            parseResult.InvocationConfiguration.Output = output;
            // The generated line calls the program by its file, and has the arguments of every command above, which are not accepted below it.
            var usage = text.ToString().Replace($"  {RootCommand.ExecutableName} ", "  firstbyte ", StringComparison.Ordinal);
            output.Write(command is RootCommand ? usage : usage.Replace("firstbyte [<url>...] ", "firstbyte ", StringComparison.Ordinal));
        }
        var lines = command is RootCommand ? Examples[""] : Examples.GetValueOrDefault(command.Name);
        if (lines is null) { return result; }
        output.WriteLine("Examples:");
        foreach (var line in lines) { output.WriteLine("  " + line); }
        if (command is RootCommand)
        {
            output.WriteLine();
            output.WriteLine("Exit codes are curl's: 0 done, 1 no client for the scheme, 2 usage, 3 URL malformed, 6 name not resolved, 7 connection refused,");
            output.WriteLine("8 weird reply, 18 cut short, 23 cannot write, 28 too slow, 35 TLS failed, 52 empty reply, 56 connection lost, 60 certificate.");
        }
        return result;
    }
}
