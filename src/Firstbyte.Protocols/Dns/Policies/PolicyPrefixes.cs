using System.Collections;
using Firstbyte.Addressing;

namespace Firstbyte.Dns.Policies;

/// <summary>Networks with a rule each; the longest that holds an address counts. Looking one up allocates nothing.</summary>
internal sealed class PolicyPrefixes
{
    private readonly Dictionary<IpPrefix, PolicyRule> _rules = [];
    private readonly BitArray _v4 = new(33), _v6 = new(129);

    /// <summary>How many there are.</summary>
    public int Count => _rules.Count;

    /// <summary>The rule of a network; null where it has none.</summary>
    public PolicyRule? this[IpPrefix prefix] => _rules.GetValueOrDefault(prefix);

    /// <summary>Gives a network its rule.</summary>
    public void Set(IpPrefix prefix, PolicyRule rule)
    {
        _rules[prefix] = rule;
        (prefix.Network.IsV4 ? _v4 : _v6)[prefix.Length] = true;
    }

    /// <summary>The rule of the longest network that an address is in.</summary>
    public PolicyRule? Find(IpAddress address) => Find(address, out _);

    /// <summary>The same, and how long that is.</summary>
    public PolicyRule? Find(IpAddress address, out int found)
    {
        found = -1;
        if (_rules.Count == 0) { return null; }
        var lengths = address.IsV4 ? _v4 : _v6;
        for (var length = address.BitLength; length >= 0; length--)
        {
            if (lengths[length] && _rules.TryGetValue(new IpPrefix(address, length), out var rule))
            {
                found = length;
                return rule;
            }
        }
        return null;
    }

    /// <summary>The rule of the longest network that one of some addresses is in; of several such addresses that of the smallest.</summary>
    public PolicyRule? Find(IEnumerable<IpAddress> addresses, out IpAddress met)
    {
        (met, PolicyRule? best, var longest) = (default, null, -1);
        if (_rules.Count == 0) { return null; }
        foreach (var address in addresses)
        {
            if (Find(address, out var length) is not { } rule || length < longest || length == longest && address.CompareTo(met) >= 0) { continue; }
            (met, best, longest) = (address, rule, length);
        }
        return best;
    }
}
