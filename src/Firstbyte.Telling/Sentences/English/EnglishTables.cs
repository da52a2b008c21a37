using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishTables : ITableSentences
{
    private readonly EnglishAmounts _amounts = new();

    public IReadOnlyList<string> RouteHeads => ["DESTINATION", "NEXT HOP", "DEV", "FROM"];

    public IReadOnlyList<string> NeighborHeads => ["ADDRESS", "DEV", "LLADDR", "STATE", "WHO"];

    public IReadOnlyList<string> SocketHeads => ["PROTO", "STATE", "RECV-Q", "SEND-Q", "LOCAL", "PEER", "FD"];

    public IReadOnlyList<string> CacheHeads => ["NAME", "TYPE", "DATA", "TTL LEFT", "RANK"];

    public IReadOnlyList<string> TranslationHeads => ["PROTO", "INSIDE", "SEEN FROM OUTSIDE AS", "PEER"];

    public IReadOnlyList<string> LinkHeads => ["LINK", "BETWEEN", "STATE", "LATENCY", "LOSS", "DELIVERED", "LOST"];

    public IReadOnlyList<string> MachineHeads => ["NAME", "WHAT", "ADDRESSES"];

    public IReadOnlyList<string> FaultHeads => ["NUMBER", "FAULT", "WHERE", "STATE", "FROM s", "UNTIL s"];

    public Phrase FaultState(bool isActing, bool isOver) => isActing ? "acts" : isOver ? "over" : "to come";

    public Phrase NoFaults => "nothing goes wrong on purpose";

    public Phrase DefaultRoute(string prefix) => $"{prefix} (default)";

    public Phrase Via(IpAddress? gateway) => gateway is null ? "on the link" : Say($"via {gateway}");

    public Phrase RouteOrigin(RouteOrigin origin, int hops) => origin switch
    {
        Hosts.RouteOrigin.Connected => "own subnet",
        Hosts.RouteOrigin.Static => "by hand",
        Hosts.RouteOrigin.Dhcp => "DHCP",
        Hosts.RouteOrigin.RouterAdvertisement => "router advertisement",
        Hosts.RouteOrigin.Rip => Say($"RIP, {_amounts.Hops(hops)}"),
    };

    public Phrase Neighbor(string? name, bool isRouter) => $"{name ?? "-":name}{(isRouter ? " (router)" : ""):words}";

    public Phrase Between(string machine, string box) => $"{machine:name} and {box:name}";

    public Phrase LinkState(bool isUp) => isUp ? "up" : "CUT";

    public Phrase Machine(bool isRouter, bool isUp) => $"{(isRouter ? "router" : "host"):words}{(isUp ? "" : ", off"):words}";

    public Phrase NoMachines => "the lab has no machines";

    public Phrase NoLinks => "the lab has no links";

    public Phrase NoRoutes(string machine) => $"{machine:name} knows no routes";

    public Phrase NoNeighbors(string machine) => $"{machine:name} has learned no neighbours yet: it asks when it has something to send";

    public Phrase NoSockets(string machine) => $"{machine:name} has no sockets open";

    public Phrase NothingCached(string machine) => $"{machine:name} has learned nothing yet: it asks when it is asked";

    public Phrase NothingTranslated(string machine) => $"{machine:name} translates nothing yet: nobody inside has sent anything out";
}
