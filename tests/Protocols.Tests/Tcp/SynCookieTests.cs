using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Tcp;

public class SynCookieTests
{
    private static readonly SipKey s_secret = new(0x0706050403020100, 0x0f0e0d0c0b0a0908);
    private static readonly Endpoint s_local = new(IpAddress.Parse("192.0.2.80"), 80);
    private static readonly Endpoint s_remote = new(IpAddress.Parse("198.51.100.7"), 50000);
    private static readonly Instant s_now = Instant.SimulationEpoch;

    private static TcpSegment Syn(TcpOptions options, uint sequence = 1000) =>
        new() { Sequence = new(sequence), Flags = TcpFlags.Syn, Window = 65535, Options = options };

    private static TcpSegment Return(in TcpSegment answer, uint sequence = 1001) => new()
    {
        Sequence = new(sequence),
        Acknowledgment = answer.Sequence + 1,
        Flags = TcpFlags.Ack,
        Window = 512,
        Options = answer.Options.Has(TcpOptionSet.Timestamps)
            ? new TcpOptions { Present = TcpOptionSet.Timestamps, TimestampValue = 7001, TimestampEcho = answer.Options.TimestampValue }
            : default,
    };

    private static bool TryOpen(in TcpSegment acknowledgment, Endpoint remote, Instant now, out Tcb tcb)
    {
        var outputs = new TcpOutputs(new TcpSegment[4]);
        return SynCookie.TryOpen(acknowledgment, TcpSettings.Default, s_secret, s_local, remote, now, ref outputs, out tcb);
    }

    [Theory]
    [InlineData(0, 536)]
    [InlineData(100, 216)]
    [InlineData(1460, 1460)]
    [InlineData(1459, 1440)]
    [InlineData(9000, 1460)]
    public void A_cookie_brings_back_the_connection_and_its_mss_rounded_down(int offered, int expected)
    {
        var options = offered == 0 ? default : new TcpOptions { Present = TcpOptionSet.MaximumSegmentSize, MaximumSegmentSize = (ushort)offered };
        var answer = SynCookie.Answer(Syn(options), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        Assert.Equal(TcpFlags.Syn | TcpFlags.Ack, answer.Flags);
        Assert.Equal(new SequenceNumber(1001), answer.Acknowledgment);

        Assert.True(TryOpen(Return(answer), s_remote, s_now + TimeSpan.FromSeconds(1), out var tcb));
        Assert.Equal(TcpState.Established, tcb.State);
        Assert.Equal(expected, tcb.SegmentSize);
        Assert.Equal(512u, tcb.SendWindow);
        Assert.False(tcb.UsesWindowScaling);
        Assert.False(tcb.UsesSelectiveAcknowledgment);
    }

    [Fact]
    public void With_timestamps_a_cookie_remembers_window_scale_and_sack()
    {
        var options = new TcpOptions
        {
            Present = TcpOptionSet.MaximumSegmentSize | TcpOptionSet.WindowScale | TcpOptionSet.SackPermitted | TcpOptionSet.Timestamps,
            MaximumSegmentSize = 1460,
            WindowScale = 9,
            TimestampValue = 7000,
        };
        var answer = SynCookie.Answer(Syn(options), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        Assert.Equal(7000u, answer.Options.TimestampEcho);
        Assert.True(TryOpen(Return(answer), s_remote, s_now + TimeSpan.FromSeconds(1), out var tcb));
        Assert.True(tcb.UsesTimestamps);
        Assert.True(tcb.UsesSelectiveAcknowledgment);
        Assert.Equal(512u << 9, tcb.SendWindow);
    }

    [Fact]
    public void A_connection_from_a_cookie_carries_data_both_ways()
    {
        var answer = SynCookie.Answer(Syn(default), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        var outputs = new TcpOutputs(new TcpSegment[4]);
        var withText = Return(answer) with { PayloadLength = 10, Window = 65535 };
        Assert.True(SynCookie.TryOpen(withText, TcpSettings.Default, s_secret, s_local, s_remote, s_now, ref outputs, out var tcb));
        Assert.Equal(10, tcb.Readable);
        Assert.Equal(10, outputs.Accepted.Length);
        outputs.Reset();
        Tcb.Step(ref tcb, TcpInput.Send(100), s_now, ref outputs);
        var sent = Assert.Single(outputs.Segments.ToArray());
        Assert.Equal(answer.Sequence + 1, sent.Sequence);
        Assert.Equal(new SequenceNumber(1011), sent.Acknowledgment);
    }

    [Fact]
    public void A_cookie_lives_two_minutes()
    {
        var answer = SynCookie.Answer(Syn(default), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        Assert.True(TryOpen(Return(answer), s_remote, s_now + TimeSpan.FromSeconds(63), out _));
        Assert.False(TryOpen(Return(answer), s_remote, s_now + TimeSpan.FromSeconds(129), out _));
    }

    [Fact]
    public void A_cookie_serves_nobody_else()
    {
        var answer = SynCookie.Answer(Syn(default), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        Assert.False(TryOpen(Return(answer), s_remote with { Port = 50001 }, s_now, out _));
        Assert.False(TryOpen(Return(answer, sequence: 1002), s_remote, s_now, out _));
    }

    [Fact]
    public void A_guessed_acknowledgment_opens_nothing()
    {
        var opened = 0;
        for (var guess = 0u; guess < 100_000; guess++)
        {
            var acknowledgment = new TcpSegment { Sequence = new(1001), Acknowledgment = new(guess * 42_949), Flags = TcpFlags.Ack };
            if (TryOpen(acknowledgment, s_remote, s_now, out _)) { opened++; }
        }
        // 16 of 2^32 numbers are cookies at any time: 100,000 guesses find one with a chance of 0.04 %.
        Assert.Equal(0, opened);
    }

    [Fact]
    public void A_reset_or_a_syn_brings_no_cookie_back()
    {
        var answer = SynCookie.Answer(Syn(default), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        Assert.False(TryOpen(Return(answer) with { Flags = TcpFlags.Rst | TcpFlags.Ack }, s_remote, s_now, out _));
        Assert.False(TryOpen(Return(answer) with { Flags = TcpFlags.Syn | TcpFlags.Ack }, s_remote, s_now, out _));
    }

    [Fact]
    public void A_flood_of_syns_is_answered_without_keeping_anything()
    {
        var last = default(TcpSegment);
        var syn = 0u;
        Assert.Equal(0, Allocations.Of(() =>
        {
            var from = new Endpoint(s_remote.Address, (ushort)syn);
            last = SynCookie.Answer(Syn(default, syn++), TcpSettings.Default, s_secret, s_local, from, s_now);
        }));
        while (syn < 100_000) { last = SynCookie.Answer(Syn(default, syn++), TcpSettings.Default, s_secret, s_local, s_remote, s_now); }
        Assert.Equal(new SequenceNumber(100_000), last.Acknowledgment);
        // An honest client in the middle of the flood gets through.
        var answer = SynCookie.Answer(Syn(default), TcpSettings.Default, s_secret, s_local, s_remote, s_now);
        Assert.True(TryOpen(Return(answer), s_remote, s_now, out _));
    }

    [Fact]
    public void Initial_numbers_grow_with_time_and_differ_between_pairs_and_secrets()
    {
        var first = InitialSequence.Compute(s_secret, s_local, s_remote, s_now);
        Assert.Equal(15_625_000, InitialSequence.Compute(s_secret, s_local, s_remote, s_now + TimeSpan.FromSeconds(1)) - first);
        Assert.NotEqual(first, InitialSequence.Compute(s_secret, s_local, s_remote with { Port = 50001 }, s_now));
        Assert.NotEqual(first, InitialSequence.Compute(new SipKey(1, 2), s_local, s_remote, s_now));
        Assert.NotEqual(first, InitialSequence.Compute(s_secret, s_remote, s_local, s_now));
    }
}
