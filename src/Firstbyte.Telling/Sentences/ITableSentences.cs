using Firstbyte.Hosts;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>The tables of a lab's machines, in the words of <c>ip</c>, <c>ss</c> and <c>arp</c>.</summary>
public interface ITableSentences
{
    IReadOnlyList<string> RouteHeads { get; }

    IReadOnlyList<string> NeighborHeads { get; }

    IReadOnlyList<string> SocketHeads { get; }

    IReadOnlyList<string> CacheHeads { get; }

    IReadOnlyList<string> TranslationHeads { get; }

    IReadOnlyList<string> LinkHeads { get; }

    IReadOnlyList<string> MachineHeads { get; }

    IReadOnlyList<string> FaultHeads { get; }

    Phrase FaultState(bool isActing, bool isOver);

    Phrase NoFaults { get; }

    Phrase DefaultRoute(string prefix);

    Phrase Via(Addressing.IpAddress? gateway);

    Phrase RouteOrigin(RouteOrigin origin, int hops);

    Phrase Neighbor(string? name, bool isRouter);

    Phrase Between(string machine, string box);

    Phrase LinkState(bool isUp);

    Phrase Machine(bool isRouter, bool isUp);

    Phrase NoMachines { get; }

    Phrase NoLinks { get; }

    Phrase NoRoutes(string machine);

    Phrase NoNeighbors(string machine);

    Phrase NoSockets(string machine);

    Phrase NothingCached(string machine);

    Phrase NothingTranslated(string machine);
}
