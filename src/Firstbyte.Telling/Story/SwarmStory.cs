using Firstbyte.Simulation.Swarm;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Story;

/// <summary>Tells of random worlds: their results, what was broken, and what was covered.</summary>
public sealed class SwarmStory(IRowSink rows, Language language)
{
    private readonly ISwarmSentences _words = language.Swarm;

    /// <summary>One world with its faults.</summary>
    public void World(SwarmResult result, IReadOnlyList<PlannedFault> faults)
    {
        rows.Paragraph(_words.World(result));
        foreach (var fault in faults) { rows.Indented(_words.Fault(fault)); }
        rows.Indented(_words.WorldOutcome(result));
    }

    /// <summary>A broken world at length, with what is left of its faults when those that are not needed are taken away.</summary>
    public void Report(SwarmResult result, IReadOnlyList<PlannedFault> faults, IReadOnlyList<PlannedFault> shrunk, string capture, string log, string command)
    {
        var breach = result.Breach!;
        rows.Paragraph(_words.Broken(result.Seed, breach.Invariant), Role.Bad);
        rows.Result(_words.FirstSeenLabel, _words.FirstSeen(breach));
        rows.Result(_words.WhatLabel, Phrase.Of(breach.Detail, Role.Text));
        rows.Result(_words.FaultsLabel, _words.FaultsNeeded(faults.Count, shrunk.Count));
        foreach (var fault in shrunk) { rows.ResultDetail(_words.Fault(fault)); }
        rows.Result(_words.CaptureLabel, Phrase.Of(capture, Role.Text));
        rows.Result(_words.EventLogLabel, Phrase.Of(log, Role.Text));
        rows.Result(_words.AgainLabel, Phrase.Of(command, Role.Text));
        rows.Gap();
    }

    /// <summary>The broken worlds that no report tells of.</summary>
    public void Others(IEnumerable<SwarmResult> broken)
    {
        rows.Paragraph(_words.BrokenToo(broken));
        rows.Gap();
    }

    /// <summary>How large the worlds were, and how often what did something or was checked.</summary>
    public void Coverage(SwarmCoverage coverage, IReadOnlyList<CoverageGap> gaps, IReadOnlySet<string>? kinds, ulong? stoppedOf)
    {
        rows.Show(new Table(
            _words.SizeHeads,
            [.. coverage.Sizes.Select(row => Cells(_words.Size(row.Name), row.Minimum, row.Median, row.Maximum))])
        { IsNumeric = true });
        rows.Show(new Table(
            _words.FaultHeads,
            [.. coverage.Faults.Where(row => kinds is null || kinds.Contains(row.Kind))
            .Select(row => Cells(language.Faults.Kind(row.Kind), row.Fired))])
        { IsNumeric = true });
        rows.Show(new Table(
            _words.InvariantHeads,
            [.. coverage.Invariants.Select(row => Cells(_words.Invariant(row.Invariant), row.Checked))])
        { IsNumeric = true });
        rows.Gap();
        if (gaps.Count > 0) { rows.Paragraph(_words.NotCovered(gaps.Select(Name)), Role.Warning); }
        rows.Paragraph(_words.Summary(coverage.Worlds, coverage.Broken, stoppedOf), coverage.Broken == 0 ? Role.Good : Role.Bad);
    }

    private string Name(CoverageGap gap) => gap.Invariant is { } invariant ? _words.Invariant(invariant) : language.Faults.Kind(gap.FaultKind!);

    private static List<Phrase> Cells(string name, params ReadOnlySpan<long> numbers)
    {
        var cells = new List<Phrase> { "  " + name };
        foreach (var number in numbers) { cells.Add(Amounts.Number(number)); }
        return cells;
    }
}
