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
    private readonly List<LabTitle> _titles = [];
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
            Limit(statement, ++_statements, LabLimits.Statements, LabTerm.MostStatements);
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
                default: throw Expected(statement, LabTerm.OneOf, "lab", "subnet", "hub", "switch", "router", "host", "link", "at", "within");
            }
            EndStatement();
        }
    }

    private LabDefinition Finish(LabToken end)
    {
        if (_title is null) { throw Expected(end, LabTerm.LabStatement); }
        if (_hosts.Count == 0) { throw Expected(end, LabTerm.AtLeastOneHost); }
        foreach (var (name, check) in _references) { check(name.Value); }
        CheckPrefixes();
        CheckPools();
        CheckNameChanges();
        return new LabDefinition(_title, _seed, _client ?? _hosts[0].Name, _subnets, _routers, _hosts, [.. _links.Values], _happenings, _nameChanges,
            _titles);
    }

    private void ReadLab(LabToken statement)
    {
        if (_title is not null) { throw new LabFileException(statement.Place, LabTerm.OneLabStatement, new LabFound(LabFoundKind.SecondOne)); }
        _title = Take(LabTokenKind.Text, LabTerm.Title).Value;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            if (word.Value == "seed") { _seed = (ulong)TakeNumber(LabTerm.Seed, long.MaxValue); }
            else if (word.Value == "client") { _client = TakeReference(LabTerm.ClientHost, NoHost); }
            else if (word.Value == "title") { ReadTitle(); }
            else { throw Expected(word, LabTerm.OneOf, "seed", "client", "title"); }
        }
    }

    private void ReadTitle()
    {
        var language = TakeWord(LabTerm.TitleLanguage);
        if (!LabTitle.IsTag(language.Value)) { throw Expected(language, LabTerm.TitleLanguage); }
        Limit(language, _titles.Count + 1, LabLimits.Titles, LabTerm.MostTitles);
        if (_titles.Exists(title => title.Language.Equals(language.Value, StringComparison.OrdinalIgnoreCase)))
        {
            throw Expected(language, LabTerm.UniqueTitleLanguage);
        }
        _titles.Add(new LabTitle(language.Value, Take(LabTokenKind.Text, LabTerm.Title).Value));
    }

    private void ReadSubnet()
    {
        var name = TakeName(LabTerm.SubnetName);
        if (FindBox(name.Value) is not null) { throw new LabFileException(name.Place, LabTerm.UniqueBoxName, name.Found); }
        Limit(name, _subnets.Count + 1, LabLimits.Subnets, LabTerm.MostSubnets);
        var prefixes = new List<IpPrefix>();
        var kind = SubnetKind.Switch;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            if (word.Value is "hub" or "switch") { kind = word.Value == "hub" ? SubnetKind.Hub : SubnetKind.Switch; }
            else if (word.Value.Contains('/') && IpPrefix.TryParse(word.Value, out var prefix))
            {
                if (IpAddress.Parse(word.Value[..word.Value.IndexOf('/')]) != prefix.Network)
                {
                    throw new LabFileException(word.Place, new LabExpectation(LabTerm.PrefixWithoutHostBits, $"{prefix}"), word.Found);
                }
                if (!IsForHosts(prefix)) { throw new LabFileException(word.Place, LabTerm.PrefixOfHosts, word.Found); }
                Limit(word, prefixes.Count + 1, LabLimits.Addresses, LabTerm.MostPrefixes);
                prefixes.Add(prefix);
                _prefixes.Add((word, _subnets.Count, prefix));
            }
            else { throw Expected(word, LabTerm.PrefixOrKind); }
        }
        if (prefixes.Count == 0) { throw Expected(tokens.Peek(), LabTerm.Prefix); }
        _boxes.Add(name.Value, _subnets.Count);
        _subnets.Add(new SubnetDefinition(name.Value, prefixes, kind, []));
    }

    // Addresses of many, of nobody and of the host itself are no host's in a subnet.
    private static bool IsForHosts(IpPrefix prefix) => SpecialPurpose.Find(prefix.Network) is not
    {
        Kind: AddressKind.Multicast or AddressKind.Loopback or AddressKind.ThisNetwork or AddressKind.Unspecified or AddressKind.LimitedBroadcast
            or AddressKind.Reserved or AddressKind.V4Mapped
    };

    private void ReadBox(SubnetKind kind)
    {
        var name = TakeName(LabTerm.Name);
        if (FindBox(name.Value) is not null) { throw new LabFileException(name.Place, LabTerm.UniqueBoxName, name.Found); }
        TakeKeyword("in");
        var uplink = TakeWord(LabTerm.Box);
        if (FindBox(uplink.Value) is not { } subnet) { throw Expected(uplink, LabTerm.BoxAbove); }
        Limit(name, subnet.Boxes.Count + 1, LabLimits.Boxes, LabTerm.MostBoxes);
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
            case "queue": { var size = TakeSize(LabTerm.QueueSize); return settings => settings with { QueueBytes = size }; }
            case "loss": { var share = TakeShare(); return settings => settings with { LossMillionths = share }; }
            case "duplicate": { var share = TakeShare(); return settings => settings with { DuplicateMillionths = share }; }
            case "corrupt": { var share = TakeShare(); return settings => settings with { CorruptMillionths = share }; }
            case "mtu": { var mtu = TakeMtu(); return settings => settings with { Mtu = mtu }; }
            case "reorder":
                var (often, late) = (TakeShare(), TryTakeKeyword("by") ? TakeTicks() : DefaultReorderDelay);
                return settings => settings with { ReorderMillionths = often, ReorderDelay = late };
            default: throw Expected(word, LabTerm.OneOf, "latency", "jitter", "rate", "queue", "loss", "duplicate", "reorder", "corrupt", "mtu");
        }
    }

    private LabFileException UnknownLink(LabToken name)
    {
        if (!name.Value.Contains('-')) { return Expected(name, LabTerm.LinkName); }
        var node = _hosts.Select(static host => host.Name).Concat(_routers.Select(static router => router.Name))
            .FirstOrDefault(node => name.Value.StartsWith(node + "-", StringComparison.Ordinal) && FindBox(name.Value[(node.Length + 1)..]) is not null);
        return node is null ? Expected(name, LabTerm.LinkAbove) : Expected(name, LabTerm.SubnetOfNode, node);
    }

    private List<InterfaceDefinition> ReadInterfaces(string node, bool mayUseDhcp = false)
    {
        TakeKeyword("on");
        var interfaces = new List<InterfaceDefinition>();
        do
        {
            Limit(tokens.Peek(), interfaces.Count + 1, LabLimits.Plugs, LabTerm.MostPlugs);
            interfaces.Add(ReadInterface(node, mayUseDhcp));
        }
        while (TryTake(LabTokenKind.Comma));
        return interfaces;
    }

    private InterfaceDefinition ReadInterface(string node, bool mayUseDhcp)
    {
        var name = TakeWord(LabTerm.SubnetName);
        var subnet = FindBox(name.Value) ?? throw Expected(name, LabTerm.BoxAbove);
        RegisterCable(name, $"{node}-{name.Value}");
        var addresses = new List<IpAddress>();
        var usesDhcp = mayUseDhcp && TryTakeKeyword("dhcp");
        while (tokens.Peek() is { Kind: LabTokenKind.Word } word && (word.Value.StartsWith('.') || IpAddress.TryParse(word.Value, out _)))
        {
            Limit(word, addresses.Count + 1, LabLimits.Addresses, LabTerm.MostAddresses);
            addresses.Add(ReadAddress(tokens.Next(), subnet));
        }
        return addresses.Count > 0 || usesDhcp
            ? new InterfaceDefinition(subnet.Name, addresses, name.Value == subnet.Name ? null : name.Value, usesDhcp)
            : throw Expected(tokens.Peek(), mayUseDhcp ? LabTerm.PlugAddressOrDhcp : LabTerm.PlugAddress);
    }

    private void RegisterCable(LabToken at, string cable)
    {
        if (!_cables.Add(cable)) { throw new LabFileException(at.Place, new LabExpectation(LabTerm.UniqueLink, cable), at.Found); }
    }

    private IpAddress ReadAddress(LabToken word, SubnetDefinition subnet)
    {
        var address = word.Value.StartsWith('.') ? HostNumber(word, word.Value.AsSpan(1), subnet) : IpAddress.Parse(word.Value);
        return _addresses.Add(address)
            ? address
            : throw new LabFileException(word.Place, LabTerm.UniqueAddress, new LabFound(LabFoundKind.Address, $"{address}"));
    }

    private static IpAddress HostNumber(LabToken word, ReadOnlySpan<char> text, SubnetDefinition subnet)
    {
        var prefix = subnet.Prefixes.FirstOrDefault(static prefix => prefix.Network.IsV4);
        if (!prefix.Network.IsV4) { throw Expected(word, LabTerm.FullAddress); }
        var isNumber = uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < prefix.Size;
        var address = IpAddress.FromV4((uint)prefix.Network.Bits + (isNumber ? number : 0));
        return isNumber && address.Bits >= prefix.FirstHost.Bits && address.Bits <= prefix.LastHost.Bits
            ? address
            : throw Expected(word, LabTerm.HostNumber, $"{prefix}");
    }

    // Tokens

    private LabToken Take(LabTokenKind kind, LabTerm term, params IReadOnlyList<string> words)
    {
        var token = tokens.Next();
        return token.Kind == kind ? token : throw Expected(token, term, words);
    }

    private LabToken TakeWord(LabTerm term, params IReadOnlyList<string> words) => Take(LabTokenKind.Word, term, words);

    private LabToken TakeName(LabTerm expected)
    {
        var name = TakeWord(expected);
        return name.Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') ? name : throw Expected(name, LabTerm.NameCharacters);
    }

    private string TakeNode()
    {
        var name = TakeName(LabTerm.Name);
        Limit(name, _nodes.Count + 1, LabLimits.Nodes, LabTerm.MostNodes);
        return _nodes.Add(name.Value) ? name.Value : throw new LabFileException(name.Place, LabTerm.UniqueNodeName, name.Found);
    }

    private string TakeHost() => TakeReference(LabTerm.HostName, NoHost);

    /// <summary>A name of something that may stand below: at the end of the file the check says what was expected instead, or null.</summary>
    private string TakeReference(LabTerm expected, Func<string, LabTerm?> check)
    {
        var name = TakeWord(expected);
        Require(name, check);
        return name.Value;
    }

    private LabTerm? NoHost(string name) => _hosts.Exists(host => host.Name == name) ? null : LabTerm.HostOfLab;

    private void Require(LabToken name, Func<string, LabTerm?> check) => _references.Add((name, value =>
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
        if (token.Kind != LabTokenKind.Word || token.Value != keyword) { throw Expected(token, LabTerm.Keyword, keyword); }
    }

    private long TakeNumber(LabTerm expected, long maximum, long minimum = 0)
    {
        var word = TakeWord(expected);
        return long.TryParse(word.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw Expected(word, expected, $"{minimum}", $"{maximum}");
    }

    private ushort TakePort() => (ushort)TakeNumber(LabTerm.Port, ushort.MaxValue);

    private static bool IsNumber(LabToken token) => token.Kind == LabTokenKind.Word && char.IsAsciiDigit(token.Value[0]);

    private long TakeTime()
    {
        var word = TakeWord(LabTerm.Time);
        return LabQuantity.TryParseTime(word.Value, out var nanoseconds) ? nanoseconds : throw Expected(word, LabTerm.Time);
    }

    // Wires count in ticks of the base library's TimeSpan.
    private TimeSpan TakeTicks()
    {
        var word = tokens.Peek();
        var nanoseconds = TakeTime();
        return nanoseconds % TimeSpan.NanosecondsPerTick == 0
            ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick)
            : throw Expected(word, LabTerm.WholeTicks, $"{TimeSpan.NanosecondsPerTick}");
    }

    private long TakeSize(LabTerm expected)
    {
        var word = TakeWord(expected);
        return LabQuantity.TryParseSize(word.Value, out var bytes) ? bytes : throw Expected(word, LabTerm.Size);
    }

    private long TakeRate()
    {
        var word = TakeWord(LabTerm.Rate);
        return LabQuantity.TryParseRate(word.Value, out var bitsPerSecond) && bitsPerSecond > 0 ? bitsPerSecond : throw Expected(word, LabTerm.Rate);
    }

    private int TakeMtu() => (int)TakeNumber(LabTerm.Mtu, LabLimits.LongestMtu, LabLimits.ShortestMtu);

    private int TakeShare()
    {
        var word = TakeWord(LabTerm.Share);
        return LabQuantity.TryParseShare(word.Value, out var millionths) ? millionths : throw Expected(word, LabTerm.Share);
    }

    private byte[] TakeFile()
    {
        var name = Take(LabTokenKind.Text, LabTerm.FileName);
        var content = readFile(name.Value) ?? throw new LabFileException(name.Place, LabTerm.FileThere, name.Found);
        return content.Length <= LabLimits.ContentLength
            ? content
            : throw new LabFileException(
                name.Place, new LabExpectation(LabTerm.FileSize, $"{LabLimits.ContentLength}"),
                new LabFound(LabFoundKind.Count, $"{content.Length}"));
    }

    private string TakeFileText() => Encoding.UTF8.GetString(TakeFile());

    private void EndStatement()
    {
        var token = tokens.Next();
        if (token.Kind is not (LabTokenKind.EndOfStatement or LabTokenKind.EndOfFile)) { throw Expected(token, LabTerm.EndOfStatement); }
    }

    private static void Limit(LabToken token, int count, int maximum, LabTerm most)
    {
        if (count > maximum) { throw new LabFileException(token.Place, new LabExpectation(most, $"{maximum}"), new LabFound(LabFoundKind.OneMore)); }
    }

    private static LabFileException Expected(LabToken token, LabTerm term, params IReadOnlyList<string> words) =>
        Expected(token, new LabExpectation(term, words));

    private static LabFileException Expected(LabToken token, LabExpectation expected) => new(token.Place, expected, token.Found);
}
