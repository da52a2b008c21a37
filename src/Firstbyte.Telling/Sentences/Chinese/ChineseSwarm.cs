using Firstbyte.Simulation.Swarm;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseSwarm : ISwarmSentences
{
    private readonly ChineseAmounts _amounts = new();
    private readonly ChineseFaults _faults = new();

    public Phrase Progress(int done, ulong all, double perSecond, int broken) =>
        $"{all:#,0} 个世界中已完成 {done:#,0} 个，每秒 {perSecond:0} 个{(broken > 0 ? Say($"，{broken} 个出错") : "")}";

    public Phrase Shrinking(ulong seed) => $"种子 {seed}：正在精简故障";

    public Phrase World(SwarmResult result) =>
        $"种子 {result.Seed}：{result.Subnets} 个子网，{result.Routers} 台路由器，{result.Hosts} 台主机，{result.Journeys} 次访问，在它自己的 {result.Seconds:0.0} 秒里送达 {result.Deliveries:#,0} 个帧";

    public Phrase Fault(PlannedFault fault) =>
        $"{What(fault)}，从 {_amounts.Duration(fault.FromNanoseconds)}到 {_amounts.Duration(fault.UntilNanoseconds)}";

    private Phrase What(PlannedFault fault)
    {
        if (fault.Places.Count == 0 || fault.Kind.DefinitionAt(fault.Places[0], fault.Amount) is not { } definition)
        {
            return $"{_faults.Kind(fault.Kind.Name):words}：{string.Join(", ", fault.Places):name}（{fault.Amount}）";
        }
        return fault.Places.Count == 1 ? _faults.What(definition) : $"{_faults.What(definition)}（{string.Join(", ", fault.Places.Skip(1)):name} 也一样）";
    }

    public Phrase WorldOutcome(SwarmResult result) =>
        $"{(result.Breach is null ? "一切成立" : "出错"):words}；故障期间有 {result.FailedJourneys} 次访问失败；经过 {result.Events:#,0} 个事件，运行指纹 {result.TraceHash:x16}";

    public Phrase Broken(ulong seed, Invariant invariant) => $"出错    种子 {seed}：{Invariant(invariant):words}";

    public string FirstSeenLabel => "首次发现";

    public string WhatLabel => "现象";

    public string FaultsLabel => "故障";

    public string CaptureLabel => "抓包";

    public string EventLogLabel => "事件日志";

    public string AgainLabel => "重现";

    public Phrase FirstSeen(Breach breach) => $"事件 {breach.EventNumber:#,0}，{breach.Seconds:0.000000} 秒，在 {breach.Machine:name} 上";

    public Phrase FaultsNeeded(int planned, int needed) => needed == 0 ? Say($"计划了 {planned} 个，一个也不需要") : $"计划了 {planned} 个，需要其中 {needed} 个：";

    public Phrase BrokenToo(IEnumerable<SwarmResult> broken) =>
        $"同样出错：{string.Join("，", broken.Select(result => $"{result.Seed}（{Invariant(result.Breach!.Invariant)}）")):words}";

    public IReadOnlyList<string> SizeHeads => ["世界", "最小", "中位数", "最大"];

    public IReadOnlyList<string> FaultHeads => ["故障", "起作用次数"];

    public IReadOnlyList<string> InvariantHeads => ["不变量", "检查次数"];

    public string Size(string name) => name switch
    {
        "subnets" => "子网",
        "routers" => "路由器",
        "hosts" => "主机",
        "journeys" => "访问",
        "fault kinds" => "故障种类",
        "frame deliveries" => "帧送达",
        _ => name,
    };

    public string Invariant(Invariant invariant) => invariant switch
    {
        Simulation.Swarm.Invariant.DeliveredBytes => "送达的字节",
        Simulation.Swarm.Invariant.OfferedWindow => "对方的窗口",
        Simulation.Swarm.Invariant.Checksum => "校验和",
        Simulation.Swarm.Invariant.HopLimit => "跳数限制",
        Simulation.Swarm.Invariant.SequenceSpace => "序号空间",
        Simulation.Swarm.Invariant.SelectiveAcknowledgment => "选择确认",
        Simulation.Swarm.Invariant.Backoff => "退避",
        Simulation.Swarm.Invariant.FourTuple => "四元组",
        Simulation.Swarm.Invariant.NeighborFirst => "先问邻居",
        Simulation.Swarm.Invariant.ZoneData => "域的数据",
        Simulation.Swarm.Invariant.TimeToLive => "有效期",
        Simulation.Swarm.Invariant.QueryBudget => "查询预算",
        Simulation.Swarm.Invariant.ReleasedSockets => "归还的套接字",
        Simulation.Swarm.Invariant.OrderlyEnd => "有序结束",
        Simulation.Swarm.Invariant.Bounds => "上限",
        Simulation.Swarm.Invariant.ReasonedFailure => "失败的原因",
        Simulation.Swarm.Invariant.Recovery => "恢复",
        Simulation.Swarm.Invariant.NoException => "没有异常",
    };

    public Phrase NotCovered(IEnumerable<string> gaps) => $"没有覆盖：{string.Join("，", gaps):words}";

    public Phrase Summary(int worlds, int broken, ulong? stoppedOf) =>
        $"{(stoppedOf is { } all ? Say($"{all:#,0} 个世界中的 ") : "")}{worlds:#,0} 个世界{(stoppedOf is null ? "" : "，随后停止"):words}：{(broken == 0 ? "一切成立" : Say($"{broken:#,0} 个出错"))}";

    public Phrase Elapsed(double seconds) => $"用时 {seconds:0.0} 秒";
}
