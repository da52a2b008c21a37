namespace Firstbyte.Tests.Dns.Records;

/// <summary>A line of record-vectors.tsv: a record's data as text and as bytes, where the example is from, and the tools of Debian 12 that do not know its type.</summary>
internal sealed record RecordVector(string Type, string Text, string Hex, string Source, string[] UnknownTo)
{
    /// <summary>Every line of the file.</summary>
    public static IReadOnlyList<RecordVector> All { get; } =
    [
        .. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Dns", "Records", "record-vectors.tsv")).Where(static line => line[0] != '#').Select(static line => line.Split('\t'))
            .Select(static parts => new RecordVector(parts[0], parts[1], parts[2], parts[3], parts.Length > 4 ? parts[4].Split(' ') : [])),
    ];

    /// <summary>The types that a tool has no words for: it takes them as bytes (RFC 3597 section 5).</summary>
    public static string[] TypesUnknownTo(string tool) => [.. All.Where(vector => vector.UnknownTo.Contains(tool)).Select(static vector => vector.Type).Distinct()];
}
