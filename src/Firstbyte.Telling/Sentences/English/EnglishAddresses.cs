using System.Numerics;
using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishAddresses : IAddressSentences
{
    public string MergeLabel => "Merge";

    public string SplitLabel => "Split";

    public string ContainsLabel => "Contains";

    public string AddressLabel => "Address";

    public string NetworkLabel => "Network";

    public string MaskLabel => "Mask";

    public string HostLabel => "Host";

    public string BroadcastLabel => "Broadcast";

    public string RangeLabel => "Range";

    public string CountLabel => "Count";

    public string KindLabel => "Kind";

    public string ReverseLabel => "Reverse";

    public Phrase Merged(int prefixes, int result) => $"{prefixes} prefixes make {result}";

    public Phrase Split(BigInteger count, int length) => $"into {count:#,0} {(count.IsOne ? "subnet" : "subnets")} of /{length}";

    public Phrase SplitRow(IpPrefix prefix) =>
        $"{prefix.ToString().PadRight(20)} {prefix.FirstHost} – {prefix.LastHost}{(prefix.Broadcast is { } broadcast ? Say($"   broadcast {broadcast}") : "")}";

    public Phrase More(BigInteger count) => $"… {count:#,0} more";

    public Phrase Contains(InterfaceAddress probe, int bits, bool isInside) =>
        isInside ? Say($"{probe}: yes, its first {bits} bits are the network number") : $"{probe}: no, it differs within the first {bits} bits";

    public Phrase OtherVersion(InterfaceAddress probe) => $"{probe}: no, it is {(probe.Address.IsV4 ? "IPv4" : "IPv6")} and the subnet is not";

    public Phrase NetworkOfTwo(IpPrefix prefix) => $"{prefix}   (a link between two: host number 0 is one of them)";

    public Phrase Network(IpPrefix prefix) => $"{prefix}   (host number all zeros: the subnet itself)";

    public Phrase NetworkOfOne(IpPrefix prefix) => $"{prefix}   (the whole address: no bit is left for a host number)";

    public Phrase NoMask(IpAddress address) =>
        $"not given: where the network number ends is the subnet's to say (write {address}/{(address.IsV4 ? 24 : 64)}, for example)";

    public Phrase HostNumber(UInt128 number) => $"number {number} in its subnet";

    public Phrase Broadcast(IpAddress broadcast) => $"{broadcast}   (host number all ones: every host of the subnet)";

    public Phrase NoBroadcastV6 => "none: IPv6 uses multicast";

    public Phrase NoBroadcast(int length) => $"none: no room in a /{length} (RFC 3021)";

    public Phrase Count(BigInteger addresses, BigInteger hosts) =>
        $"{addresses:#,0} {(addresses.IsOne ? "address" : "addresses"):words}, {hosts:#,0} for hosts";

    public Phrase Bits(int network, int host) =>
        $"{network} {(network == 1 ? "bit" : "bits"):words} network number ─   {host} {(host == 1 ? "bit" : "bits"):words} host number ┄";

    public Phrase Kind(SpecialPurposeBlock? block) => block is null
        ? "global: an ordinary address of the Internet"
        : Say($"{block.Name}, {block.Prefix} ({block.Source}): {Reach(block):words}");

    private static string Reach(SpecialPurposeBlock block) =>
        block.Terminated.Length > 0 ? "given up, and in nobody's use"
        : block.IsGloballyReachable ? "forwarded between networks"
        : block.IsForwardable ? "forwarded where it is used, not across the Internet"
        : "not forwarded by any router";

    public Phrase EveryAddress(IpVersion version) => $"every address of {(version == IpVersion.V6 ? "IPv6" : "IPv4"):words}: what a default route leads to";

    public Phrase SeveralKinds => "a subnet that holds addresses of several kinds";
}
