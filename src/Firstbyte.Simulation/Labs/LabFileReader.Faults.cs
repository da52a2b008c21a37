using System.Globalization;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Labs;

// What goes wrong, and when. What stands behind a fault's word is read by the fault's own description.
internal sealed partial class LabFileReader : IFaultReader
{
    private string[] FaultWords => [.. faults.All.Select(static kind => kind.Word)];

    private void ReadHappeningWithin()
    {
        var word = TakeWord(LabTerm.TimeRange);
        var dots = word.Value.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0 || !LabQuantity.TryParseTime(word.Value.AsSpan(0, dots), out var from)
            || !LabQuantity.TryParseTime(word.Value.AsSpan(dots + 2), out var to) || to < from)
        {
            throw Expected(word, LabTerm.TimeRange);
        }
        _happenings.Add(ReadHappening(from, FaultWords) with { LatestNanoseconds = to });
    }

    private void ReadAt()
    {
        var at = TakeTime();
        var word = tokens.Peek();
        if (word is { Kind: LabTokenKind.Word, Value: "set" or "unset" })
        {
            Limit(word, _nameChanges.Count + 1, LabLimits.NameChanges, LabTerm.MostNameChanges);
        }
        if (TryTakeKeyword("set")) { ReadNameSetting(word, at); }
        else if (TryTakeKeyword("unset")) { ReadNameRemoval(word, at); }
        else { _happenings.Add(ReadHappening(at, ["set", "unset", .. FaultWords])); }
    }

    private Happening ReadHappening(long at, string[] words)
    {
        var word = TakeWord(LabTerm.OneOf, words);
        var kind = faults.Find(word.Value) ?? throw Expected(word, LabTerm.OneOf, words);
        var fault = kind.Read(this);
        return new Happening(at, TryTakeKeyword("for") ? ((IFaultReader)this).Time(1) : null, fault);
    }

    /// <summary>One fault and for how long, of a lab that has been read already.</summary>
    public Happening ReadFault(LabDefinition lab)
    {
        _hosts.AddRange(lab.Hosts);
        _nodes.UnionWith(lab.Hosts.Select(static host => host.Name).Concat(lab.Routers.Select(static router => router.Name)));
        _cables.UnionWith(lab.Hosts.SelectMany(static host => host.Interfaces.Select(plug => $"{host.Name}-{plug.Box ?? plug.Subnet}")));
        _cables.UnionWith(lab.Routers.SelectMany(static router => router.Interfaces.Select(plug => $"{router.Name}-{plug.Box ?? plug.Subnet}")));
        _cables.UnionWith(lab.Subnets.SelectMany(static subnet => subnet.Boxes.Select(static box => $"{box.Name}-{box.Uplink}")));
        foreach (var link in lab.Links) { _links.Add(link.Name, link); }
        var happening = ReadHappening(0, FaultWords);
        EndStatement();
        foreach (var (name, check) in _references) { check(name.Value); }
        return happening;
    }

    bool IFaultReader.TryKeyword(string word) => TryTakeKeyword(word);

    string IFaultReader.Choice(params ReadOnlySpan<string> words)
    {
        var word = tokens.Next();
        return word.Kind == LabTokenKind.Word && words.Contains(word.Value)
            ? word.Value
            : throw Expected(word, words.Length == 1 ? LabTerm.Keyword : LabTerm.OneOf, words.ToArray());
    }

    string IFaultReader.Host() => TakeHost();

    string IFaultReader.Node() =>
        TakeReference(LabTerm.NodeName, name => _nodes.Contains(name) ? null : LabTerm.NodeOfLab);

    IReadOnlyList<string> IFaultReader.Nodes(IReadOnlyList<string>? others)
    {
        Take(LabTokenKind.OpenBrace, LabTerm.NodeSet);
        var nodes = new List<string>();
        do
        {
            var word = tokens.Peek();
            Limit(word, nodes.Count + 1, LabLimits.Nodes, LabTerm.MostSetNodes);
            var node = ((IFaultReader)this).Node();
            if (others is not null && others.Contains(node)) { throw Expected(word, LabTerm.NodeOfOneSet); }
            nodes.Add(node);
            TryTake(LabTokenKind.Comma);
        }
        while (!TryTake(LabTokenKind.CloseBrace));
        return nodes;
    }

    string IFaultReader.Link() => TakeLink();

    LinkDirection IFaultReader.Direction() => TakeDirection();

    ushort IFaultReader.Port() => TakePort();

    ushort? IFaultReader.OptionalPort() => IsNumber(tokens.Peek()) ? TakePort() : null;

    long IFaultReader.Number(long minimum, long maximum)
    {
        var word = tokens.Peek();
        var number = TakeNumber(LabTerm.ByteCount, maximum);
        return number >= minimum ? number : throw Expected(word, LabTerm.ByteCount, $"{minimum}", $"{maximum}");
    }

    long IFaultReader.Time(long minimum)
    {
        var word = tokens.Peek();
        var time = TakeTime();
        return time >= minimum ? time : throw Expected(word, LabTerm.Time, LabQuantity.Time(minimum));
    }

    int IFaultReader.Share() => TakeShare();

    long IFaultReader.Rate() => TakeRate();

    long IFaultReader.Size() => TakeSize(LabTerm.Size);

    long IFaultReader.SignedTime()
    {
        var word = TakeWord(LabTerm.SignedTime);
        var isBehind = word.Value.StartsWith('-');
        if (!LabQuantity.TryParseTime(word.Value.AsSpan(isBehind ? 1 : 0), out var time) || time % TimeSpan.NanosecondsPerTick != 0)
        {
            throw Expected(word, LabTerm.SignedTime);
        }
        return isBehind ? -time : time;
    }

    int IFaultReader.Drift()
    {
        var word = TakeWord(LabTerm.Drift);
        return word.Value.EndsWith("ppm", StringComparison.Ordinal)
            && int.TryParse(
                word.Value.AsSpan(0, word.Value.Length - 3), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var drift)
                && Math.Abs((long)drift) <= VirtualTime.MaxDrift
            ? drift
            : throw Expected(word, LabTerm.Drift, $"-{VirtualTime.MaxDrift}ppm", $"{VirtualTime.MaxDrift}ppm");
    }

    /// <summary>What is said changes what the link is otherwise; where its two directions differ, one has to be named.</summary>
    WireSettings IFaultReader.Settings(string link, LinkDirection direction)
    {
        var otherwise = _links.GetValueOrDefault(link) ?? new LinkDefinition(link, LabWorld.DefaultLink, LabWorld.DefaultLink);
        if (direction == LinkDirection.Both && otherwise.Up != otherwise.Down)
        {
            throw Expected(tokens.Peek(), LabTerm.OneDirection);
        }
        var settings = direction == LinkDirection.Down ? otherwise.Down : otherwise.Up;
        do { settings = ReadSetting(tokens.Next())(settings); } while (tokens.Peek() is { Kind: LabTokenKind.Word } word && word.Value != "for");
        return settings;
    }

    private string TakeLink()
    {
        var name = TakeWord(LabTerm.LinkName);
        return _cables.Contains(name.Value) ? name.Value : throw UnknownLink(name);
    }

    private LinkDirection TakeDirection() =>
        TryTakeKeyword("up") ? LinkDirection.Up : TryTakeKeyword("down") ? LinkDirection.Down : LinkDirection.Both;
}
