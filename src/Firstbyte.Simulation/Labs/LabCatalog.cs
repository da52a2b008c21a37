using System.Text;

namespace Firstbyte.Labs;

/// <summary>The labs that come with the program, embedded in it: the files of the folder labs/.</summary>
public static class LabCatalog
{
    /// <summary>The lab of the chapter, which runs when no other is named.</summary>
    public const string Default = "glasscom";

    private const string Prefix = "labs/";
    private const string Extension = ".lab";
    private const string PagePrefix = "docs/labs/";
    private const string PageExtension = ".md";

    private static readonly Dictionary<string, string> s_resources =
        typeof(LabCatalog).Assembly.GetManifestResourceNames().Where(IsLab).ToDictionary(NameOf, StringComparer.Ordinal);

    /// <summary>The labs' names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. s_resources.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Reads the lab of that name; null when there is none.</summary>
    public static LabDefinition? Load(string name)
    {
        if (!s_resources.TryGetValue(name, out var resource)) { return null; }
        var folder = resource[..(resource.LastIndexOf('/') + 1)];
        return LabFile.Parse(Encoding.UTF8.GetString(ReadResource(resource)!), resource, file => ReadResource(folder + file));
    }

    /// <summary>A lab's file as it was written, with its comments; null when there is none of that name.</summary>
    public static string? ReadText(string name) => s_resources.TryGetValue(name, out var resource) ? Encoding.UTF8.GetString(ReadResource(resource)!) : null;

    /// <summary>A file that a lab of the catalogue names, by that name; null when none does.</summary>
    public static byte[]? ReadFile(string file) =>
        s_resources.Values.Select(static resource => resource[..(resource.LastIndexOf('/') + 1)]).Distinct(StringComparer.Ordinal)
            .Select(folder => ReadResource(folder + file)).FirstOrDefault(static content => content is not null);

    /// <summary>The URLs that a lab's file proposes to try, in its order; none when it proposes none or there is no such lab.</summary>
    public static IReadOnlyList<string> ProposedUrls(string name) => [.. ProposedTries(name).Select(static one => one.Url)];

    /// <summary>What a lab's file proposes to try, in its order, each with the proxy that it is to go by.</summary>
    public static IReadOnlyList<LabTry> ProposedTries(string name)
    {
        if (!s_resources.TryGetValue(name, out var resource)) { return []; }
        var tries = new List<LabTry>();
        foreach (var line in Encoding.UTF8.GetString(ReadResource(resource)!).Split('\n'))
        {
            if (!line.StartsWith('#') || line.IndexOf("firstbyte --lab", StringComparison.Ordinal) < 0) { continue; }
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var (proxy, user) = (Behind(words, "-x"), Behind(words, "-U"));
            if (words.FirstOrDefault(word => word != proxy && word.Contains("://", StringComparison.Ordinal)) is not { } url) { continue; }
            if (proxy is not null && user is not null) { proxy = proxy.Replace("://", $"://{user}@", StringComparison.Ordinal); }
            tries.Add(new LabTry(url, proxy ?? ""));
        }
        return tries;

        static string? Behind(string[] words, string option) => Array.IndexOf(words, option) is >= 0 and var at && at + 1 < words.Length ? words[at + 1] : null;
    }

    /// <summary>What a lab's file proposes to do in it, and on which shelf of experiments; null when it is none or there is no such lab.</summary>
    public static LabExperiment? ReadExperiment(string name)
    {
        if (!s_resources.TryGetValue(name, out var resource)) { return null; }
        ExperimentShelf? shelf = null;
        var question = LessonQuestion.None;
        var steps = new List<ExperimentStep>();
        foreach (var line in Encoding.UTF8.GetString(ReadResource(resource)!).Split('\n').TakeWhile(static line => line.StartsWith('#')))
        {
            if (After("# Shelf: ", line) is { } word && Enum.TryParse<ExperimentShelf>(word, ignoreCase: true, out var read)) { shelf = read; }
            else if (After("# Ask: ", line) is { } asked && Enum.TryParse(asked, ignoreCase: true, out question)) { continue; }
            else if (After("# Do: ", line)?.Split(' ', 2) is [var kind, .. var rest])
            {
                steps.Add(new ExperimentStep(kind, rest.Length > 0 ? rest[0] : "", question));
                question = LessonQuestion.None;
            }
        }
        return shelf is { } found && steps.Count > 0 ? new LabExperiment(name, found, steps) : null;

        static string? After(string words, string line) => line.StartsWith(words, StringComparison.Ordinal) ? line[words.Length..].Trim() : null;
    }

    /// <summary>The experiments, shelf by shelf.</summary>
    public static IReadOnlyList<LabExperiment> Experiments { get; } =
        [.. Names.Select(ReadExperiment).OfType<LabExperiment>().OrderBy(static one => one.Shelf).ThenBy(static one => one.Name, StringComparer.Ordinal)];

    /// <summary>The page that says what a lab builds, what to type and what to look for, in Markdown; null when there is none.</summary>
    /// <param name="name">The lab's name.</param>
    /// <param name="language">The language's tag; the page is in English where there is none in that language.</param>
    public static string? ReadPage(string name, string language = "en") =>
        (ReadResource($"{PagePrefix}{name}.{language}{PageExtension}") ?? ReadResource(PagePrefix + name + PageExtension)) is { } page
            ? Encoding.UTF8.GetString(page)
            : null;

    /// <summary>All labs.</summary>
    public static IEnumerable<(string Name, LabDefinition Lab)> List() => Names.Select(static name => (name, Load(name)!));

    private static bool IsLab(string resource) =>
        resource.StartsWith(Prefix, StringComparison.Ordinal) && resource.EndsWith(Extension, StringComparison.Ordinal);

    private static string NameOf(string resource)
    {
        var start = resource.LastIndexOf('/') + 1;
        return resource[start..^Extension.Length];
    }

    private static byte[]? ReadResource(string name)
    {
        using var stream = typeof(LabCatalog).Assembly.GetManifestResourceStream(name);
        if (stream is null) { return null; }
        var content = new byte[stream.Length];
        stream.ReadExactly(content);
        return content;
    }
}

/// <summary>Something that a lab's file proposes to try.</summary>
/// <param name="Url">The URL to enter.</param>
/// <param name="Proxy">The proxy that it is to go by, with who asks it; empty for none.</param>
public sealed record LabTry(string Url, string Proxy);
