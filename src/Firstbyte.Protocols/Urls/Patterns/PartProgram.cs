namespace Firstbyte.Urls.Patterns;

/// <summary>What one step of a <see cref="PartProgram"/> does.</summary>
internal enum PartOp : byte
{
    /// <summary>The step's text.</summary>
    Text,

    /// <summary>One character but the delimiter.</summary>
    SegmentOne,

    /// <summary>One character.</summary>
    AnyOne,

    /// <summary>On at First; back at Second when that fails.</summary>
    Fork,

    /// <summary>On at First.</summary>
    Jump,

    /// <summary>The place goes into slot First.</summary>
    Save,

    /// <summary>All up to the next delimiter or the end, at least First characters.</summary>
    Segment,

    /// <summary>All to the end, at least First characters.</summary>
    Rest,

    /// <summary>The end of the input.</summary>
    End,
}

/// <summary>A step of a program; forks carry their number.</summary>
internal readonly record struct PartStep(PartOp Op, int First = 0, int Second = 0, int Number = 0, string Text = "");

/// <summary>Turns parts into the steps that <see cref="PartMatcher"/> runs.</summary>
/// <remarks>
/// The order of a fork's branches is that of the regular expression that the standard makes of the part ("as few as possible" for a segment,
/// "as many as possible" for "*"), so that the groups come out alike. ECMAScript refuses an iteration that matched nothing and has the group
/// take no part; these forms give the same:
/// <code>
///   (.*)?          →  (.+)?              ((?:.*)*) and ((?:.*)+)  →  (.*)
///   ((?:[^/]+?)*)  →  ([^/]*)            ((?:[^/]+?)+)            →  ([^/]+)
/// </code>
/// Where a segment can only be followed by its delimiter or the end, it needs no fork.
/// </remarks>
internal sealed class PartProgram
{
    private readonly List<PartStep> _steps = [];
    private readonly char _delimiter;

    public PartProgram(List<PatternPart> parts, PatternRules rules)
    {
        _delimiter = rules.Delimiter;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Kind == PatternPartKind.FixedText) { AddText(parts[i]); }
            else { AddGroup(parts[i], i + 1 < parts.Count ? parts[i + 1] : null); }
        }
        Add(PartOp.End);
    }

    /// <summary>How many forks there are.</summary>
    public int Forks { get; private set; }

    /// <summary>How many groups there are.</summary>
    public int Groups { get; private set; }

    public PartStep[] ToSteps() => [.. _steps];

    private void Add(PartOp op, int first = 0) => _steps.Add(new PartStep(op, first));

    private void AddText(string text)
    {
        if (text.Length > 0) { _steps.Add(new PartStep(PartOp.Text, Text: text)); }
    }

    // A fork whose branches are not known yet; its place in the program.
    private int AddFork()
    {
        _steps.Add(new PartStep(PartOp.Fork, Number: Forks++));
        return _steps.Count - 1;
    }

    private void SetFork(int fork, int first, int second) => _steps[fork] = _steps[fork] with { First = first, Second = second };

    private void AddText(PatternPart part)
    {
        if (part.Value.Length == 0) { return; }
        if (part.Modifier == PatternModifier.OneOrMore)
        {
            AddText(part.Value);
            var again = AddFork();
            SetFork(again, again - 1, again + 1);
            return;
        }
        var fork = part.Modifier == PatternModifier.None ? -1 : AddFork();
        AddText(part.Value);
        if (part.Modifier == PatternModifier.ZeroOrMore) { Add(PartOp.Jump, fork); }
        if (fork >= 0) { SetFork(fork, fork + 1, _steps.Count); }
    }

    private void AddGroup(PatternPart part, PatternPart? next)
    {
        var slot = 2 * Groups++;
        var isFull = part.Kind == PatternPartKind.FullWildcard;
        if (part.Prefix.Length + part.Suffix.Length == 0 && part.Repeats)
        {
            // Iterations with nothing between them are one longer run, as many characters as possible.
            Add(PartOp.Save, slot);
            AddRun(part, next, isFull || part.Modifier == PatternModifier.ZeroOrMore ? 0 : 1, isLazy: false);
            Add(PartOp.Save, slot + 1);
            return;
        }
        var fork = part.Modifier is PatternModifier.Optional or PatternModifier.ZeroOrMore ? AddFork() : -1;
        var mayBeEmpty = isFull && (fork < 0 || part.Prefix.Length + part.Suffix.Length > 0);
        AddText(part.Prefix);
        Add(PartOp.Save, slot);
        AddRun(part, next, mayBeEmpty ? 0 : 1, isLazy: !isFull);
        if (part.Repeats)
        {
            // Suffix and prefix stand between the iterations, within the group, but not at its ends.
            var again = AddFork();
            AddText(part.Suffix + part.Prefix);
            AddRun(part, next, mayBeEmpty ? 0 : 1, isLazy: !isFull);
            Add(PartOp.Jump, again);
            SetFork(again, again + 1, _steps.Count);
        }
        Add(PartOp.Save, slot + 1);
        AddText(part.Suffix);
        if (fork >= 0) { SetFork(fork, fork + 1, _steps.Count); }
    }

    private void AddRun(PatternPart part, PatternPart? next, int least, bool isLazy)
    {
        var isFull = part.Kind == PatternPartKind.FullWildcard;
        if (isFull && next is null && part.Suffix.Length == 0) { Add(PartOp.Rest, least); return; }
        if (!isFull && EndsAtDelimiter(part, next)) { Add(PartOp.Segment, least); return; }
        var one = isFull ? PartOp.AnyOne : PartOp.SegmentOne;
        if (least > 0) { Add(one); }
        var fork = AddFork();
        Add(one);
        Add(PartOp.Jump, fork);
        if (isLazy) { SetFork(fork, fork + 3, fork + 1); }
        else { SetFork(fork, fork + 1, fork + 3); }
    }

    // True when all that can come behind the run begins with the delimiter or is the end.
    private bool EndsAtDelimiter(PatternPart part, PatternPart? next)
    {
        if (part.Suffix.Length > 0) { return part.Suffix[0] == _delimiter; }
        if (part.Repeats && part.Prefix.Length > 0 && part.Prefix[0] != _delimiter) { return false; }
        if (next is null) { return true; }
        var text = next.Kind == PatternPartKind.FixedText ? next.Value : next.Prefix;
        return next.Modifier is PatternModifier.None or PatternModifier.OneOrMore && text.Length > 0 && text[0] == _delimiter;
    }
}
