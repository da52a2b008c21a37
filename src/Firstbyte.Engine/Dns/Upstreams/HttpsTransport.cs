using Firstbyte.Dns.Caching;

namespace Firstbyte.Dns.Upstreams;

/// <summary>DNS over HTTPS (RFC 8484) by HTTP/1.1: a few connections with each server, each with one question at a time.</summary>
internal sealed class HttpsTransport(SecuredConnecting connecting) : IUpstreamTransport
{
    // They are few: somebody has written each of them down.
    private readonly Dictionary<UpstreamServer, HttpsServer> _servers = new(ReferenceEqualityComparer.Instance);

    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        var named = query.Named ?? throw new ArgumentException("nobody has named a server", nameof(query));
        if (!_servers.TryGetValue(named, out var server)) { _servers.Add(named, server = new HttpsServer(connecting, named)); }
        return server.Ask(query, listener);
    }

    public void Dispose()
    {
        foreach (var server in _servers.Values) { server.Dispose(); }
    }
}
