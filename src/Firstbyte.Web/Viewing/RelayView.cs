using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;
using Firstbyte.Tracing;

namespace Firstbyte.Web.Viewing;

/// <summary>A question of the relay, or one server that was asked it.</summary>
/// <param name="depth">How deep it hangs.</param>
/// <param name="number">The event in which it was asked.</param>
public sealed class RelayRow(int depth, int number)
{
    /// <summary>How deep it hangs.</summary>
    public int Depth { get; } = depth;

    /// <summary>The event in which it was asked.</summary>
    public int Number { get; } = number;

    /// <summary>What is asked; empty for a server.</summary>
    public Phrase Question { get; init; } = Phrase.Empty;

    /// <summary>The zone whose server is asked.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The server's address.</summary>
    public string Address { get; init; } = "";

    /// <summary>The server's name.</summary>
    public string Server { get; init; } = "";

    /// <summary>What it said, and in which event.</summary>
    public List<(int Number, Phrase Text, Role Role)> Answers { get; } = [];

    /// <summary>How long it took.</summary>
    public long? Nanoseconds { get; set; }

    /// <summary>What it has said by an event.</summary>
    public IEnumerable<(int Number, Phrase Text, Role Role)> AnswersAt(int number) => Answers.Where(answer => answer.Number <= number);
}

/// <summary>The tree of questions and answers by which names are found, as it grows.</summary>
public sealed class RelayView(Language language)
{
    private readonly INameSentences _words = language.Names;
    private readonly Dictionary<long, Block> _blocks = [];

    /// <summary>The rows in the order of a reader.</summary>
    public List<RelayRow> Rows { get; } = [];

    /// <summary>Takes what was told of an event.</summary>
    public void Take(int number, TraceEvent traceEvent)
    {
        if (traceEvent is ResolutionStarted started)
        {
            Start(number, started);
            return;
        }
        if (!_blocks.TryGetValue(traceEvent.Span, out var block)) { return; }
        switch (traceEvent)
        {
            case CacheProbed { Outcome: not CacheOutcome.Miss } e: block.Head.Answers.Add((number, _words.FromCache(e.AgeSeconds, e.TtlSeconds), Role.Good)); break;
            case QuerySent e:
                block.Current = Insert(block, new RelayRow(block.Head.Depth + 1, number)
                {
                    // Whoever asks its own server knows of no zone.
                    Zone = block.Mode == ResolutionMode.Stub ? _words.OwnServer.ToString() : ZoneOf(e.Zone),
                    Address = e.Server.Address.ToString(),
                    Server = e.ServerName,
                });
                break;
            case ResponseReceived e:
                Say(block, number, What(e), e.Code is "NOERROR" or "NXDOMAIN" ? Role.Words : Role.Warning);
                if (block.Current is { } row) { row.Nanoseconds = e.ElapsedNanoseconds; }
                break;
            case ReferralFollowed e:
                if (block.Current is { Answers.Count: > 0 } asked) { asked.Answers.RemoveAt(asked.Answers.Count - 1); }
                Say(block, number, _words.Referral(ZoneOf(e.ToZone), e.Servers.Length, e.GlueCount > 0), Role.Words);
                break;
            case AliasFollowed e: Say(block, number, _words.Alias(e.To), Role.Words); break;
            case ServerLame e: Say(block, number, _words.Lame(e.Kind, ZoneOf(e.Zone), e.Code), Role.Warning); break;
            case QueryTimedOut: Say(block, number, _words.NoAnswer(1), Role.Warning); break;
            case QueryFailed e: Say(block, number, _words.WhyNot(e), Role.Warning); break;
            case ResponseRejected e: Say(block, number, _words.Rejected(e.Reason), Role.Warning); break;
            case ResolutionJoined: block.Head.Answers.Add((number, _words.Joined, Role.Words)); break;
            case ResolutionCycleFound e: block.Head.Answers.Add((number, _words.Circle(e.Path), Role.Bad)); break;
            case ResolutionCompleted e:
                block.Head.Nanoseconds = e.ElapsedNanoseconds;
                block.Head.Answers.Add((number,
                    e.Code == "NXDOMAIN" ? _words.DoesNotExist(e.TtlSeconds)
                    : e.Answers.Length == 0 ? _words.HasNoRecords(e.Type, e.TtlSeconds) : _words.Answer(e.Answers),
                    e.Answers.Length > 0 ? Role.Good : Role.Warning));
                break;
            case ResolutionFailed e:
                block.Head.Nanoseconds = e.ElapsedNanoseconds;
                block.Head.Answers.Add((number, _words.Failure(e.Reason), Role.Bad));
                break;
        }
    }

    private void Start(int number, ResolutionStarted started)
    {
        var above = _blocks.GetValueOrDefault(started.Parent)
            // The own DNS server works for whoever waits for this very question.
            ?? (started.Mode == ResolutionMode.Iterative
                ? _blocks.Values.LastOrDefault(one => one.Mode == ResolutionMode.Stub && one.Name.TrimEnd('.').Equals(started.Name.TrimEnd('.'), StringComparison.OrdinalIgnoreCase)
                    && one.Type == started.Type)
                : null);
        var question = _words.Question(ZoneOf(started.Name), started.Type);
        if (started.Server is { } server) { question = $"{question}  {_words.AskedOwnServer(server)}"; }
        else if (started.Mode == ResolutionMode.Iterative) { question = $"{question}  {_words.AskedFromTheRoot}"; }
        var head = new RelayRow(above is null ? 0 : above.Head.Depth + 1, number) { Question = question };
        var block = new Block(head, started.Name, started.Type, started.Mode);
        if (above is null) { Rows.Add(head); }
        else { Insert(above, head); }
        _blocks[started.Span] = block;
    }

    // Behind everything that hangs on the block already.
    private RelayRow Insert(Block block, RelayRow row)
    {
        var index = Rows.IndexOf(block.Head) + 1;
        while (index < Rows.Count && Rows[index].Depth > block.Head.Depth) { index++; }
        Rows.Insert(index, row);
        return row;
    }

    private static void Say(Block block, int number, Phrase text, Role role) => (block.Current ?? block.Head).Answers.Add((number, text, role));

    private Phrase What(ResponseReceived response)
    {
        if (response.Truncated) { return _words.TruncatedAsksAgain; }
        var what = response.Code != "NOERROR" ? response.Code : response.AnswerCount > 0 ? _words.Answer(response.Answers) : _words.NoSuchRecords;
        if (response.TtlSeconds is { } ttl) { what += _words.Ttl(ttl); }
        return response.Authoritative ? what + _words.Authoritative : what;
    }

    private static string ZoneOf(string zone) => zone is "" or "." ? "." : zone.TrimEnd('.');

    private sealed class Block(RelayRow head, string name, string type, ResolutionMode mode)
    {
        public RelayRow Head { get; } = head;

        public string Name { get; } = name;

        public string Type { get; } = type;

        public ResolutionMode Mode { get; } = mode;

        public RelayRow? Current { get; set; }
    }
}
