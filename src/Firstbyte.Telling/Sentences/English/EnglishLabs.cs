using Firstbyte.Labs;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishLabs : ILabSentences
{
    // As many calls of other hosts as a person reads (own choice).
    private const int MaxNamed = 5;

    private readonly EnglishAmounts _amounts = new();
    private readonly EnglishSources _sources = new();
    private readonly EnglishFaults _faults = new();

    public string SeedLabel => "Seed";

    public string SubnetLabel => "Subnet";

    public string FaultLabel => "Fault";

    public string NamesLabel => "Names";

    public Phrase Subnet(string name, string prefixes, SubnetKind kind) => $"{name:name}  {prefixes}  ({Kind(kind):words})";

    public Phrase Box(SubnetKind kind, string name, string uplink) => $"{Kind(kind):words} {name:name}  joined to {uplink:name}";

    public Phrase Router(string name, string addresses, bool translates, bool learnsRoutes, string? lends) =>
        $"router {name:name}  {addresses}{(translates ? "  translates addresses (nat)" : ""):words}{(learnsRoutes ? "  learns routes (rip)" : ""):words}{(lends is null ? "" : $"  lends {lends} (dhcp)"):words}";

    public Phrase Host(string name, string addresses, bool isClient, Phrase services) =>
        $"{(isClient ? "client" : "host"):words} {name:name}  {addresses}{(services.IsEmpty ? Phrase.Empty : Say($"  serves {services}"))}";

    public Phrase ZoneService(string origin) => $"dns zone {origin:name}";

    public Phrase ResolverService => "resolver";

    public Phrase Services(IEnumerable<Phrase> services) => Phrase.Join(", ", services);

    public Phrase ForgerService(string name) => $"forged answers for {name:name}";

    public Phrase Offer(string names, IEnumerable<Phrase> things, int more) =>
        $"    {(names.Length > 0 ? names + ": " : "")}{Phrase.Join(", ", things)}{(more > 0 ? Say($" and {more} more") : Phrase.Empty)}";

    public Phrase Page(string path, AccountDefinition? account) => account is null ? $"{path:name}" : $"{path:name} ({Login(account)})";

    public Phrase Login(AccountDefinition account) => $"user {account.User:name} with password {account.Password:name}";

    public Phrase Port(ushort port) => $"port {port}";

    public Phrase Happening(Happening happening) => $"{_faults.What(happening.Fault)}{When(happening)}";

    public Phrase NameChange(NameChange change) => change is NameSetting setting
        ? Say($"from {_amounts.Duration(change.AtNanoseconds)} on zone {change.Origin.ToString():name} says {setting.Record.ToString():name}")
        : $"from {_amounts.Duration(change.AtNanoseconds)} on zone {change.Origin.ToString():name} says nothing of {$"{change.Owner} {change.Type}":name}";

    public Phrase FaultChanged(string word, string place, bool isActing) => $"fault {(isActing ? "begins" : "ends"):words}: {word:name} {place:name}";

    public Phrase FaultCalledOff(string word, string place) => $"fault will not begin: {word:name} {place:name}";

    public Phrase ZoneChanged(string zone, string change, long serial) => $"zone {zone:name} changes: {change:name} (serial number {serial})";

    public Phrase SimulationFailure(SimulationException failure) => failure switch
    {
        ForeignEntryException foreign => $"it was entered from outside its pump {foreign.Count} times, first by '{foreign.Entry:name}': a mistake in firstbyte",
        ForeignWorkException foreign => $"work of the run was done outside it ({foreign.Items} items): a mistake in firstbyte",
        ServiceFailedException service =>
            $"the service '{service.Service:name}' on {service.Host:name} failed ({service.InnerException!.GetType().Name:name}): a mistake in firstbyte",
        StalledException stalled => Stalled(stalled),
        DivergedException => "two runs of one seed differ: something in the world is not made from the seed, a mistake in firstbyte",
        ReplayDivergedException diverged =>
            $"going back is not possible in this run: event {diverged.Number} came out differently this time, a mistake in firstbyte",
        RecordingFullException full => $"the run has recorded {full.Events} events, which is all it may: begin a new one",
        ZoneLostException lost =>
            $"'{lost.Change.ToString():name}' leaves no zone {lost.Change.Origin.ToString():name} that could be served: {_sources.ZoneProblem(lost.Problem)}",
        _ => $"{failure.GetType().Name:name}",
    };

    private static Phrase Stalled(StalledException stalled)
    {
        var roots = Phrase.Join(", ", stalled.Unfinished.Select(static root => Say($"'{root.Name:name}' on {root.Host:name}")));
        var own = stalled.OwnWaits.Count == 0
            ? "it waits for something outside the simulation"
            : Say($"it waits in {Calls(stalled.OwnWaits)}");
        var more = stalled.OtherWaits.Count - MaxNamed;
        var others = stalled.OtherWaits.Count == 0
            ? "and nobody else is in the middle of a call"
            : Say($"while others wait in {Calls(stalled.OtherWaits.Take(MaxNamed))}{(more > 0 ? Say($" and {more} more") : Phrase.Empty)}");
        return $"nothing more will happen in it, and {roots} has not ended: {own}, {others}";
    }

    private static Phrase Calls(IEnumerable<WaitingCall> calls) => Phrase.Join(", ", calls.Select(static call => Say($"{call.ToString():name}")));

    public Phrase PingBegins(Phrase target) => $"ping {target} begins";

    public Phrase PingEnds(string name, int received, int sent) => $"ping {name:name} ends: {received} of {sent} answered";

    public Phrase TracerouteBegins(Phrase target) => $"traceroute {target} begins";

    public Phrase TracerouteEnds(int hops, bool hasReached) =>
        hasReached ? Say($"traceroute ends: {_amounts.Hops(hops)} to the target") : "traceroute ends: the target did not answer";

    public Phrase FetchBegins(string input) => $"fetch {input} begins";

    public Phrase FetchEnds(int status, string reason, bool hasSucceeded) => hasSucceeded ? Say($"fetch ends: {status} {reason}") : "fetch ends without a page";

    public Phrase ResolveBegins(string name, string type) => $"resolve {name:name} {type} begins";

    private static string Kind(SubnetKind kind) => kind switch
    {
        SubnetKind.Hub => "hub",
        SubnetKind.Switch => "switch",
    };

    private Phrase When(Happening happening)
    {
        Phrase from = happening.LatestNanoseconds is { } latest
            ? $", from an instant between {_amounts.Duration(happening.AtNanoseconds)} and {_amounts.Duration(latest)} on"
            : happening.AtNanoseconds > 0 ? $", from {_amounts.Duration(happening.AtNanoseconds)} on" : "";
        return happening.ForNanoseconds is { } lasts ? $"{from}, for {_amounts.Duration(lasts)}" : from;
    }
}
