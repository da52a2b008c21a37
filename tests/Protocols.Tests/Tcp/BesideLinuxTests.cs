using System.Globalization;
using System.Text;
using Firstbyte.Tcp;
using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

/// <summary>
/// How long our stack takes over a bad link, in virtual time, beside what the Linux kernel took over the same link in real time. Linux's
/// column is recorded (as root): <c>dotnet run -c Release --project bench/Firstbyte.Bench -- tcp-linux tests/Protocols.Tests/Tcp/Golden/linux.txt</c>.
/// </summary>
public class BesideLinuxTests
{
    /// <summary>Linux's time may be exceeded by a tenth.</summary>
    private const int MostPercent = 110;

    [Fact]
    public void No_transfer_over_a_bad_link_takes_longer_than_linux_and_a_tenth()
    {
        var recorded = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "Tcp", "Golden", "linux.txt"));
        var table = new StringBuilder();
        table.AppendLine("milliseconds from connect to the last octet read, median of 20 seeds; 50 Mbit/s, round trip 40 ms, queue 250,000 octets; CUBIC");
        table.AppendLine(CultureInfo.InvariantCulture, $"Linux: {recorded[0]}");
        table.AppendLine("link              octets     ours    Linux   ours/Linux");
        var slow = new List<string>();
        foreach (var shape in LinkShape.All)
        {
            foreach (var octets in LinkShape.Sizes)
            {
                var ours = LinkShape.Median([.. Enumerable.Range(1, LinkShape.Seeds).Select(seed => Carry(shape, octets, seed))]);
                var linux = Recorded(recorded, shape.Name, octets);
                var percent = ours * 100 / Math.Max(linux, 1);
                var row = string.Create(CultureInfo.InvariantCulture, $"{shape.Name,-16}{octets,8}{ours,9}{linux,9}   {percent / 100,6}.{percent % 100:00}");
                table.AppendLine(row);
                if (ours * 100 > linux * MostPercent) { slow.Add(row); }
            }
        }
        TestContext.Current.TestOutputHelper?.WriteLine(table.ToString());
        Assert.Empty(slow);
        Snapshot.Matches("beside-linux.txt", table.ToString());
    }

    private static long Carry(LinkShape shape, int octets, int seed)
    {
        var path = new LossyPath((ulong)seed, shape.Make(seed), TcpSettings.Default, TcpSettings.Default);
        return Math.Min(path.Transfer(octets, 0, close: false).Ticks, LinkShape.Longest.Ticks) / TimeSpan.TicksPerMillisecond;
    }

    private static long Recorded(string[] lines, string name, int octets)
    {
        var wanted = string.Create(CultureInfo.InvariantCulture, $"{name,-16}{octets,8}");
        return long.Parse(lines.First(line => line.StartsWith(wanted, StringComparison.Ordinal))[wanted.Length..], CultureInfo.InvariantCulture);
    }
}
