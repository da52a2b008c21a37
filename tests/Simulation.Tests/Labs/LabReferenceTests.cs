using System.Text.Json;
using System.Text.RegularExpressions;
using Firstbyte.Labs;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling;

namespace Firstbyte.Tests.Simulation.Labs;

/// <summary>The reference page of the format: its examples are read and built, and it names every word.</summary>
public partial class LabReferenceTests
{
    private static string Page => File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "labs", "README.md"));

    [Fact]
    public void Every_example_is_a_lab_that_can_be_built()
    {
        var examples = LabBlock().Matches(Page).Select(static match => match.Groups["lab"].Value).ToArray();
        Assert.True(examples.Length >= 5);
        Assert.All(examples, static example => LabWorld.Build(LabFile.Parse(example, "README.md")));
    }

    [Fact]
    public void What_may_stand_somewhere_is_what_the_page_says()
    {
        // The errors list what may stand: each word of these lists is in the page.
        string[] wrong =
        [
            "wrong", "lab \"x\" wrong", "subnet m wrong", "host a on n .2 wrong", "host a on n .2 serves wrong", "router r on n .2 wrong", "host a on n .2 forges \"x\" as 1.1.1.1 to 1.1.1.1 by wrong", "link a-n wrong", "at 0s wrong", "at 0s break a 1 after 1 by wrong",
            "host a on n .2 serves https for a certificate wrong",
        ];
        foreach (var statement in wrong)
        {
            var network = statement == "wrong" || statement.StartsWith("lab", StringComparison.Ordinal) ? "" : "lab \"x\"\nsubnet n 10.0.0.0/8\n";
            if (statement.StartsWith("link", StringComparison.Ordinal) || statement.StartsWith("at", StringComparison.Ordinal)) { network += "host a on n .2\n"; }
            var error = Assert.Throws<LabFileException>(() => LabFile.Parse(network + statement, "wrong.lab"));
            var words = Languages.English.Sources.LabFault(error).ToString().Split([": expected ", ", found ", ", ", " or ", " such as "], StringSplitOptions.None).Where(static word => LowerWord().IsMatch(word)).ToArray();
            Assert.True(words.Length >= 2, error.Message);
            Assert.All(words, word => Assert.Matches($"[`| \\[(]{word}[`| \\])]", Page));
        }
    }

    /// <summary>A new kind of fault gets a row with its own syntax, an example that can be read and written, and its place in the schema.</summary>
    [Fact]
    public void Every_fault_has_its_row_its_example_and_its_place_in_the_schema()
    {
        var schema = new JsonSchemaJudge(
            JsonDocument.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Require(), "docs", "labs", "lab.schema.json"))).RootElement);
        var examples = LabBlock().Matches(Page).Select(static match => LabFile.Parse(match.Groups["lab"].Value, "README.md")).ToArray();
        Assert.All(examples, lab => Assert.Empty(schema.Judge(JsonDocument.Parse(LabFile.ToJson(lab)).RootElement)));
        Assert.All(examples, static lab => Assert.Equal(LabFile.ToJson(lab), LabFile.ToJson(LabFile.Parse(LabFile.Write(lab), "written.lab"))));
        foreach (var kind in FaultRegistry.Standard.All)
        {
            Assert.Contains($"\n| `{kind.Word} {kind.Syntax.Replace("|", "\\|", StringComparison.Ordinal)}` |", Page, StringComparison.Ordinal);
            Assert.Contains(examples, lab => lab.Happenings.Any(happening => happening.Fault.Description == kind));
        }
    }

    [GeneratedRegex("```lab\n(?<lab>.*?)```", RegexOptions.Singleline | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LabBlock();

    [GeneratedRegex("^[a-z-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex LowerWord();
}
