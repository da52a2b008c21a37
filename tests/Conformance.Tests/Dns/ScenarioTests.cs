namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>The Deckard scenarios (BSD licence, read where they lie) that ask for nothing but iteration and caching.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        var folder = ConformanceData.Find("dns-scenarios");
        foreach (var file in (folder is null ? [] : Directory.GetFiles(folder, "*.rpl")).Order(StringComparer.Ordinal)) { names.Add(Path.GetFileNameWithoutExtension(file)); }
        if (folder is null) { names.Add(""); }
        return names;
    }

    /// <summary>Scenarios that expect what this resolver does otherwise, each with what and why.</summary>
    private static readonly Dictionary<string, string> Deviations = new()
    {
        ["iter_domain_sale_nschange"] = "expects the zone's NS records beside a denial: here the authority section of a denial holds its SOA record alone (RFC 2308 2.1.1 allows both)",
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_scenario_is_met(string name)
    {
        var folder = ConformanceData.Require("dns-scenarios");
        var text = File.ReadAllText(Path.Combine(folder, name + ".rpl"), System.Text.Encoding.Latin1);
        if (ScenarioRun.Unsupported(Scenario.ParseSettings(text)) is { } reason) { Assert.Skip(reason); }
        if (Deviations.TryGetValue(name, out var deviation)) { Assert.Skip(deviation); }
        Assert.Null(ScenarioRun.Play(Scenario.Parse(text)));
    }
}
