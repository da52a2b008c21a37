namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>The Deckard scenarios (BSD licence, read where they lie) that ask for nothing but iteration and caching.</summary>
public sealed class ScenarioTests
{
    public static TheoryData<string> Names()
    {
        var names = new TheoryData<string>();
        foreach (var file in Files().Where(file => ScenarioRun.Unsupported(Scenario.ParseSettings(Read(file))) is null)) { names.Add(Path.GetFileNameWithoutExtension(file)); }
        // Without the data one case stands for all, and is skipped where everybody sees it.
        if (names.Count == 0) { names.Add(""); }
        return names;
    }

    [Fact]
    public void Scenarios_that_need_what_is_not_here_are_counted()
    {
        ConformanceData.Require("dns-scenarios");
        var reasons = Files().Select(file => ScenarioRun.Unsupported(Scenario.ParseSettings(Read(file)))).OfType<string>().CountBy(reason => reason).ToArray();
        if (reasons.Length > 0) { Assert.Skip(string.Join("; ", reasons.Select(reason => $"{reason.Value} scenarios: {reason.Key}"))); }
    }

    private static string[] Files() => ConformanceData.Find("dns-scenarios") is { } folder ? [.. Directory.GetFiles(folder, "*.rpl").Order(StringComparer.Ordinal)] : [];

    private static string Read(string file) => File.ReadAllText(file, System.Text.Encoding.Latin1);

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
        if (Deviations.TryGetValue(name, out var deviation)) { Assert.Skip(deviation); }
        Assert.Null(ScenarioRun.Play(Scenario.Parse(Read(Path.Combine(folder, name + ".rpl")))));
    }
}
