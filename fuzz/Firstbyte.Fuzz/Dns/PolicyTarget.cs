using System.Globalization;
using System.Net;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Zones;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>A response policy zone, against a plain reading of its records.</summary>
internal sealed class PolicyTarget : FuzzTarget
{
    private static readonly DnsName s_zone = DnsName.Parse("rpz");

    private static readonly RecordType[] s_ofZones =
        [RecordType.SOA, RecordType.NS, RecordType.RRSIG, RecordType.NSEC, RecordType.NSEC3, RecordType.NSEC3PARAM, RecordType.DNSKEY, RecordType.ZONEMD];

    public override string Name => "policy-zone";

    public override string Holds =>
        "no exception; what is refused says where; a rule is found exactly where a plain reading of the records finds it: the exact name, "
        + "else the longest one below an asterisk, the longest network";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "*.", "rpz-ip", "rpz-client-ip", "rpz-nsdname", "24.0.2.0.192.rpz-ip", "32.1.2.0.192.rpz-client-ip", "48.zz.db8.2001.rpz-ip",
        "128.1.zz.db8.2001.rpz-ip", " CNAME ", " CNAME .\n", " CNAME *.\n",
        " CNAME rpz-passthru.\n", " CNAME rpz-drop.\n", " CNAME rpz-tcp-only.\n", " CNAME rpz-other.\n", " A 192.0.2.66\n",
        " AAAA 2001:db8::66\n", " CNAME garden.example.\n",
        "$TTL 60\n", "@ SOA ns host 1 2 3 4 5\n", "\\*", "\n");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "$TTL 60\n@ SOA ns host 1 2 3 4 5\n@ NS ns\nbad.example CNAME .\n*.bad.example CNAME .\nqq.example CNAME *.\n*.example CNAME rpz-passthru.\n",
        "$TTL 60\nx.example CNAME rpz-drop.\n*.x.example CNAME rpz-tcp-only.\n* A 192.0.2.66\n* A 192.0.2.67\ny CNAME garden.example.\n"
            + "*.b.ab CNAME .\nqq.b.ab CNAME *.\n",
        "$TTL 60\n24.0.2.0.192.rpz-ip CNAME .\n32.1.2.0.192.rpz-ip CNAME *.\n48.zz.db8.2001.rpz-ip CNAME rpz-drop.\n"
            + "128.1.zz.db8.2001.rpz-ip CNAME .\n8.0.0.0.10.rpz-client-ip CNAME rpz-passthru.\n",
        "$TTL 60\na.b CNAME .\na.b CNAME *.\nrpz-x CNAME rpz-other.\n33.0.0.0.10.rpz-ip CNAME .\n"
            + "ns.rpz-nsdname CNAME .\n*.rpz-nsdname CNAME *.\n24.0.2.0.192.rpz-nsip CNAME .\nout.of.zone. CNAME .\nz A nothing\n");

    public override void Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        if (PolicyZone.Read(text, "file", s_zone, null, out var problems) is not { } zone)
        {
            Require(problems.Count is > 0 and <= PolicyZone.MaxProblems, $"{problems.Count} problems");
            Require(problems.All(static one => one.Place.Line > 0), "a problem in no line");
            return;
        }
        Require(problems.Count == 0, "read, with problems");
        var (names, below) = (new Dictionary<DnsName, PolicyAction>(DnsNameComparer.Instance), new Dictionary<DnsName, PolicyAction>(DnsNameComparer.Instance));
        var servers = new Dictionary<DnsName, PolicyAction>(DnsNameComparer.Instance);
        var belowServers = new Dictionary<DnsName, PolicyAction>(DnsNameComparer.Instance);
        var networks = new Dictionary<string, Dictionary<IpPrefix, PolicyAction>> { ["rpz-ip"] = [], ["rpz-client-ip"] = [], ["rpz-nsip"] = [] };
        foreach (var record in ZoneFileReader.Read(text, "file", s_zone).Records)
        {
            if (s_ofZones.Contains(record.Type) || record.Owner == s_zone) { continue; }
            var trigger = Above(record.Owner, s_zone.LabelCount);
            var action = ActionOf(record, trigger);
            var kind = trigger.Suffix(1).ToHostString().ToLowerInvariant();
            if (networks.TryGetValue(kind, out var ofKind)) { ofKind[NetworkOf(trigger)] = action; }
            else if (kind == "rpz-nsdname" && trigger.IsWildcard) { belowServers[Above(trigger.Parent, 1)] = action; }
            else if (kind == "rpz-nsdname") { servers[Above(trigger, 1)] = action; }
            else if (trigger.IsWildcard) { below[trigger.Parent] = action; }
            else { names[trigger] = action; }
        }
        var count = names.Count + below.Count + servers.Count + belowServers.Count + networks.Values.Sum(static one => one.Count);
        Require(zone.TriggerCount == count, $"{zone.TriggerCount} triggers");
        foreach (var name in names.Keys.Concat(below.Keys).SelectMany(static name => Around(name)).Append(DnsName.Root))
        {
            RequireSame(zone.Find(name.Wire)?.Action, Plain(names, below, name), $"{name}");
        }
        foreach (var name in servers.Keys.Concat(belowServers.Keys).SelectMany(static name => Around(name)))
        {
            RequireSame(zone.FindServer(name.Wire)?.Action, Plain(servers, belowServers, name), $"server {name}");
        }
        var (addresses, clients, ofServers) = (networks["rpz-ip"], networks["rpz-client-ip"], networks["rpz-nsip"]);
        var all = networks.Values.SelectMany(static one => one.Keys);
        foreach (var address in all.SelectMany(static network => new[] { network.Network, Other(network.Network) }))
        {
            RequireSame(zone.FindAddress(address)?.Action, Plain(addresses, address), $"{address}");
            RequireSame(zone.FindServerAddress([address], out _)?.Action, Plain(ofServers, address), $"server {address}");
            RequireSame(zone.FindClient(address)?.Action, Plain(clients, address), $"client {address}");
        }
    }

    private static void RequireSame(PolicyAction? found, PolicyAction? plain, string what) => Require(found == plain, $"{what}: {found}, and not {plain}");

    /// <summary>A name, what is above it and what is below.</summary>
    private static IEnumerable<DnsName> Around(DnsName name)
    {
        yield return name;
        if (!name.IsRoot) { yield return name.Parent; }
        foreach (var label in (string[])["q", "qq", "q.qq"])
        {
            if (DnsName.TryParse(name.IsRoot ? label : $"{label}.{name}", out var under)) { yield return under; }
        }
    }

    private static PolicyAction? Plain(Dictionary<DnsName, PolicyAction> names, Dictionary<DnsName, PolicyAction> below, DnsName name)
    {
        if (names.TryGetValue(name, out var exact)) { return exact; }
        while (!name.IsRoot)
        {
            name = name.Parent;
            if (below.TryGetValue(name, out var action)) { return action; }
        }
        return null;
    }

    private static PolicyAction? Plain(Dictionary<IpPrefix, PolicyAction> networks, IpAddress address) => networks
        .Where(one => one.Key.Contains(address)).OrderByDescending(static one => one.Key.Length)
        .Select(static one => (PolicyAction?)one.Value).FirstOrDefault();

    /// <summary>The address beside, which differs in its last bit.</summary>
    private static IpAddress Other(IpAddress address)
    {
        var bytes = IPAddress.Parse($"{address}").GetAddressBytes();
        bytes[^1] ^= 1;
        return IpAddress.Parse($"{new IPAddress(bytes)}");
    }

    /// <summary>A name without its last labels.</summary>
    private static DnsName Above(DnsName name, int labels)
    {
        var wire = name.Wire[..^(name.Suffix(labels).Wire.Length)];
        return DnsName.TryFromWire([.. wire, 0], out var above) ? above : throw new InvalidOperationException($"{name} is not above {labels} labels");
    }

    private static PolicyAction ActionOf(DnsRecord record, DnsName trigger)
    {
        if (record.Type != RecordType.CNAME) { return PolicyAction.LocalData; }
        var target = ((NameData)record.Data).Target;
        if (target == trigger && !target.IsRoot) { return PolicyAction.PassThrough; }
        return $"{target}".ToLowerInvariant() switch
        {
            "." => PolicyAction.NameError,
            "*." => PolicyAction.NoData,
            "rpz-passthru." => PolicyAction.PassThrough,
            "rpz-drop." => PolicyAction.Drop,
            "rpz-tcp-only." => PolicyAction.TcpOnly,
            _ => PolicyAction.LocalData,
        };
    }

    private static IpPrefix NetworkOf(DnsName trigger)
    {
        var words = trigger.ToHostString().ToLowerInvariant().Split('.')[..^1];
        var parts = words[1..].Reverse().ToList();
        byte[] bytes;
        if (parts.Count == 4 && !parts.Contains("zz")) { bytes = [.. parts.Select(static part => byte.Parse(part, CultureInfo.InvariantCulture))]; }
        else
        {
            var run = parts.IndexOf("zz");
            if (run >= 0)
            {
                parts.RemoveAt(run);
                parts.InsertRange(run, Enumerable.Repeat("0", 8 - parts.Count));
            }
            var groups = parts.Select(static part => ushort.Parse(part, NumberStyles.HexNumber, CultureInfo.InvariantCulture));
            bytes = [.. groups.SelectMany(static group => new[] { (byte)(group >> 8), (byte)group })];
        }
        return new IpPrefix(IpAddress.Parse($"{new IPAddress(bytes)}"), int.Parse(words[0], CultureInfo.InvariantCulture));
    }
}
