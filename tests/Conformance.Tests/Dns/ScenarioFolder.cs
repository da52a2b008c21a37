namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>Plays every scenario of a folder and prints a line for each.</summary>
internal static class ScenarioFolder
{
    /// <summary>The scenario files of a folder, in the order of their names.</summary>
    public static string[] Files(string folder) => [.. Directory.GetFiles(folder, "*.rpl").Order(StringComparer.Ordinal)];

    /// <summary>A file's text: bytes beyond ASCII stand in comments only.</summary>
    public static string Read(string file) => File.ReadAllText(file, System.Text.Encoding.Latin1);

    /// <summary>Prints PASS or FAIL for each, and how many of both; 0 when all have passed.</summary>
    public static int Play(string folder, TextWriter output)
    {
        if (!Directory.Exists(folder))
        {
            output.WriteLine($"there is no folder {folder}");
            return 2;
        }
        var (passed, failed) = (0, 0);
        foreach (var file in Files(folder))
        {
            var name = Path.GetFileNameWithoutExtension(file);
            var difference = Try(file);
            output.WriteLine(difference is null ? $"PASS {name}" : $"FAIL {name}: {difference}");
            if (difference is null) { passed++; }
            else { failed++; }
        }
        output.WriteLine($"{passed} passed, {failed} failed");
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    private static string? Try(string file)
    {
        try { return ScenarioRun.Play(Scenario.Parse(Read(file))); }
        // A file of another dialect, or a fault of the resolver: both belong to this one line.
        catch (Exception error) when (error is FormatException or InvalidOperationException or ArgumentException or KeyNotFoundException) { return $"{error.GetType().Name} {error.Message}"; }
    }
}
