using Firstbyte.Connecting;
using Firstbyte.Http.Authentication;
using Firstbyte.Proxies;

namespace Firstbyte.Journeys;

/// <summary>The proxy by way of which one journey goes.</summary>
/// <param name="Address">The proxy.</param>
/// <param name="IsTunnel">It carries bytes that it does not read; else every message is for it to read and to pass on.</param>
/// <param name="Source">Who has named its user.</param>
/// <param name="Schemes">How it may be shown who asks.</param>
internal sealed record JourneyProxy(ProxyAddress Address, bool IsTunnel, CredentialsSource Source, AuthenticationSchemes Schemes)
{
    /// <summary>The proxy as who is at the other end of a connection.</summary>
    public Origin Origin { get; } = new(
        ProxyKinds.SchemeOf(Address.Kind), Address.Host.Contains(':', StringComparison.Ordinal) ? $"[{Address.Host}]" : Address.Host, Address.Port);

    /// <summary>The same proxy by the scheme that has it look names up itself; null where it does, or where nobody can ask it to.</summary>
    public Origin? LookUp => Address.Kind switch
    {
        ProxyKind.Socks4 => Origin with { Scheme = ProxyKinds.SchemeOf(ProxyKind.Socks4a) },
        ProxyKind.Socks5 => Origin with { Scheme = ProxyKinds.SchemeOf(ProxyKind.Socks5h) },
        _ => null,
    };

    /// <summary>Who asks it, where it speaks HTTP; null for nobody in particular.</summary>
    public Identity? Identity { get; } = Address.Credentials is { } credentials
        ? new Identity(Schemes & AuthenticationSchemes.AnyWithPassword, credentials, BasicCredentials.Of(credentials), Source)
        : null;
}
