using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Sockets;
using Firstbyte.Tls;

namespace Firstbyte.Dns.Upstreams;

/// <summary>The transports over which a server can be asked that somebody names: the registry of them.</summary>
/// <remarks>
/// A transport is one row here, how its servers are written included, and one class that brings a message to a server and its replies back
/// (<see cref="IUpstreamTransport"/>). The resolutions know none of them: they have messages, and servers that were named.
/// <code>
///   ADDR[:PORT]                            over UDP, over TCP where an answer does not fit
///   tcp://ADDR[:PORT]                      over TCP alone
///   tls://ADDR[:PORT][#NAME][,PIN…]        DNS over TLS; the certificate is for NAME, for the address without one, or the key has the PIN
///   tls-opportunistic://ADDR[:PORT]        the same with whatever certificate, and in clear where TLS is not to be had
///   https://ADDR[:PORT][/PATH][#NAME][,PIN…]
/// </code>
/// A server is named by its address: who has to look up its name first has to ask somebody else.
/// </remarks>
/// <param name="tls">Secures connections; null where nothing does.</param>
public sealed class UpstreamTransports(ITlsProvider? tls) : IUpstreamTransports
{
    /// <summary>One way to ask.</summary>
    /// <param name="Scheme">How it is written before "://".</param>
    /// <param name="Transport">Which it is.</param>
    /// <param name="Port">The port that is meant where none is said.</param>
    /// <param name="Open">Opens it; null from what needs TLS where there is none.</param>
    private sealed record Row(string Scheme, DnsTransport Transport, ushort Port, Func<UpstreamTransports, INetwork, IUpstreamTransport?> Open)
    {
        /// <summary>Whether it shows who the server is, so that a name and keys mean something.</summary>
        public bool IsSecured { get; init; }

        /// <summary>Whether the server is asked in clear where nothing else works.</summary>
        public bool IsOpportunistic { get; init; }

        /// <summary>Whether there is a path.</summary>
        public bool HasPath { get; init; }
    }

    private static readonly Row[] s_rows =
    [
        new("udp", DnsTransport.Udp, ClearPort, static (_, network) => ClearTransports.Instance.Open(DnsTransport.Udp, network)),
        new("tcp", DnsTransport.Tcp, ClearPort, static (_, network) => ClearTransports.Instance.Open(DnsTransport.Tcp, network)),
        new("tls", DnsTransport.Tls, DnsServerTls.Port, OpenTls) { IsSecured = true },
        new("tls-opportunistic", DnsTransport.Tls, DnsServerTls.Port, OpenTls) { IsOpportunistic = true },
        new("https", DnsTransport.Https, 443, static (all, network) => all.Secure(network, static (way, server) => new HttpsServer(way, server)))
        { IsSecured = true, HasPath = true },
    ];

    private static NamedServers? OpenTls(UpstreamTransports all, INetwork network) => all.Secure(network, static (way, server) => new TlsServer(way, server));

    /// <summary>RFC 1035 section 4.2.</summary>
    private const ushort ClearPort = 53;

    /// <summary>The roots that vouch for servers' certificates, each in DER; null for the system's.</summary>
    public IReadOnlyList<byte[]>? TrustAnchors { get; init; }

    /// <summary>What comes of asking over secured transports, to be looked at; null where nobody counts.</summary>
    public UpstreamCounters? Counters { get; init; }

    /// <summary>The schemes that servers are written with.</summary>
    public static IEnumerable<string> Schemes => s_rows.Select(static row => row.Scheme);

    /// <inheritdoc/>
    public IUpstreamTransport? Open(DnsTransport transport, INetwork network) => Array.Find(s_rows, row => row.Transport == transport)?.Open(this, network);

    /// <summary>Reads a server as it is written; false when it is none.</summary>
    /// <param name="text">ADDR, or one of the forms above.</param>
    /// <param name="clearPort">The port of servers in clear that have none.</param>
    /// <param name="server">The server.</param>
    public static bool TryParse(string text, ushort clearPort, out UpstreamServer server)
    {
        ArgumentNullException.ThrowIfNull(text);
        server = new UpstreamServer(default);
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = colon < 0 ? "udp" : text[..colon];
        if (Array.Find(s_rows, row => row.Scheme.Equals(scheme, StringComparison.OrdinalIgnoreCase)) is not { } row) { return false; }
        var rest = colon < 0 ? text : text[(colon + 3)..];
        var mark = rest.IndexOf('#', StringComparison.Ordinal);
        var who = mark < 0 ? null : rest[(mark + 1)..];
        if (mark >= 0) { rest = rest[..mark]; }
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0 && !row.HasPath || who is not null && !row.IsSecured) { return false; }
        var isClear = row is { IsSecured: false, IsOpportunistic: false };
        if (!Endpoint.TryParse(slash < 0 ? rest : rest[..slash], isClear ? clearPort : row.Port, out var endpoint)) { return false; }
        server = new UpstreamServer(endpoint, row.Transport) { InClear = row.IsOpportunistic ? new Endpoint(endpoint.Address, clearPort) : null };
        if (slash >= 0 && rest.Length > slash + 1)
        {
            // What is sent to the server as it stands: nothing that would end the line or the target (RFC 9112 section 3.2).
            if (rest.AsSpan(slash).ContainsAnyExceptInRange('!', '~')) { return false; }
            server = server with { Path = rest[slash..] };
        }
        return who is null || TryReadWho(who, ref server);
    }

    private static bool TryReadWho(string who, ref UpstreamServer server)
    {
        foreach (var part in who.Split(','))
        {
            if (PinnedKey.Read(part) is { } pins) { server = server with { PinnedKeys = [.. server.PinnedKeys, .. pins] }; }
            // A certificate is for a host, and the name goes into requests as it stands; what has a '/' was meant for a pin.
            else if (server.Name.Length == 0 && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
                && DnsName.TryParse(part, out var name) && !name.IsRoot)
            {
                server = server with { Name = name.ToHostString() };
            }
            else { return false; }
        }
        return true;
    }

    private NamedServers? Secure(INetwork network, Func<SecuredConnecting, UpstreamServer, IUpstreamTransport> open)
    {
        if (tls is null) { return null; }
        var connecting = new SecuredConnecting(network, tls, TrustAnchors) { Counters = Counters };
        return new NamedServers(server => open(connecting, server));
    }
}
