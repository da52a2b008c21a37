namespace Firstbyte.Tests.Architecture;

/// <summary>The checked-in list of allowed arrows (<c>arrows.txt</c>): a line a folder, <c>from -> to to …</c>, and what each assembly may reference from outside.</summary>
internal sealed class ArrowList
{
    private const string Arrow = " -> ";

    private readonly SortedDictionary<string, SortedSet<string>> _targets = new(StringComparer.Ordinal);

    /// <summary>Reads the list; lines that begin with # are remarks.</summary>
    public static ArrowList Parse(IEnumerable<string> lines)
    {
        var list = new ArrowList();
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] == '#') { continue; }
            var at = line.IndexOf(Arrow, StringComparison.Ordinal);
            if (at < 0) { throw new FormatException($"no arrow in \"{line}\""); }
            list._targets.Add(line[..at], new SortedSet<string>(line[(at + Arrow.Length)..].Split(' ', StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal));
        }
        return list;
    }

    /// <summary>The folders that arrows start from.</summary>
    public IEnumerable<string> Folders => _targets.Keys;

    /// <summary>The folders that one may use.</summary>
    public IReadOnlyCollection<string> TargetsOf(string folder) => _targets.TryGetValue(folder, out var targets) ? targets : [];

    /// <summary>Whether an arrow is allowed.</summary>
    public bool Allows(string from, string to) => _targets.TryGetValue(from, out var targets) && targets.Contains(to);

    /// <summary>A cycle among the arrows as a path that ends where it began; null when there is none.</summary>
    public IReadOnlyList<string>? FindCycle()
    {
        var done = new HashSet<string>(StringComparer.Ordinal);
        var path = new List<string>();
        foreach (var folder in _targets.Keys)
        {
            if (Walk(folder) is { } cycle) { return cycle; }
        }
        return null;

        List<string>? Walk(string folder)
        {
            var at = path.IndexOf(folder);
            if (at >= 0) { return [.. path[at..], folder]; }
            if (!done.Add(folder)) { return null; }
            path.Add(folder);
            foreach (var target in TargetsOf(folder))
            {
                if (Walk(target) is { } cycle) { return cycle; }
            }
            path.RemoveAt(path.Count - 1);
            return null;
        }
    }

    /// <summary>The picture for docs/architecture.md: one Mermaid graph an assembly, with the arrows inside it.</summary>
    public string Draw()
    {
        var text = new System.Text.StringBuilder();
        foreach (var assembly in _targets.Keys.Concat(_targets.Values.SelectMany(static targets => targets)).Select(AssemblyOf).Distinct().Order(StringComparer.Ordinal))
        {
            var inside = _targets.SelectMany(pair => pair.Value.Select(to => (From: pair.Key, To: to))).Where(arrow => AssemblyOf(arrow.From) == assembly && AssemblyOf(arrow.To) == assembly).ToList();
            if (inside.Count == 0) { continue; }
            text.Append("### Inside ").Append(assembly).Append("\n\n```mermaid\ngraph RL\n");
            foreach (var (from, to) in inside) { text.Append("  ").Append(Node(from)).Append(" --> ").Append(Node(to)).Append('\n'); }
            text.Append("```\n\n");
        }
        return text.ToString();
    }

    /// <summary>The assembly's last word, which a folder's name begins with.</summary>
    public static string AssemblyOf(string folder) => folder.Split('/')[0];

    private static string Node(string folder)
    {
        var name = folder.Contains('/') ? folder[(folder.IndexOf('/') + 1)..] : "(root)";
        return $"{folder.Replace('/', '_')}[\"{name}\"]";
    }
}
