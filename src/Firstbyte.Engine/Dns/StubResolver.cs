using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tracing;

namespace Firstbyte.Dns;

/// <summary>Asks the recursive servers that this host is configured for, and keeps what they answer (RFC 1034 5.3.1).</summary>
public sealed class StubResolver : INameResolver, IDisposable
{
    private static readonly ResolutionOptions Default = new();
    private readonly INetwork _network;
    private readonly StubOptions _options;
    private readonly DnsCache _cache = new(capacity: 10_000);
    private readonly InfrastructureCache _infrastructure = new(capacity: 100);
    private readonly ResolutionDriver _driver;

    /// <summary>A resolver that asks these servers.</summary>
    public StubResolver(INetwork network, StubOptions options, IUpstreamTransports? transports = null)
    {
        _network = network ?? throw new ArgumentNullException(nameof(network));
        _options = options ?? throw new ArgumentNullException(nameof(options));
        _driver = new ResolutionDriver(network, Create, transports);
    }

    /// <summary>
    /// What programs on this host use: hosts file and localhost first, then resolv.conf's servers with its search list. Without a
    /// resolv.conf, the server on the own host.
    /// </summary>
    public static INameResolver FromSystem(INetwork network)
    {
        ArgumentNullException.ThrowIfNull(network);
        var file = network.Files.Read(ResolvConf.Path);
        return FromConfiguration(network, file is null ? ResolvConf.Default : ResolvConf.Parse(file));
    }

    /// <summary>The same for one recursive server in place of the configured ones; the search list stays.</summary>
    public static INameResolver FromServer(INetwork network, Endpoint server) => FromServer(network, new UpstreamServer(server));

    /// <summary>The same, for a server that is asked in a way of its own.</summary>
    public static INameResolver FromServer(INetwork network, UpstreamServer server, IUpstreamTransports? transports = null)
    {
        ArgumentNullException.ThrowIfNull(server);
        ArgumentNullException.ThrowIfNull(network);
        var file = network.Files.Read(ResolvConf.Path);
        var conf = file is null ? ResolvConf.Default : ResolvConf.Parse(file);
        if (server.Transport == DnsTransport.Udp && conf.UseTcp) { server = server with { Transport = DnsTransport.Tcp }; }
        var options = new StubOptions([server]) { Timeout = conf.Timeout, Attempts = conf.Attempts, Edns = true, AreNamed = true };
        return Compose(network, conf, options, transports);
    }

    /// <summary>Hosts file, search list and servers of a configuration.</summary>
    public static INameResolver FromConfiguration(INetwork network, ResolvConf conf)
    {
        ArgumentNullException.ThrowIfNull(conf);
        return Compose(network, conf, new StubOptions([.. conf.Nameservers.Select(address => new Endpoint(address, Port))], conf.UseTcp)
        {
            Timeout = conf.Timeout,
            Attempts = conf.Attempts,
            Rotate = conf.Rotate,
            Edns = conf.Edns,
            AreAssumed = conf.NamesNoServer,
        });
    }

    /// <summary>The port of DNS servers (RFC 1035 4.2).</summary>
    public const ushort Port = 53;

    /// <inheritdoc/>
    public ValueTask<ResolutionOutcome> ResolveAsync(
        DnsName name, RecordType type, ResolutionOptions? options = null, TraceSpan span = default, CancellationToken cancellationToken = default)
    {
        var rounds = Math.Max(1, _options.Servers.Length * _options.Attempts);
        // Each turn may end over TCP, which has its own time.
        var budget = (options ?? Default).ToBudget(NetworkClock.Monotonic(_network), (_options.Timeout + ResolutionLimits.TcpTimeout) * rounds);
        return _driver.AskAsync(new Question(name, type), budget, span, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _driver.Dispose();

    private StubResolution Create(MeshQuestion asked, ResolutionBudget budget, int depth) =>
        new(asked.Question, budget, _options, _cache, _infrastructure, !budget.WantsFresh);

    private static LocalNameResolver Compose(INetwork network, ResolvConf conf, StubOptions options, IUpstreamTransports? transports = null) =>
        new(network, new SearchListResolver(new StubResolver(network, options, transports), conf.Search, conf.Dots));
}
