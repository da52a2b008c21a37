namespace Firstbyte.Tests.PlantedBugs;

/// <summary>Which of the planted bugs is in force; the mutated copies of the sources ask.</summary>
public static class Planted
{
    private static int s_chosen;

    /// <summary>Whether a bug is in force.</summary>
    public static bool Is(int number) => s_chosen == number;

    /// <summary>Chooses a bug; 0 is none.</summary>
    public static void Choose(int number) => s_chosen = number;
}
