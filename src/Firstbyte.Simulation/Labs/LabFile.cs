using System.Globalization;
using System.Text;
using Firstbyte.Addressing;

namespace Firstbyte.Labs;

/// <summary>Reads a lab's file.</summary>
/// <remarks>
/// Theory of operation. One text file says everything about a lab: brief enough to write by hand, strict enough that a wrong word is an
/// error with its line, column and what could have stood there. The reader makes values only; worlds are built from them (<see cref="LabWorld"/>).
/// <code>
/// lab "title" [seed N] [client HOST]
/// subnet NAME PREFIX… [hub | switch]
/// router NAME on SUBNET ADDRESS…, SUBNET ADDRESS…, …
/// host NAME on SUBNET ADDRESS… [gateway ROUTER] [nameserver ADDRESS…] { serves SERVICE | file PATH (from "FILE" | "text") }
/// SERVICE = resolver
///         | dns zone "ORIGIN" (from "FILE" | { zone file })
///         | http | https [port N] [for NAME…] [certificate FLAW] ("text" | from "FILE" | { PATH PAGE … })     PAGE = "text" | from "FILE" | redirect "URL" [STATUS] | endless
/// link NODE-SUBNET [up | down] [latency T] [jitter T] [loss P%]
/// at T (silence HOST [PORT] | refuse HOST PORT | break HOST PORT after N (by reset | by end) | lose P% [from HOST] [to HOST] | partition { HOST… } { HOST… } | down HOST) [for T]
/// </code>
/// An address ".7" is host number 7 in the subnet's first IPv4 prefix; others are written in full, those outside the subnet as routes to this host alone.
/// </remarks>
public static class LabFile
{
    /// <summary>Reads a lab.</summary>
    /// <param name="text">The file's content.</param>
    /// <param name="file">Its name, for errors.</param>
    /// <param name="readFile">Gives the files that it names, relative to it; null for one that is not there.</param>
    /// <exception cref="LabFileException">The file is wrong: where, what was expected, what was found.</exception>
    public static LabDefinition Parse(string text, string file, Func<string, byte[]?>? readFile = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new LabFileReader(new LabTokenizer(text, file), readFile ?? (static _ => null)).Read();
    }
}

/// <summary>The statements of a lab's file.</summary>
internal sealed partial class LabFileReader(LabTokenizer tokens, Func<string, byte[]?> readFile)
{
    private readonly List<SubnetDefinition> _subnets = [];
    private readonly List<RouterDefinition> _routers = [];
    private readonly List<HostDefinition> _hosts = [];
    private readonly List<LinkDefinition> _links = [];
    private readonly List<Happening> _happenings = [];
    private readonly HashSet<string> _nodes = new(StringComparer.Ordinal);
    private readonly HashSet<IpAddress> _addresses = [];
    private readonly List<(LabToken Name, Action<string> Check)> _references = [];
    private string? _title;
    private ulong _seed = 1;
    private string? _client;

    public LabDefinition Read()
    {
        while (true)
        {
            var statement = tokens.Next();
            if (statement.Kind == LabTokenKind.EndOfStatement) { continue; }
            if (statement.Kind == LabTokenKind.EndOfFile) { return Finish(statement); }
            switch (statement.Kind == LabTokenKind.Word ? statement.Value : "")
            {
                case "lab": ReadLab(statement); break;
                case "subnet": ReadSubnet(); break;
                case "router": ReadRouter(); break;
                case "host": ReadHost(); break;
                case "link": ReadLink(); break;
                case "at": ReadHappening(); break;
                default: throw Expected(statement, "lab, subnet, router, host, link or at");
            }
            EndStatement();
        }
    }

    private LabDefinition Finish(LabToken end)
    {
        if (_title is null) { throw Expected(end, "a statement 'lab \"title\"'"); }
        if (_hosts.Count == 0) { throw Expected(end, "at least one host"); }
        foreach (var (name, check) in _references) { check(name.Value); }
        return new LabDefinition(_title, _seed, _client ?? _hosts[0].Name, _subnets, _routers, _hosts, _links, _happenings);
    }

    private void ReadLab(LabToken statement)
    {
        if (_title is not null) { throw new LabFileException(statement.Place, "one lab statement in a file", "a second one"); }
        _title = Take(LabTokenKind.Text, "the lab's title in quotes").Value;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            if (word.Value == "seed") { _seed = (ulong)TakeNumber("the seed", long.MaxValue); }
            else if (word.Value == "client")
            {
                var client = TakeWord("the client's host");
                _client = client.Value;
                RequireHost(client);
            }
            else { throw Expected(word, "seed or client"); }
        }
    }

    private void ReadSubnet()
    {
        var name = TakeName("the subnet's name");
        if (_subnets.Any(subnet => subnet.Name == name.Value)) { throw new LabFileException(name.Place, "a name that no other subnet has", name.Describe()); }
        var prefixes = new List<IpPrefix>();
        var kind = SubnetKind.Switch;
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            if (word.Value is "hub" or "switch") { kind = word.Value == "hub" ? SubnetKind.Hub : SubnetKind.Switch; }
            else if (word.Value.Contains('/') && IpPrefix.TryParse(word.Value, out var prefix))
            {
                if (IpAddress.Parse(word.Value[..word.Value.IndexOf('/')]) != prefix.Network) { throw new LabFileException(word.Place, $"a prefix without host bits, {prefix}", word.Describe()); }
                prefixes.Add(prefix);
            }
            else { throw Expected(word, "a prefix such as 10.1.0.0/24, hub or switch"); }
        }
        if (prefixes.Count == 0) { throw Expected(tokens.Peek(), "a prefix such as 10.1.0.0/24"); }
        _subnets.Add(new SubnetDefinition(name.Value, prefixes, kind));
    }

    private void ReadRouter()
    {
        var name = TakeNode();
        TakeKeyword("on");
        var interfaces = new List<InterfaceDefinition>();
        do { interfaces.Add(ReadInterface()); } while (TryTake(LabTokenKind.Comma));
        _routers.Add(new RouterDefinition(name, interfaces));
    }

    private void ReadLink()
    {
        var name = TakeWord("the link's name, node and subnet joined by a hyphen");
        var directions = LinkDirections.Both;
        var settings = LabWorld.DefaultLink;
        var node = _nodes.FirstOrDefault(node => name.Value.StartsWith(node + "-", StringComparison.Ordinal) && _subnets.Any(subnet => subnet.Name == name.Value[(node.Length + 1)..]))
            ?? throw Expected(name, "NODE-SUBNET of a host or router that stands above");
        var subnet = name.Value[(node.Length + 1)..];
        var attached = _hosts.Where(host => host.Name == node).Select(host => host.Interface).Concat(_routers.Where(router => router.Name == node).SelectMany(router => router.Interfaces));
        if (!attached.Any(plug => plug.Subnet == subnet)) { throw Expected(name, $"a subnet that {node} is plugged into"); }
        while (tokens.Peek().Kind == LabTokenKind.Word)
        {
            var word = tokens.Next();
            switch (word.Value)
            {
                case "up": directions = LinkDirections.Up; break;
                case "down": directions = LinkDirections.Down; break;
                case "latency": settings = settings with { LatencyNanoseconds = TakeTime() }; break;
                case "jitter": settings = settings with { JitterNanoseconds = TakeTime() }; break;
                case "loss": settings = settings with { LossMillionths = TakeShare() }; break;
                default: throw Expected(word, "up, down, latency, jitter or loss");
            }
        }
        _links.Add(new LinkDefinition(name.Value, directions, settings));
    }

    private void ReadHappening()
    {
        var at = TakeTime();
        var what = TakeWord("silence, refuse, break, lose, partition or down");
        Happening happening = what.Value switch
        {
            "silence" => new Silence(at, null, TakeHost(), IsNumber(tokens.Peek()) ? TakePort() : null),
            "refuse" => new Refusal(at, null, TakeHost(), TakePort()),
            "break" => ReadBreakage(at),
            "lose" => ReadPacketLoss(at),
            "partition" => new Partition(at, null, TakeHosts(), TakeHosts()),
            "down" => new Outage(at, null, TakeHost()),
            _ => throw Expected(what, "silence, refuse, break, lose, partition or down"),
        };
        if (TryTakeKeyword("for")) { happening = happening with { ForNanoseconds = TakeTime() }; }
        _happenings.Add(happening);
    }

    private Breakage ReadBreakage(long at)
    {
        var (host, port) = (TakeHost(), TakePort());
        TakeKeyword("after");
        var bytes = TakeNumber("a number of bytes", long.MaxValue);
        TakeKeyword("by");
        var how = TakeWord("reset or end");
        return how.Value is "reset" or "end" ? new Breakage(at, null, host, port, bytes, how.Value == "reset") : throw Expected(how, "reset or end");
    }

    private PacketLoss ReadPacketLoss(long at)
    {
        var share = TakeShare();
        string? source = null, target = null;
        if (TryTakeKeyword("from")) { source = TakeHost(); }
        if (TryTakeKeyword("to")) { target = TakeHost(); }
        return new PacketLoss(at, null, share, source, target);
    }

    private InterfaceDefinition ReadInterface()
    {
        var name = TakeWord("a subnet's name");
        var subnet = _subnets.Find(subnet => subnet.Name == name.Value) ?? throw Expected(name, "a subnet that stands above");
        var addresses = new List<IpAddress>();
        while (tokens.Peek() is { Kind: LabTokenKind.Word } word && (word.Value.StartsWith('.') || IpAddress.TryParse(word.Value, out _))) { addresses.Add(ReadAddress(tokens.Next(), subnet)); }
        return addresses.Count > 0 ? new InterfaceDefinition(subnet.Name, addresses) : throw Expected(tokens.Peek(), "an address, in full or as .N");
    }

    private IpAddress ReadAddress(LabToken word, SubnetDefinition subnet)
    {
        IpAddress address;
        if (word.Value.StartsWith('.'))
        {
            var prefix = subnet.Prefixes.FirstOrDefault(static prefix => prefix.Network.IsV4);
            if (!prefix.Network.IsV4) { throw Expected(word, "an address in full: the subnet has no IPv4 prefix"); }
            if (!uint.TryParse(word.Value.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0 || number >= prefix.Size - 1) { throw Expected(word, $"a host number of {prefix}"); }
            address = IpAddress.FromV4((uint)prefix.Network.Bits + number);
        }
        else { address = IpAddress.Parse(word.Value); }
        return _addresses.Add(address) ? address : throw new LabFileException(word.Place, "an address that nobody else has", $"{address}");
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
        return _nodes.Add(name.Value) ? name.Value : throw new LabFileException(name.Place, "a name that no other host or router has", name.Describe());
    }

    private string TakeHost()
    {
        var host = TakeWord("a host's name");
        RequireHost(host);
        return host.Value;
    }

    private List<string> TakeHosts()
    {
        Take(LabTokenKind.OpenBrace, "'{' and hosts");
        var hosts = new List<string>();
        while (!TryTake(LabTokenKind.CloseBrace))
        {
            hosts.Add(TakeHost());
            TryTake(LabTokenKind.Comma);
        }
        return hosts;
    }

    private void RequireHost(LabToken name) =>
        _references.Add((name, value => { if (!_hosts.Exists(host => host.Name == value)) { throw Expected(name, "a host of this lab"); } }
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

    /// <summary>A time such as 20ms, 1.5s, 200us or 5ns, in nanoseconds.</summary>
    private long TakeTime()
    {
        var word = TakeWord("a time such as 20ms");
        var unit = word.Value.AsSpan().TrimStart("0123456789.");
        var number = word.Value.AsSpan(0, word.Value.Length - unit.Length);
        decimal? scale = unit switch { "ns" => 1, "us" => 1_000, "ms" => 1_000_000, "s" => 1_000_000_000, "min" => 60_000_000_000, _ => null };
        // A year is longer than any lab.
        return scale is { } factor && decimal.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) && value * factor <= 31_536_000_000_000_000
            ? (long)(value * factor)
            : throw Expected(word, "a time in ns, us, ms, s or min, such as 20ms");
    }

    /// <summary>A share such as 0.1%, in millionths.</summary>
    private int TakeShare()
    {
        var word = TakeWord("a share such as 0.1%");
        return word.Value.EndsWith('%') && decimal.TryParse(word.Value.AsSpan(0, word.Value.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share) && share <= 100
            ? (int)(share * 10_000)
            : throw Expected(word, "a share from 0% to 100%");
    }

    private byte[] TakeFile()
    {
        var name = Take(LabTokenKind.Text, "a file's name in quotes");
        return readFile(name.Value) ?? throw new LabFileException(name.Place, "a file that is there", name.Describe());
    }

    private string TakeFileText() => Encoding.UTF8.GetString(TakeFile());

    private void EndStatement()
    {
        var token = tokens.Next();
        if (token.Kind is not (LabTokenKind.EndOfStatement or LabTokenKind.EndOfFile)) { throw Expected(token, "the end of the statement"); }
    }

    private static LabFileException Expected(LabToken token, string expected) => new(token.Place, expected, token.Describe());
}
