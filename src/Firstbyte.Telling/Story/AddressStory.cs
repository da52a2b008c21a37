using System.Numerics;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Sentences;

namespace Firstbyte.Telling.Story;

/// <summary>Tells what an address says: its two numbers, the mask between them, the subnet's range, its kind.</summary>
public sealed class AddressStory(IRowSink rows, Language language)
{
    /// <summary>Rows of a split that are told before the rest is only counted.</summary>
    private const int MaximumRows = 64;

    private readonly IAddressSentences _words = language.Addresses;

    /// <summary>Tells several subnets as the fewest that hold the same addresses.</summary>
    public void Merge(IReadOnlyList<InterfaceAddress> addresses)
    {
        var merged = SubnetPlan.Merge(addresses.Select(static address => address.Prefix));
        rows.Result(_words.MergeLabel, _words.Merged(addresses.Count, merged.Count));
        foreach (var prefix in merged) { rows.ResultDetail($"{prefix}"); }
    }

    /// <summary>Tells an address and, where a mask says which one it is, its subnet.</summary>
    public void Explain(InterfaceAddress address, bool hasMask)
    {
        rows.Result(_words.AddressLabel, hasMask ? Say($"{address}") : Say($"{address.Address}"));
        foreach (var line in Bits(address, hasMask)) { rows.Detail(line); }
        if (hasMask) { ExplainSubnet(address); }
        // A group of hosts is in no subnet.
        else if (SpecialPurpose.Find(address.Address) is not { Kind: AddressKind.Multicast or AddressKind.LimitedBroadcast })
        {
            rows.Result(_words.MaskLabel, _words.NoMask(address.Address));
        }
        // With a host number of zero the subnet is meant, and that may be more than the block in which its first address lies; a /0 is everything.
        var block = SpecialPurpose.Find(address.Address);
        var isEverything = hasMask && address.Prefix.Length == 0;
        var isWider = hasMask && block is { } within && address.HostNumber == 0 && address.Prefix.Length < within.Prefix.Length;
        rows.Result(_words.KindLabel, isEverything ? _words.EveryAddress(address.Address.Version) : isWider ? _words.SeveralKinds : _words.Kind(block));
        rows.Result(_words.ReverseLabel, ReverseName.Of(address.Address));
    }

    private void ExplainSubnet(InterfaceAddress address)
    {
        var prefix = address.Prefix;
        var isOneAddress = prefix.HostBits == 0;
        rows.ResultDetail(_words.Bits(prefix.Length, address.Address.BitLength - prefix.Length));
        rows.Result(
            _words.NetworkLabel, isOneAddress ? _words.NetworkOfOne(prefix) : prefix.HostBits == 1 ? _words.NetworkOfTwo(prefix) : _words.Network(prefix));
        rows.Result(_words.MaskLabel, address.Address.IsV4 ? Say($"{prefix.Mask} = /{prefix.Length}") : $"/{prefix.Length}");
        if (!isOneAddress) { rows.Result(_words.HostLabel, _words.HostNumber(address.HostNumber)); }
        rows.Result(_words.BroadcastLabel,
            prefix.Broadcast is { } broadcast
                ? _words.Broadcast(broadcast)
                : address.Address.IsV6 ? _words.NoBroadcastV6 : _words.NoBroadcast(prefix.Length));
        rows.Result(_words.RangeLabel, isOneAddress ? Say($"{prefix.FirstHost}") : $"{prefix.FirstHost} – {prefix.LastHost}");
        rows.Result(_words.CountLabel, _words.Count(prefix.Size, prefix.HostCount));
    }

    /// <summary>Tells the subnets of a length that a subnet has room for.</summary>
    public void Split(IpPrefix whole, int length)
    {
        var count = BigInteger.One << (length - whole.Length);
        rows.Result(_words.SplitLabel, _words.Split(count, length));
        foreach (var prefix in SubnetPlan.Split(whole, length).Take(MaximumRows)) { rows.ResultDetail(_words.SplitRow(prefix)); }
        if (count > MaximumRows) { rows.ResultDetail(_words.More(count - MaximumRows)); }
    }

    /// <summary>Tells whether an address lies in a subnet.</summary>
    public void Contains(IpPrefix prefix, InterfaceAddress probe)
    {
        var isInside = prefix.Contains(probe.Prefix);
        var words = probe.Address.IsV4 == prefix.Network.IsV4 ? _words.Contains(probe, prefix.Length, isInside) : _words.OtherVersion(probe);
        rows.Result(_words.ContainsLabel, words, role: isInside ? Role.Good : Role.Bad);
    }

    /// <summary>The bits in their groups with the mask's edge drawn where it is.</summary>
    internal static IEnumerable<string> Bits(InterfaceAddress address, bool hasMask)
    {
        var bits = address.Address.BitLength;
        var group = bits == 32 ? 8 : 16;
        var perLine = bits == 32 ? 32 : 64;
        for (var line = 0; line < bits; line += perLine)
        {
            var (text, edge) = (new StringBuilder(), new StringBuilder());
            for (var bit = line; bit < line + perLine; bit++)
            {
                if (hasMask && bit == address.Prefix.Length && bit > 0) { text.Append('│'); edge.Append('│'); }
                else if (bit > line && bit % group == 0) { text.Append(' '); edge.Append(Under(bit)); }
                text.Append(((address.Address.Bits >> (bits - 1 - bit)) & 1) == 1 ? '1' : '0');
                edge.Append(Under(bit));
            }
            if (hasMask && line + perLine == address.Prefix.Length) { text.Append('│'); edge.Append('│'); }
            yield return text.ToString();
            if (hasMask) { yield return edge.ToString(); }
        }

        char Under(int bit) => bit < address.Prefix.Length ? '─' : '┄';
    }
}
