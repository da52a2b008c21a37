using System.Globalization;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Doctor;
using Firstbyte.Journeys;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tests.Tls;
using Firstbyte.Tls;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Doctor;

/// <summary>A visitor and a site on two machines with two addresses each: all is well with it until a test says otherwise.</summary>
internal sealed class DoctorWorld
{
    private const string Name = "site.test";

    private readonly Kernel _kernel = new(1);
    private readonly Internet _internet;
    private readonly Subnet _subnet;
    private readonly SimulatedHost _client;
    private readonly List<SiteMachine> _machines = [];
    private readonly List<TraceEvent> _events = [];

    public DoctorWorld()
    {
        _internet = new Internet(_kernel);
        _subnet = _internet.AddSubnet("lan", IpPrefix.Parse("192.0.2.0/24"), IpPrefix.Parse("2001:db8::/64"));
        _client = AddHost("client", "192.0.2.13", "2001:db8::13");
        foreach (var number in (string[])["1", "2"])
        {
            string[] addresses = [$"192.0.2.{number}", $"2001:db8::{number}"];
            _machines.Add(new SiteMachine(AddHost($"site{number}", addresses), [.. addresses.Select(IpAddress.Parse)]));
        }
    }

    public string Url { get; set; } = $"https://{Name}/";

    /// <summary>The machines, each with what it says at its ports.</summary>
    public IReadOnlyList<SiteMachine> Machines => _machines;

    /// <summary>What the name leads to, where that is not every address of the machines.</summary>
    public List<IpAddress>? Addresses { get; set; }

    /// <summary>The data of the HTTPS record; null for none.</summary>
    public byte[]? HttpsRecord { get; set; }

    /// <summary>How far before now the authority issues certificates.</summary>
    public TimeSpan IssuedBefore { get; set; }

    public TimeSpan? MaximumTime { get; set; }

    public IReadOnlyList<TraceEvent> Events => _events;

    public IReadOnlyList<Finding> Findings => [.. _events.OfType<FindingFound>().Select(static found => found.Finding)];

    /// <summary>The response with which all is well, or a variation of it.</summary>
    /// <param name="host">By whose clock it is dated.</param>
    /// <param name="fields">Fields that stand in the place of those of their name, without a value in nobody's; null for none.</param>
    /// <param name="body">The content.</param>
    /// <param name="status">The status line behind the version.</param>
    public static string Page(SimulatedHost host, string[]? fields = null, string body = "hello", string status = "200 OK")
    {
        var own = new List<string>
        {
            $"Date: {host.Time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture)}",
            "Content-Type: text/html; charset=utf-8",
            $"Content-Length: {body.Length}",
            "Cache-Control: no-cache",
            "ETag: \"1\"",
            "Vary: Accept-Encoding",
            "Strict-Transport-Security: max-age=31536000",
            "Alt-Svc: h3=\":443\"; ma=86400",
        };
        foreach (var field in fields ?? [])
        {
            own.RemoveAll(line => line.StartsWith(field.Split(':')[0] + ":", StringComparison.OrdinalIgnoreCase));
            if (!field.EndsWith(':')) { own.Add(field); }
        }
        return $"HTTP/1.1 {status}\r\n{string.Join("\r\n", own)}\r\n\r\n{body}";
    }

    /// <summary>Examines the site once.</summary>
    public ExaminationCompleted Examine() => Examine(1)[0];

    /// <summary>Examines it again and again, a minute apart.</summary>
    public IReadOnlyList<ExaminationCompleted> Examine(int rounds, Action<int>? between = null)
    {
        var authority = new LabCertificateAuthority(new CountedRandom(3), NetworkClock.Now(_client) - IssuedBefore);
        foreach (var machine in _machines) { machine.Start(authority, Name); }
        var tracer = new Tracer(new Listener(_events));
        return _kernel.Run("client", "doctor", async () =>
        {
            var doctor = new SiteDoctor(_client, new Names(this), new BouncyCastleTlsProvider(_client), new JourneyOptions
            {
                TrustAnchors = [authority.RootCertificate],
                MaximumTime = MaximumTime,
            });
            var completed = new List<ExaminationCompleted>();
            for (var round = 1; round <= rounds; round++)
            {
                if (round > 1) { await Task.Delay(TimeSpan.FromMinutes(1), _client.Time); }
                between?.Invoke(round);
                completed.Add(await doctor.ExamineAsync(Firstbyte.Urls.Url.Parse(Url), tracer));
            }
            return completed;
        });
    }

    private SimulatedHost AddHost(string name, params string[] addresses)
    {
        var host = _internet.AddHost(name);
        host.Attach(_subnet, [.. addresses.Select(IpAddress.Parse)], new WireSettings(TimeSpan.FromMilliseconds(1)));
        return host;
    }

    private sealed class Listener(List<TraceEvent> events) : ITraceSink
    {
        public bool IsListening => true;

        public void Tell(TraceEvent traceEvent) => events.Add(traceEvent);
    }

    /// <summary>What the world says of its name.</summary>
    private sealed class Names(DoctorWorld world) : INameResolver
    {
        public ValueTask<ResolutionOutcome> ResolveAsync(
            DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
        {
            var addresses = world.Addresses ?? [.. world.Machines.SelectMany(static machine => machine.Addresses)];
            DnsRecord[] records = name != DnsName.Parse(Name) ? []
                : type == RecordType.HTTPS ? world.HttpsRecord is { } data && RecordData.TryRead(type, data, out var read) ? [Record(name, read)] : []
                : [.. addresses.Where(address => address.IsV4 == (type == RecordType.A)).Select(address => Record(name, new AddressData(address)))];
            return ValueTask.FromResult<ResolutionOutcome>(new ResolvedAnswer(
                new Question(name, type, RecordClass.IN), ResponseCode.NoError, records, null,
                new AnswerSource(AnswerSourceKind.ResponsibleServer, null, "", "test", true, 0, 60)));
        }

        private static DnsRecord Record(DnsName name, RecordData data) => new(name, Ttl.FromWire(60), data);
    }
}

/// <summary>One machine of the site.</summary>
internal sealed class SiteMachine(SimulatedHost host, IpAddress[] addresses)
{
    public SimulatedHost Host => host;

    public IpAddress[] Addresses => addresses;

    /// <summary>What it answers over TLS to the head of a request; null where nobody listens.</summary>
    public Func<string, string>? Secure { get; set; } = head => head.Contains("If-None-Match", StringComparison.Ordinal)
        ? DoctorWorld.Page(host, ["Content-Length:", "Content-Type:"], "", "304 Not Modified") : DoctorWorld.Page(host);

    /// <summary>What it answers without TLS; null where nobody listens.</summary>
    public Func<string, string>? Plain { get; set; } = _ =>
        DoctorWorld.Page(host, ["Location: https://site.test/", "Strict-Transport-Security:", "Alt-Svc:"], "", "301 Moved Permanently");

    public CertificateFlaw Flaw { get; set; }

    public string[] Alpn { get; set; } = ["h2", "http/1.1"];

    public TlsVersion NewestTls { get; set; } = TlsVersion.Tls13;

    /// <summary>Addresses of the machine at which nobody listens.</summary>
    public HashSet<IpAddress> Deaf { get; } = [];

    /// <summary>Whether the connection is closed behind each response.</summary>
    public bool Closes { get; set; }

    public TimeSpan Thinks { get; set; }

    public void Start(LabCertificateAuthority authority, string name)
    {
        // Issued when somebody asks, as each costs a key.
        TlsServerOptions? tls = null;
        var provider = new BouncyCastleTlsProvider(host);
        foreach (var address in addresses.Where(address => !Deaf.Contains(address)))
        {
            if (Plain is not null) { Listen(new Endpoint(address, 80), socket => ServeAsync(new SocketByteStream(socket), head => Plain!(head))); }
            if (Secure is null) { continue; }
            Listen(new Endpoint(address, 443), async socket =>
            {
                tls ??= new TlsServerOptions([authority.Issue([name], Flaw)]) { Alpn = Alpn, MaximumVersion = NewestTls };
                if (await provider.AuthenticateAsServerAsync(new SocketByteStream(socket), tls, default) is not TlsSession session) { return; }
                await ServeAsync(session.Stream, head => Secure!(head));
            });
        }
    }

    private void Listen(Endpoint local, Func<ISocket, Task> serve)
    {
        host.StartService($"web at {local}", async () =>
        {
            var listener = new StreamListener(host, 16, 64);
            listener.Start(local);
            await listener.RunAsync((socket, _) => serve(socket));
        });
    }

    private async Task ServeAsync(IByteStream stream, Func<string, string> answer)
    {
        using var _ = stream;
        var (head, buffer) = (new StringBuilder(), new byte[4096]);
        while (true)
        {
            int count;
            try { count = await stream.ReceiveAsync(buffer); }
            catch (NetworkException) { return; }
            if (count == 0) { return; }
            head.Append(Encoding.Latin1.GetString(buffer, 0, count));
            if (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) { continue; }
            if (Thinks > TimeSpan.Zero) { await Task.Delay(Thinks, host.Time); }
            var said = answer(head.ToString());
            head.Clear();
            if (said.Length == 0) { return; }
            await stream.SendAsync(Encoding.Latin1.GetBytes(said));
            if (Closes) { return; }
        }
    }
}
