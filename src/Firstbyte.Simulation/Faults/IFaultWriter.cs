using Firstbyte.Simulation.Elements;

namespace Firstbyte.Simulation.Faults;

/// <summary>
/// Where a fault is written to: a lab's file, which takes the words and values in their order, or an export, which takes the fields by
/// their names.
/// </summary>
public interface IFaultWriter
{
    /// <summary>A word between the values; exports do without.</summary>
    void Keyword(string word);

    /// <summary>The name of a host, router or cable.</summary>
    void Name(string field, string value);

    /// <summary>A set of names.</summary>
    void Names(string field, IReadOnlyList<string> values);

    /// <summary>A whole number.</summary>
    void Number(string field, long value);

    /// <summary>One of two words; exports say whether it is the first.</summary>
    void Choice(string field, bool isFirst, string first, string second);

    /// <summary>A share in millionths.</summary>
    void Share(string field, int millionths);

    /// <summary>A rate in bits a second.</summary>
    void Rate(string field, long bitsPerSecond);

    /// <summary>A size in bytes.</summary>
    void Size(string field, long bytes);

    /// <summary>A time in nanoseconds.</summary>
    void Time(string field, long nanoseconds);

    /// <summary>A time in nanoseconds, which may be negative.</summary>
    void SignedTime(string field, long nanoseconds);

    /// <summary>A drift in parts per million.</summary>
    void Drift(string field, int partsPerMillion);

    /// <summary>A direction of a cable.</summary>
    void Direction(string field, LinkDirection direction);

    /// <summary>How a cable treats frames.</summary>
    void Settings(string field, WireSettings settings);
}
