using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Elements;

/// <summary>
/// Writes what goes over the wires it is put on into a capture: each watched end of a wire is an interface; what is lost or dropped goes
/// to its ":dropped" twin with the reason.
/// </summary>
/// <remarks>
/// Dispose it to end the capture with its statistics and to take the tap off its wires; a run that is broken off before leaves a good
/// capture all the same, only without statistics. The same world with the same seed gives the same bytes.
/// </remarks>
public sealed class CaptureTap : IFrameTap, IDisposable
{
    private readonly Kernel _kernel;
    private readonly PacketCapture _capture;
    private readonly Dictionary<WireEnd, (int Number, CapturedHost? Host)> _watched = [];

    /// <summary>Begins a capture.</summary>
    /// <param name="kernel">The world's heart: whose time it is.</param>
    /// <param name="output">Where the pcapng bytes go, a whole block in each write; still the caller's to close.</param>
    /// <param name="comment">What is captured: the lab and its seed.</param>
    /// <param name="secrets">What is done about secrets in the frames.</param>
    public CaptureTap(Kernel kernel, Stream output, string comment, CaptureSecrets secrets = CaptureSecrets.Keep)
    {
        ArgumentNullException.ThrowIfNull(kernel);
        _kernel = kernel;
        _capture = new PacketCapture(output, comment, () => kernel.Now, secrets);
    }

    /// <summary>Packets captured so far, those that were lost included.</summary>
    public long Packets => _capture.Packets;

    /// <summary>
    /// Captures at both ends of a wire. Readers that follow streams see every segment twice then; one end is what a capture on a machine
    /// shows.
    /// </summary>
    public void Watch(Wire wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
        Watch(wire.A);
        Watch(wire.B);
    }

    /// <summary>Captures at one end of a wire.</summary>
    public void Watch(WireEnd end) => Watch(end, null, null);

    /// <summary>Captures at a machine's end of a wire: what the machine sends carries its reason, what it drops is told with one.</summary>
    /// <param name="end">The end that is plugged into the machine.</param>
    /// <param name="host">The machine, heard by <see cref="Listen"/>.</param>
    /// <param name="at">Its interface there.</param>
    public void Watch(WireEnd end, CapturedHost? host, Firstbyte.Hosts.NetworkInterface? at)
    {
        ArgumentNullException.ThrowIfNull(end);
        end.Wire.Tap = this;
        var description = new StringBuilder("an end of ").Append(end.Wire.Name);
        if (at is not null)
        {
            description.Append(": ").Append(at.Name).Append(' ').Append(at.Hardware);
            foreach (var own in at.Addresses) { description.Append(' ').Append(own); }
        }
        var number = _capture.AddInterface(end.Name, CaptureLinkType.Ethernet, description.ToString(), end.Settings.BitsPerSecond);
        _watched.Add(end, (number, host));
        if (at is not null) { host?.Add(at, number); }
    }

    /// <summary>Hears what a machine decides about frames, until the capture ends.</summary>
    public CapturedHost Listen(Machine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        return _capture.Listen(machine.Name, machine.Stack);
    }

    /// <summary>Gives an address a name that readers show in its place.</summary>
    public void AddName(IpAddress address, string name) => _capture.AddName(address, name);

    /// <summary>Adds lines of a TLS key log, with which readers decrypt the packets that follow.</summary>
    public void AddTlsSecrets(ReadOnlySpan<byte> lines) => _capture.AddTlsSecrets(lines);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var end in _watched.Keys)
        {
            if (ReferenceEquals(end.Wire.Tap, this)) { end.Wire.Tap = null; }
        }
        _capture.Dispose();
    }

    void IFrameTap.OnSent(WireEnd from, Frame frame) => Write(from, frame, CaptureDirection.Outbound);

    void IFrameTap.OnReceived(WireEnd at, Frame frame) => Write(at, frame, CaptureDirection.Inbound);

    // What is lost on the way to a watched end is told there when the end that sent it is not watched.
    void IFrameTap.OnLost(WireEnd from, Frame frame, FrameDropReason reason)
    {
        if (_watched.TryGetValue(from, out var at))
        {
            _capture.WriteDropped(at.Number, _kernel.Now, frame.Span, Words(from, reason), CaptureDirection.Outbound);
        }
        else if (_watched.TryGetValue(from.Other, out at))
        {
            _capture.WriteDropped(at.Number, _kernel.Now, frame.Span, Words(from, reason), CaptureDirection.Inbound);
        }
    }

    private static string Words(WireEnd from, FrameDropReason reason) => from.Wire.Name + reason switch
    {
        FrameDropReason.LinkDown => " lost it: it is down",
        FrameDropReason.Chance => $" lost it by chance: it loses {from.Settings.LossMillionths / 1e4:0.####} % of the frames",
        FrameDropReason.QueueFull => $" lost it: the queue of {from.Settings.QueueBytes} bytes is full",
        FrameDropReason.TooBig => $" lost it: it carries packets of {from.Settings.Mtu} bytes at most",
        FrameDropReason.Unplugged => " lost it: nothing is plugged in at the other end",
        FrameDropReason.HostDown => ": the host is switched off",
        FrameDropReason.Silenced => ": a fault makes the service silent",
        FrameDropReason.Refused => ": a fault refuses it, and the sender is told",
        FrameDropReason.Partitioned => ": a fault keeps sender and receiver apart",
        FrameDropReason.Swallowed => ": a fault loses a share of what the sender sends to the receiver",
        FrameDropReason.Broken => ": a fault has broken the connection",
        _ => $" lost it: {reason}",
    };

    private void Write(WireEnd end, Frame frame, CaptureDirection direction)
    {
        if (_watched.TryGetValue(end, out var at)) { _capture.Write(at.Number, at.Host, _kernel.Now, frame.Span, direction); }
    }
}
