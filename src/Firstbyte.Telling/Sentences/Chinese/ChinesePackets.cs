using Firstbyte.Addressing;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal class ChinesePackets : IPacketSentences
{
    public string Layer(LayerKind layer) => layer switch
    {
        LayerKind.Ethernet => "以太网",
        LayerKind.Arp => "ARP",
        LayerKind.Ipv4 => "IPv4",
        LayerKind.Ipv6 => "IPv6",
        LayerKind.Icmp => "ICMP",
        LayerKind.Icmpv6 => "ICMPv6",
        LayerKind.Udp => "UDP",
        LayerKind.Tcp => "TCP",
        LayerKind.Dns => "DNS",
        LayerKind.Http => "HTTP",
        LayerKind.Tls => "TLS",
        LayerKind.Data => "数据",
    };

    public string Field(FieldName field) => field switch
    {
        FieldName.DestinationStation => "目的地址",
        FieldName.SourceStation => "源地址",
        FieldName.EtherType => "EtherType",
        FieldName.HardwareType => "硬件类型",
        FieldName.ProtocolType => "协议类型",
        FieldName.HardwareLength => "硬件地址长度",
        FieldName.ProtocolLength => "协议地址长度",
        FieldName.Operation => "操作",
        FieldName.SenderHardware => "发送方 MAC",
        FieldName.SenderAddress => "发送方 IP",
        FieldName.TargetHardware => "目标 MAC",
        FieldName.TargetAddress => "目标 IP",
        FieldName.Version => "版本",
        FieldName.HeaderLength => "头部长度",
        FieldName.TrafficClass => "DSCP、ECN",
        FieldName.TotalLength => "总长度",
        FieldName.Identification => "标识",
        FieldName.Flags => "标志",
        FieldName.FragmentOffset => "分片偏移",
        FieldName.TimeToLive => "TTL（跳数）",
        FieldName.Protocol => "协议",
        FieldName.Checksum => "校验和",
        FieldName.Source => "源地址",
        FieldName.Destination => "目的地址",
        FieldName.Options => "选项",
        FieldName.FlowLabel => "流标签",
        FieldName.PayloadLength => "载荷长度",
        FieldName.NextHeader => "下一个头部",
        FieldName.HopLimit => "跳数限制",
        FieldName.ExtensionHeaders => "扩展头部",
        FieldName.Type => "类型",
        FieldName.Code => "代码",
        FieldName.RestOfHeader => "头部其余部分",
        FieldName.SourcePort => "源端口",
        FieldName.DestinationPort => "目的端口",
        FieldName.Length => "长度",
        FieldName.SequenceNumber => "序号",
        FieldName.Acknowledgment => "确认号",
        FieldName.DataOffset => "数据偏移",
        FieldName.Reserved => "保留",
        FieldName.Window => "窗口",
        FieldName.UrgentPointer => "紧急指针",
        FieldName.QuestionCount => "问题数",
        FieldName.AnswerCount => "应答数",
        FieldName.AuthorityCount => "权威记录数",
        FieldName.AdditionalCount => "附加记录数",
        FieldName.Qr => "QR",
        FieldName.Opcode => "Opcode",
        FieldName.Aa => "AA",
        FieldName.Tc => "TC",
        FieldName.Rd => "RD",
        FieldName.Ra => "RA",
        FieldName.Z => "Z",
        FieldName.Ad => "AD",
        FieldName.Cd => "CD",
        FieldName.Rcode => "RCODE",
        FieldName.Content => "字节数",
    };

    public Phrase ForThisStation => "网卡收下这个帧：目的地址就是它自己的 MAC 地址。";

    public Phrase ForEverybody => "网卡收下这个帧：它是发给链路上所有设备的。";

    public Phrase ForAGroup => "这个帧发给一个组，属于该组的网卡才收下。";

    public Phrase ForAnother => "这个帧是发给别的设备的：网卡不予理会。";

    public Phrase NextStop => "在这条链路上，帧发给包的下一站；它的 MAC 地址来自邻居缓存。";

    public Phrase HubReadsNothing => "集线器不看地址：收到的都从其他所有端口送出。";

    public Phrase SwitchReadsStation => "交换机只看这个地址，不看后面的内容。";

    public Phrase NotReadHere => "这一层在这里没有人读。";

    public Phrase RouterReadsOnlyIp => "途中的路由器不读这一层。";

    public Phrase AsksNeighbor => "要把包发给链路上的地址，先要知道它的 MAC 地址：这就是在询问。";

    public Phrase AnswersNeighbor => "这是应答：询问者把它记入邻居缓存。";

    public Phrase OfferedToSocket => "协议号说明由谁继续读，端口说明交给哪个套接字。";

    public Phrase MadeBySocket => "程序把字节交给套接字；这个头部写明从哪个端口到哪个端口。";

    public Phrase AsksName => "解析器就一个域名询问 DNS 服务器。";

    public Phrase AnswersName => "DNS 服务器作出应答；编号与问题的编号相同。";

    public Phrase ReportsTrouble => "机器之间在这里互相通报包的下落。";

    public Phrase CarriesProgram => "程序之间说的话；TCP 及其下各层只管运送，不读内容。";

    public Phrase NotSealedYet => "TLS 以明文开头：途经之处都能读到，包括服务器的名称。之后的内容才加密。";

    public Phrase Sealed => "由 TLS 加密：只有两端能读。";

    public Phrase HasAddress(IpAddress address) => $"{address} 是这台机器的地址：包已到达。";

    public Phrase OnItsWay(IpAddress address) => $"{address} 不是这台机器：路由表决定包的下一站。";

    public Phrase LeavesFor(IpAddress address) => $"包的目的地是 {address}；一路上这个地址不变。";
}
