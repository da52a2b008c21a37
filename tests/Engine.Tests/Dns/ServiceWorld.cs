using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns;

/// <summary>What must hold for the clients of a resolver, whoever they are.</summary>
internal enum ServiceRule
{
    /// <summary>Names that the public tree does not have are answered here, and asked of nobody.</summary>
    SpecialNames,

    /// <summary>Who may not ask is refused, and nobody is asked for his sake.</summary>
    Strangers,

    /// <summary>Who asks for little keeps his place, whatever others ask for.</summary>
    Shares,

    /// <summary>What is known is answered at once, and takes nobody's place.</summary>
    Known,

    /// <summary>Everybody who has a place is answered.</summary>
    Ends,
}

/// <summary>Clients of a seed: neighbours and strangers, modest and greedy ones, who ask for names that are known, slow or special.</summary>
internal sealed class ServiceWorld : INameResolver
{
    private static readonly string[] s_special =
        ["localhost", "x.localhost", "www.test", "a.b.invalid", "facebookcorewwwi.onion", "x.alt", "1.0.0.10.in-addr.arpa", "7.168.192.in-addr.arpa", "home.arpa"];

    private readonly Random _random;
    private readonly List<TaskCompletionSource> _slow = [];
    private readonly Dictionary<IpAddress, List<Task<int>>> _waiting = [];
    private readonly RecursiveResponder _responder;
    private readonly ulong _seed;
    private readonly int _places;
    private int _asked;

    private ServiceWorld(ulong seed)
    {
        // Not the same numbers on every version of .NET; a breach names what was asked.
        (_seed, _random) = (seed, new Random((int)seed));
        _places = WaitingClients.DefaultLimit;
        _responder = new RecursiveResponder(new SpecialNameResolver(this), ClientAccess.OwnNetworks([IpPrefix.Parse("10.1.0.0/16"), IpPrefix.Parse("2001:db8:1::/48")]));
    }

    /// <summary>Runs the clients of a seed; what does not hold, or null.</summary>
    public static (ServiceRule Rule, string Detail)? Execute(ulong seed) => new ServiceWorld(seed).Run();

    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        _asked++;
        return WaitAsync(name, type, cancellationToken);
    }

    private async ValueTask<ResolutionOutcome> WaitAsync(DnsName name, RecordType type, CancellationToken cancellationToken)
    {
        if (name.IsSubdomainOf(DnsName.Parse("slow")))
        {
            var answered = new TaskCompletionSource();
            _slow.Add(answered);
            using var registration = cancellationToken.Register(() => answered.TrySetCanceled(cancellationToken));
            await answered.Task;
        }
        var source = new AnswerSource(AnswerSourceKind.ResponsibleServer, null, "", "", true, 0, 60);
        return new ResolvedAnswer(
            new Question(name, type), ResponseCode.NoError, [new DnsRecord(name, new Ttl(60), new AddressData(IpAddress.Parse("192.0.2.80")))], null, source);
    }

    private (ServiceRule, string)? Run()
    {
        var greedy = Neighbour(200);
        var flood = _random.Next(3) == 0 ? _places - 20 + _random.Next(120) : _random.Next(40);
        // Some of them before, some behind the greedy one.
        var modest = new Queue<int>(Enumerable.Range(0, 15).Select(i => i < 3 ? 0 : _random.Next(flood + 1)).Order());
        for (var i = 0; i <= flood; i++)
        {
            while (modest.TryPeek(out var at) && at == i)
            {
                modest.Dequeue();
                if (AskSomething() is { } breach) { return breach; }
            }
            if (i < flood) { Ask(greedy, $"{i}.slow"); }
        }
        foreach (var (client, asked) in _waiting)
        {
            // The greedy one has most of the places: he alone gives up, and no more than there is no place for.
            var dropped = asked.Count(static one => one.IsCompletedSuccessfully && one.Result == 0);
            var all = _waiting.Values.Sum(static one => one.Count);
            if (client != greedy && dropped > 0) { return Breach(ServiceRule.Shares, $"{client} has {asked.Count} questions and loses {dropped}"); }
            if (client == greedy && dropped != Math.Max(0, all - _places)) { return Breach(ServiceRule.Known, $"{dropped} are dropped of {all} that wait in {_places} places"); }
        }
        foreach (var one in _slow) { one.TrySetResult(); }
        foreach (var (client, asked) in _waiting)
        {
            if (asked.Exists(static one => !one.IsCompletedSuccessfully)) { return Breach(ServiceRule.Ends, $"{client} waits for ever"); }
        }
        return null;
    }

    private (ServiceRule, string)? AskSomething()
    {
        var before = _asked;
        switch (_random.Next(5))
        {
            case 0:
                var special = s_special[_random.Next(s_special.Length)];
                var said = Ask(Neighbour(), special);
                if (_asked != before || CodeOf(said) is not (ResponseCodes.NoError or ResponseCodes.NameError)) { return Breach(ServiceRule.SpecialNames, special); }
                break;
            case 1 or 2:
                var stranger = Stranger();
                if (CodeOf(Ask(stranger, _random.Next(2) == 0 ? "www.known" : "x.slow")) != ResponseCodes.Refused || _asked != before) { return Breach(ServiceRule.Strangers, $"{stranger}"); }
                break;
            case 3:
                if (CodeOf(Ask(Neighbour(), "www.known")) != ResponseCodes.NoError) { return Breach(ServiceRule.Known, "a known name waits"); }
                break;
            default:
                Ask(Neighbour(), $"modest{_asked}.slow");
                break;
        }
        return null;
    }

    private (ServiceRule, string) Breach(ServiceRule rule, string detail) => (rule, $"seed {_seed}: {detail}");

    private IpAddress Neighbour(int host = 0) => IpAddress.Parse(_random.Next(6) switch
    {
        0 when host == 0 => "127.0.0.1",
        1 when host == 0 => "2001:db8:1::7",
        _ => $"10.1.{_random.Next(3)}.{(host == 0 ? _random.Next(20) + 1 : host)}",
    });

    private IpAddress Stranger() => IpAddress.Parse(_random.Next(3) switch { 0 => "2001:db8:2::7", 1 => "10.2.0.1", _ => $"192.0.2.{_random.Next(200)}" });

    private byte[]? Ask(IpAddress client, string name)
    {
        var query = DnsMessage.Query(7, new Question(DnsName.Parse(name), RecordType.A), HeaderFlags.RecursionDesired, Edns.Default).ToArray();
        var response = new byte[4096];
        var answering = _responder.AnswerAsync(query, new Endpoint(client, 5353), DnsTransport.Udp, response, default, default).AsTask();
        if (answering.IsCompleted) { return response; }
        if (!_waiting.TryGetValue(client, out var asked)) { _waiting[client] = asked = []; }
        asked.Add(answering);
        return null;
    }

    private static int CodeOf(byte[]? response) => response is null ? -1 : response[3] & 15;

    private static class ResponseCodes
    {
        public const int NoError = 0;
        public const int NameError = 3;
        public const int Refused = 5;
    }
}
