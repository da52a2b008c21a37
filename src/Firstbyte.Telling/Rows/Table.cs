namespace Firstbyte.Telling.Rows;

/// <summary>Rows of equal build below their heads.</summary>
public sealed record Table(IReadOnlyList<string> Heads, IReadOnlyList<IReadOnlyList<Phrase>> Rows)
{
    /// <summary>Whether all columns but the first hold numbers, which stand at the right of their column.</summary>
    public bool IsNumeric { get; init; }
}
