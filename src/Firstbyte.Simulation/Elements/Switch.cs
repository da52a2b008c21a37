using Firstbyte.Packets;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Elements;

/// <summary>A learning bridge (IEEE 802.1D): it remembers behind which port a station is and sends frames only there.</summary>
public sealed class Switch : IFrameBox
{
    /// <summary>Stations that are remembered (own choice, as in small switches); when the table is full, new ones are flooded to.</summary>
    public const int MaxStations = 8_192;

    /// <summary>After so much silence a station is forgotten (IEEE 802.1D-2004 table 7-5: 300 s).</summary>
    public static readonly TimeSpan Ageing = TimeSpan.FromSeconds(300);

    private readonly Kernel _kernel;
    private readonly List<SwitchPort> _ports = [];
    private readonly Dictionary<ulong, Station> _stations = [];

    /// <summary>A switch of a world.</summary>
    public Switch(Kernel kernel, string name)
    {
        _kernel = kernel;
        Name = name;
    }

    /// <summary>Its name in its world.</summary>
    public string Name { get; }

    /// <summary>Who hears what it does; null when nobody does.</summary>
    public ITraceSink? Sink { get; set; }

    /// <summary>Frames that went out of one port because the station was known.</summary>
    public long Forwarded { get; private set; }

    /// <summary>Frames that went out of every other port.</summary>
    public long Flooded { get; private set; }

    /// <summary>Frames for a station behind the port where they came in.</summary>
    public long Filtered { get; private set; }

    /// <summary>Plugs the end of a wire into a new port.</summary>
    public void Plug(WireEnd end)
    {
        ArgumentNullException.ThrowIfNull(end);
        var port = new SwitchPort(this, end, _ports.Count);
        _ports.Add(port);
        end.Port = port;
    }

    /// <summary>The port behind which a station was last heard, or -1.</summary>
    public int PortOf(MacAddress station) => TryFind(station, out var port) ? port : -1;

    private bool TryFind(MacAddress station, out int port)
    {
        port = -1;
        if (!_stations.TryGetValue(station.Bits, out var known)) { return false; }
        port = known.Port;
        if (_kernel.Now - known.HeardAt < Ageing) { return true; }
        // Silent for too long: found when it is looked for, so that no timer runs for every station.
        _stations.Remove(station.Bits);
        if (Sink is not null) { Tell(new StationForgotten(Name, station)); }
        return false;
    }

    private void Receive(SwitchPort from, Frame frame)
    {
        if (!EthernetView.TryParse(frame.Span, out var view, out _))
        {
            frame.Release();
            return;
        }
        Learn(view.Source, from.Number);
        var destination = view.Destination;
        if (!destination.IsGroup && TryFind(destination, out var port))
        {
            if (port == from.Number)
            {
                Filtered++;
                Tell(SwitchDecision.Filtered, from, frame, view, port);
                frame.Release();
                return;
            }
            Forwarded++;
            Tell(SwitchDecision.Forwarded, from, frame, view, port);
            _ports[port].End.Send(frame);
            return;
        }
        Flooded++;
        Tell(SwitchDecision.Flooded, from, frame, view, -1);
        foreach (var other in _ports)
        {
            if (other != from) { other.End.Send(frame.Retain()); }
        }
        frame.Release();
    }

    private void Learn(MacAddress station, int port)
    {
        if (station.IsGroup || (_stations.Count >= MaxStations && !_stations.ContainsKey(station.Bits) && !TryForgetOldest())) { return; }
        if (Sink is not null && (!TryFind(station, out var before) || before != port)) { Tell(new StationLearned(Name, station, _ports[port].End.Name)); }
        _stations[station.Bits] = new Station(port, _kernel.Now);
    }

    // Who was behind a port whose cable is pulled may be anywhere now.
    private void Forget(int port)
    {
        foreach (var (station, known) in _stations)
        {
            if (known.Port != port) { continue; }
            _stations.Remove(station);
            if (Sink is not null) { Tell(new StationForgotten(Name, new MacAddress(station))); }
        }
    }

    private void Tell(SwitchDecision decision, SwitchPort from, Frame frame, in EthernetView view, int port)
    {
        if (Sink is not null)
        {
            Tell(new FrameSwitched(
                Name, from.End.Name, decision, view.Source, view.Destination, port < 0 ? null : _ports[port].End.Name, frame.Length));
        }
    }

    private void Tell(TraceEvent traceEvent)
    {
        traceEvent.At = _kernel.Now;
        Sink!.Tell(traceEvent);
    }

    private bool TryForgetOldest()
    {
        var limit = _kernel.Now - Ageing;
        // Everything that is too old goes, whatever the order of the walk.
        foreach (var (station, known) in _stations)
        {
            if (known.HeardAt > limit) { continue; }
            _stations.Remove(station);
            if (Sink is not null) { Tell(new StationForgotten(Name, new MacAddress(station))); }
        }
        return _stations.Count < MaxStations;
    }

    private readonly record struct Station(int Port, Instant HeardAt);

    private sealed class SwitchPort(Switch owner, WireEnd end, int number) : IFramePort
    {
        public WireEnd End { get; } = end;

        public int Number { get; } = number;

        public void Receive(Frame frame) => owner.Receive(this, frame);

        public void OnCarrier(bool hasCarrier)
        {
            if (!hasCarrier) { owner.Forget(Number); }
        }
    }
}
