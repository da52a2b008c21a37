using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Firstbyte.Exports;
using Firstbyte.Labs;

namespace Firstbyte.Tests;

/// <summary>The JSON of events: its documents, and what real runs print.</summary>
public partial class EventTests
{
    private const string Opened = "{\"event\":\"trace.opened\",\"version\":1,\"level\":\"All\"}\n";

    private static readonly string Docs = Path.Combine(RepositoryRoot.Require(), "docs");

    public static TheoryData<string> Labs => [.. LabCatalog.Names];

    /// <summary>To accept a change, move the .received file over the document.</summary>
    [Theory]
    [InlineData("events.schema.json")]
    [InlineData("events.md")]
    public void The_documents_say_what_the_code_does(string document)
    {
        var path = Path.Combine(Docs, document);
        var existing = File.Exists(path) ? File.ReadAllText(path) : "";
        var made = document == "events.md" ? WithTable(existing) : EventSchema.Make();
        var received = path + ".received";
        if (existing == made)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, made);
        Assert.Fail($"the events have changed: compare {received} with {path}, and move it over when the change is meant");
    }

    /// <summary>Every line that the first two journeys of a lab's page print is as the schema says, and the file is whole.</summary>
    [Theory]
    [MemberData(nameof(Labs))]
    public void Every_line_of_a_run_in_a_lab_is_as_the_schema_says(string lab)
    {
        var validator = new SchemaValidator(EventSchema.Make());
        var matches = Journey().Matches(LabCatalog.ReadPage(lab)!);
        string[] urls = [.. matches.Select(static match => match.Groups["url"].Value).Distinct().Take(2)];
        Assert.NotEmpty(urls);
        var output = Command.Run(["--lab=" + lab, "--json=all", "-v", "--max-time", "20", .. urls]).Output;
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines.Length > 20, output);
        Assert.All(lines, line => Assert.Null(validator.Check(JsonDocument.Parse(line).RootElement)));
        using var reader = new EventFileReader(EventRegistry.Default, new MemoryStream(Encoding.UTF8.GetBytes(output)));
        while (reader.TryRead(out _)) { }
        Assert.Equal(default, reader.Fault);
        Assert.Equal(lines.Length - 2, reader.Count);
    }

    /// <summary>A file begins with its first line and ends with its count whether anything happens or not.</summary>
    [Theory]
    [InlineData("glasscom", 0)]
    [InlineData("dhcp", 1)]
    public void A_run_until_an_instant_is_a_whole_file(string lab, int atLeast)
    {
        var output = Command.Run("lab", "run", lab, "--until", "5s", "--json").Output;
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(Opened.Trim().Replace("All", "all", StringComparison.Ordinal), JsonNode.Parse(lines[0])!.AsObject() is var first && first.Remove("at") && first.Remove("span") && first.Remove("parent") ? first.ToJsonString() : "");
        using var reader = new EventFileReader(EventRegistry.Default, new MemoryStream(Encoding.UTF8.GetBytes(output)));
        while (reader.TryRead(out _)) { }
        Assert.Equal(default, reader.Fault);
        Assert.Equal(lines.Length - 2, reader.Count);
        Assert.True(reader.Count >= atLeast);
        // Tables are no events.
        Assert.DoesNotContain("trace.opened", Command.Run("lab", "hosts", lab, "--json").Output);
    }

    /// <summary>Where a host has no way, what it sends has no source: the member says so, and the sentence leaves it out.</summary>
    [Theory]
    [InlineData("ping", "PING www (203.0.113.80): 56 data bytes\n")]
    [InlineData("traceroute", "traceroute to www (203.0.113.80), 30 hops at most")]
    public void Probes_of_a_host_without_a_way_have_no_source(string command, string said)
    {
        Assert.DoesNotContain("\"source\":\"\"", Command.Run("lab", command, "dhcp", "www", "--until", "303s", "--json").Output);
        Assert.DoesNotContain("\"from\":\"\"", Command.Run("lab", command, "dhcp", "www", "--until", "303s", "--json").Output);
        Assert.StartsWith(said, Command.Run("lab", command, "dhcp", "www", "--until", "303s").Output);
    }

    [Fact]
    public void The_validator_finds_what_is_wrong()
    {
        var validator = new SchemaValidator(EventSchema.Make());
        const string Begin = "{\"event\":\"socket.created\",\"at\":\"2026-01-01T00:00:00.000000000Z\",\"span\":1,\"parent\":0,";
        string? Check(string rest) => validator.Check(JsonDocument.Parse(Begin + rest).RootElement);
        Assert.Null(Check("\"descriptor\":3,\"version\":\"V4\",\"kind\":\"Stream\"}"));
        Assert.Equal("socket.created.descriptor is String", Check("\"descriptor\":\"3\",\"version\":\"V4\",\"kind\":\"Stream\"}"));
        Assert.Equal("socket.created.kind is none of the names", Check("\"descriptor\":3,\"version\":\"V4\",\"kind\":\"Pipe\"}"));
        Assert.Equal("socket.created lacks kind", Check("\"descriptor\":3,\"version\":\"V4\"}"));
        Assert.Equal("socket.created has colour", Check("\"descriptor\":3,\"version\":\"V4\",\"kind\":\"Stream\",\"colour\":1}"));
    }

    [Fact]
    public void Each_level_holds_the_one_before_it()
    {
        const string Url = "http://www.lab.glasscom.com/dir1/file1.html";
        string[] At(string level) => [.. Command.Run("--lab", level, Url).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..^1]];
        var (journey, packets, all) = (At("--json"), At("--json=packets"), At("--json=all"));
        Assert.Equal(journey, At("--json=journey"));
        Assert.True(journey.Length < packets.Length && packets.Length < all.Length);
        Assert.DoesNotContain(journey, static line => line.Contains("\"link.frame-seen\"", StringComparison.Ordinal));
        Assert.Contains(packets, static line => line.Contains("\"link.frame-seen\"", StringComparison.Ordinal));
        Assert.Contains(all, static line => line.Contains("\"tcp.state-changed\"", StringComparison.Ordinal));
        Assert.Empty(journey.Except(packets).Concat(packets.Except(all)));
    }

    [Theory]
    [InlineData("", 18, ":", "there is not one event in it")]
    [InlineData("{\"event\":\"journey-began\"}\n", 26, ":1: ", "there is no event 'journey-began' in version 0 of the form")]
    [InlineData("{\"event\":\"trace.opened\",\"version\":9,\"level\":\"All\"}\n", 26, ":1: ", "version 9; this firstbyte reads versions 0 to 1")]
    [InlineData("\n{\"event\":\"socket-closed\",\"descriptor\":\"3\",\"reset\":true}\n", 26, ":2: ", "the value of 'descriptor' is none that it can have in 'socket.closed'")]
    [InlineData("{\"event\":\"socket-closed\",\"descriptor\":3}\n", 26, ":1: ", "version 0 told 'socket.closed' in another form, without 'reset'")]
    [InlineData(Opened + "{\"event\":\"socket.closed\",\"descriptor\":3}\n", 26, ":2: ", "the member 'reset' is missing in 'socket.closed'")]
    [InlineData("{\"event\":\"socket-closed\",\"descriptor\":3,\"reset\":true}\n{\"event\":\"so", 18, ":2: ", "cut within this line; what is told above ends after event 1, socket.closed")]
    [InlineData(Opened + "{\"event\":\"socket.closed\",\"descriptor\":3,\"reset\":true}\n", 18, ":2: ", "the run went on; what is told above ends after event 1, socket.closed")]
    [InlineData("{\"event\":\"trace.opened\",\"version\":0,\"level\":\"All\"}\n", 26, ":1: ", "the value of 'version' is none that it can have")]
    [InlineData("\u001b[31m\n", 26, ":1: ", "not JSON from byte 1 of the line on")]
    [InlineData("[1]\n", 26, ":1: ", "an event is a JSON object")]
    [InlineData("{}\n", 26, ":1: ", "no member 'event'")]
    public void A_file_that_cannot_be_told_says_where_and_why(string text, int exitCode, string place, string words)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "run.jsonl");
        File.WriteAllText(file, text);
        var run = Command.Run("story", file);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.StartsWith($"firstbyte: {file}{place}", run.Errors);
        Assert.Contains(words, run.Errors);
    }

    [Fact]
    public void A_cut_file_is_told_to_its_last_event()
    {
        var saved = Command.Run("--lab", "--json", "http://www.lab.glasscom.com/dir1/file1.html").Output.Split('\n');
        var cut = Array.FindLastIndex(saved, static line => line.Contains("\"dns.response-received\"", StringComparison.Ordinal));
        var run = Command.RunWith(string.Join('\n', saved[..cut]) + "\n", null, "story", "-");
        Assert.Contains("referral to lab.glasscom.com", run.Output, StringComparison.Ordinal);
        Assert.Contains("what is told ends before the answer", run.Output, StringComparison.Ordinal);
    }

    /// <summary>What the first version saved is told in the same words.</summary>
    [Fact]
    public void A_file_of_the_first_version_is_told_again()
    {
        var saved = Command.Run("--lab", "--json", "http://www.lab.glasscom.com/dir1/file1.html").Output;
        var old = string.Join('\n', saved.Split('\n')[1..^2]) + "\n";
        foreach (var kind in EventRegistry.Default.Kinds.Where(static kind => kind.FirstName is not null))
        {
            old = old.Replace($"{{\"event\":\"{kind.Name}\"", $"{{\"event\":\"{kind.FirstName}\"", StringComparison.Ordinal);
        }
        Assert.Equal(Command.RunWith(saved, null, "story", "-").Output, Command.RunWith(old, null, "story", "-").Output);
    }

    /// <summary>What a command shows at the end is told of a saved run as well.</summary>
    [Theory]
    [InlineData("resolve --lab glasscom.com MX")]
    [InlineData("resolve --lab nowhere.glasscom.com")]
    [InlineData("resolve --lab=troubles www.lame.test")]
    public void The_story_of_a_saved_run_is_that_of_the_run(string line)
    {
        var words = line.Split(' ');
        var told = Command.Run(words).Output;
        var retold = Command.RunWith(Command.Run([.. words, "--json"]).Output, null, "story", "-").Output;
        Assert.Equal(told, retold);
    }

    [GeneratedRegex(@"^firstbyte --lab.* (?<url>https?://\S+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Journey();

    private static string WithTable(string document)
    {
        const string Begin = "<!-- table: made from the code -->\n";
        var start = document.IndexOf(Begin, StringComparison.Ordinal);
        return (start < 0 ? document + Begin : document[..(start + Begin.Length)]) + "\n" + Table();
    }

    private static string Table()
    {
        var text = new StringBuilder("| Event | Level | What happened | Members |\n|---|---|---|---|\n");
        foreach (var kind in EventRegistry.Default.Kinds.OrderBy(static kind => kind.Name, StringComparer.Ordinal))
        {
            var members = EventRegistry.Default.Options.GetTypeInfo(kind.Leaf).Properties
                .Select(static property => property.Name).Except([EventRegistry.Discriminator, "at", "span", "parent", "because"]).Select(static member => $"`{member}`");
            text.Append(CultureInfo.InvariantCulture, $"| `{kind.Name}` | {kind.Level.ToString().ToLowerInvariant()} | {Summary(kind.Leaf)} ");
            text.Append(CultureInfo.InvariantCulture, $"| {string.Join(", ", members)} |\n");
        }
        return text.ToString();
    }

    private static string Summary(Type leaf)
    {
        var comments = s_comments.GetOrAdd(leaf.Assembly, static assembly => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml")));
        var summary = comments.Descendants("member")
            .Single(member => (string?)member.Attribute("name") == "T:" + leaf.FullName).Element("summary")!;
        var words = string.Concat(summary.Nodes().Select(static node => node switch
        {
            XText plain => plain.Value,
            XElement element when element.Attribute("name") is { } name => $"`{JsonNamingPolicy.CamelCase.ConvertName(name.Value)}`",
            XElement element when element.Attribute("cref") is { } cref => $"`{cref.Value[(cref.Value.LastIndexOf('.') + 1)..]}`",
            XElement element => element.Value,
            _ => "",
        }));
        return string.Join(' ', words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    private static readonly ConcurrentDictionary<Assembly, XDocument> s_comments = new();
}
