using Firstbyte.Addressing;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;
using Firstbyte.Hosts;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseEvidence : IEvidenceSentences
{
    public Phrase? What(JourneyFailure failure, FailureEvidence seen) => (failure, seen.Cause) switch
    {
        // What was lost stands in a line of its own.
        (_, LosingCable) => null,
        (ProxyFailed { Cause: NotConnected } proxy, { } cause) => Phrase.Say($"代理 {$"{proxy.Proxy}":name} 用不了：{Where(cause)}。"),
        (ResponseUnreceived broken, { } cause) =>
            $"与 {$"{broken.Origin}":name} 的连接在读取响应时断开（第 {broken.Position} 字节）：{Where(cause)}。",
        (NotConnected connect, { } cause) => $"无法连接 {$"{connect.Origin}":name}：{Where(cause)}。",
        (NameUnresolved { Server: { } server } name, SilentNeighbor { IsGateway: false } silent) when silent.Address == server.Address =>
            $"域名 {name.Name:name} 无法解析：本机所在网络里的 DNS 服务器 {Named(silent.Address, silent.Name)} 没有应答对它地址的询问：它没有开机，或者网线没有插上。",
        (NameUnresolved { Server: { } server } name, { } cause) when seen.IsResolverReached =>
            $"域名 {name.Name:name} 无法解析：DNS 服务器 {server.Address} 收到了问题，但查不到答案：{Where(cause)}。",
        (NameUnresolved name, { } cause) => $"域名 {name.Name:name} 无法解析：问题到不了 DNS 服务器：{Where(cause)}。",
        (NameUnresolved { Server: { } server, Blamed: FaultParty.RecursiveServer, Reason: ResolutionFailureReason.NoServerAnswers } name, null)
            when seen.IsResolverReached =>
            $"域名 {name.Name:name} 无法解析：DNS 服务器 {server.Address} 收到了问题，但没有及时得到答案。",
        _ => null,
    };

    public Phrase? AtFault(JourneyFailure failure, FailureEvidence seen) => Party(failure, seen) is { } party ? Phrase.Say($"责任方：{party}") : null;

    public Phrase Lost(LosingCable cable)
    {
        var why = cable.Reason switch
        {
            FrameDropReason.LinkDown => "它断了",
            FrameDropReason.Unplugged => "另一端什么也没有插",
            FrameDropReason.TooBig => "比它的 MTU 长，而网线不会告诉任何人",
            FrameDropReason.QueueFull => "等待发送的超过了它的队列",
            _ => "它会丢掉一部分",
        };
        return $"看到：有 {cable.Packets} 个包丢在网线 {cable.Name:name} 上（{why:words}）";
    }

    public Phrase Holding(IReadOnlyList<Held> faults) => $"这个世界里的故障：{Phrase.Join("，", faults.Select(static one => Since(one.What, one.After)))}";

    public Phrase Changed(IReadOnlyList<HeldChange> changes) =>
        $"这次运行中改过：{Phrase.Join("，", changes.Select(static one => Since(one.What, one.After)))}";

    public Phrase TryMending => "可以试试：按“全部修复”，再访问一次；“事件”会显示哪些帧在哪里丢了";

    public Phrase TryLooking(JourneyStep step) => step == JourneyStep.Name
        ? "可以试试：“接力”显示问过谁、各自怎么说；“事件”显示每个包，丢失的有标记"
        : "可以试试：“事件”显示每个包，丢失的有标记；“状态”显示每台机器的路由和邻居";

    private static Phrase? Party(JourneyFailure failure, FailureEvidence seen) => failure switch
    {
        ProxyFailed { Cause: NotConnected } or NotConnected or NameUnresolved or ResponseUnreceived when seen.Cause is { } cause => Party(cause),
        _ when seen.Cause is LosingCable losing => Party(losing),
        NameUnresolved { Server: { } server, Blamed: FaultParty.RecursiveServer, Reason: ResolutionFailureReason.NoServerAnswers }
            when seen.IsResolverReached => Phrase.Say($"DNS 服务器 {server.Address}，或它接着去问的那些服务器"),
        NameDoesNotExist or NameWithoutAddress when seen.Changes.Count > 0 =>
            "在这次运行中改动这个域名的记录的人（或者输入的域名）",
        _ => null,
    };

    private static Phrase Where(SeenCause cause) => cause switch
    {
        HostOff off => $"发问的主机 {off.Host:name} 自己没有开机，什么也发不出去",
        SilentNeighbor { IsGateway: true } router => $"本机所在网络的路由器 {Named(router.Address, router.Name)} 没有应答：它没有开机，或者网线没有插上",
        SilentNeighbor { Name: null } nobody =>
            Phrase.Say($"本机所在的网络里，没有主机应答地址 {nobody.Address}：那里没有主机有它，或者那台主机没有开机，或者网线没有插上"),
        SilentNeighbor host => $"本机所在网络里的主机 {Named(host.Address, host.Name)} 没有应答对它地址的询问：它没有开机，或者网线没有插上",
        StuckRouter { IsLastHop: true } router =>
            $"{Router(router.Router, router.From, router.IsSender)}就在 {Named(router.NextHop, router.Name)} 的网络里，但那里没有谁应答这个地址："
            + $"{(router.Name is null ? "没有主机有它，或者" : ""):words}那台主机没有开机，或者网线没有插上",
        StuckRouter router =>
            $"{Router(router.Router, router.From, router.IsSender)}无法转发发往 {router.Destination} 的包：下一跳 {Named(router.NextHop, router.Name)} 没有应答",
        RouterWithoutWay router => $"{Router(router.Router, router.From, router.IsSender)}不知道通往 {router.Destination} 的路",
        _ => throw new ArgumentException("a cause without words", nameof(cause)),
    };

    private static Phrase Party(SeenCause cause) => cause switch
    {
        LosingCable losing => losing.Cable is { } cable
            ? Phrase.Say($"网线 {losing.Name:name}，它上面有故障“{cable.Fault:name}”") : Phrase.Say($"网线 {losing.Name:name}"),
        RouterWithoutWay { Cable: not null } router => $"{router.Router:name}，它现在没有通往那里的路{Acting(router)}",
        HostOff off => $"发问的主机 {off.Host:name}",
        SilentNeighbor { Name: null } nobody => Phrase.Say($"应当拥有地址 {nobody.Address} 的主机，或通往它的网线"),
        StuckRouter { IsLastHop: true, Name: null } nobody => $"应当拥有地址 {nobody.NextHop} 的主机，或它与 {nobody.Router:name} 之间的网线",
        SilentNeighbor silent => $"{Named(silent.Address, silent.Name)}，或它与本机之间的网线{Acting(silent)}",
        StuckRouter { IsLastHop: true } router => $"{Named(router.NextHop, router.Name)}，或它与 {router.Router:name} 之间的网线{Acting(router)}",
        StuckRouter { Cable: not null } router => $"从 {router.Router:name} 到 {Named(router.NextHop, router.Name)} 的路{Acting(router)}",
        StuckRouter router => $"从 {router.Router:name} 到 {Named(router.NextHop, router.Name)} 的路：那台机器没有开机，或者两者之间的网线没有插上",
        RouterWithoutWay router => $"{router.Router:name}，它现在没有通往那里的路：它的路由表，或它的某根网线",
        _ => throw new ArgumentException("a cause without words", nameof(cause)),
    };

    private static Phrase Acting(SeenCause cause) =>
        cause.Cable is { } cable ? Phrase.Say($"：网线 {cable.Name:name} 上有故障“{cable.Fault:name}”") : Phrase.Empty;

    private static Phrase Router(string name, IpAddress? from, bool isHost)
    {
        var kind = isHost ? "主机" : "路由器";
        return from is { } address ? Phrase.Say($"{kind:words} {name:name}（{address}）") : Phrase.Say($"{kind:words} {name:name}");
    }

    private static Phrase Named(IpAddress address, string? name) => name is null ? Phrase.Say($"{address}") : Phrase.Say($"{name:name}（{address}）");

    private static Phrase Since(string what, int after) => after == 0 ? Phrase.Of(what, Role.Name) : Phrase.Say($"{what:name}（从第 {after} 个事件起）");
}
