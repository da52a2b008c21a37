using System.Text.RegularExpressions;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Labs;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Telling;

/// <summary>What is wrong in a lab's file or a zone file, and how a simulation fails: every member of these families in every language.</summary>
public partial class SourceSentencesTests
{
    private static readonly LabPlace s_place = new("my.lab", 3, 7);

    private static IEnumerable<LabFileException> LabFaults()
    {
        // Three words: as many as any term speaks of, and a list where it is one.
        foreach (var term in Enum.GetValues<LabTerm>()) { yield return new LabFileException(s_place, new LabExpectation(term, "4", "5", "6"), new LabFound(LabFoundKind.Word, "x")); }
        foreach (var kind in Enum.GetValues<LabFoundKind>()) { yield return new LabFileException(s_place, LabTerm.Name, new LabFound(kind, "x")); }
        yield return new LabFileException(s_place, new ZoneProblem(new ZonePlace("db", 1, 1), ZoneFlaw.SoaMissing, new ZoneExpectation(ZoneTerm.SoaAtOrigin, "example."), ""));
    }

    private static IEnumerable<ZoneProblem> ZoneProblems()
    {
        var place = new ZonePlace("db.example", 12, 5);
        foreach (var term in Enum.GetValues<ZoneTerm>()) { yield return new ZoneProblem(place, ZoneFlaw.Syntax, new ZoneExpectation(term, "example."), "x"); }
        yield return new ZoneProblem(place, ZoneFlaw.DataShape, new ZoneExpectation(ZoneTerm.Number, "255", Field: "flags"), "x");
        foreach (var flaw in Enum.GetValues<NameFlaw>()) { yield return new ZoneProblem(place, ZoneFlaw.BadName, new ZoneExpectation(ZoneTerm.DomainName, "", flaw), ""); }
    }

    private static IEnumerable<SimulationException> SimulationFailures()
    {
        var at = Instant.SimulationEpoch;
        var problem = ZoneProblems().First();
        WaitingCall[] calls = [.. Enumerable.Range(3, 8).Select(static descriptor => new WaitingCall("www", "receive", descriptor, null, true))];
        yield return new ForeignEntryException("timer", 2);
        yield return new ForeignWorkException(2);
        yield return new ServiceFailedException("httpd", "www", new FormatException("planted"));
        yield return new StalledException(at, [], calls);
        yield return new StalledException(at, [], []);
        yield return new DivergedException(1, 2, 3, 4, 5);
        yield return new ReplayDivergedException(9, "did not happen");
        yield return new RecordingFullException(1000);
        yield return new ZoneLostException(new NameRemoval(s_place, 0, DnsName.Parse("example"), DnsName.Parse("example"), RecordType.SOA), problem);
    }

    private static IEnumerable<string> All(Language language) =>
    [
        .. LabFaults().Select(fault => language.Sources.LabFault(fault).ToString()),
        .. ZoneProblems().Select(problem => language.Sources.ZoneProblem(problem).ToString()),
        .. SimulationFailures().Select(failure => language.Labs.SimulationFailure(failure).ToString()),
    ];

    [Fact]
    public void Every_failure_of_a_simulation_has_a_sample_and_a_sentence_of_its_own()
    {
        var kinds = typeof(SimulationException).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(SimulationException))).Select(static type => type.Name).Order();
        Assert.Equal(kinds, SimulationFailures().Select(static failure => failure.GetType().Name).Distinct().Order());
        // The last resort of the choice is the type's name.
        Assert.All(Languages.All, language => Assert.All(SimulationFailures(), failure => Assert.DoesNotContain(failure.GetType().Name, language.Labs.SimulationFailure(failure).ToString(), StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_sentence_begins_with_its_place_and_has_words_of_its_language()
    {
        Assert.All(Languages.All, language => Assert.All(LabFaults(), fault => Assert.StartsWith("my.lab:3:7", language.Sources.LabFault(fault).ToString(), StringComparison.Ordinal)));
        Assert.All(All(Languages.Chinese), static said => Assert.DoesNotMatch(EnglishSentence(), Typed().Replace(said, " ")));
        Assert.All(Languages.All, language => Assert.Equal(All(Languages.English).Distinct().Count(), All(language).Distinct().Count()));
        Assert.True(All(Languages.English).Count() > 150);
    }

    // What is typed in these files stands in them as it is in every language.
    [GeneratedRegex("hub 或 switch|lab \"标题\"|“unset example.*”|'[^']*'", RegexOptions.CultureInvariant)]
    private static partial Regex Typed();

    [GeneratedRegex("[a-z]{3,} [a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex EnglishSentence();
}
