namespace Firstbyte.Labs;

/// <summary>A lab's file says something that it cannot mean: where, what was expected, and what stands there.</summary>
public sealed class LabFileException : FormatException
{
    internal LabFileException(LabPlace place, string expected, string found)
        : base($"{place}: expected {expected}, found {found}")
    {
        Place = place;
        Expected = expected;
        Found = found;
    }

    /// <summary>Where.</summary>
    public LabPlace Place { get; }

    /// <summary>What could have stood there.</summary>
    public string Expected { get; }

    /// <summary>What stands there.</summary>
    public string Found { get; }
}
