using Firstbyte.Addressing;
using Firstbyte.Dns.Caching;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Dns.Resolving;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseNames : INameSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Question(string name, string type) => $"{name:name}  {type}?";

    public Phrase AskedOwnServer(Endpoint server) => server.Port == 53 ? $"向 {server.Address} 查询（您的 DNS 服务器）" : $"向 {server} 查询（您的 DNS 服务器）";

    public Phrase AskedNamedServer(Endpoint server) => server.Port == 53 ? $"向 {server.Address} 查询（--server）" : $"向 {server} 查询（--server）";

    public Phrase OwnServer => "您的 DNS 服务器";

    public Phrase NamedServer => "--server";

    public Phrase AskedFromTheRoot => "从根域开始逐级查询";

    public Phrase FromCache(long ageSeconds, long leftSeconds) => $"来自缓存，已存 {ageSeconds} 秒，还剩 {leftSeconds} 秒";

    public Phrase FromResponsibleServer => "来自负责该域的服务器";

    public Phrase AskedAndFrom(Phrase asked, Phrase source) => $"{asked}，{source}";

    public Phrase HostsFileLine(int line, string path) => $"{path} 第 {line} 行";

    public Phrase AskedOverTcp => "改用 TCP 查询";

    public Phrase Answer(IEnumerable<string> answers) => $"应答 {string.Join(", ", answers)}";

    public Phrase NoSuchRecords => "没有这样的记录";

    public Phrase Ttl(long seconds) => $"，有效期 {seconds} 秒";

    public Phrase Authoritative => "，权威应答";

    public Phrase TruncatedAsksAgain => "响应被截断：改用 TCP 再查询";

    public Phrase Referral(string zone, int servers, bool hasGlue) => $"转介到 {zone:name}（{_amounts.Servers(servers)}{(hasGlue ? "" : "，未附地址"):words}）";

    public Phrase Alias(string target) => $"是 {target:name} 的别名";

    public Phrase Lame(LamenessKind kind, string zone, string code) => kind switch
    {
        LamenessKind.Refused or LamenessKind.RecursionRefused => Say($"REFUSED：它不管理 {zone:name}（无效的委派）"),
        LamenessKind.ServerFailure => "SERVFAIL：它应当管理该域，却做不到",
        LamenessKind.UpwardReferral => "转介回上级：它不认识该域（无效的委派）",
        LamenessKind.NotAuthoritative => "应答不具权威（无效的委派）",
        LamenessKind.RecursionOnly => "只是解析器，不是该域的服务器（无效的委派）",
        LamenessKind.EmptyWithoutSoa => "空应答，且没有凭据（缺少 SOA）",
        LamenessKind.Malformed => "它的响应无法读懂",
        LamenessKind.OtherError => code.Length > 0 ? $"{code}：出错" : "出错",
    };

    public Phrase NotResolved(LamenessKind kind, string code) => kind switch
    {
        LamenessKind.Refused => "REFUSED：它不为本机解答",
        LamenessKind.RecursionRefused => "REFUSED：这个名字不在它管理的任何区里，它也不为本机解析别的名字",
        LamenessKind.ServerFailure => "SERVFAIL：它没能找到答案",
        LamenessKind.UpwardReferral or LamenessKind.NotAuthoritative => "没有答案：它只管理自己的域，不替别人解析",
        LamenessKind.RecursionOnly or LamenessKind.EmptyWithoutSoa => "空应答",
        LamenessKind.Malformed => "它的响应无法读懂",
        LamenessKind.OtherError => code.Length > 0 ? $"{code}：出错" : "出错",
    };

    public Phrase NoAnswer(int tries) => tries == 1 ? "没有应答" : $"{_amounts.Tries(tries)}均没有应答";

    public Phrase NotSent(Errno error, bool wasSent) => error switch
    {
        Errno.ECONNREFUSED => "被拒绝：没有程序在该端口等待（ECONNREFUSED）",
        // Which machine it was that did not answer is for whoever has seen it to say.
        Errno.EHOSTUNREACH => $"{(wasSent ? "没有送到" : "无法发送"):words}：到不了那台主机（{error}）",
        Errno.ENETUNREACH when wasSent => $"没有送到：途中的路由器不知道往前的路（{error}）",
        _ => $"{(wasSent ? "没有送到" : "无法发送"):words}：{ChineseSockets.ReasonOf(error)}",
    };

    public Phrase NotSecured(UpstreamFault fault) => fault switch
    {
        UpstreamFault.None => "无法到达",
        UpstreamFault.CertificateRefused => "未查询：它的证书不属于所指定的服务器",
        UpstreamFault.KeyNotPinned => "未查询：它的密钥不在指定的密钥之中",
        UpstreamFault.HandshakeFailed => "未查询：没能建立 TLS 连接",
        UpstreamFault.HttpRefused => "它的 HTTP 服务器拒绝应答",
        UpstreamFault.NoMessage => "它的 HTTP 服务器返回的不是 DNS 消息",
        UpstreamFault.NoTls => "未查询：本机没有 TLS",
    };

    public Phrase AskedSecured(DnsTransport transport) => transport == DnsTransport.Https ? "用 HTTPS 查询" : "用 TLS 查询";

    public Phrase Rejected(RejectionReason reason) => $"收到的不是应答（{Reason(reason)}），已忽略";

    public Phrase AddressDenied => "未查询：这样的地址上不会有服务器";

    public Phrase AddressNeeded(string type) => $"先要知道它的地址（{type}?）";

    public Phrase Joined => "同样的查询正在进行：等待它的结果";

    public Phrase Circle(IEnumerable<string> path) => $"循环：{string.Join(" 需要 ", path)}";

    public Phrase SubQuestionFailed(string name, string type, ResolutionFailureReason reason) => $"{name:name} {type}：{Failure(reason)}";

    public Phrase DoesNotExist(long ttlSeconds) => $"域名不存在（NXDOMAIN）{Lifetime(ttlSeconds)}";

    public Phrase HasNoRecords(string type, long ttlSeconds) => $"该域名没有 {type} 记录{Lifetime(ttlSeconds)}";

    public Phrase NotWaitedFor => "没有等它的结果";

    public Phrase ToldNoFurther => "记录到此为止，应答尚未出现";

    public Phrase Failure(ResolutionFailureReason reason) => reason switch
    {
        ResolutionFailureReason.NoServerAnswers => "它的服务器都没有应答",
        ResolutionFailureReason.AllServersLame => "它的服务器都不管理该域",
        ResolutionFailureReason.NoServerUsable => "它的服务器都没有给出可用的应答",
        ResolutionFailureReason.NoServerAddress => "不知道它的任何一台服务器的地址",
        ResolutionFailureReason.CyclicDelegation => "要查询它的服务器的地址，只能去问这些服务器自己",
        ResolutionFailureReason.AliasLoop => "它的别名绕回到自己",
        ResolutionFailureReason.AliasChainTooLong => "别名链太长，解析器不再跟随",
        ResolutionFailureReason.TooManyReferrals => "转介次数太多，解析器不再跟随",
        ResolutionFailureReason.TooDeep => "服务器的名字又依赖别的服务器的名字，层次太深，解析器不再跟随",
        ResolutionFailureReason.BudgetSpent => "这次查询允许发送的消息已经用完",
        ResolutionFailureReason.OutOfTime => "这次查询的时间已经用完",
        ResolutionFailureReason.TooManyWaiters => "等待这个查询的已经太多",
        ResolutionFailureReason.NetworkUnreachable => "网络无法把消息送到任何一台服务器",
        ResolutionFailureReason.TypeNotResolvable => "这种类型只能直接问负责的服务器",
        ResolutionFailureReason.NoServerConfigured => "没有设置 DNS 服务器",
        ResolutionFailureReason.Bogus => "签名不成立，应答可能是伪造的",
        ResolutionFailureReason.KeySentinel => "它的第一个标签在问信任根的哪些密钥，不给应答就是答复",
    };

    public Phrase FailureOfResolvers(ResolutionFailureReason reason) => reason switch
    {
        ResolutionFailureReason.NoServerAnswers => "被查询的 DNS 服务器都没有应答",
        ResolutionFailureReason.AllServersLame => "被查询的 DNS 服务器都拒绝了，或没能解答",
        ResolutionFailureReason.NoServerUsable => "被查询的 DNS 服务器都没有给出可用的应答",
        _ => Failure(reason),
    };

    public Phrase Source(AnswerSource source) => source.Kind switch
    {
        AnswerSourceKind.ResponsibleServer => Say($"来自负责管理该域名的服务器 {Server(source)}，有效期 {source.TtlSeconds} 秒"),
        AnswerSourceKind.RecursiveServer => $"经由递归服务器 {Server(source)}，有效期 {source.TtlSeconds} 秒",
        AnswerSourceKind.Cache => $"来自缓存，已存 {source.AgeSeconds} 秒，还剩 {source.TtlSeconds} 秒",
        AnswerSourceKind.HostsFile => "来自 hosts 文件",
        AnswerSourceKind.SpecialUseName => "依据特殊用途域名的规则（RFC 6761）",
    };

    public Phrase Security(SecurityStatus status, ValidationFlaw flaw) => status switch
    {
        SecurityStatus.Unchecked => SecurityUnchecked,
        SecurityStatus.Indeterminate => "签名：没有检查，因为该域名之上没有信任锚",
        SecurityStatus.Insecure => $"签名：没有可检查的：{Flaw(flaw)}",
        SecurityStatus.Secure => "签名：从信任锚往下，全部成立",
        SecurityStatus.Bogus => $"签名：{Flaw(flaw)}",
    };

    public Phrase SecurityUnchecked => "签名：没有检查，因为不知道所查询的根的信任锚";

    public Phrase Link(TrustLink link) =>
        (link.Kind == TrustLinkKind.Anchor ? $"{What(link)}：本机已知" : link.KeyTag != 0 ? $"{What(link)}：{SignedBy(link)}" : What(link))
        + (link.Flaw == ValidationFlaw.None ? Phrase.Empty : Say($"：{Flaw(link.Flaw)}"));

    private static Phrase SignedBy(TrustLink link) => $"由 {link.Signer:name} 的密钥 {link.KeyTag}（{link.Algorithm}）签名";

    private static Phrase What(TrustLink link) => link.Kind switch
    {
        TrustLinkKind.Anchor => $"信任锚 {link.Name:name}",
        TrustLinkKind.Keys => $"{link.Name:name} 的密钥",
        TrustLinkKind.Delegation => $"{link.Name:name} 的 DS",
        TrustLinkKind.Records => $"{link.Name:name} {link.Type}",
        TrustLinkKind.Denial => $"没有 {link.Name:name} {link.Type}",
    };

    internal static Phrase Flaw(ValidationFlaw flaw) => flaw switch
    {
        ValidationFlaw.None => "没有问题",
        ValidationFlaw.SignatureMissing => "缺少签名",
        ValidationFlaw.SignatureExpired => "签名已过期",
        ValidationFlaw.SignatureNotYetValid => "签名尚未生效",
        ValidationFlaw.SignatureTimesReversed => "签名的结束早于开始",
        ValidationFlaw.SignatureWrong => "签名不是这些记录的",
        ValidationFlaw.SignerForeign => "签名属于别的域，或者别的域名",
        ValidationFlaw.KeyMissing => "该域没有所指的密钥",
        ValidationFlaw.KeysUnavailable => "取不到该域的密钥",
        ValidationFlaw.KeyNotOfZone => "所指的密钥不是用来给域签名的",
        ValidationFlaw.DigestWrong => "上级的 DS 记录里是别的密钥的摘要",
        ValidationFlaw.AlgorithmUnsupported => "它的算法这里都不认识",
        ValidationFlaw.DigestUnsupported => "它的摘要算法这里都不认识",
        ValidationFlaw.DenialUnproven => "没有证明它不存在",
        ValidationFlaw.WildcardUnproven => "没有证明该域名由通配符代表",
        ValidationFlaw.IterationsTooMany => "它的散列次数超过验证者愿意付出的",
        ValidationFlaw.BudgetSpent => "检查它的代价超过一次查询的限度",
        ValidationFlaw.DelegationUnsigned => "上级证明该域没有签名",
        ValidationFlaw.OptOut => "上级没有说明它是否存在，因为它可以不签名",
        ValidationFlaw.NegativeAnchor => "这里设定不检查它",
        ValidationFlaw.NoAnchor => "它之上没有信任锚",
        ValidationFlaw.AliasContradicted => "别名与 DNAME 记录得出的不同",
    };

    public Phrase OutcomeNameError => "NXDOMAIN：域名不存在";

    public Phrase OutcomeNoData => "NODATA：该域名没有这种类型的记录";

    public Phrase OutcomeFailed(ResolutionFailureReason reason, FaultParty atFault) =>
        $"✗ 解析失败：{(atFault == FaultParty.RecursiveServer ? FailureOfResolvers(reason) : Failure(reason))}。";

    public Phrase Evidence(ServerEvidence evidence) =>
        Server(evidence) + $"{Why(evidence)}{Said(evidence.Said)}{(evidence.Tries > 0 ? Say($"，{_amounts.Tries(evidence.Tries)}") : Phrase.Empty)}";

    public Phrase Outcome(ServerOutcome outcome) => outcome switch
    {
        ServerOutcome.Silent => "没有应答",
        ServerOutcome.Lame => "对该域没有用处",
        ServerOutcome.Unreachable => "无法到达",
        ServerOutcome.NoAddress => "不知道地址",
        ServerOutcome.Cyclic => "它的地址只能问它自己",
        ServerOutcome.Denied => "它的地址不该去问",
        ServerOutcome.Resting => "未查询：刚才多次没有应答",
    };

    public Phrase Rank(TrustRank rank) => rank switch
    {
        TrustRank.None => "-",
        TrustRank.AdditionalNonAuthoritative => "附加",
        TrustRank.AuthorityNonAuthoritative => "转介",
        TrustRank.AdditionalAuthoritative => "附加，权威",
        TrustRank.AnswerBeyondAuthority => "超出权威的应答",
        TrustRank.AnswerNonAuthoritative => "应答",
        TrustRank.Glue => "粘合记录",
        TrustRank.AuthorityAuthoritative => "授权，权威",
        TrustRank.AnswerAuthoritative => "应答，权威",
        TrustRank.SecureNotGlue => "安全",
        TrustRank.Primed => "根域预置",
        TrustRank.Validated => "已验证",
        TrustRank.Ultimate => "本地设置",
    };

    private static Phrase Server(ServerEvidence evidence) =>
        (evidence.ServerName.Length > 0 ? $"{evidence.ServerName.TrimEnd('.'):name} " : Phrase.Empty)
            + (evidence.Server is { } server ? $"{server}：" : Phrase.Empty);

    private static Phrase Said(ExtendedErrorOption? error) => error switch
    {
        null or { Purpose: null, Text: "" } => Phrase.Empty,
        { Text: "" } => $"（它说：{error.Purpose}）",
        { Purpose: null or "Other" } => $"（它说：{error.Text}）",
        _ => $"（它说：{error.Purpose}: {error.Text}）",
    };

    private Phrase Why(ServerEvidence evidence) => evidence switch
    {
        // A server without a name was asked to resolve for us.
        // What its code means was told where it came; here the code is enough.
        { Lameness: LamenessKind.Refused or LamenessKind.RecursionRefused, ServerName: "" } => "REFUSED",
        { Lameness: LamenessKind.ServerFailure, ServerName: "" } => "SERVFAIL",
        { Lameness: { } lameness, ServerName: "" } => NotResolved(lameness, evidence.Code),
        { Lameness: { } lameness } => Lame(lameness, evidence.Zone is "" or "." ? "." : evidence.Zone.TrimEnd('.'), evidence.Code),
        { Fault: not UpstreamFault.None } => NotSecured(evidence.Fault),
        { Error: { } error } => $"{Outcome(evidence.Outcome)}（{error}）",
        { Search: { } reason } => $"{Outcome(evidence.Outcome)}：{Failure(reason)}",
        _ => Outcome(evidence.Outcome),
    };

    private static Phrase Server(AnswerSource source) =>
        source.ServerName.Length > 0 ? Phrase.Of(source.ServerName.TrimEnd('.'), Role.Name) : $"{source.Server}";

    private static Phrase Lifetime(long seconds) => seconds > 0 ? $"，有效期 {seconds} 秒" : "";

    private static Phrase Reason(RejectionReason reason) => reason switch
    {
        RejectionReason.TooShort => "太短",
        RejectionReason.OtherSender => "来自别的发送者",
        RejectionReason.OtherId => "编号不符",
        RejectionReason.NotAResponse => "是一个查询",
        RejectionReason.OtherOpcode => "操作不符",
        RejectionReason.OtherQuestion => "问题不符",
        RejectionReason.OtherCase => "问题的字母大小写不符",
        RejectionReason.Malformed => "无法读懂",
    };
}
