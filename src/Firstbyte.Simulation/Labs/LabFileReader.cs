using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;

namespace Firstbyte.Labs;

/// <summary>The statements of a lab's file.</summary>
internal sealed partial class LabFileReader(LabTokenizer tokens, Func<string, byte[]?> readFile, FaultRegistry faults)
{
    // Long enough for the frames behind to overtake on any link of some kbit/s and more.
    private static readonly TimeSpan DefaultReorderDelay = TimeSpan.FromMilliseconds(10);

    private readonly List<SubnetDefinition> _subnets = [];
    private readonly Dictionary<string, int> _boxes = new(StringComparer.Ordinal);
    private readonly List<(LabToken Word, int Subnet, IpPrefix Prefix)> _prefixes = [];
    private readonly List<RouterDefinition> _routers = [];
    private readonly List<HostDefinition> _hosts = [];
    private readonly OrderedDictionary<string, LinkDefinition> _links = [];
    private readonly List<Happening> _happenings = [];
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<string> _cables = new(StringComparer.Ordinal);
    private readonly HashSet<IpAddress> _addresses = [];
    private readonly List<(LabToken Name, Action<string> Check)> _references = [];
    private string? _title;
    private ulong _seed = 1;
    private string? _client;
    private int _statements;

    public LabDefinition Read()
    {
        while (true)
        {
            var statement = tokens.Next();
            if (statement.Kind == LabTokenKind.EndOfStatement) { continue; }
            if (statement.Kind == LabTokenKind.EndOfFile) { return Finish(statement); }
            Limit(statement, ++_statements, LabLimits.Statements, "statements");
            switch (statement.Kind == LabTokenKind.Word ? statement.Value : "")
            {
                case "lab": ReadLab(statement); break;
                case "subnet": ReadSubnet(); break;
                case "hub": ReadBox(SubnetKind.Hub); break;
                case "switch": ReadBox(SubnetKind.Switch); break;
                case "router": ReadRouter(); break;
                case "host": ReadHost(); break;
                case "link": ReadLink(); break;
                case "at": ReadAt(); break;
                case "within": ReadHappeningWithin(); break;
                default: throw Expected(statement, "lab, subnet, hub, switch, router, host, link, at or within");
            }
            EndStatement();
        }
    }

    private LabDefinition Finish(LabToken end)
    {
        if (_title is null) { throw Expected(end, "a statement 'lab \"title\"'"); }
        if (_hosts.Count == 0) { throw Expected(end, "at least one host"); }
        foreach (var (name, check) in _references) { check(name.Value); }
        CheckPrefixes();
        CheckPools();
        CheckNameChanges();
        return new LabDefinition(_title, _seed, _client ?? _hosts[0].Name, _subnets, _routers, _hosts, [.. _links.Values], _happenings, _nameChanges);
    }

    private void ReadLab(LabToken statement)
    {
        if (_title is not null) { throw new LabFileException(statement.Place, "one lab statement in a file", "a second one"); }
        _title = Take(LabTokenKind.Text, "the lab's title in quotes").Value;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            if (word.Value == "seed") { _seed = (ulong)TakeNumber("the seed", long.MaxValue); }
            else if (word.Value == "client") { _client = TakeReference("the client's host", NoHost); }
            else { throw Expected(word, "seed or client"); }
        }
    }

    private void ReadSubnet()
    {
        var name = TakeName("the subnet's name");
        if (FindBox(name.Value) is not null) { throw new LabFileException(name.Place, "a name that no other subnet, hub or switch has", name.Describe()); }
        Limit(name, _subnets.Count + 1, LabLimits.Subnets, "subnets");
        var prefixes = new List<IpPrefix>();
        var kind = SubnetKind.Switch;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            if (word.Value is "hub" or "switch") { kind = word.Value == "hub" ? SubnetKind.Hub : SubnetKind.Switch; }
            else if (word.Value.Contains('/') && IpPrefix.TryParse(word.Value, out var prefix))
            {
                if (IpAddress.Parse(word.Value[..word.Value.IndexOf('/')]) != prefix.Network) { throw new LabFileException(word.Place, $"a prefix without host bits, {prefix}", word.Describe()); }
                Limit(word, prefixes.Count + 1, LabLimits.Addresses, "prefixes of a subnet");
                prefixes.Add(prefix);
                _prefixes.Add((word, _subnets.Count, prefix));
            }
            else { throw Expected(word, "a prefix such as 10.1.0.0/24, hub or switch"); }
        }
        if (prefixes.Count == 0) { throw Expected(tokens.Peek(), "a prefix such as 10.1.0.0/24"); }
        _boxes.Add(name.Value, _subnets.Count);
        _subnets.Add(new SubnetDefinition(name.Value, prefixes, kind, []));
    }

    private void ReadBox(SubnetKind kind)
    {
        var name = TakeName("a name");
        if (FindBox(name.Value) is not null) { throw new LabFileException(name.Place, "a name that no other subnet, hub or switch has", name.Describe()); }
        TakeKeyword("in");
        var uplink = TakeWord("a subnet, hub or switch");
        if (FindBox(uplink.Value) is not { } subnet) { throw Expected(uplink, "a subnet, hub or switch that stands above"); }
        Limit(name, subnet.Boxes.Count + 1, LabLimits.Boxes, "hubs and switches of a subnet");
        RegisterCable(name, $"{name.Value}-{uplink.Value}");
        var at = _boxes[uplink.Value];
        _boxes.Add(name.Value, at);
        _subnets[at] = subnet with { Boxes = [.. subnet.Boxes, new BoxDefinition(name.Value, kind, uplink.Value)] };
    }

    /// <summary>The subnet of a hub or switch; its first one has its own name.</summary>
    private SubnetDefinition? FindBox(string name) => _boxes.TryGetValue(name, out var at) ? _subnets[at] : null;

    private void ReadLink()
    {
        var name = TakeLink();
        var direction = TakeDirection();
        var link = _links.GetValueOrDefault(name) ?? new LinkDefinition(name, LabWorld.DefaultLink, LabWorld.DefaultLink);
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var change = ReadSetting(tokens.Next());
            if (direction != LinkDirection.Down) { link = link with { Up = change(link.Up) }; }
            if (direction != LinkDirection.Up) { link = link with { Down = change(link.Down) }; }
        }
        _links[name] = link;
    }

    private Func<WireSettings, WireSettings> ReadSetting(LabToken word)
    {
        switch (word.Value)
        {
            case "latency": { var time = TakeTicks(); return settings => settings with { Latency = time }; }
            case "jitter": { var time = TakeTicks(); return settings => settings with { Jitter = time }; }
            case "rate": { var rate = TakeRate(); return settings => settings with { BitsPerSecond = rate }; }
            case "queue": { var size = TakeSize("the queue's size, such as 64kB"); return settings => settings with { QueueBytes = size }; }
            case "loss": { var share = TakeShare(); return settings => settings with { LossMillionths = share }; }
            case "duplicate": { var share = TakeShare(); return settings => settings with { DuplicateMillionths = share }; }
            case "corrupt": { var share = TakeShare(); return settings => settings with { CorruptMillionths = share }; }
            case "mtu": { var mtu = TakeMtu(); return settings => settings with { Mtu = mtu }; }
            case "reorder":
                var (often, late) = (TakeShare(), TryTakeKeyword("by") ? TakeTicks() : DefaultReorderDelay);
                return settings => settings with { ReorderMillionths = often, ReorderDelay = late };
            default: throw Expected(word, "latency, jitter, rate, queue, loss, duplicate, reorder, corrupt or mtu");
        }
    }

    private LabFileException UnknownLink(LabToken name)
    {
        if (!name.Value.Contains('-')) { return Expected(name, "NODE-SUBNET, a link's name"); }
        var node = _hosts.Select(static host => host.Name).Concat(_routers.Select(static router => router.Name))
            .FirstOrDefault(node => name.Value.StartsWith(node + "-", StringComparison.Ordinal) && FindBox(name.Value[(node.Length + 1)..]) is not null);
        return Expected(name, node is null ? "NODE-SUBNET of a host, router, hub or switch that stands above" : $"a subnet that {node} is plugged into");
    }

    private List<InterfaceDefinition> ReadInterfaces(string node, bool mayUseDhcp = false)
    {
        TakeKeyword("on");
        var interfaces = new List<InterfaceDefinition>();
        do
        {
            Limit(tokens.Peek(), interfaces.Count + 1, LabLimits.Plugs, "plugs of a node");
            interfaces.Add(ReadInterface(node, mayUseDhcp));
        }
        while (TryTake(LabTokenKind.Comma));
        return interfaces;
    }

    private InterfaceDefinition ReadInterface(string node, bool mayUseDhcp)
    {
        var name = TakeWord("a subnet's name");
        var subnet = FindBox(name.Value) ?? throw Expected(name, "a subnet, hub or switch that stands above");
        RegisterCable(name, $"{node}-{name.Value}");
        var addresses = new List<IpAddress>();
        var usesDhcp = mayUseDhcp && TryTakeKeyword("dhcp");
        while (tokens.Peek() is { Kind: LabTokenKind.Word } word && (word.Value.StartsWith('.') || IpAddress.TryParse(word.Value, out _)))
        {
            Limit(word, addresses.Count + 1, LabLimits.Addresses, "addresses of a plug");
            addresses.Add(ReadAddress(tokens.Next(), subnet));
        }
        return addresses.Count > 0 || usesDhcp
            ? new InterfaceDefinition(subnet.Name, addresses, name.Value == subnet.Name ? null : name.Value, usesDhcp)
            : throw Expected(tokens.Peek(), mayUseDhcp ? "an address, in full or as .N, or dhcp" : "an address, in full or as .N");
    }

    private void RegisterCable(LabToken at, string cable)
    {
        if (!_cables.Add(cable)) { throw new LabFileException(at.Place, $"a link that no other is called: {cable}", at.Describe()); }
    }

    private IpAddress ReadAddress(LabToken word, SubnetDefinition subnet)
    {
        var address = word.Value.StartsWith('.') ? HostNumber(word, word.Value.AsSpan(1), subnet) : IpAddress.Parse(word.Value);
        return _addresses.Add(address) ? address : throw new LabFileException(word.Place, "an address that nobody else has", $"{address}");
    }

    private static IpAddress HostNumber(LabToken word, ReadOnlySpan<char> text, SubnetDefinition subnet)
    {
        var prefix = subnet.Prefixes.FirstOrDefault(static prefix => prefix.Network.IsV4);
        if (!prefix.Network.IsV4) { throw Expected(word, "an address in full: the subnet has no IPv4 prefix"); }
        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number < prefix.Size - 1
            ? IpAddress.FromV4((uint)prefix.Network.Bits + number)
            : throw Expected(word, $"a host number of {prefix}");
    }

    // Tokens

    private LabToken Take(LabTokenKind kind, string expected)
    {
        var token = tokens.Next();
        return token.Kind == kind ? token : throw Expected(token, expected);
    }

    private LabToken TakeWord(string expected) => Take(LabTokenKind.Word, expected);

    private LabToken TakeName(string expected)
    {
        var name = TakeWord(expected);
        return name.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? name : throw Expected(name, $"{expected}: letters, digits, '-', '_' and '.'");
    }

    private string TakeNode()
    {
        var name = TakeName("a name");
        Limit(name, _nodes.Count + 1, LabLimits.Nodes, "hosts and routers");
        return _nodes.Add(name.Value) ? name.Value : throw new LabFileException(name.Place, "a name that no other host or router has", name.Describe());
    }

    private string TakeHost() => TakeReference("a host's name", NoHost);

    /// <summary>A name of something that may stand below: at the end of the file the check says what was expected instead, or null.</summary>
    private string TakeReference(string expected, Func<string, string?> check)
    {
        var name = TakeWord(expected);
        Require(name, check);
        return name.Value;
    }

    private string? NoHost(string name) => _hosts.Exists(host => host.Name == name) ? null : "a host of this lab";

    private void Require(LabToken name, Func<string, string?> check) => _references.Add((name, value =>
    {
        if (check(value) is { } expected) { throw Expected(name, expected); }
    }
    ));

    private bool TryTake(LabTokenKind kind)
    {
        if (tokens.Peek().Kind != kind) { return false; }
        tokens.Next();
        return true;
    }

    private bool TryTakeKeyword(string keyword)
    {
        if (tokens.Peek() is not { Kind: LabTokenKind.Word } word || word.Value != keyword) { return false; }
        tokens.Next();
        return true;
    }

    private void TakeKeyword(string keyword)
    {
        var token = tokens.Next();
        if (token.Kind != LabTokenKind.Word || token.Value != keyword) { throw Expected(token, $"'{keyword}'"); }
    }

    private long TakeNumber(string expected, long maximum)
    {
        var word = TakeWord(expected);
        return long.TryParse(word.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= maximum ? number : throw Expected(word, $"{expected}, 0 to {maximum}");
    }

    private ushort TakePort() => (ushort)TakeNumber("a port", ushort.MaxValue);

    private static bool IsNumber(LabToken token) => token.Kind == LabTokenKind.Word && char.IsAsciiDigit(token.Value[0]);

    private long TakeTime()
    {
        var word = TakeWord("a time such as 20ms");
        return LabQuantity.TryParseTime(word.Value, out var nanoseconds) ? nanoseconds : throw Expected(word, LabQuantity.TimeWords);
    }

    // Wires count in ticks of the base library's TimeSpan.
    private TimeSpan TakeTicks()
    {
        var word = tokens.Peek();
        var nanoseconds = TakeTime();
        return nanoseconds % TimeSpan.NanosecondsPerTick == 0 ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : throw Expected(word, $"a whole number of {TimeSpan.NanosecondsPerTick} ns");
    }

    private long TakeSize(string expected)
    {
        var word = TakeWord(expected);
        return LabQuantity.TryParseSize(word.Value, out var bytes) ? bytes : throw Expected(word, LabQuantity.SizeWords);
    }

    private long TakeRate()
    {
        var word = TakeWord("a rate such as 10Mbit");
        return LabQuantity.TryParseRate(word.Value, out var bitsPerSecond) && bitsPerSecond > 0 ? bitsPerSecond : throw Expected(word, LabQuantity.RateWords);
    }

    private int TakeMtu()
    {
        var word = tokens.Peek();
        var mtu = (int)TakeNumber("an MTU in bytes", LabLimits.LongestMtu);
        return mtu >= LabLimits.ShortestMtu ? mtu : throw Expected(word, $"an MTU in bytes, {LabLimits.ShortestMtu} to {LabLimits.LongestMtu}");
    }

    private int TakeShare()
    {
        var word = TakeWord("a share such as 0.1%");
        return LabQuantity.TryParseShare(word.Value, out var millionths) ? millionths : throw Expected(word, LabQuantity.ShareWords);
    }

    private byte[] TakeFile()
    {
        var name = Take(LabTokenKind.Text, "a file's name in quotes");
        var content = readFile(name.Value) ?? throw new LabFileException(name.Place, "a file that is there", name.Describe());
        return content.Length <= LabLimits.ContentLength ? content : throw new LabFileException(name.Place, $"a file of at most {LabLimits.ContentLength} bytes", $"{content.Length}");
    }

    private string TakeFileText() => Encoding.UTF8.GetString(TakeFile());

    private void EndStatement()
    {
        var token = tokens.Next();
        if (token.Kind is not (LabTokenKind.EndOfStatement or LabTokenKind.EndOfFile)) { throw Expected(token, "the end of the statement"); }
    }

    private static void Limit(LabToken token, int count, int maximum, string what)
    {
        if (count > maximum) { throw new LabFileException(token.Place, $"at most {maximum} {what}", "one more"); }
    }

    private static LabFileException Expected(LabToken token, string expected) => new(token.Place, expected, token.Describe());
}
