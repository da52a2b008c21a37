using Firstbyte.Tracing;

namespace Firstbyte.Packets;

/// <summary>A hub repeated a frame at every other port: it knows no addresses.</summary>
/// <param name="Hub">The hub.</param>
/// <param name="Inbound">The wire's end where it came in.</param>
/// <param name="Copies">Ports it went out of.</param>
/// <param name="Source">The station that sent it, by the frame.</param>
/// <param name="Destination">The station that shall get it, by the frame.</param>
/// <param name="Length">The frame in bytes.</param>
public sealed record FrameRepeated(string Hub, string Inbound, int Copies, MacAddress Source, MacAddress Destination, int Length) : TraceEvent;

/// <summary>What a switch did with a frame.</summary>
public enum SwitchDecision : byte
{
    /// <summary>The station's row names the port it went out of.</summary>
    Forwarded,

    /// <summary>No row, or a group of stations: it went out of every other port.</summary>
    Flooded,

    /// <summary>The station is behind the port where the frame came in: it stays there.</summary>
    Filtered,
}

/// <summary>A switch decided about a frame (IEEE 802.1D section 7.7).</summary>
/// <param name="Switch">The switch.</param>
/// <param name="Inbound">The wire's end where it came in.</param>
/// <param name="Decision">What was decided.</param>
/// <param name="Source">The station that sent it.</param>
/// <param name="Destination">The station that shall get it; its row of the table is the one that matched.</param>
/// <param name="Outbound">The port that the row names; null when there is no row.</param>
/// <param name="Length">The frame in bytes.</param>
public sealed record FrameSwitched(
    string Switch, string Inbound, SwitchDecision Decision, MacAddress Source, MacAddress Destination, string? Outbound, int Length)
        : TraceEvent;

/// <summary>A switch learned behind which port a station is.</summary>
/// <param name="Switch">The switch.</param>
/// <param name="Station">The station.</param>
/// <param name="Port">The wire's end at that port.</param>
public sealed record StationLearned(string Switch, MacAddress Station, string Port) : TraceEvent;

/// <summary>A switch forgot a station that was silent for too long (IEEE 802.1D section 7.9.2).</summary>
/// <param name="Switch">The switch.</param>
/// <param name="Station">The station.</param>
public sealed record StationForgotten(string Switch, MacAddress Station) : TraceEvent;
