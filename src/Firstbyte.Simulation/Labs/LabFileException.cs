using Firstbyte.Dns.Zones;

namespace Firstbyte.Labs;

/// <summary>A lab's file says something that it cannot mean: where, what was expected, and what stands there.</summary>
public sealed class LabFileException : FormatException
{
    internal LabFileException(LabPlace place, LabExpectation expected, LabFound found)
        : base($"{place}: expected {expected}, found {found}")
    {
        Place = place;
        Expected = expected;
        Found = found;
    }

    internal LabFileException(LabPlace place, ZoneProblem problem)
        : base($"{place}: {problem.Flaw}: expected {problem.Expected}, found {problem.Found}")
    {
        Place = place;
        Expected = new LabExpectation(LabTerm.Zone);
        Found = problem.Found.Length == 0 ? new LabFound(LabFoundKind.Nothing) : new LabFound(LabFoundKind.Word, LabWords.Shown(problem.Found));
        Problem = problem;
    }

    internal LabFileException(LabPlace place, LabTerm expected, LabFound found)
        : this(place, new LabExpectation(expected), found)
    {
    }

    /// <summary>Where.</summary>
    public LabPlace Place { get; }

    /// <summary>What could have stood there.</summary>
    public LabExpectation Expected { get; }

    /// <summary>What stands there.</summary>
    public LabFound Found { get; }

    /// <summary>Where a zone of the lab is wrong: what is wrong with it; its place is this exception's.</summary>
    public ZoneProblem? Problem { get; }
}
