using Firstbyte.Addressing;
using Firstbyte.Sockets.Decorators;
using Firstbyte.Tls;

namespace Firstbyte.Connecting;

/// <summary>What all connections of one client have in common.</summary>
internal sealed record ConnectingOptions
{
    /// <summary>How long connecting may take, over all addresses and with TLS.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Ask servers for names even if the cache knows them.</summary>
    public bool FreshNames { get; init; }

    /// <summary>The one version of addresses that is wanted; none for either.</summary>
    public IpVersion Version { get; init; }

    /// <summary>Go on when a certificate has faults; they are told all the same.</summary>
    public bool AllowCertificateFaults { get; init; }

    /// <summary>Trusted roots in DER; null for the system's.</summary>
    public IReadOnlyList<byte[]>? TrustAnchors { get; init; }

    /// <summary>What issuers have taken back; null where nobody looks for that.</summary>
    public IReadOnlyList<RevocationList>? RevocationLists { get; init; }

    /// <summary>What is shown to a server that demands a certificate; no proxy sees it.</summary>
    public TlsClientCertificate? ClientCertificate { get; init; }

    /// <summary>Fingerprints of keys one of which the server has to have; none is wanted when empty, and none of a proxy.</summary>
    public IReadOnlyList<byte[]> PinnedKeys { get; init; } = [];

    /// <summary>The oldest version of TLS that is accepted.</summary>
    public TlsVersion MinimumTls { get; init; } = TlsVersion.Tls12;

    /// <summary>The newest version of TLS that is offered.</summary>
    public TlsVersion MaximumTls { get; init; } = TlsVersion.Tls13;

    /// <summary>The cipher suites that are offered, by their IANA names; null for those of the provider.</summary>
    public IReadOnlyList<string>? Suites { get; init; }

    /// <summary>The own address from which connections are made; null leaves it to the host.</summary>
    public IpAddress? LocalAddress { get; init; }

    /// <summary>The own ports from which connections are made, the first that is free; null leaves it to the host.</summary>
    public (int From, int To)? LocalPorts { get; init; }

    /// <summary>Tell the bytes of every call (they are copied for it).</summary>
    public bool TellBytes { get; init; }

    /// <summary>Whoever is told the calls of resolver and TLS; null when nobody looks at calls.</summary>
    public CallTracer? Calls { get; init; }
}
