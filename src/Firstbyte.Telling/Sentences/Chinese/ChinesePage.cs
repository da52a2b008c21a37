using Firstbyte.Frames;
using Firstbyte.Labs;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal class ChinesePage : IPageSentences
{
    public string Title => "firstbyte · 一页里的互联网";

    public string Tagline => "输入一个网址。到第一个字节为止、以及之后发生的一切都在这里发生：每一个包都是真的。";

    public string Loading => "正在搭建实验室……";

    public string UrlLabel => "URL";

    public string Go => "前往";

    public string LabLabel => "实验室";

    public string SeedLabel => "种子";

    public string LanguageLabel => "语言";

    public string Play => "播放";

    public string Pause => "暂停";

    public string Step => "下一步";

    public string Back => "后退";

    public string SpeedLabel => "速度";

    public string PositionLabel => "事件";

    public string Controls => "时间";

    public string Map => "地图";

    public string Journey => "访问";

    public string Relay => "接力查询";

    public string Events => "事件";

    public string Packet => "包";

    public string State => "状态";

    public string Ladder => "时序图";

    public string Calls => "调用";

    public string Response => "响应";

    public string NothingYet => "还没有发生任何事。请在上面输入网址。";

    public string AtTheBeginning => "这里是运行的开头，在第一个事件之前。按“播放”或“下一步”继续。";

    public string NoEventMatches => "没有符合条件的事件。";

    public Phrase JourneyRuns => $"访问正在进行。按“停止”结束它，然后才能开始另一次。";

    public string Earlier(int count) => $"显示之前的行（{count}）";

    public string Coming => "接下来的步骤";

    public Phrase FromEvent(int number) => $"事件 {number}";

    public Phrase DroppedAt(string element, Phrase why) => $"{element:name}：{why}";

    public string NoRelay => "还没有查询过域名。";

    public string NoPacket => "这个事件中没有帧在移动。请在事件列表中选择一个带有帧的行。";

    public string NoConversation => "还没有包从一台主机发往另一台主机。";

    public string NoCalls => "程序还没有调用任何东西。";

    public string ShowLabel => "显示";

    public string ShowFrames => "帧和程序";

    public string ShowEverything => "全部";

    public string ProtocolLabel => "协议";

    public string AllProtocols => "全部";

    public string NumberHead => "编号";

    public string TimeHead => "时间（秒）";

    public string PlaceHead => "位置";

    public string ProtocolHead => "协议";

    public string InfoHead => "内容";

    public string MachineLabel => "机器";

    public string Sockets => "套接字";

    public string Connections => "TCP 连接（序列号从各方的第一个数起；“事件”和“包”里是网线上的原值）";

    public string Neighbors => "邻居（ARP、NDP）";

    public string Routes => "路由";

    public string Cache => "DNS 缓存";

    public string Translations => "地址转换";

    public string Empty => "空";

    public string Bits => "位";

    public string ProxyLabel => "代理";

    public Phrase DropsRest(int count) => $"现在看的是过去。“播放”和“下一步”显示已记录的事件；在这里破坏或改动什么、或再次访问，都会丢弃之后的 {count} 个事件。";

    public string PickHint => "选一个字段或一个字节：两者互相对应。用方向键逐个字节移动。";

    public Phrase Picked(string layer, string field, Phrase value, int first, int last) =>
        first == last ? (Phrase)$"{layer} · {field}：{value}（第 {first} 字节）" : $"{layer} · {field}：{value}（第 {first} 到 {last} 字节）";

    public Phrase StatesPassed(string states) => $"最新的连接经过的状态：{states:name}";

    public string Bytes => "字节";

    public string Tools => "制造故障、编辑、分享";

    public string BreakLabel => "制造故障";

    public string BreakHint => "用实验室文件的写法输入一个故障：impair 链路 loss 30% · cut 链路 · down 主机 · impair 链路 mtu 576。点击地图上的链路或机器可以开头。";

    public string Apply => "应用";

    public string Heal => "全部修复";

    public string MendOne => "修复";

    public string MendOf(string fault) => $"修复：{fault}";

    public string WaitLabel => "让时间过去";

    public string LetPass => "等待";

    public string WaitHint => "30s、5m、250ms：按实验室的时钟，立刻过去。缓存中的内容变旧，租约续期，路由器互相通告。";

    public Phrase TimeExpected(string text) => $"{text} 不是一天以内的时间；可以写 30s 或 5m。";

    public Phrase Passes(string time, int after) => $"从事件 {after} 起过去 {time:number}。";

    public string ZoneLabel => "修改记录";

    public string ZoneHint => "set 域 名称 有效期 类型 数据，或者 unset 域 名称 类型";

    public string LabFileLabel => "实验室文件";

    public string UseLab => "搭建这个实验室";

    public string ShareLabel => "指向这一刻的链接";

    public string DownloadCapture => "下载抓包（pcapng）";

    public string DownloadEvents => "下载事件（JSON 行）";

    public string LossName => "丢失 30%";

    public string DelayName => "延迟 300 毫秒";

    public string CutName => "切断";

    public string MtuName => "MTU 576";

    public string CrashName => "关机";

    public string Close => "不改动";

    public string Skip => "跳到地图";

    public string MapHint => "实验室的主机、路由器、集线器和交换机，以及它们之间的网线。用方向键逐个移动，按字母跳到名称。";

    public string StateDiagram => "TCP 状态";

    public string NotFinished => "运行在此处停止";

    public IReadOnlyList<string> ConnectionHeads { get; } =
        ["本端", "对端", "状态", "cwnd",
            "未确认的起点 (SND.UNA)", "下一个要发的 (SND.NXT)", "还可发 (SND.WND)", "下一个要收的 (RCV.NXT)", "还可收 (RCV.WND)", "ssthresh", "MSS", "RTO", "重传"];

    public string Stop => "停止";

    public string SkipToJourney => "跳到访问";

    public string FaultsHeld => "哪里坏了";

    public string LinkHoldsPassword => "链接里有网址的密码：谁拿到链接，谁就能看到它。所以地址栏不记录这次运行：重新加载就会丢失，这个链接则会保留。";

    public Phrase LinkNotRead => "链接有一部分读不出来，可能被截断了。这里是剩下的部分。";

    public Phrase TooManyEvents(int most) => $"正在进行的事在 {Amounts.Number(most)} 个事件之后停止：本页最多保存这么多。";

    public string Details(int count) => $"详细（{count}）";

    public string Element(ElementKind kind, string name, string note, bool isBroken) =>
        $"{Kind(kind)} {name}{(note.Length > 0 ? $" {note}" : "")}{(isBroken ? "，有故障" : "")}";

    public string Cable(string name, string from, string to, bool isBroken) => $"网线 {name}，从 {from} 到 {to}{(isBroken ? "，有故障" : "")}";

    public Phrase UrlExpected => "请输入网址：框里是空的。";

    public Phrase IsOff(string machine) => $"{machine:name} 已关机：上面什么也没有运行，内存里的东西都没有了。";

    public Phrase Holds(string words, int after) => $"{words:name} 从事件 {after} 起生效。";

    public string Answers => "看什么，为什么";

    public string WithCommand => "用命令来做";

    private static string Kind(ElementKind kind) => kind switch
    {
        ElementKind.Host => "主机",
        ElementKind.Router => "路由器",
        ElementKind.Hub => "集线器",
        _ => "交换机",
    };

    public Phrase Position(int number, int count) => $"第 {number} 个，共 {count} 个";

    public Phrase Summary(int machines, int boxes, int links) => $"{machines} 台机器，{boxes} 台集线器和交换机，{links} 条网线";

    public Phrase LabTooLarge(int machines, int most) => $"这个实验室有 {machines} 台机器（主机和路由器）；本页最多搭建 {most} 台，命令最多 {LabLimits.Nodes:#,0} 台：firstbyte --lab=文件 URL";

    public Phrase Unknown(string lab) => $"没有名为 {lab:name} 的实验室。";

    public Phrase NoRunStartsHere(string number) => $"这次运行中没有事件 {number}。";

    public Phrase SeedExpected(string text) => $"种子是从 0 开始的整数，{text} 不是。";

    public Phrase Frame(string from, string to) => $"从 {from:name} 到 {to:name}";

    public Phrase LostOn(string link, Phrase why) => $"在 {link:name} 上丢失：{why}";

    public string Shelf => "小实验";

    public string ShelfHint => "点一下就搭好；下面写着做什么、看什么、说明什么。";

    public string ShelfName(ExperimentShelf shelf) => shelf switch
    {
        ExperimentShelf.First => "第一步",
        ExperimentShelf.Useful => "有用的",
        _ => "奇怪的",
    };

    public string Steps => "做什么";

    public Phrase ToDo(ExperimentStep step) => step.Kind switch
    {
        "fetch" => $"取 {step.Text:name}",
        "from" when step.Text.Split(' ', 2) is [var host, var url] => $"从 {host:name} 取 {url:name}",
        "wait" => $"让 {step.Text:number} 过去",
        "zone" => $"改记录：{step.Text:name}",
        "break" => $"弄坏：{step.Text:name}",
        _ => "全部修好",
    };

    public string StartAgain => "从头开始";

    public string Question(LessonQuestion question) => question switch
    {
        LessonQuestion.Works => "网页取得到吗？",
        LessonQuestion.Asks => "一路上要问多少次 DNS？",
        LessonQuestion.Answers => "应答的会是哪台机器？",
        LessonQuestion.Loses => "哪条网线上会丢东西？",
        LessonQuestion.Hears => "还有谁听得见？",
        _ => "",
    };

    public string Option(string option) => option switch
    {
        "yes" => "取得到",
        "no" => "取不到",
        "0-1" => "最多一次",
        "2-3" => "两三次",
        "4+" => "四次以上",
        "" => "没有",
        _ => option,
    };

    public Phrase Verdict(bool isRight, string guess, IReadOnlyList<string> answers) => isRight
        ? (Phrase)$"和您想的一样：{string.Join("、", answers.Select(Option)):name}"
        : $"您想的是：{Option(guess):name}。实际是：{string.Join("、", answers.Select(Option)):name}";

    public string FromLabel => "从";

    public Phrase NothingBroken => "在这个事件没有故障：没有什么要修的。";

    public Phrase NoSuchRecord(string change) => $"{change:name}：没有这样的记录，什么也没有改。";

    public string RootZone => "根域 (.)";

    public string OnMachine(string machine) => $"地图上的 {machine}";

    public string LadderLegend =>
        "? 询问 · = 应答 · → 转介到别的服务器 · = ∅ 没有 · ✗ 失败 · × 丢失。解析器随机地用大小写书写域名（wWw）：正确的应答会照样重复，没有看到问题的伪造者做不到。";

    public string Then => "然后";

    public string TableHead(string head) => head;
}
