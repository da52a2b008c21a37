using System.Diagnostics;

namespace Firstbyte.Fuzz.Running;

/// <summary>Makes a small corpus of a large one: all its edges, and as much of how often they are taken as fits into a limit.</summary>
/// <remarks>The shortest inputs first, each only if it adds something, and cut where that loses no edge.</remarks>
internal sealed class Minimiser(FuzzTarget target, CoverageMap map, InputRunner runner)
{
    /// <summary>What the inputs that add no edge, but only another count of one, may fill together.</summary>
    private const int MaximumBytesForCounts = 48 * 1024;

    // Cutting runs an input many times; what is this short is short enough.
    private const int ShortEnough = 16;
    private const int MaximumCuts = 300;
    private static readonly TimeSpan s_timeToCut = TimeSpan.FromSeconds(8);

    /// <summary>What is left of the inputs.</summary>
    public List<byte[]> Minimise(IEnumerable<byte[]> inputs)
    {
        var traced = inputs.Where(input => input.Length <= target.MaximumLength)
            .Select(input => new Traced(input, FeaturesOf(input))).Where(static row => row.Features.Count > 0)
            .OrderBy(static row => row.Input.Length).ThenByDescending(static row => row.Features.Count).ToList();
        // The longest come first: they have the most to lose.
        var start = Stopwatch.GetTimestamp();
        var kept = ForEdges(traced).Select(input => Stopwatch.GetElapsedTime(start) < s_timeToCut ? Cut(input) : input).ToList();
        var covered = kept.SelectMany(FeaturesOf).ToHashSet();
        var room = MaximumBytesForCounts;
        foreach (var (input, features) in traced)
        {
            if (input.Length > room) { break; }
            if (features.IsSubsetOf(covered)) { continue; }
            covered.UnionWith(features);
            kept.Add(input);
            room -= input.Length;
        }
        return kept;
    }

    // For each edge its shortest input; of these, those that are still needed when the longer ones are taken first.
    private static IEnumerable<byte[]> ForEdges(List<Traced> traced)
    {
        var shortest = new Dictionary<int, int>();
        for (var i = 0; i < traced.Count; i++)
        {
            foreach (var edge in EdgesOf(traced[i].Features)) { shortest.TryAdd(edge, i); }
        }
        var covered = new HashSet<int>();
        foreach (var i in shortest.Values.Distinct().OrderDescending())
        {
            var edges = EdgesOf(traced[i].Features);
            if (edges.IsSubsetOf(covered)) { continue; }
            covered.UnionWith(edges);
            yield return traced[i].Input;
        }
    }

    private HashSet<int> FeaturesOf(byte[] input)
    {
        map.Clear();
        // A finding is mended and then kept as a test; it does not belong into the corpus before.
        return runner.Run(input) is null ? map.Features() : [];
    }

    private byte[] Cut(byte[] input)
    {
        var edges = EdgesOf(FeaturesOf(input));
        var cuts = 0;
        for (var block = input.Length / 2; block >= 1 && input.Length > ShortEnough; block /= 2)
        {
            for (var at = 0; at + block <= input.Length && input.Length > ShortEnough && cuts < MaximumCuts; cuts++)
            {
                byte[] shorter = [.. input.AsSpan(0, at), .. input.AsSpan(at + block)];
                if (EdgesOf(FeaturesOf(shorter)).IsSupersetOf(edges)) { input = shorter; }
                else { at += block; }
            }
        }
        return input;
    }

    private static HashSet<int> EdgesOf(HashSet<int> features) => [.. features.Select(static feature => feature >> 8)];

    private readonly record struct Traced(byte[] Input, HashSet<int> Features);
}
