namespace Firstbyte.Tcp;

/// <summary>Proportional rate reduction: how much may be sent in a recovery for what is delivered (RFC 6937).</summary>
/// <remarks>
/// While more is on the way than ssthresh, ssthresh / RecoverFS octets go for each that is delivered, so that the window arrives at
/// ssthresh when the recovery ends, without a pause and without a burst. When losses have left less than ssthresh on the way, the window
/// grows back: as fast as octets are delivered, and one segment more where an acknowledgment brought progress and no further loss.
/// </remarks>
internal struct ProportionalRate
{
    private int _flight;
    private long _delivered;
    private long _sent;

    /// <summary>Begins a recovery with so many octets in flight (RecoverFS).</summary>
    public static ProportionalRate Start(int flight) => new() { _flight = Math.Max(flight, 1) };

    /// <summary>Counts what was sent in the recovery (prr_out).</summary>
    public void Sent(int octets) => _sent += octets;

    /// <summary>The congestion window after an acknowledgment.</summary>
    /// <param name="delivered">Octets it delivered.</param>
    /// <param name="pipe">Octets on the way.</param>
    /// <param name="threshold">ssthresh.</param>
    /// <param name="segmentSize">SMSS.</param>
    /// <param name="makesProgress">It advanced SND.UNA and showed no further loss.</param>
    public int WindowAfter(int delivered, int pipe, int threshold, int segmentSize, bool makesProgress)
    {
        _delivered += delivered;
        long room;
        if (pipe > threshold)
        {
            room = (_delivered * threshold + _flight - 1) / _flight - _sent;
        }
        else
        {
            // Slow-start reduction bound where progress is made, conservative reduction bound elsewhere (RFC 6937 section 3).
            var limit = Math.Max(_delivered - _sent, delivered) + (makesProgress ? segmentSize : 0);
            room = Math.Min(threshold - pipe, limit);
        }
        // The first repetition goes at once, whatever was delivered.
        if (_sent == 0) { room = Math.Max(room, segmentSize); }
        return (int)Math.Clamp(pipe + Math.Max(room, 0), segmentSize, TcpSettings.CapacityLimit);
    }
}
