using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Dns.Resolving;

/// <summary>A server in a test: gets the query and the transport, gives the messages that come back (none: silence).</summary>
internal delegate IEnumerable<byte[]> TestServer(DnsMessage query, DnsTransport transport);

/// <summary>Name servers in memory, and a mesh of resolutions driven against them in virtual time.</summary>
internal sealed class TestInternet
{
    private readonly Dictionary<IpAddress, TestServer> _servers = [];
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private readonly Dictionary<int, Instant> _timers = [];
    private readonly HashSet<(int Resolution, int Exchange)> _open = [];
    private readonly Dictionary<int, ResolutionOutcome> _outcomes = [];
    private readonly bool _useCache;
    private ulong _random;
    private long _order;

    public TestInternet(UpstreamPolicy? policy = null, bool useCache = true, ulong seed = 1, Delegation? hints = null, PrivateAddresses? privateAddresses = null)
    {
        _useCache = useCache;
        _random = seed;
        Memory = new ResolverMemory(hints ?? Hints("a.root-servers.net. 198.41.0.4"), policy ?? UpstreamPolicy.Internet) { PrivateAddresses = privateAddresses ?? PrivateAddresses.None };
        Mesh = new ResolutionMesh((asked, budget, depth) => new IterativeResolution(asked.Question, budget, depth, Memory, _useCache), NextRandom) { IsListening = true };
    }

    public Instant Now { get; private set; } = Instant.SimulationEpoch;
    public ResolverMemory Memory { get; }
    public ResolutionMesh Mesh { get; }
    public List<TraceEvent> Events { get; } = [];
    public List<(Endpoint Server, DnsTransport Transport, DnsMessage Query)> Sent { get; } = [];

    /// <summary>How long a message and its answer take together.</summary>
    public TimeSpan RoundTrip { get; set; } = TimeSpan.FromMilliseconds(20);

    public static Delegation Hints(params string[] servers) => new(
        DnsName.Root, [.. servers.Select(line => line.Split(' ')).Select(parts => new NameServer(DnsName.Parse(parts[0]), [.. parts.Skip(1).Select(IpAddress.Parse)]))], Instant.Never);

    public TestInternet Serve(string address, TestServer server)
    {
        _servers[IpAddress.Parse(address)] = server;
        return this;
    }

    /// <summary>Serves zones as an authoritative server does.</summary>
    public TestInternet Serve(string address, params TestZone[] zones) => Serve(address, TestZone.Server(zones));

    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        Run(() => _queue.Count == 0 || _queue.TryPeek(out _, out var next) && next.At > until.Nanoseconds);
        Now = until;
    }

    public int Ask(string name, string type = "A", TimeSpan? time = null, int sends = ResolutionLimits.SendsPerClientQuery)
    {
        Assert.True(RecordType.TryParse(type, out var recordType));
        var budget = new ResolutionBudget(Now + (time ?? ResolutionLimits.ClientQueryTime), sends);
        var effects = new List<MeshEffect>();
        var ticket = Mesh.Ask(new Question(DnsName.Parse(name), recordType), budget, Now, effects);
        Apply(effects);
        return ticket;
    }

    public ResolutionOutcome WaitFor(int ticket)
    {
        Run(() => _outcomes.ContainsKey(ticket));
        return _outcomes.TryGetValue(ticket, out var outcome) ? outcome : throw new InvalidOperationException("nothing is left to happen, and the question is still open");
    }

    public ResolutionOutcome Resolve(string name, string type = "A") => WaitFor(Ask(name, type));

    public ResolvedAnswer Answer(string name, string type = "A")
    {
        var outcome = Resolve(name, type);
        return outcome as ResolvedAnswer ?? throw new InvalidOperationException(
            $"{outcome}: {string.Join("; ", ((ResolutionFailure)outcome).Evidence.AsEnumerable())}\n{string.Join('\n', Events)}");
    }

    public ResolutionFailure Failure(string name, string type = "A") => Assert.IsType<ResolutionFailure>(Resolve(name, type));

    public IEnumerable<T> Told<T>() where T : TraceEvent => Events.OfType<T>();

    private ulong NextRandom()
    {
        // SplitMix64: a fixed sequence for a seed.
        var z = _random += 0x9E3779B97F4A7C15;
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9;
        z = (z ^ z >> 27) * 0x94D049BB133111EB;
        return z ^ z >> 31;
    }

    private void Run(Func<bool> isDone)
    {
        for (var steps = 0; !isDone(); steps++)
        {
            Assert.True(steps < 100_000, "the resolution does not end");
            if (!_queue.TryDequeue(out var action, out var key)) { return; }
            Now = new Instant(Math.Max(Now.Nanoseconds, key.At));
            action();
        }
    }

    private void At(Instant when, Action action) => _queue.Enqueue(action, (when.Nanoseconds, _order++));

    private void Feed(int resolution, ResolutionInput input)
    {
        var effects = new List<MeshEffect>();
        Mesh.Handle(resolution, input, Now, effects);
        Apply(effects);
    }

    private void Apply(List<MeshEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case MeshEffect.Answered answered: _outcomes.Add(answered.Ticket, answered.Outcome); break;
                case MeshEffect.TellTicket told: Events.Add(told.Event); break;
                case MeshEffect.Closed closed: _timers.Remove(closed.Resolution); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.Tell tell }: Events.Add(tell.Event); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.EndExchange end } forward: _open.Remove((forward.Resolution, end.Exchange)); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.SendQuery send } forward: Send(forward.Resolution, send); break;
                case MeshEffect.Forward { Effect: ResolutionEffect.SetTimer timer } forward:
                    var resolution = forward.Resolution;
                    _timers[resolution] = timer.Due;
                    At(timer.Due, () => { if (_timers.TryGetValue(resolution, out var due) && due == timer.Due) { Feed(resolution, new ResolutionInput.TimedOut(due)); } });
                    break;
            }
        }
    }

    private void Send(int resolution, ResolutionEffect.SendQuery send)
    {
        Assert.True(DnsMessage.TryParse(send.Message, out var query, out _));
        Sent.Add((send.Server, send.Transport, query));
        _open.Add((resolution, send.Exchange));
        if (!_servers.TryGetValue(send.Server.Address, out var server))
        {
            At(Now, () => Feed(resolution, new ResolutionInput.NetworkFailed(send.Exchange, Errno.ENETUNREACH, WasSent: false)));
            return;
        }
        foreach (var reply in server(query, send.Transport))
        {
            At(Now + RoundTrip, () =>
            {
                if (_open.Contains((resolution, send.Exchange))) { Feed(resolution, new ResolutionInput.ResponseArrived(send.Exchange, send.Server, reply)); }
            });
        }
    }
}

/// <summary>A zone in a test: records as text, answered as RFC 1034 4.3.2 says, without wildcards.</summary>
internal sealed class TestZone
{
    private readonly DnsName _origin;
    private readonly List<DnsRecord> _records = [];

    public TestZone(string origin, params string[] lines)
    {
        _origin = DnsName.Parse(origin);
        if (!lines.Any(line => line.Contains(" SOA "))) { _records.Add(Record($"{origin} 600 SOA ns.{origin} hostmaster.{origin} 1 60 60 60 60".Replace("..", "."))); }
        foreach (var line in lines) { _records.Add(Record(line)); }
    }

    public void Remove(string owner) => _records.RemoveAll(record => record.Owner == DnsName.Parse(owner));

    public void Add(string line) => _records.Add(Record(line));

    public static DnsRecord Record(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(RecordType.TryParse(parts[2], out var type));
        RecordData data = parts[2] switch
        {
            "A" or "AAAA" => new AddressData(IpAddress.Parse(parts[3])),
            "NS" or "CNAME" or "DNAME" or "PTR" => new NameData(type, DnsName.Parse(parts[3])),
            "SOA" => new SoaData(DnsName.Parse(parts[3]), DnsName.Parse(parts[4]), uint.Parse(parts[5]), uint.Parse(parts[6]), uint.Parse(parts[7]), uint.Parse(parts[8]), uint.Parse(parts[9])),
            "TXT" => new TxtData([System.Text.Encoding.ASCII.GetBytes(parts[3])]),
            _ => throw new FormatException(line),
        };
        return new DnsRecord(DnsName.Parse(parts[0]), new Ttl(uint.Parse(parts[1])), data);
    }

    /// <summary>An authoritative server of these zones: the one with the longest matching origin answers.</summary>
    public static TestServer Server(params TestZone[] zones) => (query, _) =>
    {
        var name = query.Questions[0].Name;
        var zone = zones.Where(zone => name.IsSubdomainOf(zone._origin)).MaxBy(zone => zone._origin.LabelCount);
        return [zone is null ? Reply(query, ResponseCode.Refused, HeaderFlags.None) : zone.Answer(query)];
    };

    public static byte[] Reply(
        DnsMessage query, ResponseCode code, HeaderFlags flags = HeaderFlags.AuthoritativeAnswer, string[]? answer = null, string[]? authority = null, string[]? additional = null) =>
        new DnsMessage
        {
            Id = query.Id,
            Flags = HeaderFlags.Response | flags,
            ResponseCode = code,
            Questions = query.Questions,
            Edns = query.Edns,
            Answers = [.. (answer ?? []).Select(Record)],
            Authorities = [.. (authority ?? []).Select(Record)],
            Additionals = [.. (additional ?? []).Select(Record)],
        }.ToArray();

    private byte[] Answer(DnsMessage query)
    {
        var (name, type) = (query.Questions[0].Name, query.Questions[0].Type);
        var answers = new List<DnsRecord>();
        while (name.IsSubdomainOf(_origin))
        {
            for (var labels = _origin.LabelCount + 1; labels <= name.LabelCount; labels++)
            {
                var cut = name.Suffix(labels);
                var servers = _records.FindAll(record => record.Owner == cut && record.Type == RecordType.NS);
                if (servers.Count > 0 && !(type == RecordType.DS && cut == name)) { return Refer(query, answers, servers); }
                if (labels < name.LabelCount && _records.Find(record => record.Owner == cut && record.Type == RecordType.DNAME) is { } dname)
                {
                    answers.Add(dname);
                    Assert.True(DnsName.TryFromWire([.. name.Wire[..(name.Length - cut.Length)], .. ((NameData)dname.Data).Target.Wire], out var substitute));
                    answers.Add(new DnsRecord(name, dname.Ttl, new NameData(RecordType.CNAME, substitute)));
                    return Finish(query, ResponseCode.NoError, answers, []);
                }
            }
            var found = _records.FindAll(record => record.Owner == name && record.Type == type);
            if (found.Count > 0) { return Finish(query, ResponseCode.NoError, [.. answers, .. found], []); }
            if (_records.Find(record => record.Owner == name && record.Type == RecordType.CNAME) is not { } alias || answers.Contains(alias)) { break; }
            answers.Add(alias);
            name = ((NameData)alias.Data).Target;
        }
        if (answers.Count > 0) { return Finish(query, ResponseCode.NoError, answers, []); }
        var exists = _records.Exists(record => record.Owner.IsSubdomainOf(name));
        return Finish(query, exists ? ResponseCode.NoError : ResponseCode.NameError, [], _records.FindAll(record => record.Type == RecordType.SOA));
    }

    private byte[] Refer(DnsMessage query, List<DnsRecord> answers, List<DnsRecord> servers)
    {
        var glue = _records.FindAll(record => record.Data is AddressData && servers.Exists(server => ((NameData)server.Data).Target == record.Owner));
        return new DnsMessage
        {
            Id = query.Id,
            Flags = HeaderFlags.Response,
            Questions = query.Questions,
            Edns = query.Edns,
            Answers = answers,
            Authorities = servers,
            Additionals = glue,
        }.ToArray();
    }

    private static byte[] Finish(DnsMessage query, ResponseCode code, List<DnsRecord> answers, List<DnsRecord> authorities) => new DnsMessage
    {
        Id = query.Id,
        Flags = HeaderFlags.Response | HeaderFlags.AuthoritativeAnswer,
        ResponseCode = code,
        Questions = query.Questions,
        Edns = query.Edns,
        Answers = answers,
        Authorities = authorities,
    }.ToArray();
}
