namespace Firstbyte.Labs;

internal static class LabServices
{
    public static void Start(LabWorld world) { }
}
