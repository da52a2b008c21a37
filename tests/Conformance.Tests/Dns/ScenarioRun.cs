using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Conformance.Dns;

/// <summary>Plays one scenario against a whole recursive resolver.</summary>
internal sealed class ScenarioRun
{
    private readonly Scenario _scenario;
    private readonly ScenarioNetwork _network;
    private readonly RecursiveResponder _responder;
    private readonly HashSet<int> _usedReplies = [];
    private int _step;

    private ScenarioRun(Scenario scenario)
    {
        _scenario = scenario;
        _network = new ScenarioNetwork(Instant.SimulationEpoch.ToDateTimeOffset(), Reply);
        var hints = scenario.Values("stub-addr").Select(IpAddress.Parse).ToArray();
        var name = DnsName.Parse(scenario.Values("stub-name").FirstOrDefault() ?? "k.root-servers.net");
        _responder = new RecursiveResponder(new RecursiveResolver(_network, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [new NameServer(name, hints)], Instant.Never),
            Policy = new UpstreamPolicy
            {
                UseV4 = !scenario.Values("do-ip4").Contains("no"),
                UseV6 = !scenario.Values("do-ip6").Contains("no"),
                AllowLoopback = scenario.Values("do-not-query-localhost").Contains("off"),
            },
        }));
    }

    /// <summary>What of the header this resolver has no setting for; such a scenario tests something else than is here.</summary>
    public static string? Unsupported(Scenario scenario) =>
        scenario.Values("trust-anchor").Any() ? "needs DNSSEC validation"
        : scenario.Values("query-minimization").Contains("on") ? "needs QNAME minimisation"
        : scenario.Values("forward-addr").Any() ? "needs forwarding"
        : scenario.Values("features").Select(value => $"needs {value}").FirstOrDefault();

    /// <summary>Null when every expectation was met, otherwise the step and what differs.</summary>
    public static string? Play(Scenario scenario)
    {
        var run = new ScenarioRun(scenario);
        DnsMessage? answer = null;
        foreach (var step in scenario.Steps)
        {
            run._step = step.Id;
            switch (step.Kind)
            {
                case "QUERY": answer = run.Ask(step.Entry!); break;
                case "TIME_PASSES": run._network.Clock.Pass(TimeSpan.FromSeconds(step.Seconds)); break;
                case "CHECK_ANSWER" when answer is null: return $"step {step.Id}: no answer";
                case "CHECK_ANSWER" when step.Entry!.Differs(answer) is { } difference: return $"step {step.Id}: {difference}";
            }
        }
        return null;
    }

    private DnsMessage? Ask(ScenarioEntry entry)
    {
        var query = entry.Raw ?? new DnsMessage
        {
            Id = 4711,
            Flags = entry.HeaderFlags,
            Questions = [entry.Question!.Value],
            Edns = new Edns(4096, 0, entry.DnssecOk, []),
        }.ToArray();
        var response = new byte[4096];
        var answering = _responder.AnswerAsync(query, new Endpoint(IpAddress.LoopbackV4, 5353), DnsTransport.Udp, response, default, default).AsTask();
        while (!answering.IsCompleted && _network.Clock.FireNext()) { }
        if (!answering.IsCompleted) { throw new InvalidOperationException("the resolver waits for nothing"); }
        var length = answering.GetAwaiter().GetResult();
        if (length == 0) { return null; }
        return DnsMessage.TryParse(response.AsSpan(0, length), out var message, out var error) ? message : throw new InvalidOperationException($"the resolver answered with a broken message: {error}");
    }

    private (bool Exists, byte[]? Reply) Reply(IpAddress address, DnsTransport transport, DnsMessage query)
    {
        var range = _scenario.Ranges.Find(range => range.First <= _step && _step <= range.Last && (range.Addresses.Count == 0 || range.Addresses.Contains(address)));
        if (range is not null)
        {
            var entry = range.Entries.Find(entry => entry.Differs(query) is null);
            return (true, entry is not null ? entry.ReplyTo(query) : Fail(query));
        }
        var once = _scenario.Steps.Find(step => step is { Kind: "REPLY", Entry: not null } && step.Id >= _step && !_usedReplies.Contains(step.Id) && step.Entry.Differs(query) is null);
        if (once is null) { return (false, null); }
        _usedReplies.Add(once.Id);
        return (true, once.Entry!.ReplyTo(query));
    }

    /// <summary>A server for which the scenario has no entry answers SERVFAIL.</summary>
    private static byte[] Fail(DnsMessage query) => new DnsMessage
    {
        Id = query.Id,
        Flags = HeaderFlags.Response,
        ResponseCode = ResponseCode.ServerFailure,
        Questions = query.Questions,
        Edns = query.Edns,
    }.ToArray();
}
