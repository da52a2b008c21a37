using System.Globalization;
using Firstbyte.Simulation.Scheduling;

namespace Firstbyte.Labs;

// What goes wrong, and when.
internal sealed partial class LabFileReader
{
    private const string Faults = "silence, refuse, break, lose, partition, filter, cut, clog, impair, skew or down";

    private void ReadHappeningWithin()
    {
        var word = TakeWord("a range of times such as 0s..10s");
        var dots = word.Value.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0 || !LabQuantity.TryParseTime(word.Value.AsSpan(0, dots), out var from) || !LabQuantity.TryParseTime(word.Value.AsSpan(dots + 2), out var to) || to < from)
        {
            throw Expected(word, "a range of times such as 0s..10s, the earlier one first");
        }
        ReadHappening(from, to, Faults);
    }

    private void ReadAt()
    {
        var at = TakeTime();
        var word = tokens.Peek();
        if (word is { Kind: LabTokenKind.Word, Value: "set" or "unset" }) { Limit(word, _nameChanges.Count + 1, LabLimits.NameChanges, "changes of names"); }
        if (TryTakeKeyword("set")) { ReadNameSetting(word, at); }
        else if (TryTakeKeyword("unset")) { ReadNameRemoval(word, at); }
        else { ReadHappening(at, null, "set, unset, " + Faults); }
    }

    private void ReadHappening(long at, long? latest, string expected)
    {
        var what = TakeWord(expected);
        Happening happening = what.Value switch
        {
            "silence" => new Silence(at, null, TakeHost(), IsNumber(tokens.Peek()) ? TakePort() : null),
            "refuse" => new Refusal(at, null, TakeHost(), TakePort()),
            "break" => ReadBreakage(at),
            "lose" => ReadPacketLoss(at),
            "partition" => new Partition(at, null, TakeNodes(), TakeNodes()),
            "filter" => ReadIcmpFilter(at),
            "cut" => new Cut(at, null, TakeLink(), TakeDirection()),
            "clog" => new Clog(at, null, TakeLink(), TakeDirection()),
            "impair" => ReadImpairment(at),
            "skew" => ReadClockSkew(at),
            "down" => new Outage(at, null, TakeNodeReference()),
            _ => throw Expected(what, expected),
        };
        _happenings.Add(happening with { LatestNanoseconds = latest, ForNanoseconds = TryTakeKeyword("for") ? TakeTime() : null });
    }

    /// <summary>What is said changes what the link is otherwise; where its two directions differ, one has to be named.</summary>
    private Impairment ReadImpairment(long at)
    {
        var (name, place, direction) = (TakeLink(), tokens.Peek(), TakeDirection());
        var link = _links.GetValueOrDefault(name) ?? new LinkDefinition(name, LabWorld.DefaultLink, LabWorld.DefaultLink);
        if (direction == LinkDirection.Both && link.Up != link.Down) { throw Expected(place, "up or down, since the two directions of this link differ"); }
        var settings = direction == LinkDirection.Down ? link.Down : link.Up;
        do { settings = ReadSetting(tokens.Next())(settings); } while (tokens.Peek() is { Kind: LabTokenKind.Word } word && word.Value != "for");
        return new Impairment(at, null, name, direction, settings);
    }

    private ClockSkew ReadClockSkew(long at)
    {
        var node = TakeNodeReference();
        TakeKeyword("by");
        var word = TakeWord("a time such as 5min or -5min");
        var isBehind = word.Value.StartsWith('-');
        if (!LabQuantity.TryParseTime(word.Value.AsSpan(isBehind ? 1 : 0), out var offset) || offset % TimeSpan.NanosecondsPerTick != 0) { throw Expected(word, LabQuantity.TimeWords + ", with '-' in front where the clock is behind"); }
        return new ClockSkew(at, null, node, isBehind ? -offset : offset, TryTakeKeyword("drift") ? TakeDrift() : 0);
    }

    private int TakeDrift()
    {
        var word = TakeWord("a drift such as 100ppm or -100ppm");
        return word.Value.EndsWith("ppm", StringComparison.Ordinal)
            && int.TryParse(word.Value.AsSpan(0, word.Value.Length - 3), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var drift) && Math.Abs((long)drift) <= VirtualTime.MaxDrift
            ? drift
            : throw Expected(word, $"a drift from -{VirtualTime.MaxDrift}ppm to {VirtualTime.MaxDrift}ppm");
    }

    private string TakeLink()
    {
        var name = TakeWord("a link's name, NODE-SUBNET");
        return _cables.Contains(name.Value) ? name.Value : throw UnknownLink(name);
    }

    private LinkDirection TakeDirection() => TryTakeKeyword("up") ? LinkDirection.Up : TryTakeKeyword("down") ? LinkDirection.Down : LinkDirection.Both;

    private IcmpFilter ReadIcmpFilter(long at)
    {
        TakeKeyword("icmp");
        TakeKeyword("at");
        return new IcmpFilter(at, null, TakeNodeReference());
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

    private string TakeNodeReference() => TakeReference("a host's or router's name", name => _nodes.Contains(name) ? null : "a host or router of this lab");

    private List<string> TakeNodes()
    {
        Take(LabTokenKind.OpenBrace, "'{' and hosts or routers");
        var nodes = new List<string>();
        while (!TryTake(LabTokenKind.CloseBrace))
        {
            Limit(tokens.Peek(), nodes.Count + 1, LabLimits.Nodes, "nodes of a set");
            nodes.Add(TakeNodeReference());
            TryTake(LabTokenKind.Comma);
        }
        return nodes;
    }
}
