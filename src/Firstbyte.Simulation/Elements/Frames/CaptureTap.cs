using Firstbyte.Captures;
using Firstbyte.Packets;

namespace Firstbyte.Simulation.Elements;

/// <summary>Writes what goes over the wires it is put on into a capture: each end of a wire is an interface, what is lost goes to its ":dropped" one with the reason.</summary>
public sealed class CaptureTap(Kernel kernel, PcapngWriter writer) : IFrameTap
{
    private readonly Dictionary<WireEnd, int> _interfaces = [];

    /// <summary>Puts the tap on a wire.</summary>
    public void Watch(Wire wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        wire.Tap = this;
        foreach (var end in (ReadOnlySpan<WireEnd>)[wire.A, wire.B])
        {
            _interfaces[end] = writer.AddInterface(end.Name, CaptureLinkType.Ethernet, $"an end of {wire.Name}", end.Settings.BitsPerSecond);
        }
    }

    /// <summary>Ends the capture with its statistics.</summary>
    public void Complete() => writer.Complete(kernel.Now);

    void IFrameTap.OnSent(WireEnd from, Frame frame) => writer.WritePacket(_interfaces[from], kernel.Now, frame.Span, CaptureDirection.Outbound);

    void IFrameTap.OnReceived(WireEnd at, Frame frame) => writer.WritePacket(_interfaces[at], kernel.Now, frame.Span, CaptureDirection.Inbound);

    void IFrameTap.OnLost(WireEnd from, Frame frame, WireLoss reason) => writer.WriteDropped(_interfaces[from], kernel.Now, frame.Span, reason.ToString(), CaptureDirection.Outbound);
}
