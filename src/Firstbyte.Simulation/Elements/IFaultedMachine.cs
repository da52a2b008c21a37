using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Simulation.Elements;

/// <summary>A machine as faults see it: a host or router of an internet, or a machine of a random world.</summary>
public interface IFaultedMachine
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>False while it is switched off.</summary>
    bool IsUp { get; }

    /// <summary>Everything that it holds in memory is gone.</summary>
    void Crash();

    /// <summary>It starts anew.</summary>
    void Restart();

    /// <summary>Its calendar is ahead, and its clock runs too fast by so many parts per million; zero and zero set it right.</summary>
    void Skew(TimeSpan offset, int driftPartsPerMillion);
}

/// <summary>Knows whose an address is, in a world in which faults ask where a frame comes from.</summary>
internal interface IFaultedWorld
{
    /// <summary>The machine whose card has the hardware address, or null.</summary>
    IFaultedMachine? FindStation(MacAddress hardware);

    /// <summary>The machine that has the address, or null.</summary>
    IFaultedMachine? FindOwner(IpAddress address);
}
