using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
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

    private ScenarioRun(Scenario scenario, MinimisationMode minimisation)
    {
        _scenario = scenario;
        _network = new ScenarioNetwork(StartOf(scenario), Reply)
        {
            Hosts = FeatureOf("static_hint_name") is { } host && FeatureOf("static_hint_addr") is { } address ? Encoding.ASCII.GetBytes($"{address} {host}\n") : null,
        };
        var forwarders = scenario.Values("forward-addr").Select(IpAddress.Parse).ToArray();
        var hints = forwarders.Length > 0 ? forwarders : [.. scenario.Values("stub-addr").Select(IpAddress.Parse)];
        var name = DnsName.Parse(scenario.Values("stub-name").FirstOrDefault() ?? "k.root-servers.net");
        INameResolver resolver = new RecursiveResolver(_network, new RecursiveResolverOptions
        {
            Hints = new Delegation(DnsName.Root, [new NameServer(name, hints)], Instant.Never) { IsForward = forwarders.Length > 0 },
            Policy = new UpstreamPolicy
            {
                UseV4 = !scenario.Values("do-ip4").Any(static value => value is "no" or "false"),
                UseV6 = !scenario.Values("do-ip6").Any(static value => value is "no" or "false"),
                AllowLoopback = scenario.Values("do-not-query-localhost").Contains("off"),
            },
            Anchors = TrustAnchors.From(
                scenario.Values("trust-anchor").SelectMany(static line => ZoneFileReader.Read($"$TTL 3600\n{line}\n", "anchor", DnsName.Root).Records),
                scenario.Values("domain-insecure").Select(DnsName.Parse)),
            Minimisation = minimisation,
            MinTtl = uint.Parse(FeatureOf("min_ttl") ?? "0", CultureInfo.InvariantCulture),
            MaxTtl = uint.Parse(FeatureOf("max_ttl") ?? "86400", CultureInfo.InvariantCulture),
        });
        if (FeatureOf("dns64_prefix") is { } prefix) { resolver = new Dns64Resolver(resolver, new IpPrefix(IpAddress.Parse(prefix), 96)); }
        if (_network.Hosts is not null) { resolver = new LocalNameResolver(_network, resolver); }
        _responder = new RecursiveResponder(resolver);
    }

    /// <summary>In which ways a scenario is to be played: with names told in parts and whole, where it does not say which.</summary>
    public static MinimisationMode[] Ways(Scenario scenario) =>
        (scenario.Values("query-minimization").Concat(scenario.Values("qname-minimisation")).FirstOrDefault() ?? "") switch
        {
            "on" or "yes" => [MinimisationMode.Servers],
            "off" or "no" => [MinimisationMode.Off],
            _ => [MinimisationMode.Off, MinimisationMode.Servers],
        };

    /// <summary>Null when every expectation was met in every way, otherwise the step and what differs.</summary>
    public static string? Play(Scenario scenario)
    {
        foreach (var way in Ways(scenario))
        {
            if (new ScenarioRun(scenario, way).Run() is { } difference) { return way == MinimisationMode.Off ? difference : $"{difference} (names told in parts)"; }
        }
        return null;
    }

    private string? FeatureOf(string name)
    {
        foreach (var value in _scenario.Values("features"))
        {
            var parts = value.Split('=', StringSplitOptions.TrimEntries);
            if (parts is [var key, var word, ..] && key == name) { return word.Split(' ')[0]; }
        }
        return null;
    }

    /// <summary>The moment that signatures hold at: YYYYMMDDHHMMSS or seconds since 1970; "-1" is any.</summary>
    private static DateTimeOffset StartOf(Scenario scenario)
    {
        if (scenario.Values("val-override-timestamp").FirstOrDefault() is { } seconds && seconds != "-1")
        {
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
        }
        return scenario.Values("val-override-date").FirstOrDefault() is { } date && date != "-1"
            ? DateTimeOffset.ParseExact(date, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            : Instant.SimulationEpoch.ToDateTimeOffset();
    }

    private string? Run()
    {
        DnsMessage? answer = null;
        foreach (var step in _scenario.Steps)
        {
            _step = step.Id;
            switch (step.Kind)
            {
                case "QUERY": answer = Ask(step.Entry!); break;
                case "TIME_PASSES": _network.Clock.Pass(TimeSpan.FromSeconds(step.Seconds)); break;
                case "CHECK_ANSWER" when answer is null: return $"step {step.Id}: no answer";
                case "CHECK_ANSWER" when step.Entry!.Differs(answer) is { } difference: return $"step {step.Id}: {difference}{ErrorOf(answer)}";
                case "CHECK_ANSWER" when FailsForAnotherReason(answer): return $"step {step.Id}: the failure is not that of signatures{ErrorOf(answer)}";
            }
        }
        return null;
    }

    /// <summary>
    /// Where keys are believed, a failure that is expected is that of what was said: a resolver that reaches nobody, or always fails, must not pass.
    /// </summary>
    private bool FailsForAnotherReason(DnsMessage answer) =>
        answer.ResponseCode == ResponseCode.ServerFailure && _scenario.Values("trust-anchor").Any()
        && ExtendedErrorOf(answer) is null or NoReachableAuthority or NetworkError;

    /// <summary>RFC 8914 sections 4.23 and 4.24.</summary>
    private const int NoReachableAuthority = 22, NetworkError = 23;

    private static int? ExtendedErrorOf(DnsMessage answer) =>
        answer.Edns?.Options.FirstOrDefault(static option => option.Code == EdnsOptionCode.ExtendedError) is { } option
            ? BinaryPrimitives.ReadUInt16BigEndian(option.Data)
            : null;

    private static string ErrorOf(DnsMessage answer) =>
        answer.Edns?.Options.FirstOrDefault(static option => option.Code == EdnsOptionCode.ExtendedError) is { } option
            ? $" [{BinaryPrimitives.ReadUInt16BigEndian(option.Data)} {Encoding.UTF8.GetString(option.Data.AsSpan(2))}]"
            : "";

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
