namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>The Deckard scenarios (BSD licence, read where they lie).</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        if (ConformanceData.Find("dns-scenarios") is { } folder)
        {
            foreach (var file in ScenarioFolder.Files(folder)) { names.Add(Path.GetFileNameWithoutExtension(file)); }
        }
        // Without the data one case stands for all, and is skipped where everybody sees it.
        if (names.Count == 0) { names.Add(""); }
        return names;
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_is_met(string name)
    {
        var folder = ConformanceData.Require("dns-scenarios");
        Assert.Null(ScenarioRun.Play(Scenario.Parse(ScenarioFolder.Read(Path.Combine(folder, name + ".rpl")))));
    }
}
