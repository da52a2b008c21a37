using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>A repeater: what comes in at one port goes out at every other. Hubs chain. It knows no addresses.</summary>
public sealed class Hub(string name) : IFrameBox
{
    private readonly List<HubPort> _ports = [];

    /// <summary>Its name in its world.</summary>
    public string Name { get; } = name;

    /// <summary>Who hears what it does; null when nobody does.</summary>
    public ITraceSink? Sink { get; set; }

    /// <summary>Ports in use.</summary>
    public int PortCount => _ports.Count;

    /// <summary>Plugs the end of a wire into a new port.</summary>
    public void Plug(WireEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        var port = new HubPort(this, end);
        _ports.Add(port);
        end.Port = port;
    }

    private sealed class HubPort(Hub hub, WireEnd end) : IFramePort
    {
        public void Receive(Frame frame)
        {
            if (hub.Sink is { } sink && EthernetView.TryParse(frame.Span, out var view, out _))
            {
                sink.Tell(new FrameRepeated(
                    hub.Name, end.Name, hub._ports.Count - 1, view.Source, view.Destination, frame.Length)
                { At = end.Wire.Kernel.Now });
            }
            foreach (var port in hub._ports)
            {
                if (port != this) { port.Send(frame.Retain()); }
            }
            frame.Release();
        }

        private void Send(Frame frame) => end.Send(frame);
    }
}
