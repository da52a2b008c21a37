using Firstbyte.Hosts;
using Firstbyte.Packets;

namespace Firstbyte.Simulation.Elements;

/// <summary>Where a wire ends: takes what arrives there.</summary>
public interface IFramePort
{
    /// <summary>A frame has arrived; the port takes over the wire's hold on it and only reads it.</summary>
    void Receive(Frame frame);

    /// <summary>The wire that is plugged in carries frames again, or does no longer: what a card's light shows.</summary>
    void OnCarrier(bool hasCarrier) { }
}

/// <summary>A box into which wires are plugged: a hub or a switch.</summary>
public interface IFrameBox
{
    /// <summary>Its name in its world.</summary>
    string Name { get; }

    /// <summary>Plugs the end of a wire into a new port.</summary>
    void Plug(WireEnd end);
}

/// <summary>Sees every frame of the wires it is put on. A capture is one, the event log another.</summary>
public interface IFrameTap
{
    /// <summary>A frame was put on the wire at an end.</summary>
    void OnSent(WireEnd from, Frame frame);

    /// <summary>A frame came out at the other end.</summary>
    void OnReceived(WireEnd at, Frame frame);

    /// <summary>A frame that was sent from an end is lost.</summary>
    void OnLost(WireEnd from, Frame frame, FrameDropReason reason);
}
