namespace Firstbyte.Tests;

/// <summary>Test data of others, which is read where it lies beside the checkout (../shared/conformance) and never copied into it.</summary>
internal static class ConformanceData
{
    /// <summary>The path of a file or folder of the data; the test is skipped, visibly, where it is absent.</summary>
    public static string Require(string relativePath)
    {
        var path = Find(relativePath);
        if (path is null) { Assert.Skip($"no conformance data: ../shared/conformance/{relativePath} is not beside this checkout"); }
        return path!;
    }

    /// <summary>The path of a file or folder of the data, or null.</summary>
    public static string? Find(string relativePath)
    {
        var root = RepositoryRoot.Path;
        if (root is null) { return null; }
        var path = System.IO.Path.Combine(root, "..", "shared", "conformance", relativePath);
        return System.IO.Path.Exists(path) ? System.IO.Path.GetFullPath(path) : null;
    }
}

/// <summary>The folder that holds Firstbyte.slnx, found from the test's own place.</summary>
internal static class RepositoryRoot
{
    public static readonly string? Path = Search();

    /// <summary>The path, or a visible skip when the tests run outside a checkout.</summary>
    public static string Require()
    {
        if (Path is null) { Assert.Skip("not inside a checkout"); }
        return Path!;
    }

    private static string? Search()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Firstbyte.slnx"))) { return folder.FullName; }
        }
        return null;
    }
}
