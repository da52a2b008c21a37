using System.Globalization;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Cli.Rendering;

/// <summary>Tells how a name was resolved: one block a question, one row a server that was asked.</summary>
/// <remarks>
/// A block is printed when its question is settled, so that its columns can be aligned and the questions for A and AAAA, which run at
/// the same time, do not mix. Questions that a resolver asks for itself (a name server's address) hang below the row that needed them.
/// What the own DNS server does for us in the lab belongs to the question that we asked it, though it has no span in common with it.
/// </remarks>
internal sealed class NameStory(Page page, int verbosity)
{
    private readonly Dictionary<long, Block> _blocks = [];
    private readonly List<Block> _open = [];

    /// <summary>Why the own DNS server could not answer, as far as its relay was seen: it tells us only that it failed.</summary>
    public ResolutionFailed? RelayFailure { get; private set; }

    /// <summary>Takes an event of a resolution; false when it is none.</summary>
    public bool Tell(TraceEvent traceEvent)
    {
        if (traceEvent is ResolutionStarted started)
        {
            Start(started);
            return true;
        }
        if (!_blocks.TryGetValue(traceEvent.Span, out var block)) { return IsNameEvent(traceEvent); }
        switch (traceEvent)
        {
            case CacheProbed probe: Probe(block, probe); break;
            case HostsFileMatched hosts:
                block.Rows.Add(new Row(block.Depth, "hosts file", "", "", $"line {hosts.Line} of {Printable.Text(hosts.Path)}: {string.Join(", ", hosts.Addresses)}"));
                break;
            case QuerySent sent when sent.Transport == DnsTransport.Tcp && verbosity > 0:
                block.Rows.Add(new Row(block.Depth, Zone(sent.Zone), sent.Server.Address.ToString(), Printable.Text(sent.ServerName), "asked over TCP"));
                break;
            case ResponseReceived response: Respond(block, response); break;
            case ReferralFollowed referral:
                Settle(block, $"referral to {Zone(referral.ToZone)} ({Amounts.Count(referral.Servers.Length, "server")}{(referral.GlueCount == 0 ? ", no glue" : "")})", Ink.Plain);
                break;
            case AliasFollowed alias: Settle(block, $"alias of {Printable.Text(alias.To)}", Ink.Plain); break;
            case ServerLame or QueryTimedOut when block is { Mode: ResolutionMode.Stub, RelayShown: true }: break;
            case ServerLame lame: Settle(block, Lameness(lame), Ink.Warning); break;
            case QueryTimedOut timeout: Wait(block, timeout); break;
            case QueryFailed failed:
                block.Rows.Add(new Row(block.Depth, Zone(failed.Zone), failed.Server.Address.ToString(), Printable.Text(failed.ServerName), $"{failed.Error}: the message could not be sent", null, Ink.Warning));
                break;
            case ResponseRejected rejected:
                block.Rows.Add(new Row(block.Depth, "", rejected.Server.Address.ToString(), "", $"a message that is not the answer ({Words.Of(rejected.Reason)}), ignored", null, Ink.Warning));
                break;
            case ServerAddressDenied denied:
                block.Rows.Add(new Row(block.Depth, Zone(denied.Zone), denied.Address.ToString(), Printable.Text(denied.ServerName), "not asked: no server lives at such an address", null, Ink.Warning));
                break;
            case ServerAddressNeeded needed:
                block.Rows.Add(new Row(block.Depth, Zone(needed.Zone), "", Printable.Text(needed.ServerName), $"its address is needed first ({needed.Type}?)"));
                break;
            case ResolutionJoined: block.Rows.Add(new Row(block.Depth, "", "", "", "the same question is under way: waits for its answer")); break;
            case ResolutionCycleFound cycle:
                block.Rows.Add(new Row(block.Depth, "", "", "", "a circle: " + Printable.Text(string.Join(" needs ", cycle.Path)), null, Ink.Warning));
                break;
            case ResolutionCompleted completed: Complete(block, completed); break;
            case ResolutionFailed failure: Fail(block, failure); break;
            default: return false;
        }
        return true;
    }

    /// <summary>Prints what is still open: the journey is over before its questions are.</summary>
    public void Close()
    {
        foreach (var block in _open.ToArray())
        {
            block.Outcome ??= "not waited for";
            Print(block, null);
        }
        _blocks.Clear();
    }

    private static bool IsNameEvent(TraceEvent traceEvent) => traceEvent is CacheProbed or QuerySent or ResponseReceived or ReferralFollowed or AliasFollowed or QueryTimedOut
        or QueryFailed or ResponseRejected or ServerLame or ServerAddressDenied or ServerAddressNeeded or ResolutionJoined or ResolutionCycleFound or ResolutionCompleted
        or ResolutionFailed or HostsFileMatched;

    private void Start(ResolutionStarted started)
    {
        if (_blocks.TryGetValue(started.Parent, out var above) && !above.Settled)
        {
            _blocks[started.Span] = new Block(above, started);
            return;
        }
        // The own DNS server works for whoever of us waits for this very question.
        var asker = _open.Find(b => b.Mode == ResolutionMode.Stub && started.Mode == ResolutionMode.Iterative && SameName(b.Name, started.Name) && b.Type == started.Type);
        if (asker is not null)
        {
            asker.RelayShown = true;
            _blocks[started.Span] = new Block(asker, started, sameDepth: true);
            return;
        }
        RelayFailure = null;
        var block = new Block(null, started);
        _blocks[started.Span] = block;
        _open.Add(block);
    }

    private static bool SameName(string left, string right) => string.Equals(left.TrimEnd('.'), right.TrimEnd('.'), StringComparison.OrdinalIgnoreCase);

    private static void Probe(Block block, CacheProbed probe)
    {
        if (probe.Outcome == CacheOutcome.Miss) { return; }
        block.Cached = string.Create(CultureInfo.InvariantCulture, $"from cache, {probe.AgeSeconds} s old, {probe.TtlSeconds} s left");
    }

    private static void Respond(Block block, ResponseReceived response)
    {
        // The own server's reply only closes the relay that was shown in full above it.
        if (block.Mode == ResolutionMode.Stub && block.RelayShown) { return; }
        var text = response.Code is "NOERROR"
            ? response.AnswerCount > 0 ? "answer " + Printable.Text(string.Join(", ", response.Answers)) : "no such records"
            : response.Code;
        if (response.TtlSeconds is { } ttl) { text += $", TTL {ttl}"; }
        if (response.Authoritative) { text += ", aa"; }
        if (response.Truncated) { text = "truncated: asks again over TCP"; }
        block.Rows.Add(new Row(block.Depth, Zone(response.Zone), response.Server.Address.ToString(), Printable.Text(response.ServerName), text, response.ElapsedNanoseconds));
    }

    private static void Settle(Block block, string text, Ink ink)
    {
        if (block.Rows.Count > 0 && block.Rows[^1].Depth == block.Depth && block.Rows[^1].Address.Length > 0)
        {
            block.Rows[^1] = block.Rows[^1] with { Text = text, Ink = ink };
            return;
        }
        block.Rows.Add(new Row(block.Depth, "", "", "", text, null, ink));
    }

    private static void Wait(Block block, QueryTimedOut timeout)
    {
        var address = timeout.Server.Address.ToString();
        var index = block.Rows.FindIndex(r => r.Depth == block.Depth && r.Silences > 0 && r.Address == address);
        if (index >= 0)
        {
            var row = block.Rows[index];
            var silences = row.Silences + 1;
            block.Rows[index] = row with { Silences = silences, Text = $"no answer in {Amounts.Count(silences, "try", "tries")}", Nanoseconds = row.Nanoseconds + timeout.WaitedNanoseconds };
            return;
        }
        block.Rows.Add(new Row(block.Depth, Zone(timeout.Zone), address, Printable.Text(timeout.ServerName), "no answer", timeout.WaitedNanoseconds, Ink.Warning, 1));
    }

    private void Complete(Block block, ResolutionCompleted completed)
    {
        block.Settled = true;
        if (block.Top != block) { return; }
        block.Outcome = completed.Code switch
        {
            "NXDOMAIN" => $"the name does not exist (NXDOMAIN){Lifetime(completed)}",
            _ when completed.Answers.Length == 0 => $"the name has no {completed.Type} records{Lifetime(completed)}",
            _ => null,
        };
        block.Answers = completed.Answers;
        Print(block, completed.ElapsedNanoseconds);
    }

    private static string Lifetime(ResolutionCompleted completed) => completed.TtlSeconds > 0 ? $", valid for {completed.TtlSeconds} s" : "";

    private void Fail(Block block, ResolutionFailed failure)
    {
        block.Settled = true;
        if (block.Top != block)
        {
            if (block.Parent is { Mode: ResolutionMode.Stub } && block.Mode == ResolutionMode.Iterative) { RelayFailure = failure; }
            if (block.Parent is { } above && block.Depth > above.Depth) { block.Rows.Add(new Row(block.Depth, "", "", "", $"{Printable.Text(failure.Name)} {failure.Type}: {Words.Of(failure.Reason)}", null, Ink.Warning)); }
            return;
        }
        block.Failed = true;
        Print(block, failure.ElapsedNanoseconds);
    }

    private void Print(Block block, long? elapsed)
    {
        _open.Remove(block);
        block.Settled = true;
        var question = $"{Printable.Text(block.Name.TrimEnd('.'))}  {block.Type}?";
        if (block.Cached is not null && block.Rows.Count == 0)
        {
            page.Step("Name", $"{question}  {(block.Outcome ?? Printable.Text(string.Join(", ", block.Answers)))}  {block.Cached}", elapsed);
            return;
        }
        var asked = block.Server is { } server ? $"asked {(server.Port == 53 ? server.Address.ToString() : server.ToString())} (your DNS server)" : block.Mode == ResolutionMode.Iterative ? "asked from the root down" : "";
        page.Step("Name", asked.Length == 0 ? question : $"{question}  {asked}", elapsed);
        PrintRows(block);
        if (block.Outcome is { } outcome) { page.Detail(outcome, ink: Ink.Warning); }
    }

    private void PrintRows(Block block)
    {
        var rows = block.Rows;
        if (rows.Count == 0) { return; }
        var zones = Math.Min(24, rows.Max(r => r.Zone.Length));
        var addresses = rows.Max(r => r.Address.Length);
        // On a narrow page the servers' names go first: their addresses tell them apart.
        var names = Math.Min(26, rows.Max(r => r.Server.Length));
        const int around = 10 + 3 + 3 * 2 + 2 + 9; // label, branch, gaps, and the time with its gap
        if (around + zones + addresses + names + rows.Max(r => r.Text.Length) > page.Width) { names = 0; }
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            var last = true;
            for (var j = i + 1; j < rows.Count && rows[j].Depth >= row.Depth; j++)
            {
                if (rows[j].Depth == row.Depth) { last = false; break; }
            }
            var branch = string.Concat(Enumerable.Repeat("│  ", row.Depth)) + (last ? block.Failed ? "╰─ " : "└─ " : "├─ ");
            var columns = row.Address.Length == 0 && row.Server.Length == 0 && row.Zone.Length == 0
                ? row.Text
                : $"{row.Zone.PadRight(zones)}  {row.Address.PadRight(addresses)}  {(names > 0 ? Cut(row.Server, names).PadRight(names) + "  " : "")}{row.Text}";
            page.Detail(branch + columns, row.Nanoseconds, row.Ink);
        }
    }

    private static string Cut(string text, int width) => text.Length <= width ? text : string.Concat(text.AsSpan(0, width - 1), "…");

    private static string Zone(string zone) => zone is "" or "." ? "." : Printable.Text(zone.TrimEnd('.'));

    private static string Lameness(ServerLame lame) => lame.Kind switch
    {
        LamenessKind.Refused => $"REFUSED: it does not serve {Zone(lame.Zone)} (lame)",
        LamenessKind.ServerFailure => "SERVFAIL: it should serve the zone and cannot",
        LamenessKind.UpwardReferral => "refers upward: it does not know the zone (lame)",
        LamenessKind.NotAuthoritative => "answers without authority (lame)",
        LamenessKind.RecursionOnly => "is a resolver, not a server of the zone (lame)",
        LamenessKind.EmptyWithoutSoa => "an empty answer without proof (no SOA)",
        LamenessKind.Malformed => "its replies cannot be read",
        _ => "an error",
    };

    private sealed record Row(int Depth, string Zone, string Address, string Server, string Text, long? Nanoseconds = null, Ink Ink = Ink.Plain, int Silences = 0);

    private sealed class Block
    {
        public Block(Block? parent, ResolutionStarted started, bool sameDepth = false)
        {
            Parent = parent;
            Top = parent?.Top ?? this;
            Depth = parent is null ? 0 : sameDepth ? parent.Depth : parent.Depth + 1;
            Rows = parent?.Rows ?? [];
            (Name, Type, Mode, Server) = (started.Name, started.Type, started.Mode, started.Server);
        }

        public Block? Parent { get; }

        public Block Top { get; }

        public int Depth { get; }

        public List<Row> Rows { get; }

        public string Name { get; }

        public string Type { get; }

        public ResolutionMode Mode { get; }

        public Addressing.Endpoint? Server { get; }

        public bool Settled { get; set; }

        public bool Failed { get; set; }

        public bool RelayShown { get; set; }

        public string? Cached { get; set; }

        public string? Outcome { get; set; }

        public string[] Answers { get; set; } = [];
    }
}
