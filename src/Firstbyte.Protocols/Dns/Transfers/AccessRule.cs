using System.Diagnostics.CodeAnalysis;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Transactions;

namespace Firstbyte.Dns.Transfers;

/// <summary>Who may do something: an address or a network, a key, or both at once.</summary>
/// <param name="Network">From where; null from everywhere.</param>
/// <param name="Key">With which key; null without one.</param>
public sealed record AccessRule(IpPrefix? Network, DnsName? Key)
{
    /// <summary>Reads "192.0.2.1", "2001:db8::/32", "key=NAME" or "192.0.2.0/24,key=NAME".</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AccessRule? rule)
    {
        ArgumentNullException.ThrowIfNull(text);
        rule = null;
        var (network, key) = (default(IpPrefix?), default(DnsName?));
        foreach (var part in text.Split(','))
        {
            if (part.StartsWith(KeyWord, StringComparison.Ordinal))
            {
                if (key is not null || !DnsName.TryParse(part.AsSpan(KeyWord.Length), out var name)) { return false; }
                key = name;
            }
            else if (network is null && IpAddress.TryParse(part, out var address)) { network = new IpPrefix(address, address.BitLength); }
            else if (network is null && IpPrefix.TryParse(part, out var prefix)) { network = prefix; }
            else { return false; }
        }
        rule = new AccessRule(network, key);
        return true;
    }

    /// <summary>Whether it allows somebody.</summary>
    public bool Allows(IpAddress client, TsigKey? key) =>
        (Network is not { } network || network.Contains(client)) && (Key is not { } name || key is not null && key.Name == name);

    /// <summary>As it is written.</summary>
    public override string ToString() =>
        string.Join(',', ((string?[])[Network?.ToString(), Key is null ? null : KeyWord + Key]).Where(static part => part is not null));

    private const string KeyWord = "key=";
}
