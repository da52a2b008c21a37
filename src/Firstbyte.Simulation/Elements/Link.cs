namespace Firstbyte.Simulation;

/// <summary>The cable between a host or router and its subnet: how long a packet is on the way, and what happens to it there. One set of values a direction.</summary>
public sealed class Link
{
    internal Link(Kernel kernel, string name, LinkSettings settings)
    {
        Name = name;
        Up = new LinkDirection(kernel, $"link {name} up", settings);
        Down = new LinkDirection(kernel, $"link {name} down", settings);
    }

    /// <summary>The link's name: node and subnet, joined by a hyphen, unless the lab names it otherwise.</summary>
    public string Name { get; }

    /// <summary>From the node to its subnet.</summary>
    public LinkDirection Up { get; }

    /// <summary>From the subnet to the node.</summary>
    public LinkDirection Down { get; }
}

/// <summary>One direction of a link. Its values may be changed while the world runs.</summary>
public sealed class LinkDirection
{
    private readonly RandomStream _random;

    internal LinkDirection(Kernel kernel, string component, LinkSettings settings)
    {
        _random = kernel.Stream(component);
        Settings = settings;
    }

    /// <summary>How it treats packets now.</summary>
    public LinkSettings Settings { get; set; }

    /// <summary>False when the cable is pulled: every packet is lost.</summary>
    public bool IsUp { get; set; } = true;

    /// <summary>Whether the next packet survives; draws from the direction's own stream only when the link loses packets at all.</summary>
    internal bool Survives() => IsUp && !_random.Chance(Settings.LossMillionths);

    /// <summary>How long the next packet takes, in nanoseconds.</summary>
    internal long NextDelay() => Settings.LatencyNanoseconds + (Settings.JitterNanoseconds > 0 ? _random.NextBelow(Settings.JitterNanoseconds + 1) : 0);
}

/// <summary>How one direction of a link treats packets.</summary>
/// <param name="LatencyNanoseconds">Time on the way.</param>
/// <param name="JitterNanoseconds">At most so much more, each amount as likely.</param>
/// <param name="LossMillionths">The share of packets that is lost.</param>
public readonly record struct LinkSettings(long LatencyNanoseconds, long JitterNanoseconds = 0, int LossMillionths = 0);
