namespace Firstbyte.Labs;

// What goes wrong, and when.
internal sealed partial class LabFileReader
{
    private const string Faults = "silence, refuse, break, lose, partition, filter or down";

    private void ReadHappeningWithin()
    {
        var word = TakeWord("a range of times such as 0s..10s");
        var dots = word.Value.IndexOf("..", StringComparison.Ordinal);
        if (dots < 0 || !LabQuantity.TryParseTime(word.Value.AsSpan(0, dots), out var from) || !LabQuantity.TryParseTime(word.Value.AsSpan(dots + 2), out var to) || to < from)
        {
            throw Expected(word, "a range of times such as 0s..10s, the earlier one first");
        }
        ReadHappening(from, to);
    }

    private void ReadHappening(long at, long? latest)
    {
        var what = TakeWord(Faults);
        Happening happening = what.Value switch
        {
            "silence" => new Silence(at, null, TakeHost(), IsNumber(tokens.Peek()) ? TakePort() : null),
            "refuse" => new Refusal(at, null, TakeHost(), TakePort()),
            "break" => ReadBreakage(at),
            "lose" => ReadPacketLoss(at),
            "partition" => new Partition(at, null, TakeNodes(), TakeNodes()),
            "filter" => ReadIcmpFilter(at),
            "down" => new Outage(at, null, TakeHost()),
            _ => throw Expected(what, Faults),
        };
        _happenings.Add(happening with { LatestNanoseconds = latest, ForNanoseconds = TryTakeKeyword("for") ? TakeTime() : null });
    }

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
