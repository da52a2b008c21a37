using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Fuzz.Running;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Dns;

/// <summary>What name servers reply to a resolver: the input is a row of replies, each after its length, given one after the other to whatever is asked.</summary>
/// <remarks>
/// The policy under test: a server of example.com, reached by a referral from the root, says nothing that the cache keeps about names outside of
/// example.com, and nothing at all is kept of what comes from an address or with an id that was not asked.
/// </remarks>
internal sealed class ReplyTarget : FuzzTarget
{
    private static readonly DnsName s_zone = DnsName.Parse("example.com");
    private static readonly IpAddress s_server = IpAddress.Parse("192.0.2.53");

    public override string Name => "dns-reply";

    public override string Holds => "a resolution ends within its budget; nothing outside the zone of the server that replied is cached; forged replies change nothing";

    public override IReadOnlyList<byte[]> Tokens => DnsTokens.All;

    public override IEnumerable<byte[]> Seeds()
    {
        var (www, other) = (DnsName.Parse("www.example.com"), DnsName.Parse("www.victim.test"));
        DnsRecord A(DnsName owner) => new(owner, new Ttl(300), new AddressData(IpAddress.Parse("192.0.2.80")));
        var soa = new DnsRecord(s_zone, new Ttl(60), new SoaData(s_zone, s_zone, 1, 2, 3, 4, 5));
        DnsMessage[] replies =
        [
            Reply(www, answers: [A(www)]),
            Reply(www, answers: [new(www, new Ttl(5), new NameData(RecordType.CNAME, other)), A(other)]),
            Reply(www, authorities: [soa]),
            Reply(www, authorities: [new(DnsName.Parse("sub.example.com"), new Ttl(5), new NameData(RecordType.NS, other))], additionals: [A(other)]),
            Reply(www, authorities: [new(s_zone, new Ttl(5), new NameData(RecordType.NS, www))], additionals: [A(www)]),
            Reply(www, answers: [new(s_zone, new Ttl(5), new NameData(RecordType.DNAME, other)), A(other)]),
            Reply(www, HeaderFlags.Truncated),
        ];
        yield return FuzzChoices.Before(Row(replies));
        foreach (var reply in replies) { yield return FuzzChoices.Before(Row(reply, reply)); }
    }

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        var cut = new Delegation(s_zone, [new NameServer(DnsName.Parse("ns.example.com"), [s_server])], Instant.Never) { IsHint = true };
        var memory = new ResolverMemory(cut, UpstreamPolicy.Internet);
        var now = Instant.SimulationEpoch;
        var question = new Question(DnsName.Parse("www.example.com"), choices.Below(4) == 0 ? RecordType.MX : RecordType.A);
        var budget = new ResolutionBudget(now + TimeSpan.FromSeconds(10), 20);
        var resolution = new IterativeResolution(question, budget, 0, memory, mixCase: false);
        var effects = new ResolutionEffects { IsListening = choices.Below(2) == 0 };
        ResolutionInput? next = ResolutionInput.Begin.Instance;
        for (var steps = 0; next is not null; steps++)
        {
            Require(steps < 200, "a resolution that does not end");
            effects.Clear();
            resolution.Handle(next, now, (ulong)choices.Below(int.MaxValue) << 16 | 7, effects);
            next = Answer(effects, ref rest, choices, ref now);
        }
        foreach (var (name, type, entry) in memory.Cache.RowsAt(now))
        {
            Require(name.IsSubdomainOf(s_zone), $"{name} {type} is cached, of which the server of {s_zone} has nothing to say");
        }
        foreach (var row in memory.Delegations.RowsAt(now)) { Require(row.Zone.IsBelow(s_zone), $"a cut at {row.Zone}, which is not below {s_zone}"); }
    }

    // The last thing that is asked for gets the next reply of the input: mostly as an answer to it, at times from elsewhere or with another id.
    private static ResolutionInput? Answer(ResolutionEffects effects, ref ReadOnlySpan<byte> rest, FuzzChoices choices, ref Instant now)
    {
        ResolutionInput? next = null;
        foreach (var effect in effects.Items)
        {
            switch (effect)
            {
                case ResolutionEffect.Complete: return null;
                case ResolutionEffect.SetTimer timer when next is null: next = new ResolutionInput.TimedOut(timer.Due); break;
                case ResolutionEffect.AskSubQuestion sub:
                    next = new ResolutionInput.SubQuestionAnswered(sub.Question, new ResolutionFailure(sub.Question, ResolutionFailureReason.NoServerAnswers, FaultParty.ZoneOperator, s_zone, []));
                    break;
                case ResolutionEffect.SendQuery send when TryTake(ref rest, out var reply):
                    var forged = choices.Below(8);
                    if (reply.Length >= 2 && forged != 0) { BinaryPrimitives.WriteUInt16BigEndian(reply, BinaryPrimitives.ReadUInt16BigEndian(send.Message)); }
                    next = new ResolutionInput.ResponseArrived(send.Exchange, forged == 1 ? new Endpoint(s_server, 54) : send.Server, reply);
                    break;
            }
        }
        if (next is ResolutionInput.TimedOut due && due.Due > now) { now = due.Due; }
        return next;
    }

    private static bool TryTake(ref ReadOnlySpan<byte> rest, out byte[] reply)
    {
        reply = [];
        if (rest.Length < 2) { return false; }
        var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Length - 2);
        reply = rest.Slice(2, length).ToArray();
        rest = rest[(2 + length)..];
        return true;
    }

    private static DnsMessage Reply(DnsName name, HeaderFlags flags = HeaderFlags.AuthoritativeAnswer, DnsRecord[]? answers = null, DnsRecord[]? authorities = null, DnsRecord[]? additionals = null) => new()
    {
        Flags = HeaderFlags.Response | flags,
        Questions = [new Question(name, RecordType.A)],
        Answers = answers ?? [],
        Authorities = authorities ?? [],
        Additionals = additionals ?? [],
    };

    private static byte[] Row(params DnsMessage[] replies) =>
    [
        .. replies.Select(static reply => reply.ToArray()).SelectMany(static wire => new byte[] { (byte)(wire.Length >> 8), (byte)wire.Length }.Concat(wire)),
    ];
}
