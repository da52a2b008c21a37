using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Tracing;

namespace Firstbyte.Simulation.Swarm;

/// <summary>Compares every answer that a client gets with the zones, and its time to live with when the zones' servers last spoke.</summary>
/// <remarks>
/// What a resolver may still give is known from outside: a record that a responsible server last sent it at an instant, with a time to live,
/// ends that much later, and the time that is left must have shrunk accordingly. How long the message was under way is the only slack.
/// </remarks>
internal sealed class AnswerWatch(InvariantBook book, Kernel kernel, ZoneTree zones, bool mayDrift)
{
    /// <summary>
    /// The longest that a message may be under way before its resolver stops waiting for it (<see cref="ResolutionLimits.TcpTimeout"/>),
    /// and the cut to whole seconds.
    /// </summary>
    private static readonly TimeSpan s_slack = ResolutionLimits.TcpTimeout + TimeSpan.FromSeconds(1);

    /// <summary>A stub resolver waits so long for its server (<see cref="StubOptions.Timeout"/>), and counts the time to live from then on.</summary>
    private static readonly TimeSpan s_stubSlack = TimeSpan.FromSeconds(5);

    // 21,000 parts per million on the resolver's clock and as much on the stub's.
    private const double MostDrift = 0.05;

    private static readonly AnswerSource s_unknown = new(AnswerSourceKind.ResponsibleServer, null, "", "", false, 0, 0);

    private readonly Dictionary<(IpAddress Resolver, DnsName Owner, RecordType Type), Instant> _spoken = [];

    /// <summary>A responsible server has answered a resolver.</summary>
    public void OnSpoken(IpAddress resolver, ReadOnlySpan<byte> response)
    {
        if (!MessageView.TryRead(response, out var view, out _)) { return; }
        foreach (var record in view.Answers) { _spoken[(resolver, record.Owner.ToName(), record.Type)] = kernel.Now; }
        foreach (var record in view.Authorities)
        {
            if (record.Type == RecordType.SOA) { _spoken[(resolver, record.Owner.ToName(), record.Type)] = kernel.Now; }
        }
    }

    /// <summary>A resolver answers a client by a message.</summary>
    public void OnAnswer(string machine, IEnumerable<IpAddress> resolver, ReadOnlySpan<byte> response)
    {
        if (!MessageView.TryRead(response, out var view, out _) || !view.TryGetQuestion(out var asked)) { return; }
        var question = asked.ToQuestion();
        var records = new List<DnsRecord>();
        foreach (var record in view.Answers)
        {
            if (record.TryGetRecord(out var read)) { records.Add(read); }
        }
        DnsRecord? soa = null;
        foreach (var record in view.Authorities)
        {
            if (record.Type == RecordType.SOA && record.TryGetRecord(out var read)) { soa = read; }
        }
        var isWhole = (view.Header.Flags & HeaderFlags.Truncated) == HeaderFlags.None;
        Check(machine, [.. resolver], new ResolvedAnswer(question, view.ResponseCode, [.. records], soa, s_unknown), isWhole, s_slack);
    }

    /// <summary>A program has got an outcome from its resolver.</summary>
    public void OnOutcome(string machine, IEnumerable<IpAddress> resolver, ResolvedAnswer answer) =>
        Check(machine, [.. resolver], answer, isWhole: true, s_slack + s_stubSlack);

    private void Check(string machine, IpAddress[] resolver, ResolvedAnswer answer, bool isWhole, TimeSpan slack)
    {
        var (question, code, records) = (answer.Question, answer.Code, answer.Records);
        if (code != ResponseCode.NoError && code != ResponseCode.NameError) { return; }
        book.Note(Invariant.ZoneData);
        var truth = zones.Find(question.Name, question.Type);
        if (isWhole && (code != truth.Code || !truth.Holds(records)))
        {
            book.Break(Invariant.ZoneData, machine,
                $"{question} is answered by {code} [{string.Join("; ", records)}], but the zones say {truth.Code} [{string.Join("; ", truth.Records)}]");
        }
        foreach (var record in records)
        {
            if (truth.Find(record) is not { } own)
            {
                book.Break(Invariant.ZoneData, machine, $"{question} is answered by {record}, which no zone holds");
                return;
            }
            CheckTime(machine, resolver, record, own.Ttl.Seconds, slack);
        }
        if (answer.Soa is { } soa && truth.Soa is { } denial) { CheckTime(machine, resolver, soa, DnsCache.NegativeTtl(denial), slack); }
    }

    private void CheckTime(string machine, IpAddress[] resolver, DnsRecord record, uint whole, TimeSpan slack)
    {
        book.Note(Invariant.TimeToLive);
        if (record.Ttl.Seconds > whole)
        {
            book.Break(Invariant.TimeToLive, machine, $"{record} has a longer time to live than its zone's {whole} s");
            return;
        }
        // Wildcards' records are spoken under the name that was asked for, so every record is found.
        Instant? last = null;
        foreach (var address in resolver)
        {
            if (_spoken.TryGetValue((address, record.Owner, record.Type), out var at) && (last is null || at > last)) { last = at; }
        }
        if (last is null) { return; }
        var age = kernel.Now - last.Value;
        // A resolver counts seconds on its own clock.
        var left = TimeSpan.FromSeconds(whole) - age + slack + (mayDrift ? age * MostDrift : TimeSpan.Zero);
        // An alias may run out while its question goes on below it: it may still be given, for this once.
        if (record.Ttl == Ttl.Zero) { left += ResolutionLimits.ClientQueryTime; }
        if (TimeSpan.FromSeconds(record.Ttl.Seconds) > left)
        {
            book.Break(Invariant.TimeToLive, machine,
                $"{record} is given {(kernel.Now - last.Value).TotalSeconds:0.###} s after its zone's servers last said so, for {whole} s");
        }
    }
}

/// <summary>A responsible server's responder, with an ear for what it says.</summary>
internal sealed class OverheardResponder(IDnsResponder inner, AnswerWatch answers) : IDnsResponder
{
    public async ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span,
        CancellationToken cancellationToken)
    {
        var length = await inner.AnswerAsync(query, client, transport, response, span, cancellationToken);
        answers.OnSpoken(client.Address, response.Span[..length]);
        return length;
    }
}

/// <summary>A resolver's responder, whose questions are counted and whose answers are compared.</summary>
internal sealed class CheckedResponder(IDnsResponder inner, AnswerWatch answers, Station station) : IDnsResponder
{
    public async ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span,
        CancellationToken cancellationToken)
    {
        station.Questions.Begin();
        try
        {
            var length = await inner.AnswerAsync(query, client, transport, response, span, cancellationToken);
            if (length > 0) { answers.OnAnswer(station.Name, station.Plan.Addresses, response.Span[..length]); }
            return length;
        }
        finally { station.Questions.End(); }
    }
}

/// <summary>Serves nothing in the dearest way: over UDP it says that the answer is too long, over TCP it refuses.</summary>
internal sealed class LameResponder : IDnsResponder
{
    public ValueTask<int> AnswerAsync(
        ReadOnlyMemory<byte> query, Endpoint client, DnsTransport transport, Memory<byte> response, TraceSpan span,
        CancellationToken cancellationToken)
    {
        if (!MessageView.TryRead(query.Span, out var view, out _) || !view.TryGetQuestion(out var question)) { return new ValueTask<int>(0); }
        var writer = new MessageWriter(response.Span);
        writer.TryWriteQuestion(question.ToQuestion());
        var isUdp = transport == DnsTransport.Udp;
        var flags = HeaderFlags.Response | (isUdp ? HeaderFlags.Truncated : HeaderFlags.None);
        return new ValueTask<int>(writer.Finish(view.Header.Id, flags, OpCode.Query, isUdp ? ResponseCode.NoError : ResponseCode.Refused));
    }
}
