using System.Diagnostics;
using Firstbyte.Addressing;

namespace Firstbyte.Bench.Addressing;

/// <summary>Longest-prefix matches a second in a table of a million prefixes, beside a binary trie and a linear search.</summary>
internal static class RouteSuite
{
    private const int Prefixes = 1_000_000;
    private const int Probes = 4_000_000;
    private const int LinearProbes = 200;
    private const int Passes = 5;

    public static int Run(string[] arguments)
    {
        // Lengths as in the Internet's own tables: most are /24, some shorter, few longer; the seed makes each run the same.
        var random = new Random(1);
        var table = new RouteTable<int>();
        var trie = new BinaryTrie();
        var linear = new List<(uint Network, uint Mask, int Value)>();
        while (table.Count < Prefixes)
        {
            var roll = random.Next(100);
            var length = roll < 60 ? 24 : roll < 75 ? 22 + random.Next(2) : roll < 95 ? 12 + random.Next(10) : 25 + random.Next(8);
            var prefix = new IpPrefix(IpAddress.FromV4((uint)random.NextInt64(0x01000000, 0xE0000000)), length);
            table.Set(prefix, table.Count);
            trie.Set((uint)prefix.Network.Bits, length, table.Count);
            linear.Add(((uint)prefix.Network.Bits, (uint)prefix.Mask.Bits, table.Count));
        }
        var probes = new IpAddress[1 << 16];
        for (var i = 0; i < probes.Length; i++) { probes[i] = IpAddress.FromV4((uint)random.NextInt64(0x01000000, 0xE0000000)); }
        table.TryMatch(probes[0], out _);

        var ours = Median(() => Time(Probes, count =>
        {
            var sum = 0L;
            for (var i = 0; i < count; i++) { sum += table.TryMatch(probes[i & 0xFFFF], out var value) ? value : 0; }
            return sum;
        }));
        var tries = Median(() => Time(Probes, count =>
        {
            var sum = 0L;
            for (var i = 0; i < count; i++) { sum += trie.Match((uint)probes[i & 0xFFFF].Bits); }
            return sum;
        }));
        var scans = Median(() => Time(LinearProbes, count =>
        {
            var sum = 0L;
            for (var i = 0; i < count; i++) { sum += Scan(linear, (uint)probes[i & 0xFFFF].Bits); }
            return sum;
        }));
        Console.WriteLine($"| longest-prefix match, {Prefixes:#,0} prefixes | ns/match | M matches/s | B/match |");
        Console.WriteLine("|---|---|---|---|");
        foreach (var (name, (nanoseconds, bytes)) in (ReadOnlySpan<(string, (double, double))>)[("RouteTable", ours), ("binary trie", tries), ("linear search", scans)])
        {
            Console.WriteLine($"| {name} | {nanoseconds:0.0} | {1e3 / nanoseconds:0.0000} | {bytes:0} |");
        }
        return 0;
    }

    private static (double Nanoseconds, double Bytes) Median(Func<(double, double)> pass) => Enumerable.Range(0, Passes).Select(_ => pass()).Order().ElementAt(Passes / 2);

    private static (double Nanoseconds, double Bytes) Time(int count, Func<int, long> pass)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var began = Stopwatch.GetTimestamp();
        var sum = pass(count);
        var elapsed = Stopwatch.GetElapsedTime(began).TotalNanoseconds;
        GC.KeepAlive(sum);
        return (elapsed / count, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)count);
    }

    private static int Scan(List<(uint Network, uint Mask, int Value)> rows, uint address)
    {
        var (best, value) = (0u, 0);
        foreach (var row in rows)
        {
            if ((address & row.Mask) == row.Network && row.Mask >= best) { (best, value) = (row.Mask, row.Value); }
        }
        return value;
    }

    /// <summary>One bit a level, nodes in arrays: the textbook's table.</summary>
    private sealed class BinaryTrie
    {
        private readonly List<(int Zero, int One, int Value)> _nodes = [(0, 0, 0)];

        public void Set(uint network, int length, int value)
        {
            var node = 0;
            for (var bit = 0; bit < length; bit++)
            {
                var (zero, one, old) = _nodes[node];
                var isOne = ((network >> (31 - bit)) & 1) == 1;
                var next = isOne ? one : zero;
                if (next == 0)
                {
                    next = _nodes.Count;
                    _nodes.Add((0, 0, 0));
                    _nodes[node] = isOne ? (zero, next, old) : (next, one, old);
                }
                node = next;
            }
            _nodes[node] = (_nodes[node].Zero, _nodes[node].One, value);
        }

        public int Match(uint address)
        {
            var nodes = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_nodes);
            var (node, value) = (0, 0);
            for (var bit = 31; ; bit--)
            {
                ref readonly var here = ref nodes[node];
                if (here.Value != 0) { value = here.Value; }
                if (bit < 0) { return value; }
                node = ((address >> bit) & 1) == 1 ? here.One : here.Zero;
                if (node == 0) { return value; }
            }
        }
    }
}
