namespace Firstbyte.Addressing;

/// <summary>Dividing and joining blocks of addresses.</summary>
public static class SubnetPlan
{
    /// <summary>The subnets of a given length inside a prefix, in order; lazily, for there may be very many.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The new length is shorter than the prefix or longer than the address.</exception>
    public static IEnumerable<IpPrefix> Split(IpPrefix prefix, int length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, prefix.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, prefix.Network.BitLength);
        return Subnets(prefix, length);
    }

    /// <summary>The fewest prefixes that cover exactly the same addresses, in order.</summary>
    public static IReadOnlyList<IpPrefix> Merge(IEnumerable<IpPrefix> prefixes)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        var sorted = prefixes.Order().ToList();
        var merged = new List<IpPrefix>(sorted.Count);
        foreach (var next in sorted)
        {
            if (merged.Count > 0 && merged[^1].Contains(next)) { continue; }
            merged.Add(next);
            // Two halves of one block become the block, and that block may be a half again.
            while (merged.Count >= 2 && TryJoin(merged[^2], merged[^1], out var whole))
            {
                merged.RemoveRange(merged.Count - 2, 2);
                merged.Add(whole);
            }
        }
        return merged;
    }

    /// <summary>What is left of a prefix when another, inside it, is taken out, in order; the whole prefix when the other is not inside.</summary>
    public static IReadOnlyList<IpPrefix> Exclude(IpPrefix prefix, IpPrefix taken)
    {
        if (taken.Contains(prefix)) { return []; }
        if (!prefix.Contains(taken)) { return [prefix]; }
        var rest = new List<IpPrefix>();
        var whole = prefix;
        while (whole.Length < taken.Length)
        {
            var halves = Subnets(whole, whole.Length + 1).ToArray();
            var keepsFirst = halves[1].Contains(taken);
            rest.Add(halves[keepsFirst ? 0 : 1]);
            whole = halves[keepsFirst ? 1 : 0];
        }
        rest.Sort();
        return rest;
    }

    private static IEnumerable<IpPrefix> Subnets(IpPrefix prefix, int length)
    {
        if (length == prefix.Length)
        {
            yield return prefix;
            yield break;
        }
        var network = prefix.Network;
        var step = UInt128.One << (network.BitLength - length);
        var last = prefix.Last.Bits;
        for (var bits = network.Bits; ; bits += step)
        {
            yield return new IpPrefix(network.WithBits(bits), length);
            if (last - bits < step) { yield break; }
        }
    }

    private static bool TryJoin(IpPrefix lower, IpPrefix upper, out IpPrefix whole)
    {
        whole = default;
        if (lower.Length != upper.Length || lower.Length == 0 || lower.Network.Version != upper.Network.Version) { return false; }
        whole = new IpPrefix(lower.Network, lower.Length - 1);
        return whole.Network == lower.Network && whole.Contains(upper);
    }
}
