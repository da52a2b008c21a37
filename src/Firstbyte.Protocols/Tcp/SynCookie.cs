using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Tracing;

namespace Firstbyte.Tcp;

/// <summary>A half-open connection kept in the SYN,ACK itself instead of in memory (RFC 4987 section 3.6).</summary>
/// <remarks>
/// <code>
///   our sequence number:   5 bits time / 64 s │ 3 bits MSS │ 24 bits keyed hash of the pair, the peer's number and the time
///   our timestamp:        26 bits clock       │ 1 bit SACK │ 1 bit scaling │ 4 bits shift count
/// </code>
/// A stranger who cannot see the SYN,ACK guesses the hash with one try in 2^24 while a cookie lives. Without timestamps the peer's
/// window scale and SACK are forgotten. Linux and the BSDs do the same; the layout is our own.
/// </remarks>
public static class SynCookie
{
    /// <summary>Periods of 64 s in which a cookie is honoured: this one and the one before.</summary>
    private const int PeriodSeconds = 64;
    private const int PeriodsHonoured = 2;
    private const uint ShiftMask = 0xF;
    private const uint ScaleBit = 0x10;
    private const uint SackBit = 0x20;
    private const uint TimestampMask = 0x3F;

    // The MSS values that are met most; a peer's is rounded down.
    private static readonly ushort[] s_segmentSizes = [216, 536, 966, 1200, 1360, 1440, 1460, 8960];

    /// <summary>The SYN,ACK that answers a SYN without keeping anything.</summary>
    public static TcpSegment Answer(in TcpSegment syn, in TcpSettings settings, SipKey secret, Endpoint local, Endpoint remote, Instant now)
    {
        var offered = syn.Options;
        var timestamps = settings.Timestamps && offered.Has(TcpOptionSet.Timestamps);
        var scaling = timestamps && settings.WindowScaling && offered.Has(TcpOptionSet.WindowScale);
        var sack = timestamps && settings.SelectiveAcknowledgment && offered.Has(TcpOptionSet.SackPermitted);

        var size = offered.Has(TcpOptionSet.MaximumSegmentSize) ? offered.MaximumSegmentSize : settings.AssumedPeerSegmentSize;
        var index = s_segmentSizes.Length - 1;
        while (index > 0 && s_segmentSizes[index] > size) { index--; }

        var period = Period(now);
        var present = TcpOptionSet.MaximumSegmentSize;
        var clock = 0u;
        if (timestamps)
        {
            present |= TcpOptionSet.Timestamps;
            var bits = scaling ? ScaleBit | Math.Min(offered.WindowScale, ShiftMask) : 0;
            if (sack) { bits |= SackBit; }
            var running = unchecked(InitialSequence.TimestampOffset(secret, local, remote) + (uint)(now.Nanoseconds / 1_000_000));
            clock = (running & ~TimestampMask) | bits;
            // Never ahead of the clock, or the connection's first timestamps would run backwards.
            if (clock > running) { clock -= TimestampMask + 1; }
        }
        if (scaling) { present |= TcpOptionSet.WindowScale; }
        if (sack) { present |= TcpOptionSet.SackPermitted; }
        return new TcpSegment
        {
            Sequence = Make(secret, local, remote, syn.Sequence, period, (uint)index),
            Acknowledgment = syn.Sequence + 1,
            Flags = TcpFlags.Syn | TcpFlags.Ack,
            Window = (ushort)Math.Min(settings.ReceiveCapacity, ushort.MaxValue),
            Options = new TcpOptions
            {
                Present = present,
                MaximumSegmentSize = settings.MaximumSegmentSize,
                WindowScale = settings.OfferedWindowScale,
                TimestampValue = clock,
                TimestampEcho = offered.TimestampValue,
            },
        };
    }

    /// <summary>Opens the connection whose cookie an acknowledgment brings back, and takes the acknowledgment in; false when it brings none of ours.</summary>
    public static bool TryOpen(
        in TcpSegment acknowledgment, in TcpSettings settings, SipKey secret, Endpoint local, Endpoint remote, Instant now, ref TcpOutputs outputs, out Tcb tcb)
    {
        tcb = default;
        if ((acknowledgment.Flags & (TcpFlags.Syn | TcpFlags.Rst | TcpFlags.Ack)) != TcpFlags.Ack) { return false; }
        var cookie = acknowledgment.Acknowledgment - 1;
        var index = (cookie.Value >> 24) & 7;
        var honoured = false;
        for (var age = 0; age < PeriodsHonoured && !honoured; age++)
        {
            honoured = Make(secret, local, remote, acknowledgment.Sequence - 1, Period(now) - (uint)age, index) == cookie;
        }
        if (!honoured)
        {
            outputs.Tell(TcpClause.SynCookieRefused);
            return false;
        }

        var present = TcpOptionSet.MaximumSegmentSize;
        byte shift = 0;
        var options = acknowledgment.Options;
        if (settings.Timestamps && options.Has(TcpOptionSet.Timestamps))
        {
            present |= TcpOptionSet.Timestamps;
            if ((options.TimestampEcho & SackBit) != 0) { present |= TcpOptionSet.SackPermitted; }
            if ((options.TimestampEcho & ScaleBit) != 0)
            {
                present |= TcpOptionSet.WindowScale;
                shift = (byte)(options.TimestampEcho & ShiftMask);
            }
        }
        var offered = new TcpOptions
        {
            Present = present,
            MaximumSegmentSize = s_segmentSizes[(int)index],
            WindowScale = shift,
            TimestampValue = options.TimestampValue,
        };
        tcb = Tcb.FromCookie(acknowledgment, settings, offered, InitialSequence.TimestampOffset(secret, local, remote), now, ref outputs);
        Tcb.Step(ref tcb, TcpInput.Arrived(acknowledgment), now, ref outputs);
        return true;
    }

    private static uint Period(Instant now) => (uint)(now.Nanoseconds / 1_000_000_000 / PeriodSeconds);

    private static SequenceNumber Make(SipKey secret, Endpoint local, Endpoint remote, SequenceNumber peer, uint period, uint index)
    {
        var hash = InitialSequence.Hash(secret, InitialSequence.Purpose.Cookie, local, remote, peer.Value, (period << 3) | index);
        return new(((period & 0x1F) << 27) | (index << 24) | (uint)(hash & 0xFF_FFFF));
    }
}
