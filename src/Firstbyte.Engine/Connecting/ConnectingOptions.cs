using Firstbyte.Sockets.Decorators;

namespace Firstbyte.Connecting;

/// <summary>What all connections of one client have in common.</summary>
internal sealed record ConnectingOptions
{
    /// <summary>How long connecting may take, over all addresses and with TLS.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    /// <summary>Ask servers for names even if the cache knows them.</summary>
    public bool FreshNames { get; init; }

    /// <summary>Go on when a certificate has faults; they are told all the same.</summary>
    public bool AllowCertificateFaults { get; init; }

    /// <summary>Trusted roots in DER; null for the system's.</summary>
    public IReadOnlyList<byte[]>? TrustAnchors { get; init; }

    /// <summary>Tell the bytes of every call (they are copied for it).</summary>
    public bool TellBytes { get; init; }

    /// <summary>Whoever is told the calls of resolver and TLS; null when nobody looks at calls.</summary>
    public CallTracer? Calls { get; init; }
}
