using Firstbyte.Proxies;

namespace Firstbyte.Connecting;

/// <summary>Where a connection leads, and by way of whom: one that leads to the same server by another way is another one.</summary>
/// <param name="Origin">Who is at the other end. Where a proxy is asked for every message by itself, that is the proxy.</param>
/// <param name="Proxy">The proxy, with who asks it; null for none.</param>
internal readonly record struct Route(Origin Origin, ProxyAddress? Proxy);
