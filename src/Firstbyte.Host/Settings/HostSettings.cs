using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Resolving;

namespace Firstbyte.Host.Settings;

/// <summary>What the program was told when it started.</summary>
internal sealed record HostSettings
{
    /// <summary>Where the page is served.</summary>
    public Endpoint Listen { get; init; } = new(IpAddress.LoopbackV4, 8080);

    /// <summary>The folder of the page; null for the one beside the program.</summary>
    public string? Root { get; init; }

    /// <summary>Whether the page is served.</summary>
    public bool HasPage { get; init; } = true;

    /// <summary>Names by which browsers may call the server, beside localhost and addresses.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Journeys go to public addresses alone, also where nobody else can reach the page.</summary>
    public bool PublicOnly { get; init; }

    /// <summary>Where journeys may go all the same.</summary>
    public IReadOnlyList<IpPrefix> AllowedTargets { get; init; } = [];

    /// <summary>The DNS server that journeys ask; null for the system's.</summary>
    public Endpoint? Server { get; init; }

    /// <summary>Journeys resolve names from the root down.</summary>
    public bool Iterative { get; init; }

    /// <summary>The limits of journeys.</summary>
    public LiveLimits Limits { get; init; } = new();

    /// <summary>Where DNS over HTTPS is spoken; null for nowhere.</summary>
    public Endpoint? Doh { get; init; }

    /// <summary>The zones that it answers from: ORIGIN=FILE.</summary>
    public IReadOnlyList<string> Zones { get; init; } = [];

    /// <summary>Whether it answers by resolving.</summary>
    public bool Resolver { get; init; }

    /// <summary>The file of root servers; null for those built in.</summary>
    public string? RootHints { get; init; }

    /// <summary>The port that the resolver asks others at.</summary>
    public ushort UpstreamPort { get; init; } = UpstreamPolicy.Internet.Port;

    /// <summary>The file of trust anchors; null for those of the public root, where that is what is asked.</summary>
    public string? TrustAnchor { get; init; }

    /// <summary>How the resolver works, as far as no file has to be read for it.</summary>
    public RecursiveServiceOptions Recursion { get; init; } = new();

    /// <summary>The file in which the keys of the anchor's zone are followed; null for none.</summary>
    public string? TrustAnchorFile { get; init; }

    /// <summary>The recursive servers to which the resolver hands its questions on, as they were typed.</summary>
    public IReadOnlyList<string> Forwarders { get; init; } = [];

    /// <summary>The file of the roots that vouch for their certificates; null for the system's.</summary>
    public string? ForwardCertificates { get; init; }

    /// <summary>Networks that names of others are not to lead to.</summary>
    public IReadOnlyList<IpPrefix> PrivateNetworks { get; init; } = [];

    /// <summary>Names that may.</summary>
    public IReadOnlyList<DnsName> PrivateDomains { get; init; } = [];

    /// <summary>The policy zones: FILE or FILE=NAME.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>The file that messages are written down in; null for none.</summary>
    public string? Tap { get; init; }

    /// <summary>The networks whose hosts the resolver answers; none for this host and the networks on its cards.</summary>
    public IReadOnlyList<IpPrefix> Clients { get; init; } = [];

    /// <summary>The server of the Redis protocol that the resolver shares a cache by; null for none.</summary>
    public Endpoint? SharedCache { get; init; }

    /// <summary>The file of the secret of those who share it.</summary>
    public string? SharedCacheKey { get; init; }

    /// <summary>The file of what that server wants to be told; null for nothing.</summary>
    public string? SharedCachePassword { get; init; }

    /// <summary>The file of the certificate.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The file of its key.</summary>
    public string? TlsKey { get; init; }

    /// <summary>Where what was counted can be fetched; null for nowhere.</summary>
    public Endpoint? Metrics { get; init; }

    /// <summary>Whether nobody but this machine can reach the page.</summary>
    public bool IsPrivate => Listen.Address.IsLoopback;
}
