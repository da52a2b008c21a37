using System.Security.Cryptography;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Validating;
using Firstbyte.Dns.Zones;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Labs.Attackers;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Proxies;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Tls;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Labs;

/// <summary>Starts what the hosts of a lab serve: the engine's own servers, on the hosts' sockets.</summary>
internal sealed class LabServices
{
    // RFC 1035 4.2.
    public const ushort DnsPort = 53;

    // RFC 8314 3.3.
    private const ushort SubmissionsPort = 465;

    // RFC 8143 2.
    private const ushort SecureNewsPort = 563;

    // A lab's path is as bad as somebody wants it: that a connection is dead TCP finds out (after a quarter of an hour: R2, RFC 9293 section 3.8.3), and
    // no limit of a server's ends it before.
    private static readonly HttpServerOptions s_patient = new() { StallTimeout = TimeSpan.FromMinutes(20) };

    private readonly LabWorld _world;
    private readonly Lazy<LabCertificateAuthority> _authority;
    private readonly Dictionary<SimulatedHost, LabStore> _stores = [];
    private readonly Dictionary<(SimulatedHost Host, LabPlace Place), MailStore> _mail = [];
    private readonly Dictionary<(SimulatedHost Host, LabPlace Place), Lazy<NewsStore>> _news = [];

    private readonly Dictionary<(string Name, CertificateFlaw Flaw), byte[]> _identities = [];

    private LabServices(LabWorld world)
    {
        _world = world;
        var born = world.Kernel.Now;
        // Keys take milliseconds to make: a world in which nobody speaks TLS does without.
        _authority = new Lazy<LabCertificateAuthority>(
            () => new LabCertificateAuthority(world.Kernel.Stream("certificate authority"), born), LazyThreadSafetyMode.None);
    }

    public static void Start(LabWorld world)
    {
        var services = new LabServices(world);
        var trusts = world.Definition.Hosts.Any(static host => host.Services.Any(static service =>
            service is WebService { Secure: true } or MailService or NewsService { Names.Count: > 0 }));
        world.Kernel.Setup(() =>
        {
            foreach (var definition in world.Definition.Hosts)
            {
                var host = world.Internet.FindHost(definition.Name)!;
                if (trusts) { host.Disk.Write(BouncyCastleTlsProvider.TrustedRoots, () => services._authority.Value.RootCertificateFile); }
                services.Start(host, definition);
            }
            return services;
        });
    }

    private void Start(SimulatedHost host, HostDefinition definition)
    {
        var zones = definition.Services.OfType<ZoneService>().ToArray();
        if (zones.Length > 0)
        {
            var responder = new AuthoritativeResponder(new ZoneSet([.. zones.Select(static service => service.Zone)]));
            _world.AddResponsible(responder);
            StartDns(host, definition, Delayed(responder, zones.Max(static service => service.DelayNanoseconds)));
        }
        if (definition.Services.OfType<ResolverService>().FirstOrDefault() is { } service)
        {
            var resolver = new RecursiveResolver(host, new RecursiveResolverOptions { Anchors = TrustAnchors.From(service.Trusted) });
            _world.AddResolver(host, resolver);
            // Nothing of what it has learned lies on the disk.
            host.PowerLost += resolver.Memory.Clear;
            StartDns(host, definition, Delayed(new RecursiveResponder(resolver), service.DelayNanoseconds));
        }
        foreach (var forger in definition.Services.OfType<ForgerService>())
        {
            var forgery = new Forgery(forger.Name, forger.Answer, forger.Resolver);
            if (forger.Guess is { } guess)
            {
                host.StartService(
                    $"forger of {forger.Name}", new Guesser(forgery, guess.Server, guess.PacketsPerSecond, _world.Internet, host).RunAsync);
            }
            else { Eavesdropper.Listen(forgery, _world.Internet, host); }
        }
        foreach (var web in definition.Services.OfType<WebService>())
        {
            foreach (var version in Versions(definition)) { StartWeb(host, web, version); }
        }
        foreach (var proxy in definition.Services.OfType<ProxyService>())
        {
            foreach (var version in Versions(definition)) { StartProxy(host, proxy, version); }
        }
        foreach (var mail in definition.Services.OfType<MailService>())
        {
            foreach (var version in Versions(definition)) { StartMail(host, mail, version); }
        }
        foreach (var news in definition.Services.OfType<NewsService>())
        {
            foreach (var version in Versions(definition)) { StartNews(host, news, version); }
        }
        foreach (var ftp in definition.Services.OfType<FtpService>())
        {
            foreach (var version in Versions(definition)) { StartFtp(host, ftp, version); }
        }
    }

    private void StartNews(SimulatedHost host, NewsService news, IpVersion version)
    {
        if (!_news.TryGetValue((host, news.Place), out var store))
        {
            var now = host.Time.GetUtcNow();
            _news[(host, news.Place)] = store = new Lazy<NewsStore>(() => StoreOf(host, news, now), isThreadSafe: false);
        }
        var secure = news.Names.Count > 0 ? Secure(host, news.Names, CertificateFlaw.None, []) : null;
        var server = new NewsServer(
            host, () => store.Value, secure, isImplicit: news.Port == SecureNewsPort,
            news.DelayNanoseconds > 0 ? async () => await _world.Kernel.Delay(news.DelayNanoseconds) : null);
        server.Start(new Endpoint(version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, news.Port));
        host.StartService($"news server on port {news.Port}", server.RunAsync);
    }

    private static NewsStore StoreOf(SimulatedHost host, NewsService news, DateTimeOffset now)
    {
        var store = new NewsStore { Name = host.Name };
        foreach (var account in news.Accounts) { store.Admit(account.User, account.Password); }
        foreach (var group in news.Groups) { store.Add(group.Name, mayPost: !group.IsReadOnly); }
        var number = 0;
        foreach (var (group, article) in news.Groups.SelectMany(static group => group.Articles.Select(article => (group, article))))
        {
            var text = Encoding.UTF8.GetString(article.Content).ReplaceLineEndings("\r\n");
            // What has no header is a text alone.
            if (!text.Contains("\r\n\r\n", StringComparison.Ordinal)) { text = $"Subject: {text.Split('\r')[0]}\r\n\r\n{text}"; }
            if (!HasField(text, "From")) { text = $"From: {host.Name}@{host.Name}.invalid\r\n{text}"; }
            if (!HasField(text, "Newsgroups")) { text = $"Newsgroups: {group.Name}\r\n{text}"; }
            store.Keep(Encoding.UTF8.GetBytes(text), now, $"<{++number}@{host.Name}.invalid>", isPosted: false);
        }
        return store;
    }

    private static bool HasField(string article, string name)
    {
        var head = article[..article.IndexOf("\r\n\r\n", StringComparison.Ordinal)];
        return ("\r\n" + head).Contains($"\r\n{name}:", StringComparison.OrdinalIgnoreCase);
    }

    private void StartMail(SimulatedHost host, MailService mail, IpVersion version)
    {
        var store = StoreOf(host, mail);
        var secure = Secure(host, [.. mail.Domains.Select(static domain => $"mail.{domain}"), .. mail.Domains], CertificateFlaw.None, []);
        var server = new SmtpServer(
            host, store, secure, isImplicit: mail.Port == SubmissionsPort,
            mail.DelayNanoseconds > 0 ? async () => await _world.Kernel.Delay(mail.DelayNanoseconds) : null, _world.Tracer.Root(host));
        server.Start(new Endpoint(version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, mail.Port));
        host.StartService($"mail server on port {mail.Port}", server.RunAsync);
    }

    // One for all addresses of a service.
    private MailStore StoreOf(SimulatedHost host, MailService mail)
    {
        var key = (host, mail.Place);
        if (_mail.TryGetValue(key, out var store)) { return store; }
        _mail[key] = store = new MailStore(host.Name, mail.Domains) { MaximumSize = (int)mail.MaximumSize };
        foreach (var account in mail.Accounts) { store.Admit(account.User, account.Password); }
        return store;
    }

    private void StartFtp(SimulatedHost host, FtpService ftp, IpVersion version)
    {
        var site = new FtpSite();
        foreach (var file in ftp.Files) { site.Add(file.Path, file.Content); }
        foreach (var account in ftp.Accounts) { site.Admit(account.User, account.Password); }
        foreach (var path in ftp.Writable) { site.Open(path); }
        var server = new FtpServer(host, site, ftp.DelayNanoseconds > 0 ? async () => await _world.Kernel.Delay(ftp.DelayNanoseconds) : null);
        server.Start(new Endpoint(version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, ftp.Port));
        host.StartService($"ftp server on port {ftp.Port}", server.RunAsync);
    }

    private void StartProxy(SimulatedHost host, ProxyService proxy, IpVersion version)
    {
        var account = proxy.Account is { } given ? new Credentials(given.User, given.Password) : null;
        var endpoint = new Endpoint(version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, proxy.Port);
        var resolver = StubResolver.FromSystem(host);
        if (proxy.Kind == LabProxyKind.Socks)
        {
            var socks = new SocksServer(host, resolver, account);
            socks.Start(endpoint);
            host.StartService($"SOCKS proxy on port {proxy.Port}", socks.RunAsync);
            return;
        }
        IHttpHandler handler = new HttpProxy(host, resolver, account);
        var server = new HttpServer(host, proxy.DelayNanoseconds > 0 ? new DelayedHandler(_world.Kernel, handler, proxy.DelayNanoseconds) : handler);
        server.Start(endpoint);
        host.StartService($"HTTP proxy on port {proxy.Port}", () => server.RunAsync());
    }

    private static IEnumerable<IpVersion> Versions(HostDefinition definition)
    {
        var versions = definition.Interfaces.SelectMany(static plug => plug.Addresses).Select(static address => address.Version);
        // What DHCP lends is of IPv4.
        if (definition.Interfaces.Any(static plug => plug.UsesDhcp)) { versions = versions.Append(IpVersion.V4); }
        return versions.Distinct();
    }

    private IDnsResponder Delayed(IDnsResponder responder, long nanoseconds) =>
        nanoseconds > 0 ? new DelayedResponder(_world.Kernel, responder, nanoseconds) : responder;

    /// <summary>
    /// One server for each address: an answer has to come from the address that was asked, and a socket on the wildcard address would send
    /// from the first.
    /// </summary>
    private void StartDns(SimulatedHost host, HostDefinition definition, IDnsResponder responder)
    {
        foreach (var address in definition.Interfaces.SelectMany(static plug => plug.Addresses))
        {
            var server = new DnsServer(host, responder, span: _world.Tracer.Root(host));
            server.Bind(new Endpoint(address, DnsPort));
            host.StartService($"DNS server at {address}", () => server.RunAsync());
        }
    }

    private void StartWeb(SimulatedHost host, WebService web, IpVersion version)
    {
        var secure = web.Secure ? Secure(host, web.Names, web.Flaw, ["http/1.1"], web.CertifiedClients) : null;
        var options = secure is null ? s_patient
            : s_patient with { Upgrade = (socket, cancellationToken) => secure(new SocketByteStream(socket), cancellationToken) };
        var server = new HttpServer(host, new LabSite(web, _world.Kernel, host, StoreOf(host), Identify), options);
        server.Start(new Endpoint(version == IpVersion.V4 ? IpAddress.AnyV4 : IpAddress.AnyV6, web.Port));
        host.StartService($"{(web.Secure ? "https" : "http")} server on port {web.Port}", () => server.RunAsync());
    }

    // Somebody's certificate is the same wherever and whenever it is fetched, and nothing else in the world depends on whether it was.
    private byte[] Identify(IdentityPage page)
    {
        if (_identities.TryGetValue((page.Name, page.Flaw), out var known)) { return known; }
        var identity = _authority.Value.IssueIdentity(page.Name, _world.Kernel.Stream($"identity {page.Flaw} {page.Name}"), page.Flaw);
        var file = new StringBuilder();
        foreach (var certificate in identity.Chain) { file.Append(PemEncoding.WriteString("CERTIFICATE", certificate)).Append('\n'); }
        return _identities[(page.Name, page.Flaw)] = Encoding.ASCII.GetBytes(
            file.Append(PemEncoding.WriteString("PRIVATE KEY", identity.PrivateKey)).Append('\n').ToString());
    }

    // What is stored over one server of a host is there for its others.
    private LabStore StoreOf(SimulatedHost host)
    {
        if (!_stores.TryGetValue(host, out var store)) { _stores[host] = store = new LabStore(); }
        return store;
    }

    private Func<IByteStream, CancellationToken, ValueTask<IByteStream>> Secure(
        SimulatedHost host, IReadOnlyList<string> names, CertificateFlaw flaw, string[] alpn, bool certifiedClients = false)
    {
        var provider = new BouncyCastleTlsProvider(host);
        _world.AddTls(provider);
        var certificate = new Lazy<TlsServerOptions>(
            () => new TlsServerOptions([_authority.Value.Issue(names, flaw)])
            {
                Alpn = alpn,
                ClientAnchors = certifiedClients ? [_authority.Value.RootCertificate] : null,
            }, LazyThreadSafetyMode.None);
        return async (stream, cancellationToken) =>
            await provider.AuthenticateAsServerAsync(stream, certificate.Value, default, cancellationToken) switch
        {
            TlsSession session => session.Stream,
            TlsFailure failure => throw new IOException($"the handshake failed: {failure.Reason}"),
            _ => throw new IOException("the handshake gave nothing"),
        };
    }
}
