using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Caching;
using Firstbyte.Http.Cookies;
using Firstbyte.Proxies;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Tls;

namespace Firstbyte.Journeys;

/// <summary>What all journeys of one run have in common.</summary>
public sealed record JourneyOptions
{
    /// <summary>The product that asks, for the User-Agent field (RFC 9110 10.1.5).</summary>
    public string UserAgent { get; init; } = "firstbyte";

    /// <summary>Where it runs: "os", or the lab's name.</summary>
    public string Place { get; init; } = "os";

    /// <summary>The world's seed; null outside a simulation.</summary>
    public ulong? Seed { get; init; }

    /// <summary>Whether a simulation has no root name servers; told, so that nobody is advised to ask them.</summary>
    public bool IsWithoutRoots { get; init; }

    /// <summary>Go on when a certificate has faults; they are told all the same.</summary>
    public bool AllowCertificateFaults { get; init; }

    /// <summary>Trusted roots in DER; null for the system's.</summary>
    public IReadOnlyList<byte[]>? TrustAnchors { get; init; }

    /// <summary>What is shown to a server that demands a certificate; no proxy sees it.</summary>
    public TlsClientCertificate? ClientCertificate { get; init; }

    /// <summary>Fingerprints of keys one of which the server has to have (SHA-256 of a SubjectPublicKeyInfo); none is wanted when empty,
    /// and none of a proxy.</summary>
    public IReadOnlyList<byte[]> PinnedKeys { get; init; } = [];

    /// <summary>The oldest version of TLS that is accepted.</summary>
    public TlsVersion MinimumTls { get; init; } = TlsVersion.Tls12;

    /// <summary>The newest version of TLS that is offered.</summary>
    public TlsVersion MaximumTls { get; init; } = TlsVersion.Tls13;

    /// <summary>The cipher suites that are offered, by their IANA names; null for those of the platform.</summary>
    public IReadOnlyList<string>? Suites { get; init; }

    /// <summary>How long connecting may take, over all addresses and with TLS: what curl waits.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(300);

    /// <summary>How long a whole journey may take; null for no limit.</summary>
    public TimeSpan? MaximumTime { get; init; }

    /// <summary>
    /// Cancelled when in the world where the journey is made nothing is left to happen (a simulated one can know it): the journey then fails
    /// with <see cref="TimeLimit.Rest"/> instead of waiting for ever.
    /// </summary>
    public CancellationToken Rest { get; init; }

    /// <summary>Ask servers for names even if the cache knows them.</summary>
    public bool FreshNames { get; init; }

    /// <summary>Addresses that hosts have whatever any resolver says, also hosts that are addresses, and proxies; null for none.</summary>
    public GivenAddresses? Given { get; init; }

    /// <summary>The one version of addresses that is looked up and connected to; none for either.</summary>
    public IpVersion AddressVersion { get; init; }

    /// <summary>Which proxy is for which URL.</summary>
    public ProxySettings Proxies { get; init; } = ProxySettings.None;

    /// <summary>Tell the bytes of every call (they are copied for it).</summary>
    public bool TellBytes { get; init; }

    /// <summary>
    /// Whoever is told the calls of the program itself, beside those that its network tells: of the resolver, and of TLS; null when nobody
    /// looks at calls.
    /// </summary>
    public CallTracer? Calls { get; init; }

    /// <summary>The machine that makes the journeys, by its name in its place; empty for this machine.</summary>
    public string Host { get; init; } = "";

    /// <summary>The machine whose calls are told, which may be another one; null when nobody looks at calls.</summary>
    public string? CallsOf { get; init; }

    /// <summary>Keep connections open for the next journey of the run; a run of one URL has no next.</summary>
    public bool KeepConnections { get; init; } = true;

    /// <summary>How many connections are kept, and for how long; null for the usual limits (HTTP).</summary>
    public PoolLimits? Pool { get; init; }

    /// <summary>Over how many connections one content is fetched, where its server lets one ask for pieces of it; 1 to 32 (HTTP).</summary>
    public int Connections { get; init; } = 1;

    /// <summary>How long a piece is.</summary>
    internal int PieceLength { get; init; } = PiecewiseExchange.PieceLength;

    /// <summary>Follow redirects.</summary>
    public bool FollowRedirects { get; init; }

    /// <summary>How many redirects are followed one after the other (curl's command: 50; the Fetch standard: 20).</summary>
    public int MaximumRedirects { get; init; } = 50;

    /// <summary>The cookies that are sent, and those that responses set; null for a client without any.</summary>
    public CookieJar? Cookies { get; init; }

    /// <summary>The hosts that want to be asked over TLS alone, and those that say so on the way; null for a client that hears none (HTTP, RFC 6797).</summary>
    public HstsStore? Hsts { get; init; }

    /// <summary>What answers again without asking, and asks whether it is still so; null for a client that asks each time (HTTP, RFC 9111).</summary>
    public ResponseCache? Cache { get; init; }

    /// <summary>Is handed every exchange when it is over, with all that was said; null for nobody (HTTP).</summary>
    public Action<RecordedExchange>? Recorder { get; init; }

    /// <summary>How many bytes of content may come, in a journey; null for any.</summary>
    public long? MaximumBytes { get; init; }

    /// <summary>How many bytes of content may come and go in a second; null for any.</summary>
    public long? BytesPerSecond { get; init; }

    /// <summary>How many bytes of content a second there have to be at least, over <see cref="SlowestFor"/>; null for any.</summary>
    public long? SlowestBytesPerSecond { get; init; }

    /// <summary>For how long content may move more slowly: curl's 30 s.</summary>
    public TimeSpan SlowestFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Whether nothing is said before TLS protects it, where a protocol begins without: AUTH TLS of ftp: (RFC 4217), STARTTLS of mailto: (RFC 3207). A server
    /// that knows none of it is left.
    /// </summary>
    public bool RequiresTls { get; init; }

    /// <summary>Whether a response with any flaw is refused (http:, https:), where as a rule it is taken as it was meant, and told.</summary>
    public bool IsStrict { get; init; }

    /// <summary>What becomes of messages (mailto:).</summary>
    public MailOptions Mail { get; init; } = new();

    /// <summary>Which news server is asked (news:).</summary>
    public NewsOptions News { get; init; } = new();

    /// <summary>Whether an upload may write to a file of this host (file:).</summary>
    public bool StoresFiles { get; init; }

    /// <summary>How often what may pass is tried again, in a journey.</summary>
    public int Retries { get; init; }

    /// <summary>Which password is for which host; null for a run without such a file.</summary>
    public NetrcFile? Netrc { get; init; }

    /// <summary>The one address at which the host of a journey is asked, whatever others its name has; null for those of the name.</summary>
    internal IpAddress? OnlyAddress { get; init; }

    /// <summary>What of it concerns the making of connections.</summary>
    internal ConnectingOptions Connecting => new()
    {
        ConnectTimeout = ConnectTimeout,
        FreshNames = FreshNames,
        Version = AddressVersion,
        AllowCertificateFaults = AllowCertificateFaults,
        TrustAnchors = TrustAnchors,
        ClientCertificate = ClientCertificate,
        PinnedKeys = PinnedKeys,
        MinimumTls = MinimumTls,
        MaximumTls = MaximumTls,
        Suites = Suites,
        TellBytes = TellBytes,
        Calls = Calls,
    };
}
