using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Policies;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseServers : IServerSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Query(QueryReceived query) => $"{query.Client} {query.Transport.ToString().ToUpperInvariant()}  "
        + (query.Name.Length > 0 ? $"{query.Name:name} {query.Type}" : $"无法读懂：{Flaw(query.Flaw)}");

    public Phrase Response(ResponseSent response) =>
        $"{response.Client} {response.Code}{(response.Authoritative ? "，权威应答" : ""):words}{(response.Truncated ? "，已截断" : ""):words} · "
        + $"{_amounts.Answers(response.AnswerCount)} · {_amounts.Bytes(response.Bytes)}";

    public Phrase ResponseNotSent(Endpoint client, Errno error) => $"无法发送给 {client}：{ChineseSockets.ReasonOf(error)}";

    public Phrase ResponderFailed(Endpoint client, string exception) => $"向 {client} 回答 SERVFAIL：本程序出错（{exception}）";

    public Phrase CannotAccept(Endpoint listen, Errno error) => $"到 {listen} 的连接只能等待：{error}。UDP 照常应答，已打开的连接不受影响；"
        + (error == Errno.EMFILE ? "请让进程能打开更多文件（ulimit -n、LimitNOFILE=）" : "请查看是什么占用了系统的内存");

    public Phrase AcceptsAgain(Endpoint listen) => $"到 {listen} 的连接又被接受了";

    public Phrase MetricsAt(string url) => $"给 Prometheus 的指标在 {url}";

    public Phrase PolicyLoaded(string zone, int triggers) => $"策略区 {zone:name}：{triggers} 个触发条件";

    public Phrase PolicyRefused(IEnumerable<Phrase> problems) => $"策略区无法使用：{Lines(problems)}";

    public Phrase PolicyProblem(PolicyProblem problem)
    {
        Phrase why = problem.Flaw switch
        {
            PolicyFlaw.BadNetwork => "不是网络；192.0.2.0/24 写作 24.0.2.0.192，2001:db8::/32 写作 32.zz.db8.2001",
            PolicyFlaw.UnknownAction => "不是已知的动作：rpz-passthru、rpz-drop、rpz-tcp-only、'.' 或 '*.'",
            PolicyFlaw.MixedRule => "有互相排斥的规则",
            PolicyFlaw.OutOfZone => "不在策略区内",
            _ => "读不懂",
        };
        return $"{problem.Place.ToString():name}：'{problem.Found:name}' {why}";
    }

    public Phrase PolicyApplied(PolicyApplied told)
    {
        Phrase met = told.Trigger switch
        {
            PolicyTrigger.Client => $"客户端 {told.Met}",
            PolicyTrigger.Name => $"域名 {told.Met:name}",
            PolicyTrigger.Address => $"地址 {told.Met}",
            PolicyTrigger.ServerName => $"域名服务器 {told.Met:name}",
            _ => $"域名服务器的地址 {told.Met}",
        };
        Phrase action = told.Action switch
        {
            PolicyAction.NameError => "NXDOMAIN",
            PolicyAction.NoData => "没有记录",
            PolicyAction.PassThrough => "应答保持原样",
            PolicyAction.Drop => "不应答",
            PolicyAction.TcpOnly => "只经 TCP 应答",
            _ => "策略域自己的记录",
        };
        return $"策略域 {told.Zone:name} 有针对 {told.Name:name} {told.Type} 的规则，由{met}命中：{action}";
    }

    public Phrase PolicyKept(Phrase reason) => $"{reason}\n策略区保持原样";

    public Phrase PageAt(string url) => $"实验页面在 {url}；按 Ctrl-C 结束";

    public Phrase NoPage(string folder) =>
        $"“{folder}”里没有页面（index.html）：Firstbyte 源代码的 'docs/page.md' 里有发布它的命令；"
        + Say($"用 '--root DIR' 指明位置，或放到本程序旁边，取名 'web'");

    public Phrase NoPageBeside(string folder) =>
        $"本程序旁边没有页面（“{folder}”里没有 index.html）。用 Firstbyte 的源代码：先 'dotnet publish src/Firstbyte.Web -c Release -o DIR'，"
        + Say($"再 'firstbyte web --lab-page --root DIR'。用 'dotnet publish src/Firstbyte.Cli' 或工具包安装的程序带有页面")
        + Say($"（除非用 '-p:WithPage=false' 去掉了它）");

    public Phrase NoHost =>
        "要在页面里访问真实网络，需要 'firstbyte-host'，本程序旁边和 PATH 里都没有它。用 Firstbyte 的源代码可以得到它："
        + Say($"'dotnet publish src/Firstbyte.Host -o DIR'，再把 DIR 放进 PATH。实验页面不需要它：'firstbyte web --lab-page'");

    public Phrase HostOptionsAlone(string option) => $"'{option}' 是给 firstbyte-host 的，而 'web --lab-page' 不启动它";

    public Phrase ListeningOnTls(Endpoint bound) => $"在 {bound} 监听，TLS；Ctrl-C 结束";

    public Phrase CertificateRefused(string certificate, string key, Tls.PemFlaw flaw) => flaw switch
    {
        Tls.PemFlaw.NoCertificate => $"'{certificate}' 里没有 PEM 形式的证书",
        Tls.PemFlaw.BadCertificate => $"'{certificate}' 里有一张证书无法读取",
        Tls.PemFlaw.NoKey => $"'{key}' 里没有 PEM 形式的私钥",
        Tls.PemFlaw.EncryptedKey => $"'{key}' 里的私钥需要口令：请以不带口令的形式保存（'openssl pkey'），只让所有者可读",
        Tls.PemFlaw.OtherKey => $"'{key}' 里的私钥不属于 '{certificate}' 里的第一张证书",
        _ => $"'{key}' 里的私钥无法读取，或既不是 RSA 也不是椭圆曲线的",
    };

    public Phrase AcceptFailed(Endpoint listen, Errno error) => $"{listen}：{error}";

    public Phrase ZoneLoaded(string origin, long names, uint serial) => $"域 {origin}：{_amounts.Names(names)}，序列号 {serial}";

    public Phrase ZoneError(Phrase problem) => $"错误：{problem}";

    public Phrase ZoneWarning(Phrase problem) => $"警告：{problem}";

    public Phrase ZoneUnfit(string origin) => $"域 {origin} 无法提供";

    public Phrase EndedWhileReadingZones => "在读取区域文件时被结束：尚未开始服务";

    public Phrase ListeningOn(Endpoint bound) => $"正在监听 {bound}，UDP 和 TCP；按 Ctrl-C 结束";

    public Phrase ListeningInherited(Endpoint bound, bool hasDatagrams, bool hasConnections)
    {
        var carried = hasDatagrams && hasConnections ? "UDP 和 TCP" : hasDatagrams ? "UDP" : "TCP";
        return $"正在监听 {bound}，{carried:words}，套接字是事先为本服务器打开的；按 Ctrl-C 结束";
    }

    public Phrase InheritanceRefused(InheritanceFault fault, string culprit) => fault switch
    {
        InheritanceFault.Number => $"LISTEN_FDS 是 '{culprit}'，不是套接字的个数",
        InheritanceFault.Family => $"LISTEN_FDS 的描述符 {culprit:words} 不是 IPv4 或 IPv6 的套接字",
        InheritanceFault.Kind => $"LISTEN_FDS 的描述符 {culprit:words} 既不收发数据报，也不是字节流",
        InheritanceFault.Unbound => $"LISTEN_FDS 的描述符 {culprit:words} 没有绑定端口",
        InheritanceFault.Connected => $"LISTEN_FDS 的描述符 {culprit:words} 不在等待连接：socket 单元里需要 'Accept=no'",
    };

    public Phrase CannotListen(Endpoint endpoint, Errno error) => $"无法监听 {endpoint}：{error}" + error switch
    {
        Errno.EADDRINUSE => "（另一个程序占用了这个端口：换一个端口，或结束那个程序）",
        Errno.EACCES or Errno.EPERM => "（1024 以下的端口属于 root：换一个更大的端口）",
        Errno.EADDRNOTAVAIL => "（这台机器没有那个地址）",
        _ => Phrase.Empty,
    };

    public Phrase ZoneRefused(string origin, IEnumerable<Phrase> problems) => $"域 {origin} 无法提供：{Lines(problems)}";

    public Phrase NoHints(string file) => $"'{file}' 没有给出根服务器：需要 '.' 的 NS 记录和它的主机地址（如 IANA 的 named.root）";

    public Phrase NoAnchors(string file) => $"'{file}' 里没有信任锚：需要某个域的 DS 或 DNSKEY 记录（如 root.key）";

    public Phrase AnchorsRefused(IEnumerable<Phrase> problems) => $"无法使用这些信任锚：{Lines(problems)}";

    public Phrase HintsRefused(IEnumerable<Phrase> problems) => $"无法使用这些根提示：{Lines(problems)}";

    public Phrase ZonesKept(Phrase reason) => $"{reason}\n仍按原来的内容提供服务";

    public Phrase CertificateKept(Phrase reason) => $"{reason}\n仍出示原来的证书";

    public Phrase ZoneKept(Phrase reason, string origin) => $"{reason}\n域 {origin:name} 仍按原来的内容提供服务";

    public Phrase ZoneNotServed(Phrase reason, string origin) =>
        $"{reason}\n不提供域 {origin:name}：在修好文件并重新读取（SIGHUP）之前，对它的查询得到 SERVFAIL";

    public Phrase NobodyHears(string variable, string address) =>
        $"{variable:words} 指向 '{address}'，但那里无人监听：启动服务器的程序听不到它的消息";

    public Phrase LogLinesLost(long lines) => $"有 {_amounts.Lines(lines)}日志无法写入";

    public Phrase TapMessagesLost(long messages) => $"有 {messages:#,0} 条消息无法记录（--dnstap）";

    private static Phrase Lines(IEnumerable<Phrase> lines) => Phrase.Join("", lines.Select(static line => Say($"\n  {line}")));

    private static Phrase Flaw(MessageFault flaw) => flaw switch
    {
        MessageFault.None => "没有问题",
        MessageFault.HeaderCut => "比消息头还短",
        MessageFault.QuestionCut => "在问题中途结束",
        MessageFault.RecordCut => "在一条记录中途结束",
        MessageFault.RecordDataCut => "在一条记录的数据中途结束",
        MessageFault.RecordDataMalformed => "一条记录的数据格式错误",
        MessageFault.NameCut => "在一个域名中途结束",
        MessageFault.NameLabelType => "域名中有无人使用的标签种类",
        MessageFault.NameTooLong => "域名长于 255 字节",
        MessageFault.NamePointerForward => "压缩的域名指向后面",
        MessageFault.NamePointerChain => "压缩的域名指针太多",
        MessageFault.TooManyLabels => "域名指针之后的标签总数超出读取上限",
        MessageFault.OptMisplaced => "OPT 记录出现在不该出现的地方",
        MessageFault.OptOptions => "OPT 记录里的选项格式错误",
    };
}
