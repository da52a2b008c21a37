using System.Diagnostics;
using Firstbyte.Dns;
using Firstbyte.Journeys;
using Firstbyte.Labs;
using Firstbyte.Simulation.Tls;
using Firstbyte.Transfers;

namespace Firstbyte.Bench.Journeys;

/// <summary>Whole journeys of the chapter's lab a second: the world built anew, its caches cold, nobody listening. The CPU second is the whole process's: it leaves out what other work on the machine takes away.</summary>
internal static class JourneySuite
{
    private const string Url = "http://www.lab.glasscom.com/dir1/file1.html";
    private const int Passes = 7;

    // The runtime compiles what is hot once more while it runs; after so many journeys it has done so (the rate does not rise any more).
    private const int WarmUp = 2_000;

    public static int Run(string[] arguments)
    {
        var perPass = arguments.Length > 0 ? int.Parse(arguments[0]) : 300;
        // Another lab file than the chapter's own tells what a larger world costs, or how an older one runs today.
        var definition = arguments.Length > 1
            ? LabFile.Parse(File.ReadAllText(arguments[1]), arguments[1], path => File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(arguments[1])!, path)))
            : LabCatalog.Load(LabCatalog.Default)!;
        for (var i = 0; i < WarmUp; i++) { Once(definition); }
        var rates = new List<(double Rate, double PerCpuSecond, double Bytes)>();
        for (var pass = 0; pass < Passes; pass++)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            var (began, cpu) = (Stopwatch.GetTimestamp(), Environment.CpuUsage.TotalTime);
            for (var i = 0; i < perPass; i++) { Once(definition); }
            rates.Add((perPass / Stopwatch.GetElapsedTime(began).TotalSeconds, perPass / (Environment.CpuUsage.TotalTime - cpu).TotalSeconds, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)perPass));
        }
        rates.Sort();
        Console.WriteLine("| the chapter's journey, world built, caches cold | journeys/s median | min | max | a CPU second, median | kB each |");
        Console.WriteLine("|---|---|---|---|---|---|");
        Console.WriteLine($"| DNS relay of four servers, connect, GET, close | {rates[Passes / 2].Rate:#,0} | {rates[0].Rate:#,0} | {rates[^1].Rate:#,0} | {rates.Select(static rate => rate.PerCpuSecond).Order().ElementAt(Passes / 2):#,0} | {rates[Passes / 2].Bytes / 1000:0} |");
        return 0;
    }

    private static void Once(LabDefinition definition)
    {
        var world = LabWorld.Build(definition);
        var body = new MemorySink();
        var result = world.Run("journey", async () =>
        {
            using var client = new JourneyClient(world.Client, StubResolver.FromSystem(world.Client), new BouncyCastleTlsProvider(world.Client), new JourneyOptions { KeepConnections = false });
            return await client.RunAsync(new JourneyRequest(Url), body, world.Tracer);
        });
        if (result.Status != 200 || body.Body.Length == 0) { throw new InvalidOperationException($"the journey ended with {result.Status}, exit {result.ExitCode}"); }
    }
}
