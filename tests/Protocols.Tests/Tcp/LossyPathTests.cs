using Firstbyte.Tcp;

namespace Firstbyte.Tests.Tcp;

public class LossyPathTests
{
    private static TcpSettings Variant(ulong seed) => new()
    {
        SendCapacity = 1 << (int)(12 + seed % 7),
        ReceiveCapacity = 1 << (int)(12 + seed / 7 % 7),
        Timestamps = seed % 2 == 0,
        SelectiveAcknowledgment = seed % 3 != 0,
        WindowScaling = seed % 5 != 0,
        NoDelay = seed % 4 == 1,
        Congestion = CongestionAlgorithms.All[(int)(seed % (ulong)CongestionAlgorithms.All.Length)],
        MaximumSegmentSize = (ushort)(seed % 11 == 0 ? 100 : 1460),
        UserTimeout = TimeSpan.FromHours(10),
        ConnectTimeout = TimeSpan.FromHours(1),
    };

    [Fact]
    public void Two_ends_over_a_clean_path_deliver_everything_and_close()
    {
        var path = new LossyPath(1, new PathConditions(), TcpSettings.Default, TcpSettings.Default);
        path.Transfer(1_000_000, 300_000);
        Assert.Equal(1_000_000, path.Server.Read);
        Assert.Equal(300_000, path.Client.Read);
        Assert.Equal(1_000_000, path.Client.TextSent);
        Assert.Equal(300_000, path.Server.TextSent);
    }

    [Theory]
    [InlineData(0, 40)]
    [InlineData(40, 80)]
    [InlineData(80, 120)]
    [InlineData(120, 240)]
    public void Two_ends_over_a_path_that_loses_doubles_and_reorders_deliver_exactly_the_octets_sent(int from, int to)
    {
        for (var seed = (ulong)from; seed < (ulong)to; seed++)
        {
            var conditions = new PathConditions(
                LossPermille: (int)(seed % 6) * 20, DuplicatePermille: (int)(seed % 4) * 20, ReorderPermille: (int)(seed % 5) * 40,
                LatencyNanoseconds: (long)(seed % 3) * 20_000_000 + 100_000,
                BitsPerSecond: seed % 4 == 3 ? 20_000_000 : 0, QueueOctets: 30_000);
            var path = new LossyPath(seed, conditions, Variant(seed), Variant(seed * 13 + 5));
            try { path.Transfer(120_000, 60_000, readStep: seed % 9 == 0 ? 700 : 1 << 16); }
            catch (InvalidOperationException failure) { Assert.Fail($"seed {seed}: {failure.Message}"); }
        }
    }

    [Fact]
    public void The_same_seed_gives_the_same_virtual_time_and_the_same_segments()
    {
        var conditions = new PathConditions(LossPermille: 30, DuplicatePermille: 10, ReorderPermille: 50);
        var first = new LossyPath(7, conditions, Variant(2), Variant(4));
        var second = new LossyPath(7, conditions, Variant(2), Variant(4));
        Assert.Equal(first.Transfer(200_000, 100_000), second.Transfer(200_000, 100_000));
        Assert.Equal(first.Client.SegmentsSent, second.Client.SegmentsSent);
        Assert.Equal(first.Server.SegmentsSent, second.Server.SegmentsSent);
    }
}
