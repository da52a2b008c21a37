using Firstbyte.Http;

namespace Firstbyte.Cli.Io;

/// <summary>The words of the command line as the bytes that were typed.</summary>
/// <remarks>
/// The runtime reads them as UTF-8 and puts U+FFFD where they are none; what is sent would be other bytes than those that were typed. Linux still has them.
/// </remarks>
internal static class TypedArguments
{
    private const string CommandLine = "/proc/self/cmdline";

    /// <summary>The words with the bytes that they have (<see cref="OctetText"/>); as they are where all of them are UTF-8, or nobody can tell.</summary>
    public static string[] Of(string[] words)
    {
        if (!Array.Exists(words, static word => word.Contains('\uFFFD', StringComparison.Ordinal)) || !OperatingSystem.IsLinux()) { return words; }
        byte[] line;
        try { line = File.ReadAllBytes(CommandLine); }
        // Without /proc there are only the words of the runtime.
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { return words; }
        return Of(words, line);
    }

    /// <summary>
    /// The same of a command line as the kernel has it: each word behind the other, each with NUL behind it, those of the host program in front.
    /// </summary>
    public static string[] Of(string[] words, ReadOnlySpan<byte> line)
    {
        var typed = new List<string>();
        if (line is [.., 0]) { line = line[..^1]; }
        foreach (var range in line.Split((byte)0)) { typed.Add(OctetText.Of(line[range])); }
        if (typed.Count < words.Length) { return words; }
        string[] own = [.. typed[^words.Length..]];
        // Whoever has changed it since (prctl(2), PR_SET_MM_ARG_START) is not believed.
        for (var i = 0; i < words.Length; i++)
        {
            if (Legible(OctetText.Shown(own[i])) != Legible(words[i])) { return words; }
        }
        return own;

        // How many U+FFFD stand for what is none differs between decoders.
        static string Legible(string word) => word.Replace("\uFFFD", "", StringComparison.Ordinal);
    }
}
