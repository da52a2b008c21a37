using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text;
using Firstbyte.Tests.Tcp;

namespace Firstbyte.Bench.Tcp;

/// <summary>
/// <c>tcp-linux [FILE [LINK]]</c>: how long the Linux kernel takes, as sender and receiver, to carry what our stack carries in virtual time over
/// the same emulated links (EmulatedLink.cs). Needs root: each pair of kernel ends lives in two network namespaces of its own with a TUN
/// device each, and this program is the link between them, with real-time priority; all links, or those whose name holds a text. Writes the table that BesideLinuxTests reads.
/// </summary>
internal static class LinuxSuite
{
    /// <summary>Transfers that run at the same time: so that the losses' waiting adds up to minutes and not to hours. Those that fill the link run alone.</summary>
    private const int Together = LinkShape.Seeds;

    public static int Run(string[] arguments)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Console.Error.WriteLine("tcp-linux: needs Linux and root (network namespaces and TUN devices are made)");
            return 1;
        }
        Measure(arguments is [var file, ..] ? file : null, arguments is [_, var link, ..] ? link : "");
        // The kernel ends' threads wait for work that nobody has any more.
        Environment.Exit(0);
        return 0;
    }

    [SupportedOSPlatform("linux")]
    private static void Measure(string? file, string link)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"{File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, cubic, everything else as the kernel has it");
        using var wire = new EmulatedWire();
        var pairs = Enumerable.Range(0, Together).Select(number => new KernelPair(number, wire)).ToArray();
        wire.Start(pairs);
        pairs[0].Carry(LinkShape.All[0], LinkShape.Sizes[0], seed: 1);
        foreach (var shape in LinkShape.All.Where(shape => shape.Name.Contains(link, StringComparison.Ordinal)))
        {
            foreach (var octets in LinkShape.Sizes)
            {
                var times = new ConcurrentBag<long>();
                // What loses much is slow, and what is small is short: there all seeds run beside each other.
                var width = shape.LossPermille >= 50 ? Together : octets < 1_000_000 ? 4 : 1;
                var seeds = new ConcurrentQueue<int>(Enumerable.Range(1, LinkShape.Seeds));
                var workers = pairs.Take(width).Select(pair => new Thread(() =>
                {
                    while (seeds.TryDequeue(out var seed)) { times.Add(pair.Carry(shape, octets, seed)); }
                })).ToArray();
                foreach (var worker in workers) { worker.Start(); }
                foreach (var worker in workers) { worker.Join(); }
                var row = string.Create(CultureInfo.InvariantCulture, $"{shape.Name,-16}{octets,8}{LinkShape.Median(times),8}");
                table.AppendLine(row);
                Console.WriteLine($"{row}   from {times.Min()} to {times.Max()}, the wire was late by at most {wire.TakeLateness() / 1_000} us");
            }
        }
        if (file is not null) { File.WriteAllText(file, table.ToString()); }
    }
}
