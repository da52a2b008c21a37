using System.Runtime.CompilerServices;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Simulation.Faults;

/// <summary>A machine of a random world, as one of the places where something may go wrong.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Wires">Its cables.</param>
/// <param name="IsClient">Whether it only asks others.</param>
/// <param name="IsRouter">Whether it passes packets on.</param>
public sealed record FaultSite(string Name, IReadOnlyList<string> Wires, bool IsClient, bool IsRouter);

/// <summary>The places of a random world, and the luck by which its faults are drawn.</summary>
/// <remarks>Every draw shifts those behind it.</remarks>
public sealed class FaultDice
{
    private readonly StrongBox<string?> _damagedWire;

    /// <summary>The places of a world.</summary>
    public FaultDice(RandomStream random, IReadOnlyList<FaultSite> machines) : this(random, machines, new StrongBox<string?>())
    {
    }

    private FaultDice(RandomStream random, IReadOnlyList<FaultSite> machines, StrongBox<string?> damagedWire)
    {
        (Random, Machines, _damagedWire) = (random, machines, damagedWire);
        Wires = [.. machines.SelectMany(static machine => machine.Wires)];
    }

    /// <summary>Its luck.</summary>
    public RandomStream Random { get; }

    /// <summary>The machines.</summary>
    public IReadOnlyList<FaultSite> Machines { get; }

    /// <summary>Every cable.</summary>
    public IReadOnlyList<string> Wires { get; }

    /// <summary>
    /// The one cable of the world that damages frames, which no packet crosses twice: two bits turned over in the same column of two
    /// words leave the Internet checksum as it was, and here is no frame check sequence that would notice the first.
    /// </summary>
    public string DamagedWire => _damagedWire.Value ??= One(Machines.Where(static machine => machine.Wires.Count == 1)).Wires[0];

    /// <summary>The same places with other luck.</summary>
    internal FaultDice With(RandomStream random) => new(random, Machines, _damagedWire);

    /// <summary>One of these.</summary>
    public T One<T>(IEnumerable<T> of)
    {
        var all = of as IReadOnlyList<T> ?? [.. of];
        return all[(int)Random.NextBelow(all.Count)];
    }

    /// <summary>From one to so many of these, in any order.</summary>
    public IReadOnlyList<T> Some<T>(IEnumerable<T> of, Func<int, int> most)
    {
        ArgumentNullException.ThrowIfNull(most);
        var all = of.ToList();
        Shuffle(all);
        return [.. all.Take(1 + (int)Random.NextBelow(most(all.Count)))];
    }

    /// <summary>Puts a list into any order.</summary>
    public void Shuffle<T>(IList<T> list)
    {
        ArgumentNullException.ThrowIfNull(list);
        for (var i = list.Count - 1; i > 0; i--)
        {
            var j = (int)Random.NextBelow(i + 1);
            (list[i], list[j]) = (list[j], list[i]);
        }
    }
}
