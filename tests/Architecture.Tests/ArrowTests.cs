using System.Text.RegularExpressions;

namespace Firstbyte.Tests.Architecture;

/// <summary>What may use what in <c>src</c>: every arrow is in the list, every arrow of the list is used, and none lead in a circle.</summary>
public sealed partial class ArrowTests
{
    private const string PictureBegins = "<!-- arrows: generated from tests/Architecture.Tests/arrows.txt -->";
    private const string PictureEnds = "<!-- arrows end -->";

    private static string Here => Path.Combine(RepositoryRoot.Require(), "tests", "Architecture.Tests");

    private static ArrowList List => ArrowList.Parse(File.ReadLines(Path.Combine(Here, "arrows.txt")));

    private static IEnumerable<string> Assemblies => Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        .Where(static path => Path.GetFileNameWithoutExtension(path) is var name && (name is "firstbyte" or "firstbyte-host" || (name.StartsWith("Firstbyte.", StringComparison.Ordinal) && !name.EndsWith(".Tests", StringComparison.Ordinal))));

    /// <summary>FIRSTBYTE_ACCEPT=1 writes the list and the picture anew: for the review, not for the build.</summary>
    private static bool Accepts => Environment.GetEnvironmentVariable("FIRSTBYTE_ACCEPT") == "1";

    [Fact]
    public void Every_arrow_is_in_the_list_and_every_arrow_of_the_list_is_drawn()
    {
        var arrows = Arrows.Read(Assemblies);
        Assert.True(arrows.Count > 100, $"only {arrows.Count} arrows were found: the assemblies were not read");
        if (Accepts) { Accept(arrows.Keys); }
        var list = List;
        var foreign = arrows.Where(arrow => !list.Allows(arrow.Key.From, arrow.Key.To)).Select(static arrow => $"{arrow.Key.From} -> {arrow.Key.To} (in {arrow.Value})");
        var unused = list.Folders.SelectMany(from => list.TargetsOf(from).Where(to => !arrows.ContainsKey((from, to))).Select(to => $"{from} -> {to} is in the list, and nothing draws it any more"));
        Assert.Equal([], foreign.Concat(unused));
    }

    [Fact]
    public void No_arrows_lead_in_a_circle() => Assert.Equal("", string.Join(" -> ", List.FindCycle() ?? []));

    [Fact]
    public void A_planted_cycle_is_found()
    {
        var planted = ArrowList.Parse([.. File.ReadLines(Path.Combine(Here, "arrows.txt")).Where(static line => !line.StartsWith("Protocols/Addressing ->", StringComparison.Ordinal)), "Protocols/Addressing -> Engine/Journeys"]);
        var cycle = planted.FindCycle();
        Assert.NotNull(cycle);
        Assert.Equal(cycle[0], cycle[^1]);
        Assert.Contains("Engine/Journeys", cycle);
    }

    [Fact]
    public void Assemblies_point_one_way()
    {
        string[] order = ["Protocols", "Engine", "Simulation", "Telling", "Extensions", "Testing", "Cli", "Host", "Web"];
        var list = List;
        var wrong = list.Folders.SelectMany(from => list.TargetsOf(from).Select(to => (From: from, To: to)))
            .Where(arrow => Array.IndexOf(order, ArrowList.AssemblyOf(arrow.From)) < Array.IndexOf(order, ArrowList.AssemblyOf(arrow.To)));
        Assert.Equal([], wrong);
    }

    [Fact]
    public void A_folder_has_a_namespace_of_its_own()
    {
        var sources = Path.Combine(RepositoryRoot.Require(), "src");
        var wrong = new List<string>();
        foreach (var file in Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories))
        {
            var path = Path.GetRelativePath(sources, file).Replace('\\', '/').Split('/');
            if (path.Contains("obj") || path.Contains("bin") || Declared().Match(File.ReadAllText(file)) is not { Success: true } declared) { continue; }
            var folder = string.Join('/', path[..^1]).Replace("Firstbyte.", "", StringComparison.Ordinal);
            if (Arrows.FolderOf(path[0], declared.Groups["name"].Value) != folder) { wrong.Add($"{string.Join('/', path)} declares {declared.Groups["name"].Value}"); }
        }
        Assert.Equal([], wrong);
    }

    /// <summary>Folders of tests that are about no folder of <c>src</c>: a bench and its scripts.</summary>
    private static readonly string[] Benches = ["Protocols/Tcp/Scripting", "Protocols/Tcp/Scripts", "Protocols/Tcp/Golden", "Cli/Transcripts"];

    /// <summary>What <c>Cli.Tests</c> holds of other assemblies: words, and that no output shows a secret, are tested as the command prints them.</summary>
    private static readonly string[] Elsewhere = ["Cli/Telling", "Cli/Secrets"];

    [Theory]
    [InlineData("Protocols"), InlineData("Engine"), InlineData("Simulation"), InlineData("Cli")]
    public void The_tests_folders_mirror_those_of_the_sources(string project)
    {
        var root = RepositoryRoot.Require();
        var (sources, tests) = (Path.Combine(root, "src", "Firstbyte." + project), Path.Combine(root, "tests", project + ".Tests"));
        var folders = Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(tests, Path.GetDirectoryName(file)!).Replace('\\', '/'))
            .Where(static folder => folder != "." && folder.Split('/')[0] is not ("obj" or "bin"))
            .Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(folders);
        Assert.Equal([], folders.Where(folder => !Directory.Exists(Path.Combine(sources, folder)) && !Benches.Concat(Elsewhere).Contains($"{project}/{folder}")));
    }

    [Fact]
    public void The_picture_in_the_docs_is_the_list()
    {
        var path = Path.Combine(RepositoryRoot.Require(), "docs", "architecture.md");
        var text = File.ReadAllText(path);
        var (begins, ends) = (text.IndexOf(PictureBegins, StringComparison.Ordinal), text.IndexOf(PictureEnds, StringComparison.Ordinal));
        Assert.True(begins >= 0 && ends > begins, "docs/architecture.md has lost the marks of the picture");
        var picture = "\n\n" + List.Draw();
        if (Accepts) { File.WriteAllText(path, text = text[..(begins + PictureBegins.Length)] + picture + text[ends..]); }
        ends = text.IndexOf(PictureEnds, StringComparison.Ordinal);
        Assert.Equal(picture, text[(begins + PictureBegins.Length)..ends]);
    }

    private static void Accept(IEnumerable<(string From, string To)> arrows)
    {
        var path = Path.Combine(Here, "arrows.txt");
        var remarks = File.Exists(path) ? File.ReadLines(path).TakeWhile(static line => line.StartsWith('#')).ToArray() : [];
        File.WriteAllLines(path, [.. remarks, .. arrows.GroupBy(static arrow => arrow.From).Select(static group => $"{group.Key} -> {string.Join(' ', group.Select(static arrow => arrow.To))}")]);
    }

    [GeneratedRegex(@"^namespace (?<name>[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Declared();
}
