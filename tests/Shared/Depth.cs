namespace Firstbyte.Tests;

/// <summary>How far a random search goes: a tenth of the way where somebody waits for it, all of it with FIRSTBYTE_DEEP=1, as continuous integration does.</summary>
internal static class Depth
{
    private static readonly bool s_isDeep = Environment.GetEnvironmentVariable("FIRSTBYTE_DEEP") == "1";

    /// <summary>The number of samples or seeds of this run, of those of the whole search.</summary>
    public static int Of(int whole) => s_isDeep ? whole : Math.Max(1, whole / 10);
}
