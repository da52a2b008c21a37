using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transfers;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Transfers;

/// <summary>RFC 1035 section 3.3.13: when a secondary asks, and when it gives up.</summary>
public class SecondaryTimesTests
{
    private static readonly Instant s_start = Instant.SimulationEpoch;

    [Fact]
    public void A_secondary_without_a_zone_asks_ever_less_often()
    {
        var times = new SecondaryTimes(s_start);
        var (now, waits) = (s_start, new List<double>());
        for (var i = 0; i < 30; i++)
        {
            Assert.Equal(SecondaryStep.Refresh, times.Step);
            now = times.At;
            times.Failed(now);
            waits.Add((times.At - now).TotalSeconds);
        }
        Assert.Equal([2, 4, 8, 16], waits.Take(4));
        Assert.Equal(SecondaryTimes.MaxRetry.TotalSeconds, waits[^1]);
    }

    [Fact]
    public void The_zone_says_how_often_and_how_long()
    {
        var times = new SecondaryTimes(s_start);
        times.Refreshed(Soa(100, 10, 125), s_start);
        Assert.Equal((SecondaryStep.Refresh, 100), (times.Step, (times.At - s_start).TotalSeconds));
        times.Failed(times.At);
        Assert.Equal((SecondaryStep.Refresh, 110), (times.Step, (times.At - s_start).TotalSeconds));
        times.Failed(times.At);
        times.Failed(times.At);
        Assert.Equal((SecondaryStep.Expire, 125), (times.Step, (times.At - s_start).TotalSeconds));
        times.Expired();
        Assert.Equal((SecondaryStep.Refresh, 130), (times.Step, (times.At - s_start).TotalSeconds));
    }

    [Fact]
    public void Being_told_is_a_reason_to_ask_at_once()
    {
        var times = new SecondaryTimes(s_start);
        times.Refreshed(Soa(100, 10, 1000), s_start);
        var told = s_start + TimeSpan.FromSeconds(30);
        times.Notified(told);
        Assert.Equal(told, times.At);
    }

    [Fact]
    public void What_was_kept_is_checked_at_once_and_expires_when_it_would_have()
    {
        var times = new SecondaryTimes(s_start);
        times.Loaded(Soa(100, 10, 50), s_start - TimeSpan.FromSeconds(60), s_start);
        Assert.Equal(SecondaryStep.Expire, times.Step);
        times.Loaded(Soa(100, 10, 100), s_start - TimeSpan.FromSeconds(60), s_start);
        Assert.Equal((SecondaryStep.Refresh, s_start), (times.Step, times.At));
        times.Failed(s_start);
        Assert.Equal(s_start + TimeSpan.FromSeconds(40), times.ExpireAt);
    }

    [Fact]
    public void Numbers_that_nobody_means_are_limited()
    {
        var times = new SecondaryTimes(s_start);
        times.Refreshed(Soa(0, 0, 0), s_start);
        Assert.Equal(SecondaryTimes.Least, times.At - s_start);
        times.Refreshed(Soa(uint.MaxValue, 0, uint.MaxValue), s_start);
        Assert.Equal(SecondaryTimes.MaxRefresh, times.At - s_start);
    }

    private static SoaData Soa(uint refresh, uint retry, uint expire) => new(DnsName.Root, DnsName.Root, 1, refresh, retry, expire, 1);
}
