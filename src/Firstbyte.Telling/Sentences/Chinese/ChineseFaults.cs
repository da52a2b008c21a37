using Firstbyte.Labs;
using Firstbyte.Simulation.Elements;
using Firstbyte.Simulation.Faults;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseFaults : IFaultSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase What(FaultDefinition fault) => fault switch
    {
        Silence { Port: { } port } e => Say($"{e.Host:name} 的 {port} 端口从不应答"),
        Silence e => $"{e.Host:name} 从不应答",
        Refusal e => $"{e.Host:name} 的 {e.Port} 端口拒绝连接",
        Breakage e => $"{e.Host:name} 的 {e.Port} 端口在 {_amounts.Bytes(e.AfterBytes)}后{(e.ByReset ? "重置" : "断开"):words}连接",
        PacketLoss e => $"从{Anybody(e.Source)}到{Anybody(e.Target)}的包丢失 {Amounts.Percent(e.Millionths):words}",
        IcmpFilter e => $"{e.Node:name} 不放行任何 ICMP 消息",
        Partition e => $"{string.Join(", ", e.Left):name} 与 {string.Join(", ", e.Right):name} 互不相通",
        Outage e => $"{e.Node:name} 断电",
        Cut e => $"网线 {e.Link:name} 被拔掉{Way(e.Direction):words}",
        Clog e => $"网线 {e.Link:name} 被堵住{Way(e.Direction):words}",
        Impairment e => $"网线 {e.Link:name} 质量变差{Way(e.Direction):words}（{Phrase.Join("，", Settings(e.Settings))}）",
        ClockSkew e => Skew(e),
        Throttle e => $"网线 {e.Link:name} 最多只发 {Amounts.BitRate(e.BitsPerSecond):words}{Way(e.Direction):words}",
        // A fault that somebody else has added: its own words, or the lab file's.
        _ => Phrase.Of(fault.SaidIn("zh") ?? LabFile.Write(fault), Role.Name),
    };

    public Phrase Meaning(FaultDescription kind) => kind.Word switch
    {
        "silence" => "发给它的都会丢失，它什么也不应答",
        "refuse" => "连接被重置，数据报得到“端口不可达”",
        "break" => "每个连接在 N 字节后中断",
        "lose" => "一部分包会丢失",
        "partition" => "这两组主机和路由器互不相通",
        "filter" => "它不放行任何 ICMP 消息：回显和“包太大”都不行",
        "cut" => "网线被拔掉：上面的都会丢失",
        "clog" => "网线扣住一切，故障结束时再放行",
        "throttle" => "不论还有什么故障，网线最多发这么快；队列满了就丢弃后来的（没有写时是 32,768 字节）",
        "impair" => "网线以另一种方式对待帧",
        "skew" => "它的日历快 T（-5min 是慢），时钟每百万快 N",
        "down" => "它断电，失去连接和学到的内容；故障结束时重新启动",
        _ => kind.MeaningIn("zh") ?? "",
    };

    public string Kind(string word) => word switch
    {
        "silence" => "不应答",
        "refuse" => "拒绝连接",
        "break" => "连接中断",
        "lose" or "loss" => "丢包",
        "duplicate" => "重复",
        "reorder" => "乱序",
        "corrupt" => "损坏",
        "partition" => "互不相通",
        "filter" => "过滤 ICMP",
        "cut" => "网线被拔掉",
        "clog" => "网线被堵住",
        "throttle" => "限速",
        "impair" => "网线质量变差",
        "skew" => "时钟不准",
        "down" => "断电",
        _ => FaultRegistry.Standard.Random.FirstOrDefault(fault => fault.Name == word)?.NameIn("zh") ?? word,
    };

    private Phrase Skew(ClockSkew e)
    {
        var drift = Say($"走得每百万{(e.DriftPartsPerMillion < 0 ? "慢" : "快"):words} {Math.Abs((long)e.DriftPartsPerMillion)}");
        if (e.OffsetNanoseconds == 0 && e.DriftPartsPerMillion != 0) { return $"{e.Node:name} 的时钟{drift}"; }
        var drifts = e.DriftPartsPerMillion == 0 ? Phrase.Empty : Say($"，而且{drift}");
        return $"{e.Node:name} 的时钟{(e.OffsetNanoseconds < 0 ? "慢" : "快"):words} {_amounts.Duration(Math.Abs(e.OffsetNanoseconds))}{drifts}";
    }

    private IEnumerable<Phrase> Settings(WireSettings settings)
    {
        if (settings.Latency > TimeSpan.Zero || settings == new WireSettings()) { yield return Say($"延迟 {_amounts.Duration(Nanoseconds(settings.Latency))}"); }
        if (settings.Jitter > TimeSpan.Zero) { yield return Say($"抖动 {_amounts.Duration(Nanoseconds(settings.Jitter))}"); }
        if (settings.BitsPerSecond > 0) { yield return Say($"速率 {Amounts.BitRate(settings.BitsPerSecond):words}"); }
        if (settings.QueueBytes > 0) { yield return Say($"队列 {_amounts.Bytes(settings.QueueBytes)}"); }
        if (settings.LossMillionths > 0) { yield return Say($"丢失 {Amounts.Percent(settings.LossMillionths):words}"); }
        if (settings.DuplicateMillionths > 0) { yield return Say($"重复 {Amounts.Percent(settings.DuplicateMillionths):words}"); }
        if (settings.ReorderMillionths > 0)
        {
            var by = settings.ReorderDelay == TimeSpan.Zero ? Phrase.Empty : Say($"，扣 {_amounts.Duration(Nanoseconds(settings.ReorderDelay))}");
            yield return Say($"扣住 {Amounts.Percent(settings.ReorderMillionths):words}{by}");
        }
        if (settings.CorruptMillionths > 0) { yield return Say($"损坏 {Amounts.Percent(settings.CorruptMillionths):words}"); }
        if (settings.Mtu != WireSettings.DefaultMtu) { yield return Say($"MTU {settings.Mtu}"); }
    }

    private static Phrase Anybody(string? host) => host is null ? "任何设备" : Say($" {host:name} ");

    private static long Nanoseconds(TimeSpan time) => time.Ticks * TimeSpan.NanosecondsPerTick;

    private static string Way(LinkDirection direction) => direction switch
    {
        LinkDirection.Both => "",
        LinkDirection.Up => "（仅去程）",
        LinkDirection.Down => "（仅回程）",
    };
}
