using Firstbyte.Addressing;

namespace Firstbyte.Dns;

/// <summary>Which clients a resolver works for.</summary>
/// <remarks>
/// A resolver that answers everybody is a tool for attacks on others (RFC 5358): a forged sender gets the large answer. So one that listens where
/// strangers can ask works for its own host and the networks on its cards, unless it is told of others.
/// </remarks>
/// <param name="networks">The networks whose hosts may ask.</param>
public sealed class ClientAccess(IEnumerable<IpPrefix> networks)
{
    private readonly IpPrefix[] _networks = [.. networks];

    /// <summary>Everybody may: for laboratories, whose network has no strangers.</summary>
    public static ClientAccess Everybody { get; } = new([IpPrefix.Parse("0.0.0.0/0"), IpPrefix.Parse("::/0")]);

    /// <summary>The host itself, and the networks that its cards are on.</summary>
    public static ClientAccess OwnNetworks(IEnumerable<IpPrefix> cards) => new([IpPrefix.Parse("127.0.0.0/8"), IpPrefix.Parse("::1/128"), .. cards]);

    /// <summary>Whether a client of this address may ask.</summary>
    public bool Allows(IpAddress client)
    {
        foreach (var network in _networks) { if (network.Contains(client)) { return true; } }
        return false;
    }
}
