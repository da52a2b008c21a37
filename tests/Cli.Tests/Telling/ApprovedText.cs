namespace Firstbyte.Tests.Telling;

/// <summary>A text that somebody has read and approved: it lies beside the tests, and what differs is written beside it.</summary>
internal static class ApprovedText
{
    /// <summary>Fails where a text is not the approved one.</summary>
    /// <param name="file">Its name below <c>tests/Cli.Tests</c>.</param>
    /// <param name="text">The text as it is now.</param>
    public static void Check(string file, string text)
    {
        var approved = Path.Combine(RepositoryRoot.Require(), "tests", "Cli.Tests", file);
        var received = Path.ChangeExtension(approved, ".received.txt");
        if (File.Exists(approved) && File.ReadAllText(approved) == text)
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, text);
        Assert.Fail($"the sentences have changed: compare {received} with {approved}, and move it over when the change is meant");
    }
}
