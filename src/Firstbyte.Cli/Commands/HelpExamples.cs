using Firstbyte.Telling.Sentences;

namespace Firstbyte.Cli.Commands;

/// <summary>Examples below a page of help; each works as it stands.</summary>
internal static class HelpExamples
{
    /// <summary>The examples of the command that is called by these words, with what they show.</summary>
    public static IReadOnlyList<(string Line, string Text)> Of(string path, Language language) =>
        CommandRegistry.Standard.AtPlaces(language).FirstOrDefault(one => $"firstbyte {one.Name}" == path)?.Examples ?? OfOthers(path, language.Help);

    private static IReadOnlyList<(string Line, string Text)> OfOthers(string path, IHelp words) => path switch
    {
        "firstbyte" =>
        [
            ("firstbyte --lab http://www.lab.glasscom.com/dir1/file1.html", words.ExampleLab),
            ("firstbyte http://127.0.0.1:8080/", words.ExampleHere),
            ("firstbyte --body -o page.html http://example.com/", words.ExampleBody),
            ("firstbyte --json URL > run.jsonl; firstbyte story run.jsonl", words.ExampleStory),
            ("firstbyte -n 20 --lab URL", words.ExampleRepeat),
            ("firstbyte -v --lab URL", words.ExampleBytes),
            ("firstbyte --lab --pcap run.pcapng URL", words.ExampleFrames),
            ("ip tuntap add dev tun0 mode tun; ip address add 10.9.0.1/24 dev tun0; ip link set tun0 up", words.ExampleTunSetUp),
            ("firstbyte --tun tun0 http://10.9.0.1/", words.ExampleTun),
        ],
        "firstbyte serve dns" => [("firstbyte serve dns --zone example.com=example.com.zone --listen 127.0.0.1:5300", "")],
        "firstbyte zone check" =>
            [("firstbyte zone check example.com=example.com.zone", ""),
            ("firstbyte zone check --strict example.com=- < example.com.zone", "")],
        "firstbyte zone key" => [("firstbyte zone key example.com", words.ExampleZoneKey), ("firstbyte zone key example.com --ksk", words.ExampleZoneEntryKey)],
        "firstbyte zone sign" =>
            [("firstbyte zone sign example.com=example.com.zone -o example.com.signed --key Kexample.com.*.key", words.ExampleZoneSign),
            ("firstbyte serve dns --zone example.com=example.com.signed", "")],
        "firstbyte serve resolver" => [("firstbyte serve resolver --listen 127.0.0.1:5301", "")],
        "firstbyte story" => [("firstbyte --json http://example.com/ > run.jsonl && firstbyte story run.jsonl", "")],
        "firstbyte diff" => [("firstbyte --json http://example.com/ > today.jsonl && firstbyte diff yesterday.jsonl today.jsonl", words.ExampleDiff)],
        "firstbyte sim" => [("firstbyte sim --seeds 1..500", ""), ("firstbyte sim --seed 42 --faults loss,down", "")],
        "firstbyte lab" =>
        [
            ("firstbyte lab list", ""),
            ("firstbyte lab show glasscom", ""),
            ("firstbyte lab ping glasscom www", words.ExamplePing),
            ("firstbyte lab traceroute glasscom www.lab.glasscom.com", words.ExampleTraceroute),
            ("firstbyte lab cache glasscom dns --after \"resolve www.lab.glasscom.com\"", words.ExampleCache),
            ("firstbyte lab run glasscom", words.ExamplePrompt),
        ],
        "firstbyte lab run" =>
        [
            ("firstbyte lab run glasscom", words.ExamplePromptCommands),
            ("firstbyte lab run glasscom --until 5s --json", words.ExampleUntil),
            ("echo 'ping www' | firstbyte lab run glasscom --pcap ping.pcapng", ""),
        ],
        "firstbyte lab cut" => [("firstbyte lab cut glasscom core-glasscom --then \"ping www\" --then \"traceroute www\"", "")],
        "firstbyte completion" => [("firstbyte completion bash > ~/.local/share/bash-completion/completions/firstbyte", "")],
        _ => [],
    };
}

