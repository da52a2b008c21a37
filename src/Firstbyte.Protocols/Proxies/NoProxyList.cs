using System.Globalization;
using Firstbyte.Addressing;

namespace Firstbyte.Proxies;

/// <summary>Hosts that are gone to without a proxy: what <c>--noproxy</c> and the variable <c>no_proxy</c> hold.</summary>
/// <remarks>
/// The rules are curl's, the others' common part: entries are parted by commas or blanks; "*" alone means every host; a name means itself and all names
/// below it, with or without a dot before it; an address means itself, and with "/bits" its network. Case and a dot at a name's end do not count.
/// </remarks>
public sealed class NoProxyList
{
    private static readonly char[] s_borders = [',', ' ', '\t'];

    private readonly List<(string Text, string Name)> _names = [];
    private readonly List<(string Text, IpPrefix Network)> _networks = [];
    private readonly bool _coversAll;

    /// <summary>The hosts that a list names. What is no host in it names none.</summary>
    public NoProxyList(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        if (list.Trim() == "*")
        {
            _coversAll = true;
            return;
        }
        foreach (var entry in list.Split(s_borders, ProxyLimits.NoProxyEntries + 1, StringSplitOptions.RemoveEmptyEntries).Take(ProxyLimits.NoProxyEntries))
        {
            if (NetworkOf(entry) is { } network) { _networks.Add((entry, network)); }
            else if (NameOf(entry) is { Length: > 0 } name) { _names.Add((entry, name)); }
        }
    }

    /// <summary>The entry that covers a host; null where none does.</summary>
    /// <param name="host">A name, or an address with or without brackets.</param>
    public string? Find(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (_coversAll) { return "*"; }
        if (IpAddress.TryParse(WithoutBrackets(host), out var address))
        {
            foreach (var (text, network) in _networks)
            {
                if (network.Contains(address)) { return text; }
            }
            return null;
        }
        var name = NameOf(host);
        foreach (var (text, entry) in _names)
        {
            if (name.EndsWith(entry, StringComparison.OrdinalIgnoreCase) && (name.Length == entry.Length || name[^(entry.Length + 1)] == '.')) { return text; }
        }
        return null;
    }

    private static string NameOf(string text)
    {
        // One dot at either end: ".example.com" and "example.com." are example.com.
        var name = text.AsSpan();
        if (name.StartsWith(".")) { name = name[1..]; }
        if (name.EndsWith(".")) { name = name[..^1]; }
        return name.ToString();
    }

    private static IpPrefix? NetworkOf(string entry)
    {
        var slash = entry.LastIndexOf('/');
        if (!IpAddress.TryParse(WithoutBrackets(slash < 0 ? entry : entry[..slash]), out var address)) { return null; }
        if (slash < 0) { return new IpPrefix(address, address.BitLength); }
        return int.TryParse(entry.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bits) && bits <= address.BitLength
            ? new IpPrefix(address, bits)
            : null;
    }

    private static string WithoutBrackets(string host) => host is ['[', .., ']'] ? host[1..^1] : host;
}
