using Firstbyte.Packets;

namespace Firstbyte.Simulation.Elements;

/// <summary>Where a wire ends: takes what arrives there.</summary>
public interface IFramePort
{
    /// <summary>A frame has arrived; the port takes over the wire's hold on it and only reads it.</summary>
    void Receive(Frame frame);
}

/// <summary>Sees every frame of the wires it is put on. A capture is one, the event log another.</summary>
public interface IFrameTap
{
    /// <summary>A frame was put on the wire at an end.</summary>
    void OnSent(WireEnd from, Frame frame);

    /// <summary>A frame came out at the other end.</summary>
    void OnReceived(WireEnd at, Frame frame);

    /// <summary>A frame that was sent from an end is lost.</summary>
    void OnLost(WireEnd from, Frame frame, WireLoss reason);
}

/// <summary>Why a wire lost a frame.</summary>
public enum WireLoss : byte
{
    /// <summary>It was not lost.</summary>
    None,

    /// <summary>The wire is down.</summary>
    Down,

    /// <summary>Its direction loses a share of the frames.</summary>
    Chance,

    /// <summary>More bytes wait to be sent than the queue holds.</summary>
    QueueFull,

    /// <summary>Longer than the wire carries.</summary>
    TooLong,

    /// <summary>Nothing is plugged in at the other end.</summary>
    Unplugged,
}
