using CsCheck;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

public class CongestionControlTests
{
    private const int SegmentSize = 1460;
    private static readonly TimeSpan s_roundTrip = TimeSpan.FromMilliseconds(100);

    [Fact]
    public void The_cube_root_is_the_largest_whole_number_whose_cube_fits() =>
        Gen.ULong.Sample(value =>
        {
            var root = (UInt128)CubicRule.CubeRoot(value);
            return root * root * root <= value && (root + 1) * (root + 1) * (root + 1) > value;
        });

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(8, 2)]
    [InlineData(26, 2)]
    [InlineData(27, 3)]
    [InlineData(ulong.MaxValue, 2_642_245)]
    public void Cube_roots_known_by_heart(ulong value, long root) => Assert.Equal(root, CubicRule.CubeRoot(value));

    [Theory]
    [InlineData(1460, 10, 14600)]
    [InlineData(536, 10, 5360)]
    [InlineData(8960, 10, 17920)]
    [InlineData(1460, 1, 1460)]
    public void The_initial_window_is_that_of_rfc_6928(int segmentSize, int segments, int window) =>
        Assert.Equal(window, CongestionAlgorithms.Rule(CongestionAlgorithm.Cubic).StartWindow(segmentSize, segments));

    /// <summary>Grows for so long with one acknowledgment of two segments at a time; gives cwnd after each round trip.</summary>
    private static List<int> Grow(ref CongestionControl control, int roundTrips, Instant start)
    {
        var windows = new List<int>();
        for (var trip = 0; trip < roundTrips; trip++)
        {
            var now = start + s_roundTrip * trip;
            for (var left = control.Window; left > 0; left -= 2 * SegmentSize) { control.Grow(new CongestionSample(Math.Min(left, 2 * SegmentSize), SegmentSize, now, s_roundTrip)); }
            windows.Add(control.Window);
        }
        return windows;
    }

    private static CongestionControl AfterLoss(CongestionAlgorithm algorithm, int window)
    {
        var control = CongestionControl.Start(algorithm, SegmentSize, 10);
        control.SetWindow(window);
        control.SetWindow(control.ShrinkAfterLoss(window, SegmentSize));
        return control;
    }

    [Fact]
    public void Reno_halves_and_grows_by_one_segment_a_round_trip()
    {
        var control = AfterLoss(CongestionAlgorithm.NewReno, 100 * SegmentSize);
        Assert.Equal(50 * SegmentSize, control.Window);
        var windows = Grow(ref control, 20, Instant.SimulationEpoch);
        Assert.InRange(windows[^1], 69 * SegmentSize, 71 * SegmentSize);
    }

    [Fact]
    public void Cubic_is_concave_up_to_the_plateau_and_convex_beyond()
    {
        // W_max = 1000 segments, cwnd = 700: K = cbrt(300 / 0.4) = 9.09 s, which is 91 round trips.
        var control = AfterLoss(CongestionAlgorithm.Cubic, 1000 * SegmentSize);
        Assert.Equal(700 * SegmentSize, control.Window);
        var windows = Grow(ref control, 180, Instant.SimulationEpoch);
        var early = windows[10] - windows[0];
        var plateau = windows[95] - windows[85];
        var late = windows[175] - windows[165];
        Assert.True(early > 4 * plateau, $"{early} then {plateau}");
        Assert.True(late > 4 * plateau, $"{plateau} then {late}");
        Assert.InRange(windows[91], 985 * SegmentSize, 1015 * SegmentSize);
    }

    [Fact]
    public void Cubic_is_never_slower_than_reno_would_be_on_a_short_path()
    {
        var cubic = AfterLoss(CongestionAlgorithm.Cubic, 20 * SegmentSize);
        var windows = Grow(ref cubic, 40, Instant.SimulationEpoch);
        // AIMD with alpha = 9/17 from 14 segments (RFC 9438 section 4.3).
        for (var trip = 0; trip < windows.Count; trip++)
        {
            Assert.True(windows[trip] >= (14 + trip * 9 / 17 - 2) * SegmentSize, $"after {trip} round trips: {windows[trip] / SegmentSize}");
        }
    }

    [Fact]
    public void A_flow_that_loses_before_its_last_plateau_makes_room()
    {
        var control = AfterLoss(CongestionAlgorithm.Cubic, 1000 * SegmentSize);
        control.SetWindow(control.ShrinkAfterLoss(control.Window, SegmentSize));
        Assert.Equal(490 * SegmentSize, control.Window);
        // The new plateau is 700 * 0.85 = 595 segments, not 700: K = cbrt(105 / 0.4) = 6.4 s.
        var windows = Grow(ref control, 65, Instant.SimulationEpoch);
        Assert.InRange(windows[64], 585 * SegmentSize, 605 * SegmentSize);
    }

    [Fact]
    public void A_timeout_leaves_one_segment_and_slow_start_up_to_the_threshold()
    {
        foreach (var (algorithm, threshold) in new[] { (CongestionAlgorithm.NewReno, 50), (CongestionAlgorithm.Cubic, 70) })
        {
            var control = CongestionControl.Start(algorithm, SegmentSize, 10);
            control.SetWindow(100 * SegmentSize);
            control.ShrinkAfterTimeout(100 * SegmentSize, SegmentSize, firstTimeout: true);
            Assert.Equal(SegmentSize, control.Window);
            Assert.Equal(threshold * SegmentSize, control.SlowStartThreshold);
            control.ShrinkAfterTimeout(SegmentSize, SegmentSize, firstTimeout: false);
            Assert.Equal(threshold * SegmentSize, control.SlowStartThreshold);
            Assert.True(control.InSlowStart);
        }
    }

    [Fact]
    public void No_sequence_of_events_breaks_the_window() =>
        Gen.Select(Gen.Enum<CongestionAlgorithm>(), Gen.Int[1, 65_535],
            Gen.Select(Gen.Int[0, 9], Gen.Int[0, TcpSettings.CapacityLimit], Gen.Long[0, 100_000_000_000]).Array[1, 100]).Sample((algorithm, segmentSize, events) =>
        {
            var control = CongestionControl.Start(algorithm, segmentSize, 10);
            var now = Instant.SimulationEpoch;
            foreach (var (kind, octets, wait) in events)
            {
                now = now.PlusNanoseconds(wait);
                switch (kind)
                {
                    case 0: control.SetWindow(control.ShrinkAfterLoss(octets, segmentSize)); break;
                    case 1: control.ShrinkAfterTimeout(octets, segmentSize, firstTimeout: (octets & 1) == 0); break;
                    case 2: control.RestartAfterIdle(segmentSize, 10); break;
                    case 3: control.SetWindow(octets); break;
                    default: control.Grow(new CongestionSample(octets >> (kind * 2), segmentSize, now, TimeSpan.FromTicks(wait / 100))); break;
                }
                if (control.Window is < 1 or > TcpSettings.CapacityLimit) { return false; }
            }
            return true;
        });
}
