using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Signing;
using Firstbyte.Dns.Zones;

namespace Firstbyte.Dns.Policies;

/// <summary>What is wrong with a rule.</summary>
public enum PolicyFlaw
{
    /// <summary>The zone file cannot be read there.</summary>
    BadRecord,

    /// <summary>A network that is none, or has bits behind its length.</summary>
    BadNetwork,

    /// <summary>A CNAME to a name that stands for an action which is not known here.</summary>
    UnknownAction,

    /// <summary>An action, or a CNAME, beside other records of the same trigger.</summary>
    MixedRule,

    /// <summary>A record that is not of the policy zone.</summary>
    OutOfZone,
}

/// <summary>A rule that is not taken.</summary>
/// <param name="Place">Where.</param>
/// <param name="Flaw">Why.</param>
/// <param name="Found">What stands there.</param>
public sealed record PolicyProblem(ZonePlace Place, PolicyFlaw Flaw, string Found)
{
    /// <summary>What the reader of zone files says, where it is that.</summary>
    public ZoneProblem? Cause { get; init; }
}

/// <summary>A response policy zone: rules in the form of a zone's records, about what a resolver answers (draft-vixie-dnsop-dns-rpz).</summary>
/// <remarks>
/// Triggers are names, exact or below <c>*.</c>, at any place of a chain of aliases; addresses of the answer; the client's address; and the names and
/// addresses of the servers of all zones on the way to the answer, who have to be looked for. Of names the exact one counts before the longest one that
/// is below an asterisk, of networks the longest.
/// </remarks>
public sealed class PolicyZone
{
    /// <summary>Problems that are told of one file (own choice).</summary>
    public const int MaxProblems = 20;

    private readonly PolicyNames _names = new(), _below = new(), _servers = new(), _belowServers = new();
    private readonly PolicyPrefixes _addresses = new(), _clients = new(), _serverAddresses = new();
    private readonly List<PolicyRule> _rules = [];

    private PolicyZone(DnsName name) => Name = name;

    /// <summary>The zone's name.</summary>
    public DnsName Name { get; private set; }

    /// <summary>How many triggers there are.</summary>
    public int TriggerCount =>
        _names.Count + _below.Count + _addresses.Count + _clients.Count + _servers.Count + _belowServers.Count + _serverAddresses.Count;

    /// <summary>Whether there are rules about addresses in answers.</summary>
    public bool HasAddresses => _addresses.Count > 0;

    /// <summary>Whether there are rules about clients.</summary>
    public bool HasClients => _clients.Count > 0;

    /// <summary>Whether there are rules about names of servers.</summary>
    public bool HasServerNames => _servers.Count + _belowServers.Count > 0;

    /// <summary>Whether there are rules about addresses of servers.</summary>
    public bool HasServerAddresses => _serverAddresses.Count > 0;

    /// <summary>Reads a zone file; null with what is wrong in it.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="file">Its name, for places.</param>
    /// <param name="name">The zone's name; null for the one that owns the SOA record.</param>
    /// <param name="readFile">Gives the text of a file to include, or null when there is none.</param>
    /// <param name="problems">What is wrong.</param>
    public static PolicyZone? Read(string text, string file, DnsName? name, Func<string, string?>? readFile, out IReadOnlyList<PolicyProblem> problems)
    {
        var zone = new PolicyZone(name ?? DnsName.Root);
        var reading = new Reading(zone, isNamed: name is not null);
        var errors = ZoneFileReader.Read(text, file, zone.Name, reading, readFile).Where(static problem => problem.IsError);
        problems =
        [
            .. errors.Select(static problem => new PolicyProblem(problem.Place, PolicyFlaw.BadRecord, problem.Found) { Cause = problem })
                .Concat(reading.Problems).Take(MaxProblems),
        ];
        return problems.Count == 0 ? zone : null;
    }

    /// <summary>The rule for a name in wire form; null for none.</summary>
    public PolicyRule? Find(ReadOnlySpan<byte> name) => Find(_names, _below, name);

    /// <summary>The rule for a server's name in wire form; null for none.</summary>
    public PolicyRule? FindServer(ReadOnlySpan<byte> name) => Find(_servers, _belowServers, name);

    private PolicyRule? Find(PolicyNames names, PolicyNames parents, ReadOnlySpan<byte> name)
    {
        if (names.Count > 0 && names.ValueOf(name) is >= 0 and var exact) { return _rules[exact]; }
        while (parents.Count > 0 && name[0] != 0)
        {
            name = WireName.Parent(name);
            if (parents.ValueOf(name) is >= 0 and var below) { return _rules[below]; }
        }
        return null;
    }

    /// <summary>The rule for an address of an answer; null for none.</summary>
    public PolicyRule? FindAddress(IpAddress address) => _addresses.Find(address);

    /// <summary>The rule for the addresses of an answer, and the one that it is for; null for none.</summary>
    public PolicyRule? FindAddress(IEnumerable<IpAddress> addresses, out IpAddress met) => _addresses.Find(addresses, out met);

    /// <summary>The rule for the addresses of servers, and the one that it is for; null for none.</summary>
    public PolicyRule? FindServerAddress(IEnumerable<IpAddress> addresses, out IpAddress met) => _serverAddresses.Find(addresses, out met);

    /// <summary>The rule for a client; null for none.</summary>
    public PolicyRule? FindClient(IpAddress client) => _clients.Find(client);

    /// <summary>Takes the records of a file.</summary>
    private sealed class Reading(PolicyZone zone, bool isNamed) : IRecordSink
    {
        private static readonly RecordType[] s_ofZones =
            [RecordType.SOA, RecordType.NS, RecordType.RRSIG, RecordType.NSEC, RecordType.NSEC3, RecordType.NSEC3PARAM, RecordType.DNSKEY, RecordType.ZONEMD];

        private readonly Dictionary<PolicyAction, int> _shared = [];
        private bool _hasName = isNamed;

        public List<PolicyProblem> Problems { get; } = [];

        public void Add(ReadOnlySpan<byte> owner, RecordClass recordClass, Ttl ttl, RecordType type, ReadOnlySpan<byte> data, ZonePlace place)
        {
            if (Problems.Count >= MaxProblems) { return; }
            if (type == RecordType.SOA && !_hasName) { (zone.Name, _hasName) = (DnsName.FromValidWire(owner), true); }
            if (!WireName.IsSubdomainOf(owner, zone.Name.Wire))
            {
                Refuse(PolicyFlaw.OutOfZone, owner, place);
                return;
            }
            // A policy zone is kept and signed as any other; its own records are no rules.
            if (Array.IndexOf(s_ofZones, type) >= 0 || owner.Length == zone.Name.Length) { return; }
            Span<byte> trigger = stackalloc byte[WireName.MaxLength];
            var length = owner.Length - zone.Name.Length;
            owner[..length].CopyTo(trigger);
            trigger[length] = 0;
            Take(trigger[..(length + 1)], owner, new DnsRecord(DnsName.FromValidWire(owner), recordClass, ttl, RecordWire.ToData(type, data)), place);
        }

        private void Take(ReadOnlySpan<byte> trigger, ReadOnlySpan<byte> owner, DnsRecord record, ZonePlace place)
        {
            if (ActionOf(record, trigger) is not { } action)
            {
                Refuse(PolicyFlaw.UnknownAction, ((NameData)record.Data).Target.Wire, place);
                return;
            }
            var name = DnsName.FromValidWire(trigger);
            var kind = name.Suffix(1).ToHostString().ToLowerInvariant();
            switch (kind)
            {
                case "rpz-ip" or "rpz-client-ip" or "rpz-nsip":
                    if (ReadNetwork(name) is not { } network) { Refuse(PolicyFlaw.BadNetwork, owner, place); }
                    else
                    {
                        var networks = kind == "rpz-ip" ? zone._addresses : kind == "rpz-nsip" ? zone._serverAddresses : zone._clients;
                        Take(networks, network, action, record, place);
                    }
                    break;
                case "rpz-nsdname":
                    Span<byte> server = stackalloc byte[WireName.MaxLength];
                    var length = trigger.Length - name.Suffix(1).Wire.Length;
                    trigger[..length].CopyTo(server);
                    server[length] = 0;
                    Take(zone._servers, zone._belowServers, server[..(length + 1)], name.IsWildcard, action, record, place);
                    break;
                default:
                    Take(zone._names, zone._below, trigger, name.IsWildcard, action, record, place);
                    break;
            }
        }

        private void Take(
            PolicyNames names, PolicyNames parents, ReadOnlySpan<byte> name, bool isBelow, PolicyAction action, DnsRecord record, ZonePlace place)
        {
            ref var rule = ref (isBelow ? parents : names).Open(isBelow ? WireName.Parent(name) : name);
            if (rule < 0) { rule = NewRule(action); }
            else if (zone._rules[rule].Action != action) { Refuse(PolicyFlaw.MixedRule, record.Owner.Wire, place); }
            AddData(zone._rules[rule], record, place);
        }

        private void Take(PolicyPrefixes networks, IpPrefix network, PolicyAction action, DnsRecord record, ZonePlace place)
        {
            if (networks[network] is not { } rule) { networks.Set(network, rule = zone._rules[NewRule(action)]); }
            else if (rule.Action != action) { Refuse(PolicyFlaw.MixedRule, record.Owner.Wire, place); }
            AddData(rule, record, place);
        }

        /// <summary>Most rules of a list say the same: those without data are one.</summary>
        private int NewRule(PolicyAction action)
        {
            if (action != PolicyAction.LocalData && _shared.TryGetValue(action, out var shared)) { return shared; }
            zone._rules.Add(new PolicyRule(action));
            _shared[action] = zone._rules.Count - 1;
            return zone._rules.Count - 1;
        }

        private void AddData(PolicyRule rule, DnsRecord record, ZonePlace place)
        {
            if (rule.Action != PolicyAction.LocalData) { return; }
            var isAlias = record.Type == RecordType.CNAME;
            if (rule.Records.Count > 0 && (isAlias || rule.Records[0].Type == RecordType.CNAME)) { Refuse(PolicyFlaw.MixedRule, record.Owner.Wire, place); }
            else { rule.Add(record); }
        }

        /// <summary>What a record says; null where it names an action that is not known.</summary>
        private static PolicyAction? ActionOf(DnsRecord record, ReadOnlySpan<byte> trigger)
        {
            if (record.Type != RecordType.CNAME) { return PolicyAction.LocalData; }
            var target = ((NameData)record.Data).Target;
            if (target.IsRoot) { return PolicyAction.NameError; }
            // What was written before there was a word for it: the name itself.
            if (WireName.Equals(target.Wire, trigger)) { return PolicyAction.PassThrough; }
            var word = target.LabelCount == 1 ? target.ToHostString().ToLowerInvariant() : "";
            return word switch
            {
                "*" => PolicyAction.NoData,
                "rpz-passthru" => PolicyAction.PassThrough,
                "rpz-drop" => PolicyAction.Drop,
                "rpz-tcp-only" => PolicyAction.TcpOnly,
                _ => target.Suffix(1).ToHostString().StartsWith("rpz-", StringComparison.OrdinalIgnoreCase) ? null : PolicyAction.LocalData,
            };
        }

        /// <summary>
        /// Draft section 4.1.1: the length, then the parts of the address from the last to the first, "zz" for a run of zeros of IPv6; null for what is none.
        /// </summary>
        private static IpPrefix? ReadNetwork(DnsName name)
        {
            var words = name.ToHostString().Split('.');
            if (!int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var length)) { return null; }
            // Without the length and the kind.
            var parts = words[1..^1];
            Array.Reverse(parts);
            var isV4 = parts.Length == 4 && Array.TrueForAll(parts, static part => byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out _));
            var text = isV4 ? string.Join('.', parts)
                : string.Join(':', parts.Select(static part => part.Equals("zz", StringComparison.OrdinalIgnoreCase) ? "" : part));
            if (!isV4 && parts.Length > 0 && parts[0].Equals("zz", StringComparison.OrdinalIgnoreCase)) { text = ":" + text; }
            if (!isV4 && parts.Length > 0 && parts[^1].Equals("zz", StringComparison.OrdinalIgnoreCase)) { text += ":"; }
            return IpAddress.TryParse(text, out var address) && address.IsV4 == isV4 && length >= 1 && length <= address.BitLength
                && new IpPrefix(address, length) is var prefix && prefix.Network == address ? prefix : null;
        }

        private void Refuse(PolicyFlaw flaw, ReadOnlySpan<byte> what, ZonePlace place) =>
            Problems.Add(new PolicyProblem(place, flaw, DnsName.FromValidWire(what).ToString()));
    }
}
