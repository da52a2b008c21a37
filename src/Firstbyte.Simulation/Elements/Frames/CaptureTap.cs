using Firstbyte.Captures;
using Firstbyte.Packets;

namespace Firstbyte.Simulation.Elements;

/// <summary>Writes what goes over the wires it is put on into a capture: each end of a wire is an interface, what is lost goes to its ":dropped" one with the reason.</summary>
public sealed class CaptureTap(Kernel kernel, PcapngWriter writer) : IFrameTap
{
    private readonly Dictionary<WireEnd, int> _interfaces = [];

    /// <summary>Captures at both ends of a wire. Readers that follow streams see every segment twice then; one end is what a capture on a machine shows.</summary>
    public void Watch(Wire wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        Watch(wire.A);
        Watch(wire.B);
    }

    /// <summary>Captures at one end of a wire.</summary>
    public void Watch(WireEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        end.Wire.Tap = this;
        _interfaces.Add(end, writer.AddInterface(end.Name, CaptureLinkType.Ethernet, $"an end of {end.Wire.Name}", end.Settings.BitsPerSecond));
    }

    /// <summary>Adds TLS secrets in the format of SSLKEYLOGFILE, with which readers decrypt the packets that follow.</summary>
    public void AddTlsSecrets(ReadOnlySpan<byte> keyLog) => writer.AddTlsSecrets(keyLog);

    /// <summary>Ends the capture with its statistics.</summary>
    public void Complete() => writer.Complete(kernel.Now);

    void IFrameTap.OnSent(WireEnd from, Frame frame) => Write(from, frame, CaptureDirection.Outbound);

    void IFrameTap.OnReceived(WireEnd at, Frame frame) => Write(at, frame, CaptureDirection.Inbound);

    // What is lost on the way to a watched end is told there when the end that sent it is not watched.
    void IFrameTap.OnLost(WireEnd from, Frame frame, WireLoss reason)
    {
        if (_interfaces.TryGetValue(from, out var number)) { writer.WriteDropped(number, kernel.Now, frame.Span, reason.ToString(), CaptureDirection.Outbound); }
        else if (_interfaces.TryGetValue(from.Other, out number)) { writer.WriteDropped(number, kernel.Now, frame.Span, reason.ToString(), CaptureDirection.Inbound); }
    }

    private void Write(WireEnd end, Frame frame, CaptureDirection direction)
    {
        if (_interfaces.TryGetValue(end, out var number)) { writer.WritePacket(number, kernel.Now, frame.Span, direction); }
    }
}
