namespace Firstbyte.Tcp;

/// <summary>The round-trip estimate and the timeout that follows from it (RFC 6298).</summary>
public struct RetransmissionTimeout
{
    /// <summary>SRTT; zero before the first measurement.</summary>
    public TimeSpan SmoothedRoundTrip { readonly get; private set; }

    /// <summary>RTTVAR.</summary>
    public TimeSpan Variation { readonly get; private set; }

    /// <summary>RTO, with the doublings since the last measurement.</summary>
    public TimeSpan Current { readonly get; private set; }

    /// <summary>True when at least one round trip was measured.</summary>
    public bool IsMeasured { readonly get; private set; }

    /// <summary>G, the granularity of our clock for this purpose (RFC 6298 section 2): one tick of the timestamp clock.</summary>
    private static readonly TimeSpan Granularity = TimeSpan.FromMilliseconds(1);

    internal static RetransmissionTimeout Start(in TcpSettings settings) => new() { Current = settings.InitialRetransmissionTimeout };

    /// <summary>Takes a round trip in (RFC 6298 sections 2.2 to 2.5); earlier doublings end.</summary>
    internal void Measure(TimeSpan roundTrip, in TcpSettings settings)
    {
        if (roundTrip < TimeSpan.Zero) { roundTrip = TimeSpan.Zero; }
        var r = roundTrip.Ticks;
        if (!IsMeasured)
        {
            IsMeasured = true;
            SmoothedRoundTrip = roundTrip;
            Variation = TimeSpan.FromTicks(r / 2);
        }
        else
        {
            // beta = 1/4, alpha = 1/8; RTTVAR first, with the old SRTT.
            Variation = TimeSpan.FromTicks((3 * Variation.Ticks + Math.Abs(SmoothedRoundTrip.Ticks - r)) / 4);
            SmoothedRoundTrip = TimeSpan.FromTicks((7 * SmoothedRoundTrip.Ticks + r) / 8);
        }
        var spread = Math.Max(Granularity.Ticks, 4 * Variation.Ticks);
        Current = Clamp(TimeSpan.FromTicks(SmoothedRoundTrip.Ticks + spread), settings);
    }

    /// <summary>Doubles the timeout after it has run out (RFC 6298 section 5.5).</summary>
    internal void BackOff(in TcpSettings settings) => Current = Clamp(Current * 2, settings);

    /// <summary>
    /// Forgets the round trips measured so far: after several doublings they are likely bogus (RFC 6298 section 5, last paragraph). The
    /// next one starts anew.
    /// </summary>
    internal void Forget() => IsMeasured = false;

    /// <summary>Starts data with 3 s when the SYN was lost and nothing could be measured, whatever its doublings were (RFC 6298 section 5.7).</summary>
    internal void RestartAfterLostSyn(in TcpSettings settings) => Current = Clamp(TimeSpan.FromSeconds(3), settings);

    private static TimeSpan Clamp(TimeSpan value, in TcpSettings settings) =>
        value < settings.MinimumRetransmissionTimeout ? settings.MinimumRetransmissionTimeout
        : value > settings.MaximumRetransmissionTimeout ? settings.MaximumRetransmissionTimeout
        : value;
}
