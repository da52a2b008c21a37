using Firstbyte.Labs;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>A lab: what it is made of, what goes wrong in it, what was done in it.</summary>
public interface ILabSentences
{
    string SeedLabel { get; }

    string SubnetLabel { get; }

    string FaultLabel { get; }

    string NamesLabel { get; }

    Phrase Subnet(string name, string prefixes, SubnetKind kind);

    Phrase Box(SubnetKind kind, string name, string uplink);

    /// <summary>A router in a subnet; what it lends there are the first and the last address, null when it lends none.</summary>
    Phrase Router(string name, string addresses, bool translates, bool learnsRoutes, string? lends);

    Phrase Host(string name, string addresses, bool isClient, Phrase services);

    Phrase ZoneService(string origin);

    Phrase ResolverService { get; }

    /// <summary>Several services of a host.</summary>
    Phrase Services(IEnumerable<Phrase> services);

    Phrase ForgerService(string name);

    /// <summary>What a service has: under which names, which things, and how many more.</summary>
    Phrase Offer(string names, IEnumerable<Phrase> things, int more);

    /// <summary>A page, a file or a group, and who is let in there; null for everybody.</summary>
    Phrase Page(string path, AccountDefinition? account);

    /// <summary>Who is let in.</summary>
    Phrase Login(AccountDefinition account);

    Phrase Port(ushort port);

    /// <summary>What goes wrong, and when.</summary>
    Phrase Happening(Happening happening);

    /// <summary>What changes in the world of names, and when.</summary>
    Phrase NameChange(NameChange change);

    /// <summary>A fault begins, or is over; its word and its place are those of the world.</summary>
    Phrase FaultChanged(string word, string place, bool isActing);

    /// <summary>A fault is taken back before it has begun.</summary>
    Phrase FaultCalledOff(string word, string place);

    /// <summary>The world of names has changed: what every server of the zone says from now on.</summary>
    Phrase ZoneChanged(string zone, string change, long serial);

    /// <summary>The simulation itself failed: what it says of that.</summary>
    Phrase SimulationFailure(SimulationException failure);

    /// <summary>The beginnings and ends of commands, as the log of a lab tells them.</summary>
    Phrase PingBegins(Phrase target);

    Phrase PingEnds(string name, int received, int sent);

    Phrase TracerouteBegins(Phrase target);

    Phrase TracerouteEnds(int hops, bool hasReached);

    Phrase FetchBegins(string input);

    Phrase FetchEnds(int status, string reason, bool hasSucceeded);

    Phrase ResolveBegins(string name, string type);
}
