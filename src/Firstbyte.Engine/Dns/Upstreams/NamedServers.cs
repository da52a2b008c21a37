using Firstbyte.Dns.Caching;

namespace Firstbyte.Dns.Upstreams;

/// <summary>A transport that knows each of its servers for itself: those that somebody has named, each with the connections that it has.</summary>
/// <param name="open">Makes what asks one server; it connects when it is first asked.</param>
internal sealed class NamedServers(Func<UpstreamServer, IUpstreamTransport> open) : IUpstreamTransport
{
    // They are few: somebody has written each of them down.
    private readonly Dictionary<UpstreamServer, IUpstreamTransport> _servers = new(ReferenceEqualityComparer.Instance);

    public IDisposable Ask(UpstreamQuery query, IUpstreamListener listener)
    {
        var named = query.Named ?? throw new ArgumentException("nobody has named a server", nameof(query));
        if (!_servers.TryGetValue(named, out var server)) { _servers.Add(named, server = open(named)); }
        return server.Ask(query, listener);
    }

    public void Dispose()
    {
        foreach (var server in _servers.Values) { server.Dispose(); }
    }
}
