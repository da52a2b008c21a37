namespace Firstbyte.Sockets;

/// <summary>What a stream socket offers beside <see cref="ISocket"/> where whoever carries it counts: Linux does (TCP_INFO, tcp(7)).</summary>
public interface ITransportFigures
{
    /// <summary>The figures of the connection as they are now; null where there is none, or nobody counts.</summary>
    TransportFigures? ReadFigures();
}

/// <summary>How a TCP connection fared, from its own end.</summary>
/// <param name="RoundTripNanoseconds">The smoothed round trip time (RFC 6298 2); 0 before the first was measured.</param>
/// <param name="VariationNanoseconds">How much it varies.</param>
/// <param name="LeastRoundTripNanoseconds">The least that was measured; 0 where nobody keeps it.</param>
/// <param name="Retransmitted">Segments that were sent again.</param>
/// <param name="SegmentsSent">Segments that were sent.</param>
/// <param name="SegmentsReceived">Segments that came.</param>
/// <param name="CongestionWindow">The congestion window, in segments.</param>
/// <param name="SegmentBytes">Bytes of the longest segment that is sent.</param>
/// <param name="DeliveryBytesPerSecond">How fast the last of what was sent arrived; 0 where nothing was measured.</param>
/// <param name="IsRateOwn">Whether that was all that there was to send, so that the way may carry more.</param>
public sealed record TransportFigures(
    long RoundTripNanoseconds, long VariationNanoseconds, long LeastRoundTripNanoseconds, long Retransmitted, long SegmentsSent, long SegmentsReceived,
    long CongestionWindow, long SegmentBytes, long DeliveryBytesPerSecond, bool IsRateOwn);
