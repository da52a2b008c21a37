using System.Text;
using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling;

namespace Firstbyte.Tests.Simulation.Faults;

/// <summary>
/// What pages and the schema of the export say of faults is made from their descriptions, and these tests hold it against them. To accept a change, move
/// the .received file over the document.
/// </summary>
public class FaultReferenceTests
{
    private const string Lab = """
        lab "a bad day"
        subnet lan 10.1.0.0/24
        host me   on lan .2
        host www  on lan .80  serves http "hello"
        host mail on lan .25

        """;

    [Fact]
    public void The_page_of_labs_has_every_fault_with_its_syntax_its_meaning_and_an_example()
    {
        var made = new StringBuilder("| fault | means |\n|---|---|\n");
        foreach (var kind in FaultRegistry.Standard.All)
        {
            made.Append($"| `{kind.Word} {kind.Syntax.Replace("|", "\\|", StringComparison.Ordinal)}` | {Languages.English.Faults.Meaning(kind)} |\n");
        }
        made.Append("\n```lab\n").Append(Lab);
        var minute = 0;
        foreach (var example in FaultRegistry.Standard.All.SelectMany(static kind => kind.Examples)) { made.Append($"{$"at {minute++}min",-15} {example}\n"); }
        made.Append($"{"within 20min..30min",-15} {FaultRegistry.Standard.Find("down")!.Examples[0]}\n```\n");
        Hold("docs/labs/README.md", "faults", made.ToString());
    }

    [Fact]
    public void The_page_of_random_worlds_has_every_kind_of_theirs()
    {
        // Those of settings of a cable are told by the page itself.
        var made = new StringBuilder("| Kind | What happens |\n|---|---|\n");
        foreach (var kind in FaultRegistry.Standard.All.Where(static kind => kind.Random.Any(random => random.Name == kind.Word)))
        {
            made.Append($"| {kind.Word} | {Languages.English.Faults.Meaning(kind)} |\n");
        }
        Hold("docs/simulation.md", "kinds", made.ToString());
        var page = Read("docs/simulation.md");
        Assert.All(FaultRegistry.Standard.Random, fault => Assert.Matches($@"\n\| ([a-z]+, )*{fault.Name}(, [a-z]+)* \|", page));
    }

    [Fact]
    public void The_schema_of_the_export_has_every_fault()
    {
        var kinds = FaultRegistry.Standard.All.Select(static kind => Schema(kind));
        Hold("docs/labs/lab.schema.json", null, string.Join(",\n", kinds) + "\n");
    }

    [Fact]
    public void Every_fault_has_words_in_every_language()
    {
        foreach (var kind in FaultRegistry.Standard.All)
        {
            Assert.NotEmpty(kind.Examples);
            Assert.All(Languages.All, language => Assert.NotEmpty(language.Faults.Meaning(kind).ToString()));
            // What a lab's file writes is what is said where a language has no words for a fault.
            Assert.All(Faults(kind), fault => Assert.All(Languages.All, language => Assert.NotEqual(LabFile.Write(fault), language.Faults.What(fault).ToString())));
        }
    }

    private static FaultDefinition[] Faults(FaultDescription kind) =>
        [.. LabFile.Parse(Lab + string.Concat(kind.Examples.Select(static example => $"at 0s {example}\n")), kind.Word).Happenings.Select(static one => one.Fault)];

    // A field that some example lacks may be left out.
    private static string Schema(FaultDescription kind)
    {
        var written = Faults(kind).Select(static fault =>
        {
            var fields = new FieldSchemas();
            fault.Write(fields);
            return fields.Fields;
        }).ToArray();
        var properties = written.SelectMany(static fields => fields).DistinctBy(static field => field.Name).ToArray();
        var required = properties.Where(field => written.All(fields => fields.Any(one => one.Name == field.Name))).Select(static field => $"\"{field.Name}\"");
        var times = ((string[])["atNanoseconds", "latestNanoseconds", "forNanoseconds"]).Select(static name => $$"""
            "{{name}}": { "$ref": "#/$defs/nanoseconds" }
            """.Trim());
        return $$"""
                    {
                      "additionalProperties": false,
                      "required": [{{string.Join(", ", required)}}],
                      "properties": {
                        "fault": { "const": "{{kind.Word}}" }, {{string.Join(", ", times)}},
                        {{string.Join(", ", properties.Select(static field => $"\"{field.Name}\": {field.Schema}"))}}
                      }
                    }
            """;
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(RepositoryRoot.Require(), file));

    private static void Hold(string file, string? mark, string made)
    {
        var page = Read(file);
        var (begin, end) = mark is null
            ? ("\"required\": [\"fault\", \"atNanoseconds\"],\n      \"oneOf\": [\n", "      ]\n")
            : ($"<!-- {mark}: made from the code -->\n", $"<!-- {mark} end -->\n");
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        Assert.True(from >= begin.Length, $"{file} has no place for what is made from the code");
        var right = page[..from] + made + page[page.IndexOf(end, from, StringComparison.Ordinal)..];
        var received = Path.Combine(RepositoryRoot.Require(), file + ".received");
        if (right == page)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, right);
        Assert.Fail($"the faults have changed: compare {received} with {file}, and move it over when the change is meant");
    }

    /// <summary>The schema of each field that a fault writes, by what it is.</summary>
    private sealed class FieldSchemas : IFaultWriter
    {
        public List<(string Name, string Schema)> Fields { get; } = [];

        public void Keyword(string word) { }

        public void Name(string field, string value) => Fields.Add((field, Reference("name")));

        public void Names(string field, IReadOnlyList<string> values) => Fields.Add((field, $$"""{ "type": "array", "items": {{Reference("name")}} }"""));

        public void Number(string field, long value) =>
            Fields.Add((field, field == "port" ? Reference("port") : """{ "type": "integer", "minimum": 0 }"""));

        public void Choice(string field, bool isFirst, string first, string second) => Fields.Add((field, """{ "type": "boolean" }"""));

        public void Share(string field, int millionths) => Fields.Add((field, Reference("millionths")));

        public void Rate(string field, long bitsPerSecond) => Fields.Add((field, """{ "type": "integer", "minimum": 1 }"""));

        public void Size(string field, long bytes) => Fields.Add((field, """{ "type": "integer", "minimum": 0 }"""));

        public void Time(string field, long nanoseconds) => Fields.Add((field, Reference("nanoseconds")));

        public void SignedTime(string field, long nanoseconds) => Fields.Add((field, """{ "type": "integer" }"""));

        public void Drift(string field, int partsPerMillion) =>
            Fields.Add((field, """{ "type": "integer", "minimum": -100000, "maximum": 100000 }"""));

        public void Direction(string field, LinkDirection direction) => Fields.Add((field, Reference("direction")));

        public void Settings(string field, WireSettings settings) => Fields.Add((field, Reference("wire")));

        private static string Reference(string definition) => $$"""{ "$ref": "#/$defs/{{definition}}" }""";
    }
}
