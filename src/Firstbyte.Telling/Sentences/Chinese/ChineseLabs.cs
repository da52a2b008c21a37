using Firstbyte.Labs;
using Firstbyte.Simulation.Recording;
using Firstbyte.Simulation.Scheduling;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseLabs : ILabSentences
{
    // As many calls of other hosts as a person reads (own choice).
    private const int MaxNamed = 5;

    private readonly ChineseAmounts _amounts = new();
    private readonly ChineseSources _sources = new();
    private readonly ChineseFaults _faults = new();

    public string SeedLabel => "种子";

    public string SubnetLabel => "子网";

    public string FaultLabel => "故障";

    public string NamesLabel => "名称";

    public Phrase Subnet(string name, string prefixes, SubnetKind kind) => $"{name:name}  {prefixes}  （{Kind(kind):words}）";

    public Phrase Box(SubnetKind kind, string name, string uplink) => $"{Kind(kind):words} {name:name}  连到 {uplink:name}";

    public Phrase Router(string name, string addresses, bool translates, bool learnsRoutes, string? lends) =>
        $"路由器 {name:name}  {addresses}{(translates ? "  转换地址（nat）" : ""):words}{(learnsRoutes ? "  学习路由（rip）" : ""):words}{(lends is null ? "" : $"  出借 {lends}（dhcp）"):words}";

    public Phrase Host(string name, string addresses, bool isClient, Phrase services) =>
        $"{(isClient ? "客户端" : "主机"):words} {name:name}  {addresses}{(services.IsEmpty ? Phrase.Empty : Say($"  提供：{services}"))}";

    public Phrase ZoneService(string origin) => $"DNS 域 {origin:name}";

    public Phrase ResolverService => "解析器";

    public Phrase Services(IEnumerable<Phrase> services) => Phrase.Join("、", services);

    public Phrase ForgerService(string name) => $"伪造 {name:name} 的应答";

    public Phrase Offer(string names, IEnumerable<Phrase> things, int more) =>
        $"    {(names.Length > 0 ? names + "：" : "")}{Phrase.Join("、", things)}{(more > 0 ? Say($"，另有 {more} 个") : Phrase.Empty)}";

    public Phrase Page(string path, AccountDefinition? account) => account is null ? $"{path:name}" : $"{path:name}（{Login(account)}）";

    public Phrase Login(AccountDefinition account) => $"用户 {account.User:name}，密码 {account.Password:name}";

    public Phrase Port(ushort port) => $"端口 {port}";

    public Phrase Happening(Happening happening) => $"{_faults.What(happening.Fault)}{When(happening)}";

    public Phrase NameChange(NameChange change) => change is NameSetting setting
        ? Say($"从 {_amounts.Duration(change.AtNanoseconds)}起，域 {change.Origin.ToString():name} 的应答改为 {setting.Record.ToString():name}")
        : $"从 {_amounts.Duration(change.AtNanoseconds)}起，域 {change.Origin.ToString():name} 不再有 {$"{change.Owner} {change.Type}":name}";

    public Phrase FaultChanged(string word, string place, bool isActing) =>
        $"故障{(isActing ? "开始" : "结束"):words}：{_faults.Kind(word):words}（{place:name}）";

    public Phrase FaultCalledOff(string word, string place) => $"故障不会开始：{_faults.Kind(word):words}（{place:name}）";

    public Phrase ZoneChanged(string zone, string change, long serial) => $"域 {zone:name} 变更：{change:name}（序列号 {serial}）";

    public Phrase SimulationFailure(SimulationException failure) => failure switch
    {
        ForeignEntryException foreign => $"有 {foreign.Count} 次调用从外部进入模拟，第一次是“{foreign.Entry:name}”：这是 firstbyte 的错误",
        ForeignWorkException foreign => $"运行中有 {foreign.Items} 项工作在模拟之外完成：这是 firstbyte 的错误",
        ServiceFailedException service => $"{service.Host:name} 上的服务“{service.Service:name}”失败（{service.InnerException!.GetType().Name:name}）：这是 firstbyte 的错误",
        StalledException stalled => Stalled(stalled),
        DivergedException => "同一种子的两次运行不同：世界里有不是由种子决定的东西，这是 firstbyte 的错误",
        ReplayDivergedException diverged => $"这次运行无法回退：事件 {diverged.Number} 这次的结果不同，这是 firstbyte 的错误",
        RecordingFullException full => $"这次运行已经记录了 {full.Events} 个事件，达到上限：请重新开始",
        ZoneLostException lost => $"“{lost.Change.ToString():name}”之后，域 {lost.Change.Origin.ToString():name} 无法再提供：{_sources.ZoneProblem(lost.Problem)}",
        _ => $"{failure.GetType().Name:name}",
    };

    private static Phrase Stalled(StalledException stalled)
    {
        var roots = Phrase.Join("、", stalled.Unfinished.Select(static root => Say($"{root.Host:name} 上的“{root.Name:name}”")));
        var own = stalled.OwnWaits.Count == 0
            ? "它在等待模拟之外的事情"
            : Say($"它在等待 {Calls(stalled.OwnWaits)}");
        var more = stalled.OtherWaits.Count - MaxNamed;
        var others = stalled.OtherWaits.Count == 0
            ? "其他主机都没有进行中的调用"
            : Say($"其他主机在等待 {Calls(stalled.OtherWaits.Take(MaxNamed))}{(more > 0 ? Say($" 等，另有 {more} 个") : Phrase.Empty)}");
        return $"不会再有事情发生，而{roots}还没有结束：{own}，{others}";
    }

    private static Phrase Calls(IEnumerable<WaitingCall> calls) => Phrase.Join("、", calls.Select(static call => Say($"{call.ToString():name}")));

    public Phrase PingBegins(Phrase target) => $"ping {target} 开始";

    public Phrase PingEnds(string name, int received, int sent) => $"ping {name:name} 结束：{sent} 次中有 {received} 次应答";

    public Phrase TracerouteBegins(Phrase target) => $"traceroute {target} 开始";

    public Phrase TracerouteEnds(int hops, bool hasReached) => hasReached ? Say($"traceroute 结束：到目标共 {_amounts.Hops(hops)}") : "traceroute 结束：目标没有应答";

    public Phrase FetchBegins(string input) => $"开始取 {input}";

    public Phrase FetchEnds(int status, string reason, bool hasSucceeded) => hasSucceeded ? Say($"取完了：{status} {reason}") : "没有取到页面";

    public Phrase ResolveBegins(string name, string type) => $"resolve {name:name} {type} 开始";

    private static string Kind(SubnetKind kind) => kind switch
    {
        SubnetKind.Hub => "集线器",
        SubnetKind.Switch => "交换机",
    };

    private Phrase When(Happening happening)
    {
        Phrase from = happening.LatestNanoseconds is { } latest ? $"，从 {_amounts.Duration(happening.AtNanoseconds)} 到 {_amounts.Duration(latest)}之间的某一刻起"
            : happening.AtNanoseconds > 0 ? $"，从 {_amounts.Duration(happening.AtNanoseconds)}起" : "";
        return happening.ForNanoseconds is { } lasts ? $"{from}，持续 {_amounts.Duration(lasts)}" : from;
    }
}
