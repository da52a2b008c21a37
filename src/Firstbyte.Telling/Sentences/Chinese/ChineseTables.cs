using Firstbyte.Addressing;
using Firstbyte.Hosts;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseTables : ITableSentences
{
    private readonly ChineseAmounts _amounts = new();

    public IReadOnlyList<string> RouteHeads => ["目的地", "下一跳", "网卡", "来源"];

    public IReadOnlyList<string> NeighborHeads => ["IP 地址", "网卡", "MAC 地址", "状态", "设备"];

    public IReadOnlyList<string> SocketHeads => ["协议", "状态", "待接收", "待发送", "本地", "对方", "描述符"];

    public IReadOnlyList<string> CacheHeads => ["域名", "类型", "数据", "剩余有效期", "可信程度"];

    public IReadOnlyList<string> TranslationHeads => ["协议", "内部", "外部所见", "对方"];

    public IReadOnlyList<string> LinkHeads => ["网线", "两端", "状态", "延迟", "丢失率", "已送达", "已丢失"];

    public IReadOnlyList<string> MachineHeads => ["名称", "设备", "IP 地址"];

    public IReadOnlyList<string> FaultHeads => ["编号", "故障", "位置", "状态", "开始（秒）", "结束（秒）"];

    public Phrase FaultState(bool isActing, bool isOver) => isActing ? "正在发生" : isOver ? "已结束" : "尚未发生";

    public Phrase NoFaults => "没有故意安排的故障";

    public Phrase DefaultRoute(string prefix) => $"{prefix}（默认）";

    public Phrase Via(IpAddress? gateway) => gateway is null ? "本子网" : Say($"经由 {gateway}");

    public Phrase RouteOrigin(RouteOrigin origin, int hops) => origin switch
    {
        Hosts.RouteOrigin.Connected => "本子网",
        Hosts.RouteOrigin.Static => "手工设置",
        Hosts.RouteOrigin.Dhcp => "DHCP",
        Hosts.RouteOrigin.RouterAdvertisement => "路由器通告",
        Hosts.RouteOrigin.Rip => Say($"RIP，{_amounts.Hops(hops)}"),
    };

    public Phrase Neighbor(string? name, bool isRouter) => $"{name ?? "-":name}{(isRouter ? "（路由器）" : ""):words}";

    public Phrase Between(string machine, string box) => $"{machine:name} 与 {box:name}";

    public Phrase LinkState(bool isUp) => isUp ? "通" : "断开";

    public Phrase Machine(bool isRouter, bool isUp) => $"{(isRouter ? "路由器" : "主机"):words}{(isUp ? "" : "，已关机"):words}";

    public Phrase NoMachines => "这个实验室没有设备";

    public Phrase NoLinks => "这个实验室没有网线";

    public Phrase NoRoutes(string machine) => $"{machine:name} 没有任何路由";

    public Phrase NoNeighbors(string machine) => $"{machine:name} 还不认识任何邻居：有东西要发送时才会询问";

    public Phrase NoSockets(string machine) => $"{machine:name} 没有打开的套接字";

    public Phrase NothingCached(string machine) => $"{machine:name} 的缓存还是空的：有人查询时它才会去查询";

    public Phrase NothingTranslated(string machine) => $"{machine:name} 还没有转换任何地址：内部还没有设备向外发送过";
}
