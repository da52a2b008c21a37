using System.Numerics;
using Firstbyte.Addressing;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseAddresses : IAddressSentences
{
    public string MergeLabel => "合并";

    public string SplitLabel => "划分";

    public string ContainsLabel => "包含";

    public string AddressLabel => "地址";

    public string NetworkLabel => "网络号";

    public string MaskLabel => "子网掩码";

    public string HostLabel => "主机号";

    public string BroadcastLabel => "广播";

    public string RangeLabel => "范围";

    public string CountLabel => "数量";

    public string KindLabel => "种类";

    public string ReverseLabel => "反向域名";

    public Phrase Merged(int prefixes, int result) => $"{prefixes} 个前缀合并为 {result} 个";

    public Phrase Split(BigInteger count, int length) => $"划分为 {count:#,0} 个 /{length} 的子网";

    public Phrase SplitRow(IpPrefix prefix) =>
        $"{prefix.ToString().PadRight(20)} {prefix.FirstHost} – {prefix.LastHost}{(prefix.Broadcast is { } broadcast ? Say($"   广播 {broadcast}") : "")}";

    public Phrase More(BigInteger count) => $"…… 还有 {count:#,0} 个";

    public Phrase Contains(InterfaceAddress probe, int bits, bool isInside) =>
        isInside ? Say($"{probe}：在内，它的前 {bits} 比特就是网络号") : $"{probe}：不在内，它的前 {bits} 比特不同";

    public Phrase OtherVersion(InterfaceAddress probe) => $"{probe}：不在，它是 {(probe.Address.IsV4 ? "IPv4" : "IPv6")} 地址，子网不是";

    public Phrase NetworkOfTwo(IpPrefix prefix) => $"{prefix}   （只连两台的链路：主机号 0 也是其中一台）";

    public Phrase Network(IpPrefix prefix) => $"{prefix}   （主机号全部为 0：代表整个子网）";

    public Phrase NetworkOfOne(IpPrefix prefix) => $"{prefix}   （整个地址都是网络号：没有留给主机号的比特）";

    public Phrase NoMask(IpAddress address) => $"没有给出：网络号到哪里为止由子网决定（例如写成 {address}/{(address.IsV4 ? 24 : 64)}）";

    public Phrase HostNumber(UInt128 number) => $"在子网中的编号是 {number}";

    public Phrase Broadcast(IpAddress broadcast) => $"{broadcast}   （主机号全部为 1：代表子网上的所有设备）";

    public Phrase NoBroadcastV6 => "没有：IPv6 使用组播";

    public Phrase NoBroadcast(int length) => $"没有：/{length} 里容不下（RFC 3021）";

    public Phrase Count(BigInteger addresses, BigInteger hosts) => $"{addresses:#,0} 个地址，其中 {hosts:#,0} 个可给主机";

    public Phrase Bits(int network, int host) => $"网络号 {network} 比特 ─   主机号 {host} 比特 ┄";

    public Phrase Kind(SpecialPurposeBlock? block) => block is null
        ? "全局：互联网上的普通地址"
        : Say($"{Name(block):words}，{block.Prefix}（{block.Source}）：{Reach(block):words}");

    private static string Reach(SpecialPurposeBlock block) =>
        block.Terminated.Length > 0 ? "已经废弃，无人使用" : block.IsGloballyReachable ? "会在网络之间转发" : block.IsForwardable ? "只在使用者自己的网络内转发，不跨越互联网" : "任何路由器都不转发";

    public Phrase EveryAddress(IpVersion version) => $"{(version == IpVersion.V6 ? "IPv6" : "IPv4"):words} 的全部地址：默认路由所指的范围";

    public Phrase SeveralKinds => "含有多种地址的子网";

    // The registry's own names are English.
    private static string Name(SpecialPurposeBlock block) => block.Kind switch
    {
        AddressKind.Unspecified => "未指定地址",
        AddressKind.ThisNetwork => "本网络",
        AddressKind.Loopback => "环回地址",
        AddressKind.Private => "私有地址",
        AddressKind.SharedAddressSpace => "运营商共享地址",
        AddressKind.LinkLocal => "链路本地地址",
        AddressKind.UniqueLocal => "唯一本地地址",
        AddressKind.SiteLocal => "站点本地地址（已废弃）",
        AddressKind.ProtocolAssignments => "IETF 协议专用",
        AddressKind.Documentation => "文档示例",
        AddressKind.Benchmarking => "基准测试",
        AddressKind.As112 => "AS112 服务",
        AddressKind.Relay6To4 => "6to4 中继",
        AddressKind.Multicast => Scope(SpecialPurpose.ScopeOf(block.Prefix.Network)),
        AddressKind.LimitedBroadcast => "受限广播",
        AddressKind.Reserved => "保留地址",
        AddressKind.V4Mapped => "IPv4 映射地址",
        AddressKind.V4Compatible => "IPv4 兼容地址（已废弃）",
        AddressKind.V4Translation => "IPv4 与 IPv6 转换",
        AddressKind.Discard => "仅供丢弃",
        AddressKind.Teredo => "Teredo 隧道",
        AddressKind.SegmentRouting => "SRv6 段标识",
        AddressKind.Dummy => "占位前缀",
        _ => block.Name,
    };

    private static string Scope(MulticastScope scope) => scope switch
    {
        MulticastScope.InterfaceLocal => "接口内组播",
        MulticastScope.LinkLocal => "链路内组播",
        MulticastScope.RealmLocal => "域内组播",
        MulticastScope.AdminLocal => "管理范围内组播",
        MulticastScope.SiteLocal => "站点内组播",
        MulticastScope.OrganizationLocal => "组织内组播",
        MulticastScope.Global => "全球组播",
        _ => "组播",
    };
}
