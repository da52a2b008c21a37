namespace Firstbyte.Labs;

/// <summary>What could have stood at a place of a lab's file; the words for it are made where it is told.</summary>
/// <param name="Term">What.</param>
/// <param name="Words">What the term speaks of: keywords of the format, names of the lab, limits.</param>
public sealed record LabExpectation(LabTerm Term, params IReadOnlyList<string> Words)
{
    /// <summary>"OneOf rip, nat"</summary>
    public override string ToString() => Words.Count == 0 ? $"{Term}" : $"{Term} {string.Join(", ", Words)}";
}

/// <summary>What stands at a place of a lab's file instead.</summary>
/// <param name="Kind">What.</param>
/// <param name="Text">The word or text itself, without control characters and not longer than a line; empty where the kind says all.</param>
public readonly record struct LabFound(LabFoundKind Kind, string Text = "")
{
    /// <summary>"Word colour"</summary>
    public override string ToString() => Text.Length == 0 ? $"{Kind}" : $"{Kind} {Text}";
}
