using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Records;
using Firstbyte.Http;
using Firstbyte.Http.Cookies;
using Firstbyte.Journeys;
using Firstbyte.Proxies;
using Firstbyte.Sockets;
using Firstbyte.Tls;
using Firstbyte.Tracing;
using Firstbyte.Transfers;
using Firstbyte.Urls;

namespace Firstbyte.Doctor;

/// <summary>Examines a site: a journey to it, extra looks, and what is to be said of all that they have shown.</summary>
/// <remarks>
/// Theory of operation. A look is a journey like any other, made by <see cref="JourneyClient"/>; whoever judges it listens to its events. First the
/// journey goes as it was asked for, redirects and all. Then every address of the name is asked alone, over http: and over https:; then it is seen in a
/// handshake which protocols are offered, and by a conditional request whether the server knows its page again. A certificate's faults end no look, as there
/// is more to see behind them. When all is seen the examiners judge (<see cref="Examiners"/>), each one side of the site. Each loop has its limit (<see
/// cref="DoctorLimits"/>): what was not looked at for a limit is said. Proxies are passed by: it is the site that is examined, from here.
/// </remarks>
/// <param name="network">The host from which it is looked.</param>
/// <param name="resolver">Its resolver.</param>
/// <param name="tls">How it secures connections.</param>
/// <param name="options">
/// What all looks have in common: who asks, whom they trust, how long all of it may take (<see cref="JourneyOptions.MaximumTime"/>).
/// </param>
public sealed class SiteDoctor(INetwork network, INameResolver resolver, ITlsProvider tls, JourneyOptions options)
{
    private const int HttpPort = 80, HttpsPort = 443;
    private static readonly string[] s_allProtocols = ["h2", "http/1.1"];

    private readonly INetwork _network = network;
    private readonly INameResolver _resolver = resolver;
    private readonly ITlsProvider _tls = tls;
    private readonly JourneyOptions _options = options;
    private readonly FindingRounds _rounds = new(network);

    /// <summary>Whether a URL can be examined: http: and https: alone.</summary>
    public static bool CanExamine(Url url) => url is { Scheme: "http" or "https" };

    /// <summary>Examines the site once, and tells it; from the second time on also what is other than before.</summary>
    /// <returns>What the exit code says of it.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async ValueTask<ExaminationCompleted> ExamineAsync(Url url, Tracer tracer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(url);
        ArgumentNullException.ThrowIfNull(tracer);
        var (span, began) = (tracer.Root(_network), _network.Time.GetTimestamp());
        var site = new Examination(url, _network, _resolver);
        _rounds.Begin(span, url.Href);
        using var patience = new CancellationTokenSource(_options.MaximumTime ?? DoctorLimits.Whole, _network.Time);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _options.Rest, cancellationToken);
        var looking = new Looking(this, site, tracer, span);
        try
        {
            await looking.GoAsync(all.Token);
            foreach (var examiner in Examiners.All) { await examiner.ExamineAsync(site, all.Token); }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            site.Left = Math.Max(1, looking.Total - site.Taken);
            // Those who ask nobody can still say what they see.
            foreach (var examiner in Examiners.All.OfType<Examiner>()) { await examiner.ExamineAsync(site, cancellationToken); }
        }
        return _rounds.Complete(span, site.Url.Href, [.. site.Findings], site.Taken, began);
    }

    /// <summary>The looks of one examination.</summary>
    private sealed class Looking(SiteDoctor doctor, Examination site, Tracer tracer, TraceSpan span)
    {
        private readonly INetwork _network = doctor._network;

        public int Total { get; private set; } = 1;

        public async ValueTask GoAsync(CancellationToken cancellationToken)
        {
            var addresses = await FindAddressesAsync(cancellationToken);
            var ports = Ports();
            // The journey, each address at each port, what is offered, and whether it is still the same.
            Total = 1 + addresses.Length * ports.Count + 2;
            site.Journey = await LookAsync(LookKind.Journey, site.Url, null, site.Cookies, [], cancellationToken);
            foreach (var (url, port) in ports)
            {
                foreach (var address in addresses)
                {
                    var seen = await LookAsync(LookKind.Address, url, address, new CookieJar(), [], cancellationToken);
                    site.Looks.Add(new AddressLook(address, port, url.Scheme == "https", seen));
                }
            }
            await LookAtOffersAsync(cancellationToken);
            await LookAtValidatorAsync(cancellationToken);
        }

        private async ValueTask<IpAddress[]> FindAddressesAsync(CancellationToken cancellationToken)
        {
            if (IpAddress.TryParse(site.Host, out var literal)) { site.Addresses = [literal]; }
            else if (DnsName.TryParse(site.Host, out var name))
            {
                var how = new ResolutionOptions { Fresh = doctor._options.FreshNames, IsAbsolute = site.Host.EndsWith('.') };
                var names = tracer.Root(_network);
                var lookup = await doctor._resolver.ResolveAddressesAsync(name, options: how, span: names, cancellationToken: cancellationToken);
                site.Addresses = lookup.Addresses;
                site.AreAddressesKnown = lookup.Outcomes.All(static outcome => outcome is ResolvedAnswer);
                site.RecordOffers = lookup.Addresses.Length == 0 ? null
                    : ServiceOffers.Of(await doctor._resolver.ResolveAsync(name, RecordType.HTTPS, how, names, cancellationToken));
            }
            var reachable = new List<IpAddress>();
            foreach (var address in site.Addresses)
            {
                if (await HostRoutes.ReachesAsync(_network, new Endpoint(address, HttpsPort))) { reachable.Add(address); }
            }
            foreach (var version in (IpVersion[])[IpVersion.V4, IpVersion.V6])
            {
                var count = site.Addresses.Count(address => address.Version == version);
                if (count > 0 && !reachable.Exists(address => address.Version == version)) { site.OutOfReach.Add((version, count)); }
            }
            var examined = reachable.Take(DoctorLimits.Addresses).ToArray();
            site.Examined = examined.Length;
            span.Tell(new SiteFound(site.Host, [.. examined, .. site.Addresses.Except(examined)], site.RecordOffers));
            return examined;
        }

        // Where a port is named nobody knows where the other scheme is.
        private List<(Url Url, int Port)> Ports()
        {
            var (url, port) = (site.Url, site.Url.EffectivePort);
            return (url.Scheme, port) switch
            {
                ("https", HttpsPort) => [(url, port), (url.WithProtocol("http"), HttpPort)],
                ("http", HttpPort) => [(url, port), (url.WithProtocol("https"), HttpsPort)],
                _ => [(url, port)],
            };
        }

        private async ValueTask<Look> LookAsync(
            LookKind kind, Url url, IpAddress? address, CookieJar jar, HttpField[] conditions, CancellationToken cancellationToken)
        {
            var (look, number, began) = (new Look(tracer.Sink), Begin(kind, url, address), _network.Time.GetTimestamp());
            using var client = new JourneyClient(_network, doctor._resolver, doctor._tls, doctor._options with
            {
                AllowCertificateFaults = true,
                FollowRedirects = kind == LookKind.Journey,
                MaximumRedirects = DoctorLimits.Redirects,
                MaximumBytes = DoctorLimits.ContentBytes,
                MaximumTime = DoctorLimits.Look,
                ConnectTimeout = DoctorLimits.Connect,
                KeepConnections = false,
                Cookies = jar,
                Hsts = null,
                Cache = null,
                Proxies = ProxySettings.None,
                Retries = 0,
                OnlyAddress = address,
            });
            // Of one address the content is wanted as it is: what comes compressed to browsers comes to others in another way.
            var request = new JourneyRequest(url.Href) { AcceptsCodings = kind != LookKind.Address, Fields = conditions };
            await client.RunAsync(request, DiscardingSink.Instance, tracer.Into(look), cancellationToken);
            var last = look.Last;
            span.Tell(new LookTaken(
                number, kind, last?.Url?.Href ?? url.Href, last?.Address ?? address, last?.Head?.Status ?? 0, look.Hops.Count - 1, last?.End?.BodyBytes ?? 0,
                last?.Tls?.Version, last?.Tls?.Alpn, look.Failure, NetworkClock.NanosecondsSince(_network.Time, began)));
            return look;
        }

        private int Begin(LookKind kind, Url url, IpAddress? address)
        {
            span.Tell(new LookStarted(++site.Taken, Math.Max(Total, site.Taken), kind, url.Href, address));
            return site.Taken;
        }

        // The other looks offer what we speak; this one offers what others do, and says nothing on it.
        private async ValueTask LookAtOffersAsync(CancellationToken cancellationToken)
        {
            if (site.Looks.Find(static look => look.Seen.Last?.Tls is not null) is not { } secure || secure.Seen.Last?.Url is not { } url) { return; }
            var (number, began) = (Begin(LookKind.Offers, url, secure.Address), _network.Time.GetTimestamp());
            var settings = (doctor._options with { AllowCertificateFaults = true, ConnectTimeout = DoctorLimits.Connect }).Connecting;
            var connector = new Connector(_network, doctor._tls, settings);
            var look = new Look(tracer.Sink);
            var attempts = new List<ConnectAttempt>();
            var root = tracer.Into(look).Root(_network);
            var origin = new Origin("https", url.Hostname, secure.Port);
            var connection = await connector.ConnectAsync(origin, site.Host, [secure.Address], attempts, root, cancellationToken);
            TlsSession? session = null;
            JourneyFailure? failure = connection is null ? new NotConnected(origin, [.. attempts]) : null;
            if (connection is not null)
            {
                var result = await connector.SecureAsync(connection, site.Host, s_allProtocols, isProxy: false, cancellationToken);
                session = result as TlsSession;
                if (result is TlsFailure refused)
                {
                    failure = new HandshakeFailed(origin, refused.Reason, [.. refused.Faults], refused.Alert, refused.Error) { Pin = refused.Pin };
                }
            }
            session?.Stream.Close();
            if (session is not null)
            {
                site.Offers = new TlsHandshakeCompleted(session.Version, session.Suite, session.Alpn, [.. session.Chain], 0);
            }
            span.Tell(new LookTaken(
                number, LookKind.Offers, url.Href, secure.Address, 0, 0, 0, session?.Version, session?.Alpn, failure,
                NetworkClock.NanosecondsSince(_network.Time, began)));
        }

        // An entity tag is asked for where there is one (RFC 9110 13.1.2), else the time.
        private async ValueTask LookAtValidatorAsync(CancellationToken cancellationToken)
        {
            if (site.Page is not { Head.Status: 200, Url: { } url } page) { return; }
            var (field, validator) = page.Field("ETag") is { } tag && EntityTag.TryRead(tag, out _) ? ("If-None-Match", tag)
                : page.Field("Last-Modified") is { } date && HttpDate.TryRead(date, out _) ? ("If-Modified-Since", date)
                : ("", "");
            if (field.Length == 0) { return; }
            var look = await LookAsync(LookKind.Validation, url, null, new CookieJar(), [new HttpField(field, validator)], cancellationToken);
            if (look.Last is not { Head: { } head } again) { return; }
            // A page that has changed meanwhile is another one, and has all right to be sent.
            var isSame = again.Field(field == "If-None-Match" ? "ETag" : "Last-Modified") == validator;
            if (head.Status != 200 || isSame) { (site.ValidationStatus, site.Validator) = (head.Status, validator); }
        }
    }
}
