using Firstbyte.Dns.Caching;

namespace Firstbyte.Dns.Upstreams;

/// <summary>DNS over TLS (RFC 7858): one connection with each server, over which all questions go (RFC 7766 section 6.2.2).</summary>
internal sealed class TlsTransport(SecuredConnecting connecting) : IUpstreamTransport
{
    // They are few: somebody has written each of them down.
    private readonly Dictionary<UpstreamServer, TlsServer> _servers = new(ReferenceEqualityComparer.Instance);

    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        var named = query.Named ?? throw new ArgumentException("nobody has named a server", nameof(query));
        if (!_servers.TryGetValue(named, out var server)) { _servers.Add(named, server = new TlsServer(connecting, named)); }
        return server.Ask(query, listener);
    }

    public void Dispose()
    {
        foreach (var server in _servers.Values) { server.Dispose(); }
    }
}
