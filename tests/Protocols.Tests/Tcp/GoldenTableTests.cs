using System.Globalization;
using System.Text;
using Firstbyte.Tcp;
using Firstbyte.Tests.Tcp.Scripting;

namespace Firstbyte.Tests.Tcp;

/// <summary>Throughput over loss and buffer in virtual time: a change in how TCP performs shows as a change of this table.</summary>
public class GoldenTableTests
{
    private const long Octets = 2_000_000;

    [Theory]
    [InlineData(CongestionAlgorithm.NewReno, true)]
    [InlineData(CongestionAlgorithm.NewReno, false)]
    [InlineData(CongestionAlgorithm.Cubic, true)]
    public void Throughput_over_loss_and_buffer_is_the_golden_table(CongestionAlgorithm algorithm, bool sack)
    {
        var table = new StringBuilder();
        table.AppendLine(CultureInfo.InvariantCulture, $"Mbit/s of {Octets} octets, {algorithm}, SACK {(sack ? "on" : "off")}; 100 Mbit/s, round trip 20 ms, queue 64 KiB");
        table.AppendLine("buffer \\ loss      0 %   0.5 %     1 %     3 %    10 %");
        for (var shift = 12; shift <= 20; shift += 2)
        {
            table.Append(CultureInfo.InvariantCulture, $"{1 << (shift - 10),8} KiB ");
            foreach (var loss in new[] { 0, 5, 10, 30, 100 })
            {
                var settings = new TcpSettings
                {
                    SendCapacity = 1 << shift,
                    ReceiveCapacity = 1 << shift,
                    SelectiveAcknowledgment = sack,
                    Congestion = algorithm,
                };
                var path = new LossyPath(42, new PathConditions(LossPermille: loss, LatencyNanoseconds: 10_000_000, BitsPerSecond: 100_000_000, QueueOctets: 65_536), settings, settings);
                var time = path.Transfer(Octets, 0, close: false);
                // In units of 10 kbit/s, rounded down, so that no digit depends on how a number is printed.
                var rate = Octets * 8 * 100 / (time.Ticks / TimeSpan.TicksPerMicrosecond);
                table.Append(CultureInfo.InvariantCulture, $"{rate / 100,5}.{rate % 100:00}");
            }
            table.AppendLine();
        }
        Snapshot.Matches($"throughput-{algorithm}-{(sack ? "sack" : "nosack")}.txt", table.ToString());
    }

    [Fact]
    public void Congestion_avoidance_is_reached_and_holds_the_link()
    {
        var settings = new TcpSettings { Congestion = CongestionAlgorithm.NewReno };
        var path = new LossyPath(1, new PathConditions(BitsPerSecond: 10_000_000, QueueOctets: 30_000), settings, settings);
        var time = path.Transfer(5_000_000, 0, close: false);
        Assert.Contains(TcpClause.CongestionAvoidance, path.Client.Exercised);
        Assert.Contains(TcpClause.SackRecoveryEntered, path.Client.Exercised);
        // 5 MB at 10 Mbit/s take 4 s; losses cost less than a fifth.
        Assert.InRange(time.TotalSeconds, 4, 5);
    }
}
