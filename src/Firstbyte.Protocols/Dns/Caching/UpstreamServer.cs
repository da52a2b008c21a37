using Firstbyte.Addressing;
using Firstbyte.Dns.Wire;

namespace Firstbyte.Dns.Caching;

/// <summary>A server that somebody has named to be asked: where it is, how it is spoken to, and by what it shows that it is the one that was meant.</summary>
/// <param name="Endpoint">Its address and port.</param>
/// <param name="Transport">How it is spoken to.</param>
public sealed record UpstreamServer(Endpoint Endpoint, DnsTransport Transport = DnsTransport.Udp)
{
    /// <summary>The name that its certificate has to be for (RFC 8310 section 8); empty for its address. It means nothing where nothing is secured.</summary>
    public string Name { get; init; } = "";

    /// <summary>
    /// Fingerprints of keys, one of which it has to have (RFC 7858 section 4.2). With some and no name, a certificate is not looked at further.
    /// </summary>
    public IReadOnlyList<byte[]> PinnedKeys { get; init; } = [];

    /// <summary>The path of its resource (RFC 8484 section 4.1); it means nothing for other transports than HTTPS.</summary>
    public string Path { get; init; } = "/dns-query";

    /// <summary>
    /// Where it is asked in clear when no secured connection comes about; null for who would rather have no answer (strict privacy, RFC 8310 section 5). With
    /// one the certificate is not looked at either: what is refused to an attacker then, he gets in clear.
    /// </summary>
    public Endpoint? InClear { get; init; }
}
