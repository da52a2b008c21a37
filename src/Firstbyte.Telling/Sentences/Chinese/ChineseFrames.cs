using Firstbyte.Addressing;
using Firstbyte.Frames;
using Firstbyte.Hosts;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseFrames : IFrameSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Frame(FrameSummary frame) => frame.Protocol switch
    {
        FrameProtocol.Arp => Arp(frame.Neighbor!),
        FrameProtocol.Ndp => Ndp(frame.Neighbor!),
        FrameProtocol.Icmp => $"{Icmp(frame)} {frame.Source} → {frame.Destination}",
        FrameProtocol.Dns => $"{Dns(frame.Dns!)} {frame.Source} → {frame.Destination}",
        FrameProtocol.Udp =>
            $"UDP {_amounts.Bytes(frame.Content)} {frame.Source}:{frame.SourcePort} → {frame.Destination}:{frame.DestinationPort}{Protocol(frame):words}",
        FrameProtocol.Tcp => $"TCP {Tcp(frame)} {frame.Source}:{frame.SourcePort} → {frame.Destination}:{frame.DestinationPort}",
        FrameProtocol.Ip when frame.FragmentOffset is > 0 => $"IP 分片（从第 {frame.FragmentOffset} 字节起）{frame.Source} → {frame.Destination}",
        FrameProtocol.Ip => $"IP 包 {frame.Source} → {frame.Destination}",
        FrameProtocol.Unknown => $"{_amounts.Bytes(frame.Length)}，这里没有人读得懂，发给 {(frame.To.IsBroadcast ? "所有设备" : frame.To.ToString()):words}",
    };

    public Phrase Sends(FrameSummary frame) => $"发送 {Frame(frame)}";

    public Phrase Gets(FrameSummary frame) => $"收到 {Frame(frame)}";

    public Phrase Forwarded(FrameForwarded e) =>
        $"{(e.Translation is { } row ? $"{Translation(row)}；" : "")}{Route(e.Row, e.Gateway, e.Outbound, e.Neighbor is null)}，还剩 {_amounts.Hops(e.HopsLeft)}";

    public Phrase Switched(FrameSwitched e) => e.Decision switch
    {
        SwitchDecision.Forwarded => Say($"交换机：{e.Destination} 在{Port(e.Outbound)}后面"),
        SwitchDecision.Filtered => "交换机：目的地就在帧来的那一边，不转发",
        SwitchDecision.Flooded when e.Destination.IsBroadcast => "交换机：发给所有设备，从其他所有端口送出",
        SwitchDecision.Flooded when e.Destination.IsGroup => "交换机：发给一个组，从其他所有端口送出",
        SwitchDecision.Flooded => $"交换机：表中没有 {e.Destination}，从其他所有端口送出",
    };

    public Phrase Repeated(int copies) => copies == 1 ? "集线器：从另一个端口送出" : $"集线器：从其他全部 {copies} 个端口送出";

    public Phrase Lost(string link, FrameDropReason reason) => $"在 {link:name} 上丢失：{Dropped(reason)}";

    public Phrase Dropped(FrameDropReason reason) => reason switch
    {
        FrameDropReason.None => "丢弃",
        FrameDropReason.Malformed => "丢弃：格式错误",
        FrameDropReason.NotForThisStation => "不是发给本设备的（集线器向所有端口转发）",
        FrameDropReason.NotForThisHost => "丢弃：目的地是别的地址，而这里不是路由器",
        FrameDropReason.UnknownEtherType => "丢弃：这里没有人用这种帧",
        FrameDropReason.MartianAddress => "丢弃：这样的源地址或目的地址不可能从这里来",
        FrameDropReason.SourceRoute => "丢弃：不接受源路由",
        FrameDropReason.UnrecognizedOption => "丢弃：有不能忽略的选项",
        FrameDropReason.HopsExceeded => "丢弃：跳数已用完",
        FrameDropReason.NoRoute => "丢弃：没有匹配的路由",
        FrameDropReason.NeighborUnreachable => "丢弃：子网中没有设备回应该地址",
        FrameDropReason.TooBig => "丢弃：比下一段链路的 MTU 长",
        FrameDropReason.InterfaceDown => "丢弃：网卡没有启用",
        FrameDropReason.FragmentsOverlap => "丢弃：分片互相重叠",
        FrameDropReason.ReassemblyTimedOut => "丢弃：分片太久没有到齐",
        FrameDropReason.ReassemblyLimit => "丢弃：没有拼完的包太多",
        FrameDropReason.UnknownProtocol => "丢弃：这里不使用这种协议",
        FrameDropReason.NoListener => "该端口没有程序在等待",
        FrameDropReason.BufferFull => "丢弃：套接字的缓冲区已满",
        FrameDropReason.BacklogFull => "丢弃：等待接受的连接已满",
        FrameDropReason.NeighborQueueFull => "丢弃：等待同一个邻居的包太多",
        FrameDropReason.NoTranslation => "丢弃：地址转换表里没有这一行：内部没有人要过",
        FrameDropReason.TranslationLimit => "丢弃：地址转换表已满",
        FrameDropReason.LinkDown => "网线被拔掉了",
        FrameDropReason.Chance => "网线会丢失一部分帧，这是其中一个",
        FrameDropReason.QueueFull => "等待发送的超过了队列的容量",
        FrameDropReason.Unplugged => "另一端什么也没有插",
        FrameDropReason.HostDown => "机器已关机",
        FrameDropReason.Silenced => "实验室的故障：该服务不作声",
        FrameDropReason.Refused => "实验室的故障：该服务拒绝",
        FrameDropReason.Partitioned => "实验室的故障：两边互不相通",
        FrameDropReason.Filtered => "实验室的故障：ICMP 消息一概不通",
        FrameDropReason.Swallowed => "实验室的故障：会丢失一部分，这是其中一个",
        FrameDropReason.Broken => "实验室的故障：连接被中断",
    };

    public Phrase NeighborLearned(IpAddress address, MacAddress hardware) => $"得知 {address} 的 MAC 地址是 {hardware}";

    public Phrase NeighborForgotten(IpAddress address) => $"忘记了 {address} 的 MAC 地址";

    public Phrase StationLearned(MacAddress station, string port) => $"得知 {station} 在{Port(port)}后面";

    public Phrase StationForgotten(MacAddress station) => $"忘记了 {station}";

    public Phrase RouteChanged(RouteChanged e) =>
        $"{Verb(e.Change):words} {Route(e.Row, e.Gateway, e.Outbound, false)}{(e.Metric > 0 ? $"，距离 {_amounts.Hops(e.Metric)}" : "")}（{Origin(e.Origin):words}）";

    public Phrase TranslationChanged(TranslationChanged e) => $"{(e.Change == RowChange.Removed ? "删去一行" : "添加一行"):words} {Translation(e.Row)}";

    public Phrase StateChanged(TcpState before, TcpState after) => $"{FieldWords.Of(before):words} → {FieldWords.Of(after):words}";

    public Phrase CableIn => "网线重新插上";

    public Phrase CableOut => "网线被拔掉：送进去的都会丢失";

    public Phrase Route(string row, IpAddress gateway, string outbound, bool asksForNeighbor) =>
        $"路由 {row} {(gateway.Version == IpVersion.None ? "本子网" : Say($"经由 {gateway}"))}，网卡 {outbound}{(asksForNeighbor ? "，先查询它的 MAC 地址" : ""):words}";

    public Phrase HasPacketFor(IpAddress destination) => $"有一个包要发往 {destination}";

    public string Between => "；";

    private static string Verb(RowChange change) => change switch
    {
        RowChange.Added => "学到",
        RowChange.Changed => "更改",
        RowChange.Removed => "失去",
    };

    private static string Origin(RouteOrigin origin) => origin switch
    {
        RouteOrigin.Connected => "本子网",
        RouteOrigin.Static => "手工设置",
        RouteOrigin.Dhcp => "DHCP",
        RouteOrigin.RouterAdvertisement => "路由器通告",
        RouteOrigin.Rip => "RIP",
    };

    private static Phrase Translation(NatRow row) => $"NAT {row.Inside} → {row.Outside}";

    private static Phrase Port(string? port) => port is null ? "没有端口" : Say($" {FieldWords.OfPort(port):name} 端口");

    private static Phrase Arp(NeighborNote note) => note switch
    {
        { Kind: NeighborMessage.Answer } => Say($"ARP {note.Target} 的 MAC 地址是 {note.Hardware}"),
        { Sender: { } sender } when sender == note.Target => $"ARP 宣布 {note.Target} 的 MAC 地址是 {note.Hardware}",
        _ => $"ARP {note.Sender} 询问：谁是 {note.Target}？",
    };

    private static Phrase Ndp(NeighborNote note) => note.Kind switch
    {
        NeighborMessage.Question => Say($"NDP {note.Sender} 询问：谁是 {note.Target}？"),
        NeighborMessage.Answer => $"NDP {note.Target} 的 MAC 地址是 {note.Hardware}",
        NeighborMessage.RouterQuestion => $"NDP {note.Sender} 询问：有路由器吗？",
        NeighborMessage.RouterAnswer => $"NDP 路由器 {note.Sender} 通告自己",
        NeighborMessage.Redirect => $"NDP 重定向 {note.Target}",
    };

    private static Phrase Icmp(FrameSummary frame)
    {
        var icmp = frame.Icmp!;
        Phrase what = frame.Source!.Value.IsV6
            ? (Icmpv6Type)icmp.Type switch
            {
                Icmpv6Type.EchoRequest => Say($"ICMP 回显请求 {icmp.Sequence}"),
                Icmpv6Type.EchoReply => $"ICMP 回显应答 {icmp.Sequence}",
                Icmpv6Type.TimeExceeded => "ICMP 跳数已用完",
                Icmpv6Type.PacketTooBig => $"ICMP 包太大，MTU {icmp.Mtu}",
                Icmpv6Type.DestinationUnreachable => $"ICMP {Unreachable((Icmpv6UnreachableCode)icmp.Code)}",
                _ => $"ICMP 类型 {icmp.Type}",
            }
            : (IcmpType)icmp.Type switch
            {
                IcmpType.Echo => Say($"ICMP 回显请求 {icmp.Sequence}"),
                IcmpType.EchoReply => $"ICMP 回显应答 {icmp.Sequence}",
                IcmpType.TimeExceeded => "ICMP 跳数已用完",
                IcmpType.DestinationUnreachable when icmp.Mtu is { } mtu => $"ICMP 包太大，MTU {mtu}",
                IcmpType.DestinationUnreachable => $"ICMP {Unreachable((IcmpUnreachableCode)icmp.Code)}",
                _ => $"ICMP 类型 {icmp.Type}",
            };
        return icmp.About is { } about ? $"{what}（关于发往 {about} 的包）" : what;
    }

    private static Phrase Unreachable(IcmpUnreachableCode code) => code switch
    {
        IcmpUnreachableCode.Network => "没有通往该网络的路由",
        IcmpUnreachableCode.Host => "到达不了主机",
        IcmpUnreachableCode.Protocol => "没有这种协议",
        IcmpUnreachableCode.Port => "端口没有程序",
        IcmpUnreachableCode.Prohibited => "被禁止",
        _ => $"到达不了，代码 {(byte)code}",
    };

    private static Phrase Unreachable(Icmpv6UnreachableCode code) => code switch
    {
        Icmpv6UnreachableCode.NoRoute => "没有通往该网络的路由",
        Icmpv6UnreachableCode.Address => "到达不了主机",
        Icmpv6UnreachableCode.Port => "端口没有程序",
        Icmpv6UnreachableCode.Prohibited => "被禁止",
        _ => $"到达不了，代码 {(byte)code}",
    };

    private Phrase Dns(DnsNote dns)
    {
        Phrase question = dns.Name.Length == 0 ? Phrase.Empty : $" {dns.Type} {dns.Name:name}";
        if (!dns.IsResponse) { return $"DNS 查询{question}"; }
        Phrase what = dns.Code != "NOERROR" ? dns.Code
            : dns.Answers > 0 ? _amounts.Answers(dns.Answers)
            : dns.IsAuthoritative ? "没有这样的记录"
            : dns.Authorities > 0 ? "转介"
            : "没有应答";
        return $"DNS 响应{question}：{what}{(dns.IsAuthoritative ? "，权威应答" : ""):words}";
    }

    private Phrase Tcp(FrameSummary frame)
    {
        var tcp = frame.Tcp!;
        Phrase text = $"{FieldWords.Of(tcp.Flags):words} seq {tcp.Sequence}";
        if (tcp.Flags.HasFlag(TcpFlags.Ack)) { text = $"{text} ack {tcp.Acknowledgment}"; }
        if (frame.Content == 0) { return text; }
        var service = FieldWords.OfService(frame.SourcePort, frame.DestinationPort).Replace(", ", "，", StringComparison.Ordinal);
        return $"{text} · {_amounts.Bytes(frame.Content)}{service:words}";
    }

    private static string Protocol(FrameSummary frame) => FieldWords.OfPort(Math.Min(frame.SourcePort ?? 0, frame.DestinationPort ?? 0));
}
