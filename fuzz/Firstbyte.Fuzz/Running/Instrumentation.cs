using SharpFuzz;

namespace Firstbyte.Fuzz.Running;

/// <summary>Rewrites our assemblies in a folder so that they count the branches they take.</summary>
internal static class Instrumentation
{
    private static readonly string[] s_assemblies = ["Firstbyte.Protocols", "Firstbyte.Engine", "Firstbyte.Simulation", "Firstbyte.Telling", "firstbyte"];

    /// <summary>Rewrites those that lie there; false when there is none.</summary>
    public static bool Rewrite(string folder)
    {
        var count = 0;
        foreach (var name in s_assemblies)
        {
            var file = Path.Combine(folder, name + ".dll");
            if (!File.Exists(file)) { continue; }
            var types = Fuzzer.Instrument(file, static _ => true, Options.Value);
            Console.WriteLine($"{name}: {types.Count()} types");
            count++;
        }
        return count > 0;
    }

    /// <summary>Whether the code that runs counts its branches.</summary>
    public static bool IsInForce => typeof(Addressing.IpAddress).Assembly.GetReferencedAssemblies().Any(static name => name.Name == "SharpFuzz.Common");
}
