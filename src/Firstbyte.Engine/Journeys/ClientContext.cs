using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Errors;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Journeys;

/// <summary>
/// What every client of a run works with: the host's network (clock and randomness among it), its names, connections and TLS, and the
/// run's settings.
/// </summary>
/// <remarks>The steps that clients share are made here: each is timed on the journey, and what goes wrong comes back as the journey's failure.</remarks>
internal sealed class ClientContext(INetwork network, INameResolver resolver, ITlsProvider tls, JourneyOptions options)
{
    private readonly HostFinder _finder = new(network, resolver, options.Connecting);
    private int _journeys;
    private readonly Connector _connector = new(network, tls, options.Connecting);
    private ProxyPassage? _passage;

    /// <summary>Answers the proxies that want to know who asks, of all journeys of the run.</summary>
    public ChallengeAnswering ProxyAnswering { get; } = new(network, ofProxies: true);

    /// <summary>The host's network: sockets, clock, randomness, files.</summary>
    public INetwork Network { get; } = network;

    /// <summary>The host's resolver, for what is not an address (MX).</summary>
    public INameResolver Resolver { get; } = resolver;

    /// <summary>What all journeys of the run have in common.</summary>
    public JourneyOptions Options { get; } = options;

    /// <summary>Begins a journey.</summary>
    public Journey Begin(TraceSpan span, JourneyRequest request, IBodySink sink)
    {
        var journey = new Journey(span, Network, request, sink);
        if (span.IsListening)
        {
            span.Tell(new JourneyStarted(++_journeys, request.Input, Options.Place, Options.Seed)
            {
                Host = Options.Host,
                CallsOf = Options.CallsOf,
                IsWithoutRoots = Options.IsWithoutRoots ? true : null,
            });
        }
        return journey;
    }

    /// <summary>Begins the journey that goes on where another was redirected.</summary>
    public Journey Follow(Journey before, Url url, JourneyRequest request)
    {
        var journey = Begin(before.Span.Begin(), request, before.Sink);
        before.Next = journey;
        journey.RedirectedFrom = before.Url;
        journey.Limits = before.Limits;
        journey.LeadTo(url);
        HeedHsts(journey);
        ChooseProxy(journey);
        return journey;
    }

    /// <summary>Who asks: what the user has said, else the run's netrc file, else the URL; null when nobody says.</summary>
    public (Credentials Credentials, CredentialsSource Source)? CredentialsOf(Journey journey)
    {
        if (journey.Request.Credentials is { } given) { return (given, CredentialsSource.User); }
        var inUrl = CredentialsIn(journey.Url);
        // Whom a redirect has led from TLS to a connection that everybody reads, no file's password follows.
        var isUncovered = journey.RedirectedFrom is { Scheme: "https" } && journey.Url.Scheme != "https";
        var user = inUrl is { User.Length: > 0 } ? inUrl.User : null;
        if (!isUncovered && Options.Netrc?.Find(journey.Host, user) is { } found) { return (found, CredentialsSource.Netrc); }
        return inUrl is null ? null : (inUrl, CredentialsSource.Url);
    }

    /// <summary>The credentials that a URL carries; null when it carries none.</summary>
    public static Credentials? CredentialsIn(Url url) => url.HasCredentials ? new Credentials(Decoded(url.UsernameSpan), Decoded(url.PasswordSpan)) : null;

    private static string Decoded(ReadOnlySpan<char> text) => Encoding.UTF8.GetString(PercentDecoding.Decode(text));

    /// <summary>Asks a host over TLS that has asked for it before, whatever the URL says (RFC 6797 8.3).</summary>
    public void HeedHsts(Journey journey)
    {
        if (Options.Hsts is not { } store || journey.Url.Scheme != "http") { return; }
        if (store.Find(journey.Host, Instant.FromDateTimeOffset(Network.Time.GetUtcNow())) is not { } by) { return; }
        // A port that is named stays; the one that nobody names is https:'s then.
        var url = Url.Parse("https" + journey.Url.Href["http".Length..]);
        journey.Secure(url);
        if (journey.Span.IsListening) { journey.Span.Tell(new HstsHeeded(by, url.Href)); }
    }

    /// <summary>Says by way of which proxy the journey goes, and tells it.</summary>
    public void ChooseProxy(Journey journey)
    {
        var (settings, span, scheme) = (Options.Proxies, journey.Span, journey.Url.Scheme);
        if (settings.Find(scheme) is not { } named)
        {
            if (settings.Unread is { } value && scheme == "http" && span.IsListening) { span.Tell(new ProxyNamed("HTTP_PROXY", value)); }
            return;
        }
        if (settings.Exceptions?.Find(journey.Host) is { } entry)
        {
            if (span.IsListening) { span.Tell(new ProxyBypassed(named.Variable, entry, settings.ExceptionsFrom)); }
            return;
        }
        var proxy = named.Proxy;
        journey.Proxy = new JourneyProxy(
            proxy, scheme != "http" || settings.TunnelsAll || !ProxyKinds.IsHttp(proxy.Kind), settings.CredentialsSource, settings.Authentication);
        if (span.IsListening) { span.Tell(new ProxyChosen(proxy.Kind, proxy.Host, proxy.Port, named.Variable, journey.Proxy.IsTunnel)); }
    }

    /// <summary>Says that a proxy which was named is not used, where somebody is connected to without it; a file is nobody.</summary>
    public void TellProxyUnused(Journey journey)
    {
        var scheme = journey.Url.Scheme;
        if (scheme != "file" && journey.Span.IsListening && Options.Proxies.Find(scheme) is { } named)
        {
            journey.Span.Tell(new ProxyUnused(named.Variable, scheme));
        }
    }

    /// <summary>The addresses of whom the journey connects to: its host, or a proxy.</summary>
    public async ValueTask<(IpAddress[] Addresses, JourneyFailure? Failure)> FindPeerAsync(Journey journey, CancellationToken cancellationToken)
    {
        using var _ = journey.Doing(JourneyStep.Name);
        if (journey.Proxy is not { } proxy) { return await FindHostAsync(journey, journey.Host, journey.Port, cancellationToken); }
        if (!proxy.IsTunnel) { TellNameLeft(journey); }
        else if (await FindTargetAsync(journey, proxy.Address.Kind, cancellationToken) is { } noTarget)
        {
            return ([], noTarget is NameFailure unknown ? unknown with { LookUpAt = proxy.LookUp } : noTarget);
        }
        var (addresses, noProxy) = await FindHostAsync(journey, proxy.Address.Host, proxy.Address.Port, cancellationToken);
        return (addresses, noProxy is null ? null : new ProxyFailed(proxy.Origin, noProxy));
    }

    private async ValueTask<JourneyFailure?> FindTargetAsync(Journey journey, ProxyKind kind, CancellationToken cancellationToken)
    {
        var isAddress = journey.Url.HostKind is UrlHostKind.Ipv4 or UrlHostKind.Ipv6;
        if (!isAddress && ProxyKinds.LooksUp(kind))
        {
            TellNameLeft(journey);
            return null;
        }
        var (addresses, failure) = await FindHostAsync(journey, journey.Host, journey.Port, cancellationToken);
        if (failure is not null) { return failure; }
        // SOCKS4 knows no other: what it cannot say it refuses itself.
        journey.TargetAddress = kind is ProxyKind.Socks4 or ProxyKind.Socks4a && addresses.Any(static one => one.IsV4)
            ? addresses.First(static one => one.IsV4)
            : addresses[0];
        return null;
    }

    private static void TellNameLeft(Journey journey)
    {
        if (!journey.Span.IsListening || journey.Url.HostKind is UrlHostKind.Ipv4 or UrlHostKind.Ipv6) { return; }
        journey.Span.Tell(new NameLeftToProxy(journey.Host));
    }

    /// <summary>The addresses of a host that is not the URL's own.</summary>
    public async ValueTask<(IpAddress[] Addresses, JourneyFailure? Failure)> FindAsync(
        Journey journey, string host, int port, CancellationToken cancellationToken)
    {
        using var _ = journey.Doing(JourneyStep.Name);
        return await FindHostAsync(journey, host, port, cancellationToken);
    }

    private async ValueTask<(IpAddress[] Addresses, JourneyFailure? Failure)> FindHostAsync(
        Journey journey, string host, int port, CancellationToken cancellationToken)
    {
        if (Options.OnlyAddress is { } only && host == journey.Host)
        {
            if (journey.Span.IsListening) { journey.Span.Tell(new HostIsAddress(only)); }
            return ([only], null);
        }
        if (Options.Given?.Find(host, port) is { } given)
        {
            if (journey.Span.IsListening) { journey.Span.Tell(new AddressesGiven(host, port, given)); }
            return OfVersion(host, given);
        }
        if (IpAddress.TryParse(host, out var address))
        {
            if (journey.Span.IsListening) { journey.Span.Tell(new HostIsAddress(address)); }
            return OfVersion(host, [address]);
        }
        if (await _finder.FindAsync(host, journey.Span, cancellationToken) is not { } lookup) { return ([], new NotADomainName(host)); }
        if (lookup.Addresses.Length > 0) { return (lookup.Addresses, null); }
        var failure = NameFailure(host, lookup);
        return ([], failure is NameWithoutAddress && Options.AddressVersion != IpVersion.None ? new VersionUnavailable(host, Options.AddressVersion) : failure);
    }

    // What a resolver has found is of that version already, as it was asked for no other.
    private (IpAddress[] Addresses, JourneyFailure? Failure) OfVersion(string host, IpAddress[] addresses)
    {
        if (Options.AddressVersion == IpVersion.None) { return (addresses, null); }
        addresses = Array.FindAll(addresses, address => address.Version == Options.AddressVersion);
        return (addresses, addresses.Length > 0 ? null : new VersionUnavailable(host, Options.AddressVersion));
    }

    /// <summary>A connection to the journey's host, or to another port of it: directly, or by way of its proxy.</summary>
    /// <param name="journey">The journey.</param>
    /// <param name="origin">Where to.</param>
    /// <param name="addresses">What <see cref="FindPeerAsync"/> has found.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public ValueTask<(Connected? Connection, JourneyFailure? Failure)> ConnectAsync(
        Journey journey, Origin origin, IpAddress[] addresses, CancellationToken cancellationToken) =>
        journey.Proxy is null
            ? ReachAsync(journey, origin, journey.Host, addresses, cancellationToken)
            : (_passage ??= new ProxyPassage(this)).OpenAsync(journey, origin, addresses, cancellationToken);

    /// <summary>What is left of the limit of connecting.</summary>
    public TimeSpan LeftToConnect(Connected connection) => _connector.Left(connection);

    /// <summary>A connection to one of the addresses, whosever they are.</summary>
    public async ValueTask<(Connected? Connection, JourneyFailure? Failure)> ReachAsync(
        Journey journey, Origin origin, string host, IpAddress[] addresses, CancellationToken cancellationToken)
    {
        var before = journey.Step;
        using var _ = journey.Doing(JourneyStep.Connect);
        var attempts = new List<ConnectAttempt>();
        var connection = await _connector.ConnectAsync(origin, host, addresses, attempts, journey.Span, cancellationToken);
        if (connection is null) { return (null, new NotConnected(origin, await ExplainAsync(attempts, origin.Port))); }
        GoOn(journey, before);
        return (connection, null);
    }

    // A conversation that needed another connection, or TLS in its midst, is what is waited for again.
    private static void GoOn(Journey journey, JourneyStep before)
    {
        if (before == JourneyStep.Read) { journey.Step = before; }
    }

    // Whether this host has no way or somebody farther on, connect() says in the same word.
    private async ValueTask<ConnectAttempt[]> ExplainAsync(List<ConnectAttempt> attempts, int port)
    {
        var explained = attempts.ToArray();
        for (var i = 0; i < explained.Length; i++)
        {
            if (explained[i].Error != Errno.ENETUNREACH) { continue; }
            var address = explained[i].Address;
            var obstacle = await HostRoutes.ObstacleAsync(Network, new Endpoint(address, (ushort)port));
            explained[i] = explained[i] with
            {
                HasRoute = obstacle == Errno.None,
                IsWithoutAddress = !Network.GetAddresses().Any(own => own.Version == address.Version),
                IsOfWorld = Network.IsOfWorld(address),
                IsToMany = obstacle == Errno.EACCES || SpecialPurpose.Find(address)?.Kind is AddressKind.Multicast or AddressKind.LimitedBroadcast,
            };
        }
        return explained;
    }

    /// <summary>TLS over a connection, by the name of whoever is at its other end.</summary>
    public async ValueTask<(TlsSession? Session, JourneyFailure? Failure)> SecureAsync(
        Journey journey, Origin origin, string host, Connected connection, string[] alpn, CancellationToken cancellationToken, bool isProxy = false,
        bool allowsFaults = false)
    {
        var before = journey.Step;
        using var _ = journey.Doing(JourneyStep.Tls);
        var resumes = !isProxy && journey.Url.Scheme is ("ftp" or "ftps");
        var result = await _connector.SecureAsync(connection, host, alpn, isProxy, cancellationToken, allowsFaults, resumes);
        if (result is TlsSession secured)
        {
            GoOn(journey, before);
            return (secured, null);
        }
        return result switch
        {
            TlsFailure failure => (null, new HandshakeFailed(origin, failure.Reason, [.. failure.Faults], failure.Alert, failure.Error) { Pin = failure.Pin }),
            _ => (null, new OutOfTime(JourneyStep.Tls, origin.ToString(), Options.ConnectTimeout.Ticks * TimeSpan.NanosecondsPerTick, TimeLimit.Connecting)),
        };
    }

    /// <summary>Why a question about a name has no answer that can be used.</summary>
    public static JourneyFailure NameFailureOf(string name, ResolutionOutcome outcome) =>
        NameFailure(name, new AddressLookup(outcome.Question.Name, [], [outcome]));

    private static JourneyFailure NameFailure(string name, AddressLookup lookup)
    {
        // That a name does not exist is said of all its types: it stands, whatever became of the other question.
        var denial = lookup.Outcomes.OfType<ResolvedAnswer>().FirstOrDefault(answer => answer.Code == ResponseCode.NameError);
        if (denial is not null) { return new NameDoesNotExist(name, denial.Source); }
        if (lookup.Failure is { } failure)
        {
            var server = failure.Evidence.LastOrDefault(one => one.Server is not null)?.Server;
            return new NameUnresolved(name, failure.Reason, failure.AtFault, failure.Zone.ToHostString(), server);
        }
        var answers = lookup.Outcomes.OfType<ResolvedAnswer>().ToArray();
        return new NameWithoutAddress(name, answers[0].Source, lookup.Only);
    }
}
