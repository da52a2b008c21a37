using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Hosts;

/// <summary>Several hosts on hubs, in a time of their own: the least world in which stacks can talk with each other.</summary>
internal sealed class Internet
{
    private readonly PriorityQueue<(Plug To, Frame Frame), (Instant At, long Sequence)> _flying = new();
    private readonly Dictionary<NetworkInterface, Plug> _plugs = [];
    private readonly SeededShuffle _dice;
    private long _sequence;

    public Internet(int seed = 1) => _dice = new SeededShuffle(seed);

    public FramePool Frames { get; } = new();

    public Instant Now { get; private set; } = Instant.SimulationEpoch;

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    /// <summary>One frame in so many is lost; 0 loses none.</summary>
    public uint LossOneIn { get; set; }

    /// <summary>One frame in so many comes twice, and later.</summary>
    public uint TwiceOneIn { get; set; }

    /// <summary>Hubs that lose everything.</summary>
    public HashSet<string> Lost { get; set; } = [];

    /// <summary>A hub that loses what is longer than this and tells nobody.</summary>
    public (string Hub, int Octets) Swallows { get; set; } = ("", int.MaxValue);

    public long Deliveries { get; private set; }

    /// <summary>Sees every frame that is sent, before it can be lost.</summary>
    public Action<NetworkInterface, Frame>? Tap { get; set; }

    public HostStack Add(string name, HostSettings? settings = null) => new(settings ?? new HostSettings(), new SipKey(TestHash(name), 99), Frames);

    public NetworkInterface Attach(HostStack host, string hub, string address, int mtu = 1_500)
    {
        var networkInterface = host.AddInterface($"eth{host.Interfaces.Count - 1}", LinkKind.Ethernet, new MacAddress(0x0200_0000_0000UL | (ulong)_plugs.Count + 1), mtu);
        foreach (var one in address.Split(' ', StringSplitOptions.RemoveEmptyEntries)) { host.AddAddress(networkInterface, InterfaceAddress.Parse(one)); }
        _plugs.Add(networkInterface, new Plug(host, networkInterface, hub));
        return networkInterface;
    }

    /// <summary>Runs until nothing is left to happen before a time, or until the condition holds.</summary>
    public void Run(TimeSpan time, Func<bool>? until = null)
    {
        var end = Now + time;
        while (true)
        {
            Collect();
            if (until is not null && until()) { return; }
            var next = _flying.TryPeek(out _, out var first) ? first.At : Instant.Never;
            Plug? due = null;
            foreach (var plug in _plugs.Values)
            {
                if (plug.Host.NextDeadline < next) { (next, due) = (plug.Host.NextDeadline, plug); }
            }
            if (next > end) { break; }
            Now = next > Now ? next : Now;
            if (due is not null) { due.Host.OnDeadline(Now); }
            else
            {
                var (to, frame) = _flying.Dequeue();
                Deliveries++;
                to.Host.Receive(to.Interface, frame, Now);
            }
        }
        Now = end;
    }

    private void Collect()
    {
        foreach (var sender in _plugs.Values)
        {
            while (sender.Host.TryTakeFrame(out var from, out var frame))
            {
                Tap?.Invoke(from, frame);
                foreach (var (networkInterface, plug) in _plugs)
                {
                    if (networkInterface == from || plug.Hub != _plugs[from].Hub || Lost.Contains(plug.Hub)) { continue; }
                    if (plug.Hub == Swallows.Hub && frame.Length > Swallows.Octets + EthernetView.HeaderLength) { continue; }
                    if (LossOneIn > 0 && _dice.Next() % LossOneIn == 0) { continue; }
                    Fly(plug, frame, Latency);
                    if (TwiceOneIn > 0 && _dice.Next() % TwiceOneIn == 0) { Fly(plug, frame, Latency * 3); }
                }
                frame.Release();
            }
        }
    }

    private void Fly(Plug to, Frame frame, TimeSpan latency) => _flying.Enqueue((to, frame.Retain()), (Now + latency, ++_sequence));

    private static ulong TestHash(string name) => name.Aggregate(17UL, (hash, letter) => hash * 31 + letter);

    private sealed record Plug(HostStack Host, NetworkInterface Interface, string Hub);
}
