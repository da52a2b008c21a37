using Firstbyte.Addressing;
using Firstbyte.Connecting;
using Firstbyte.Dns.Outcomes;
using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Ftp;
using Firstbyte.Http;
using Firstbyte.Journeys;
using Firstbyte.Mail;
using Firstbyte.News;
using Firstbyte.Proxies;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseFailures : IFailureSentences
{
    private readonly ChineseAmounts _amounts = new();
    private readonly ChineseUrls _urls = new();
    private readonly ChineseNames _names = new();
    private readonly ChineseTls _tls = new();
    private readonly ChineseHttp _http = new();
    private readonly ChineseFtp _ftp = new();
    private readonly ChineseNews _news = new();
    private readonly ChineseMail _mail = new();
    private readonly ChineseHostFiles _hostFiles = new();
    private readonly ChineseProxies _proxies = new();
    private readonly ChineseFiles _files = new();

    public Phrase OneLine(JourneyFailure failure) => $"firstbyte: ({FailureTable.Of(failure).ExitCode}) {What(failure)}";

    public Phrase What(JourneyFailure failure) =>
        failure.IsUnplugged ? Say($"{Reason(failure)}本机没有一块网卡接通网线。") : Reason(failure);

    private Phrase Reason(JourneyFailure failure) => failure switch
    {
        UrlUnreadable url => Say($"这不是 URL：{_urls.Violation(url.Error)}（第 {url.Position + 1} 个字符）。"),
        SchemeWithoutClient { Scheme: "data" } => Say($"data: 的 URL 自己就带着内容（RFC 2397）：不用问谁，这里也没有它的客户端。"),
        SchemeWithoutClient { Scheme: "ws" or "wss" } client => $"{client.Scheme}: 是 WebSocket（RFC 6455）：以 HTTP 开始，然后双方互发消息；这里没有它的客户端。",
        SchemeWithoutClient { Scheme: "about" or "blob" or "javascript" } client => $"{client.Scheme}: 指的是浏览器内部的东西：没有服务器有它。",
        SchemeWithoutClient client => $"还没有 {client.Scheme} 的客户端；这个版本只能访问 http:、https:、ftp:、ftps:、file:、mailto:、news: 和 nntp:。",
        RequestUnwritable request => $"无法写出请求消息：{Unwritable(request.Fault, request.Field)}。",
        NotADomainName name => $"{name.Name:name} 不是域名：其中某一段为空或超过 63 字节，或者整体超过 255 字节。",
        NameDoesNotExist name => $"域名 {name.Name:name} 不存在{SaidBy(name.SaidBy)}。",
        NameWithoutAddress { Only: IpVersion.None } name => $"域名 {name.Name:name} 存在，但没有 IP 地址。",
        NameWithoutAddress name =>
            $"域名 {name.Name:name} 存在，但没有 {Of(name.Only):words} 地址；本机没有通往 {Other(name.Only):words} 的路由，所以没有查询另一种地址。",
        VersionUnavailable name => $"{name.Name:name} 没有 {Of(name.Version):words} 地址，而别的地址不要。",
        NameUnresolved name =>
            $"域名 {name.Name:name} 无法解析：{(name.Blamed == FaultParty.ZoneOperator ? Say($"{Zone(name):name}：") : "")}{(name.Blamed == FaultParty.RecursiveServer ? _names.FailureOfResolvers(name.Reason) : _names.Failure(name.Reason))}。",
        NotConnected connect => Connect($"{connect.Origin}", connect.Attempts[^1], connect.IsUnplugged),
        HandshakeFailed tls => $"与 {$"{tls.Origin}":name} 的 TLS 握手失败：{Handshake(tls)}。",
        ProxyFailed proxy => $"代理 {$"{proxy.Proxy}":name} 用不了。{Reason(proxy.Cause)}",
        TunnelRefused { Status: 407 } tunnel => $"代理 {$"{tunnel.Proxy}":name} 不建立通往 {tunnel.Target:name} 的隧道：它要知道是谁（407）。",
        TunnelRefused tunnel => $"代理 {$"{tunnel.Proxy}":name} 不建立通往 {tunnel.Target:name} 的隧道：{tunnel.Status} {tunnel.Reason}。",
        SocksRefused socks => $"代理 {$"{socks.Proxy}":name} 不建立通往 {socks.Target:name} 的隧道：{_proxies.Fault(socks.Fault, socks.Code)}。",
        RequestUnsent sent => $"{$"{sent.Origin}":name} 没有收下整个请求：连接中断（{sent.Error}）。",
        ResponseUnreadable response =>
            $"{$"{response.Origin}":name}：{_http.Fault(response.Fault, response.Flaw)}{(response.Position > 0 ? Say($"（响应的第 {response.Position} 字节）") : "")}。",
        ResponseUnreceived { Error: Errno.ECONNRESET } broken =>
            $"{$"{broken.Origin}":name} 重置了连接{(broken.Position > 0 ? Say($"（第 {broken.Position} 字节之后）") : "")}。",
        ResponseUnreceived broken => $"读取响应时到 {$"{broken.Origin}":name} 的连接中断（{broken.Error}，第 {broken.Position} 字节）。",
        ContentUndecodable content => $"{$"{content.Origin}":name}：{_http.CodingFault(content.Fault, content.Coding)}。",
        FtpPathUnusable path => $"无法请求这个路径：{_ftp.PathFault(path.Fault)}。",
        FtpReplyUnreadable reply => $"{$"{reply.Origin}":name}：{_ftp.ReplyFault(reply.Fault)}。",
        FtpRefused refused =>
            $"{$"{refused.Origin}":name} {_ftp.Refusal(refused.Fault)}{(refused.Code > 0 ? Said(refused.Command, refused.Code, refused.Said) : "")}。",
        FilePathUnusable path => $"这个 URL 没有指明本机的文件：{_hostFiles.PathFault(path.Fault)}。",
        FileRefused file => $"{file.Path:name} {_hostFiles.Refusal(file.Fault, file.Error)}。",
        MailtoUnusable url => $"这个 mailto: URL 不能用：{_mail.UrlFault(url.Fault, url.Part)}。",
        MailNotTaken none => $"{none.Domain:name} 不收邮件：它的 MX 记录这样说（RFC 7505）。",
        MailReplyUnreadable reply => $"{$"{reply.Origin}":name}：{_mail.ReplyFault(reply.Fault)}。",
        MailRefused refused =>
            $"{$"{refused.Origin}":name} {_mail.Refusal(refused.Fault)}{(refused.Code > 0 ? Said(refused.Command, refused.Code, refused.Said) : "")}"
            + $"{(refused.Code / 100 == 4 ? "，可能是暂时的" : "")}。",
        NewsUnusable url => $"这个 news: URL 不能用：{_news.UrlFault(url.Fault)}。",
        NewsReplyUnreadable reply => $"{$"{reply.Origin}":name}：{_news.ReplyFault(reply.Fault)}。",
        NewsRefused refused =>
            $"{$"{refused.Origin}":name} {_news.Refusal(refused.Fault)}{(refused.Code > 0 ? Said(refused.Command, refused.Code, refused.Said) : "")}。",
        BodyUnsaved body => $"消息体没有保存：{_files.NotWritten(body.Error)}。",
        BodyUnreadable body =>
            $"无法{(body.Position > 0 ? Say($"继续（已发送 {_amounts.Bytes(body.Position)}）") : "")}读取{_files.Source(body.From)}：{_files.NotRead(body.Error)}。",
        BodyShrunk body =>
            $"{_files.Source(body.From)} 在承诺的 {_amounts.Bytes(body.Promised)} 中只有 {_amounts.Bytes(body.Position)} 就结束了：期间有人截短了它。",
        BodyNotRepeatable body => $"{Repeating(body)}，而{_files.Source(body.From)}只能读一次。",
        OutOfTime { Limit: TimeLimit.Rest } rest => $"{rest.Party:name} 不再有任何消息，这个实验室里也不会再发生什么：没有时限的话，会永远等下去。",
        ContentTooLarge large => large.Said is { } said
            ? Say($"{$"{large.Origin}":name} 上有 {_amounts.Bytes(said)}，而最多接收 {_amounts.Bytes(large.Limit)}。")
            : $"{$"{large.Origin}":name} 发来的超过了最多接收的 {_amounts.Bytes(large.Limit)}。",
        TransferTooSlow slow =>
            $"与 {$"{slow.Origin}":name} 的传输太慢：在 {_amounts.Duration(slow.LimitNanoseconds)}内每秒不到 {_amounts.Bytes(slow.BytesPerSecond)}。",
        ContinuationRefused { Fault: ContinuationFault.Upload } => "HTTP 上传无法续传：服务器要么存下全部，要么什么也不存。",
        ContinuationRefused rest => $"{$"{rest.Origin}":name} 发来的不是已有 {_amounts.Bytes(rest.Position)}的剩余部分：{Rest(rest)}。",
        MailUnconfirmed unconfirmed => $"{$"{unconfirmed.Origin}":name} 已收到整封邮件，却没有说是否接受，所以无法知道邮件会不会送达。{Reason(unconfirmed.Cause)}",
        OutOfTime time => Time(time),
        RedirectRefused redirect => Redirect(redirect),
        _ => throw new ArgumentException("a failure without words", nameof(failure)),
    };

    private static Phrase Rest(ContinuationRefused rest) => rest.Fault switch
    {
        ContinuationFault.NoParts => "它发来全部内容，而已有部分没有留下 ETag，无法知道内容是否变过",
        ContinuationFault.OtherPart => "它从别的位置开始",
        ContinuationFault.BeyondEnd => "服务器上没有这么多字节",
        _ => $"它的应答是 {rest.Status}",
    };

    private static Phrase Repeating(BodyNotRepeatable body) => body.Cause switch
    {
        RepeatCause.Redirect => Say($"{body.Status} 把请求转到 {$"{body.Origin}":name}"),
        RepeatCause.Challenge => $"{$"{body.Origin}":name} 在内容发出之后才问是谁（{body.Status}），请求必须重发",
        RepeatCause.Hash => $"{$"{body.Origin}":name} 要在收到内容之前先看它的哈希（Digest 的 auth-int）",
        RepeatCause.Connection => $"到 {$"{body.Origin}":name} 的重用连接已经断开，请求必须重发",
        RepeatCause.NextUrl => $"要把已经发给前一个 URL 的内容再发给 {$"{body.Origin}":name}",
    };

    public Phrase AtFault(JourneyFailure failure) => $"责任方：{Party(failure)}";

    public Phrase? Try(JourneyFailure failure, Standpoint at) =>
        (failure.IsUnplugged ? Plug(at) : Cure(failure, at)) is { } cure
            ? at.IsElsewhere(cure.ToString()) ? Say($"用命令可以试试：{cure:words}") : Say($"可以试试：{cure:words}")
            : null;

    private static string Of(IpVersion version) => version == IpVersion.V4 ? "IPv4" : "IPv6";

    private static string Other(IpVersion version) => version == IpVersion.V4 ? "IPv6" : "IPv4";

    private static string Wrong(JourneyFailure failure) => failure switch
    {
        NameUnresolved { Reason: ResolutionFailureReason.AliasLoop or ResolutionFailureReason.AliasChainTooLong } => "他们的别名",
        NameUnresolved { Reason: ResolutionFailureReason.Bogus } => "他们的签名或上级域的 DS 记录",
        NameUnresolved { Zone: "." } => "他们的服务器",
        _ => "他们的服务器或上级域的登记",
    };

    private static string Zone(NameUnresolved name) => name.Zone == "." ? "根域" : name.Zone.TrimEnd('.');

    private static Phrase SaidBy(AnswerSource source) => source.Kind switch
    {
        AnswerSourceKind.SpecialUseName => "，这是特殊用途域名的规定（RFC 6761）",
        _ when source.ServerName.Length > 0 => $"：{source.ServerName:name} 这样回答",
        _ when source.Server is { } server => $"：{server.Address} 这样回答",
        _ => "",
    };

    private Phrase Connect(string party, ConnectAttempt last, bool isUnplugged) => last.Error switch
    {
        Errno.ECONNREFUSED => Say($"到 {party:name} 的连接被拒绝：主机在那里，但没有程序在该端口等待连接。"),
        Errno.ETIMEDOUT => $"无法连接 {party:name}：在 {_amounts.Duration(last.ElapsedNanoseconds)}内没有应答。",
        Errno.ENETUNREACH when last.IsToMany => $"无法连接 {party:name}：{last.Address} 不是某一台主机的地址，而是同时代表许多主机；TCP 只能与一台主机通信。",
        Errno.ENETUNREACH when last is { HasRoute: true, IsOfWorld: true } => $"无法连接 {party:name}：路上的一台路由器现在没有通往 {last.Address} 的路由。",
        Errno.ENETUNREACH when last.HasRoute => $"无法连接 {party:name}：路上的一台路由器说，没有哪个网络有地址 {last.Address}。",
        Errno.ENETUNREACH when last.IsWithoutAddress =>
            $"无法连接 {party:name}：本机没有 {Version(last):words} 地址：没有设置，也没有谁借给它（DHCP）。",
        Errno.ENETUNREACH => $"无法连接 {party:name}：本机没有通往那个网络的路由。",
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN when isUnplugged => $"无法连接 {party:name}：到达不了那台主机。",
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN => $"无法连接 {party:name}：没有主机应答地址 {last.Address}，或者途中的路由器到不了那里（也可能是防火墙这样说）。",
        Errno.ENETDOWN => $"无法连接 {party:name}：本机的网络不工作：它断了电，或者网卡已关闭。",
        Errno.EAFNOSUPPORT => $"无法连接 {party:name}：本机不支持那个版本的 IP。",
        Errno.EMFILE => "无法创建套接字：本进程打开的已经太多。",
        _ => $"无法连接 {party:name}：{ChineseSockets.ReasonOf(last.Error)}。",
    };

    private Phrase Handshake(HandshakeFailed tls) => tls switch
    {
        { Reason: TlsFailureReason.CertificateRejected, Faults: [var first, .. var others] } => others
            .Where(fault => fault.Kind != first.Kind).Select(static fault => Certificate(fault.Kind)).Distinct()
            .Aggregate(
                Say($"{(first.Position == 0 ? "服务器的证书" : "服务器证书上级的证书"):words}{Certificate(first.Kind):words}"),
                static (all, next) => $"{all}，而且{next:words}"),
        _ => _tls.Failure(tls.Reason, tls.Alert, tls.Error),
    };

    private static string Certificate(CertificateFaultKind fault) => fault switch
    {
        CertificateFaultKind.Expired => "已过期",
        CertificateFaultKind.NotYetValid => "尚未生效",
        CertificateFaultKind.WrongName => "用于别的名称",
        CertificateFaultKind.UnknownIssuer => "的签发者在这里不受信任",
        CertificateFaultKind.SelfSigned => "是自签名的，没有别人为它担保",
        CertificateFaultKind.Revoked => "已被吊销",
        CertificateFaultKind.RevocationUnknown => "是否已被吊销，没有可用的列表说明",
        CertificateFaultKind.BadSignature => "上的签名不是签发者的",
        CertificateFaultKind.WeakSignature => "的签名方法可以伪造",
        CertificateFaultKind.BadUsage => "不是给服务器用的",
        CertificateFaultKind.NotAnAuthority => "由无权签发证书者签发",
        CertificateFaultKind.Malformed => "无法读懂",
        CertificateFaultKind.Missing => "缺失",
    };

    // What a server says of itself answers no command.
    private static Phrase Said(string command, int code, string said) => command.Length > 0 ? $"（{command} → {code} {said}）" : Say($"（{code} {said}）");

    private Phrase Time(OutOfTime time) => time.Step switch
    {
        JourneyStep.Name => Say($"域名 {time.Party:name} 在 {_amounts.Duration(time.LimitNanoseconds)}内没有解析出来。"),
        JourneyStep.Connect => $"无法连接 {time.Party:name}：在 {_amounts.Duration(time.LimitNanoseconds)}内没有应答。",
        JourneyStep.Tls => $"与 {time.Party:name} 的 TLS 握手在 {_amounts.Duration(time.LimitNanoseconds)}内没有完成。",
        JourneyStep.Write => $"{time.Party:name} 在 {_amounts.Duration(time.LimitNanoseconds)}内没有收下整个请求。",
        JourneyStep.Save => $"消息体在 {_amounts.Duration(time.LimitNanoseconds)}内没有保存完。",
        JourneyStep.Url or JourneyStep.Client or JourneyStep.Request or JourneyStep.Read =>
            $"{time.Party:name} 在 {_amounts.Duration(time.LimitNanoseconds)}内没有发完响应。",
    };

    private static Phrase Redirect(RedirectRefused redirect) => redirect.Fault switch
    {
        RedirectFault.Limit => Say($"{$"{redirect.Origin}":name} 重定向到 {redirect.Location:name}，而已经跟随了 {redirect.Limit} 次重定向。"),
        RedirectFault.Loop => $"{$"{redirect.Origin}":name} 重定向到 {redirect.Location:name}，而同样的请求已经发过：会一直绕圈。",
        RedirectFault.NotAUrl => $"{$"{redirect.Origin}":name} 重定向到 {redirect.Location:name}，而这不是 URL。",
        RedirectFault.OtherScheme => $"{$"{redirect.Origin}":name} 重定向到 {redirect.Location:name}；重定向只跟随到 http: 和 https:。",
    };

    private static Phrase Unwritable(WriteFault fault, string field) => fault switch
    {
        WriteFault.MethodNotToken => "方法名只能由字母、数字和 !#$%&'*+-.^_`|~ 组成",
        WriteFault.TargetEmpty => "请求目标为空",
        WriteFault.TargetHasWhitespaceOrControl => "请求目标里有空格或控制字符，后面的部分会被读成别的东西",
        WriteFault.TargetNotAscii => "请求目标里有 ASCII 以外的字符，必须先做百分号编码",
        WriteFault.FieldNameNotToken => Say($"'{field}' 不是字段名：只允许字母、数字和 !#$%&'*+-.^_`|~"),
        WriteFault.FieldValueHasLineBreakOrNul => $"{(field.Length == 0 ? "Host" : field)} 的值里有换行或 NUL，后面的部分会被读成另一个字段",
        WriteFault.HostRepeated => "Host 出现了两次，而一个请求只能有一个",
        WriteFault.ContentLengthWrong => "Content-Length 不等于消息体的长度，或者出现了两次",
        WriteFault.TransferEncodingWithContentLength => "Transfer-Encoding 与 Content-Length 不能同时使用",
        WriteFault.TransferCodingUnknown => "这里只能写 chunked 传输编码",
        WriteFault.LengthUnknownInHttp10 => "内容的长度未知，而 HTTP/1.0 必须事先知道",
        WriteFault.ContentInTrace => "TRACE 不带内容，它的响应会把内容给别人看",
        WriteFault.TunnelToPage => "CONNECT 请求的是通往主机和端口的隧道，而 URL 指明了那里的一个页面",
        WriteFault.ChunkedInHttp10 => "HTTP/1.0 没有 chunked 编码",
        WriteFault.None or WriteFault.StatusOutOfRange or WriteFault.ReasonHasControl or WriteFault.DestinationTooShort => "它会不合格式",
    };

    private static Phrase Party(JourneyFailure failure) => FailureTable.Of(failure) switch
    {
        { AtFault: FaultParty.Host } when failure.IsUnplugged => "本机，它的网线没有插好",
        { AtFault: FaultParty.User } when failure is NotConnected { Attempts: [.., { IsToMany: true }] } =>
            "这个地址（输入它的人，或把它给了这个域名的人）：没有哪台主机有它",
        { AtFault: FaultParty.User } when failure is NotConnected => "这个地址（输入它的人，或把它给了这个域名的人）：没有哪个网络有它",
        { AtFault: FaultParty.User } when failure is NameWithoutAddress => "输入的域名（或者它的管理者）",
        { AtFault: FaultParty.User } when failure is ProxyFailed => "指定代理的人：在命令行上，或在环境变量里",
        { AtFault: FaultParty.User } => failure is NameDoesNotExist ? "输入的域名（或者本应注册它的人）" : "输入的内容",
        { AtFault: FaultParty.Host } when failure is NameWithoutAddress => "本机，它没有通往 IPv4 的路由",
        { AtFault: FaultParty.Host, Step: JourneyStep.Name } => "本机的解析器设置",
        { AtFault: FaultParty.Host } => "本机",
        { AtFault: FaultParty.Network } when failure is NotConnected { Attempts: [.., { Error: Errno.EHOSTUNREACH or Errno.EHOSTDOWN }] } =>
            "那个地址上的主机，或通往它的网络：错误码看不出是哪一方",
        { AtFault: FaultParty.Network } => "从这里到那里之间的网络",
        { AtFault: FaultParty.ZoneOperator } when failure is NameUnresolved { Reason: ResolutionFailureReason.NoServerAnswers } silent =>
            Say($"{Zone(silent):name} 的管理者，或通往其服务器的网络：没有回音，看不出是哪一方"),
        { AtFault: FaultParty.ZoneOperator } => Say($"{(failure is NameUnresolved name ? Zone(name) : ""):name} 的管理者（{Wrong(failure)}有误）"),
        { AtFault: FaultParty.RecursiveServer } when failure is NameUnresolved { Reason: ResolutionFailureReason.NoServerAnswers } =>
            "被查询的 DNS 服务器、它接着去问的服务器，或网络：没有回音，看不出是哪一方",
        { AtFault: FaultParty.RecursiveServer } => "被查询的 DNS 服务器",
        { AtFault: FaultParty.Proxy } when failure is SocksRefused
        {
            Fault: SocksFault.GeneralFailure or SocksFault.NetworkUnreachable or SocksFault.HostUnreachable or SocksFault.ConnectionRefused
                or SocksFault.TimeToLiveExpired
        } or TunnelRefused { Status: >= 500 } => Say($"位于 {Server(failure):name} 的代理，或者它后面的一方：只有代理自己的说法"),
        { AtFault: FaultParty.Proxy } => Say($"位于 {Server(failure):name} 的代理"),
        { AtFault: FaultParty.Server } when failure is HandshakeFailed { Reason: TlsFailureReason.CertificateRejected, Faults: [var first, ..] } tls
            && Array.TrueForAll(tls.Faults, static one => one.Kind is CertificateFaultKind.NotYetValid or CertificateFaultKind.Expired) =>
            Say($"位于 {Server(failure):name} 的服务器的证书，或本机的时钟（它说今天是 {Amounts.Day(first.JudgedAt)}）：两者之一不对"),
        { AtFault: FaultParty.Server } => Say($"位于 {Server(failure):name} 的服务器"),
        _ => "从所见的情况无法指明",
    };

    private static string Server(JourneyFailure failure) => failure switch
    {
        NotConnected connect => connect.Origin.ToString(),
        HandshakeFailed tls => tls.Origin.ToString(),
        ProxyFailed proxy => proxy.Proxy.ToString(),
        TunnelRefused tunnel => tunnel.Proxy.ToString(),
        SocksRefused socks => socks.Proxy.ToString(),
        RequestUnsent sent => sent.Origin.ToString(),
        ResponseUnreadable response => response.Origin.ToString(),
        ResponseUnreceived received => received.Origin.ToString(),
        ContentUndecodable content => content.Origin.ToString(),
        FtpReplyUnreadable reply => reply.Origin.ToString(),
        FtpRefused refused => refused.Origin.ToString(),
        RedirectRefused redirect => redirect.Origin.ToString(),
        BodyNotRepeatable body => body.Origin.ToString(),
        ContinuationRefused rest => rest.Origin.ToString(),
        MailReplyUnreadable reply => reply.Origin.ToString(),
        NewsReplyUnreadable reply => reply.Origin.ToString(),
        NewsRefused refused => refused.Origin.ToString(),
        MailRefused refused => refused.Origin.ToString(),
        ContentTooLarge large => large.Origin.ToString(),
        TransferTooSlow slow => slow.Origin.ToString(),
        MailUnconfirmed unconfirmed => unconfirmed.Origin.ToString(),
        OutOfTime time => time.Party,
        _ => "",
    };

    private static string Plug(Standpoint at) => at switch
    {
        { IsPrompt: true } => "'links' 会显示哪根网线被拔掉，'mend LINK' 把它重新插好",
        { Lab: { } lab } => $"firstbyte lab show {lab} 会显示实验室的哪个故障拔掉了网线",
        _ => "插好网线，或启用网卡",
    };

    private static string? Cure(JourneyFailure failure, Standpoint at) => failure switch
    {
        NameFailure { LookUpAt: { } proxy } => $"-x {proxy.Scheme}://{proxy}：由代理来查找这个名字",
        UrlUnreadable => "firstbyte url '…' 会指出文本从哪里起不再是 URL",
        SchemeWithoutClient { Scheme: "data" } => "firstbyte url '…' 显示它的各个部分",
        SchemeWithoutClient { Scheme: "ws" or "wss" } => "把 ws:// 换成 http://，wss:// 换成 https://：向同一台服务器要一个网页",
        SchemeWithoutClient => "以 http://、https://、ftp:// 或 ftps:// 开头的 URL",
        RequestUnwritable { Fault: WriteFault.FieldNameNotToken } => "-H 'Name: value'，字段名写成一个词，由字母、数字和连字符组成",
        NotADomainName => "检查拼写：两个点之间要有一段",
        RedirectRefused { Fault: RedirectFault.Loop } => "-v 显示每一个 Location；服务器也许在等一个 cookie：-b ''",
        RequestUnwritable { Fault: WriteFault.ContentInTrace } => "去掉 -d、-F 和 -T，或者用别的方法，例如 POST",
        RequestUnwritable { Fault: WriteFault.TunnelToPage } => "去掉 URL 的路径：隧道通往主机",
        RequestUnwritable { Fault: WriteFault.MethodNotToken } => "方法写成一个词，例如 -X PROPFIND，或者不写：那时用 GET",
        NameDoesNotExist { SaidBy.Kind: AnswerSourceKind.SpecialUseName } => "换一个域名：这个域名是保留的，谁也不能注册",
        NameDoesNotExist when at.IsPrompt => "检查拼写",
        NameDoesNotExist when at is { Lab: { } lab, IsWithoutRoots: true } => $"检查拼写；firstbyte lab show {lab} 会显示有哪些域名",
        NameDoesNotExist name when at.Lab is null && SpecialUseNames.IsMulticastDns(name.Name) => "换一个域名：.local 下的域名由组播 DNS 查询（RFC 6762），这里不支持",
        NameDoesNotExist name when at.Lab is null && SpecialUseNames.IsReserved(name.Name) => "换一个域名：这个域名是保留的，谁也不能注册",
        NameDoesNotExist { SaidBy.Kind: AnswerSourceKind.ResponsibleServer } => "检查拼写",
        NameDoesNotExist => "检查拼写；--iterative 从根域服务器开始查询，不经过任何缓存",
        NameWithoutAddress { Only: IpVersion.V6 } name =>
            $"用 {at.Command("resolve", $"{name.Name} A")} 看看这个域名有没有 IPv4 地址；有的话，本机也要有 IPv4 地址和路由",
        NameWithoutAddress name => $"{at.Command("resolve", $"{name.Name} MX")}（或别的类型）看看这个域名有什么",
        VersionUnavailable { Version: var version } => $"去掉 -{(version == IpVersion.V4 ? "4" : "6")}：它只要 {Of(version):words} 地址",
        NameUnresolved name => Resolving(name, at),
        NotConnected connect => Connecting(connect.Attempts[^1], at),
        HandshakeFailed tls => Securing(tls, at),
        ProxyFailed or TunnelRefused or SocksRefused => ThroughProxy(failure, at),
        ResponseUnreadable { Fault: MessageFault.EndedBeforeFirstByte } or ResponseUnreceived { Error: Errno.ECONNRESET, Position: 0 } =>
            "把 http:// 换成 https://（或反过来）：服务器可能用的是另一种",
        ResponseUnreadable or ResponseUnreceived when at.IsPrompt => $"firstbyte lab run {at.Lab} -v 会显示线上的字节",
        ResponseUnreadable { Fault: MessageFault.NotHttp } => "-v 会显示字节；那个端口上可能是另一种协议",
        ContentUndecodable => "去掉 --compressed，服务器可能会原样发送",
        RedirectRefused { Fault: RedirectFault.Limit } => "--max-redirs 可以改变跟随的次数",
        OutOfTime { Limit: TimeLimit.Rest } when at.IsPrompt => "'sockets HOST' 会显示对方是否还记得这个连接，'links' 会显示哪条线被拔掉",
        OutOfTime { Limit: TimeLimit.Rest } => "-vv 会显示最后到达的分组和此后的分组去了哪里；--max-time 可以早些结束这样的等待",
        ContentTooLarge => "--max-filesize 可以改变最多接收多少",
        TransferTooSlow => "--speed-limit 和 --speed-time 可以改变允许多慢",
        ContinuationRefused { Fault: not ContinuationFault.OtherStatus } => "不用 -C，下载全部",
        MailUnconfirmed => null,
        OutOfTime when at.IsPrompt => null,
        OutOfTime { Step: JourneyStep.Tls, Limit: TimeLimit.Connecting } =>
            "--connect-timeout 可以改变建立连接（包括 TLS）所允许的时间；或者把 https:// 换成 http://：服务器可能在等不用 TLS 的请求",
        OutOfTime { Step: JourneyStep.Tls } => "--max-time 可以改变整个过程所允许的时间；或者把 https:// 换成 http://：服务器可能在等不用 TLS 的请求",
        OutOfTime { Limit: TimeLimit.Connecting } => "--connect-timeout 可以改变连接（包括 TLS）最多用多久",
        OutOfTime => "--max-time 可以改变整个过程允许的时间",
        ResponseUnreadable or ResponseUnreceived => "-v 会显示线上的字节",
        FtpRefused { Fault: FtpFault.LoginDenied } => "URL 中换一个用户或密码（ftp://用户:密码@主机/）",
        FtpRefused ftp when FtpSessions.IsWanted(ftp) => "用服务器的名称代替它的地址：这里的会话只按名称保存（--resolve 可以给地址一个名称）",
        FtpRefused { Fault: FtpFault.FileUnavailable or FtpFault.DirectoryRefused } => "以 / 结尾的目录 URL 会列出其中的内容",
        MailtoUnusable { Fault: MailtoFault.NoSender } => "--mail-from 地址 说明由谁寄出",
        MailtoUnusable { Fault: MailtoFault.NoRecipient or MailtoFault.NotAMailbox } => "mailto:name@example.com",
        MailRefused { Code: >= 400 and < 500 } => "稍后再试：以 4 开头的代码可能是暂时的",
        MailRefused { Fault: SmtpFault.LoginDenied } => "用 -u 用户:密码 换一个用户或密码",
        MailRefused { Fault: SmtpFault.RecipientsRefused or SmtpFault.SomeRecipientsRefused or SmtpFault.SenderRefused } =>
            "检查地址；要求知道谁在寄信的服务器，用 --smarthost 加 -u 用户:密码",
        MailRefused { Fault: SmtpFault.SecurityRefused or SmtpFault.WouldBeRead } => "--smarthost 主机:465，如果服务器从第一个字节起就用 TLS",
        NewsUnusable { Fault: NewsUrlFault.NoServer } => "--news-server 主机，或者在 URL 里写明服务器：news://主机/新闻组",
        NewsUnusable { Fault: NewsUrlFault.FieldMissing } => "在文件开头写一行 'Subject: …'，并加上 --mail-from 地址",
        NewsRefused { Fault: NntpFault.NoGroup or NntpFault.NoArticle } => "'news:*' 列出服务器的新闻组，news:新闻组 显示其中有什么",
        NewsRefused { Fault: NntpFault.LoginWanted or NntpFault.LoginDenied } => "-u 用户:密码，用服务器认识的用户",
        NewsRefused { Fault: NntpFault.WouldBeRead } => "nntps://，如果服务器在 563 端口使用 TLS",
        FileRefused { Fault: FileFault.Unreadable, Error: Errno.ENOENT } => "上一级目录（末尾加上 /）会显示有什么",
        FileRefused { Fault: FileFault.WritingNotAllowed } => "--allow-file-write 允许 -T 写本机的文件",
        FileRefused { Fault: FileFault.BeyondEnd } => "-I 显示文件有多长",
        FilePathUnusable { Fault: FilePathFault.OtherHost } => "用 file:///路径 指本机的文件，或者用那台主机提供它的协议（https:、ftp:）",
        BodyUnsaved { Error: Errno.ENOSPC or Errno.EDQUOT } => "腾出空间，或用 -o FILE 存到别的磁盘",
        BodyUnsaved { Error: Errno.ETIMEDOUT } => "先让管道的另一端有读者，或用 -o 存成普通文件",
        BodyNotRepeatable => "用文件给出内容，文件可以再读：-T FILE、-d @FILE",
        RequestUnwritable { Fault: WriteFault.LengthUnknownInHttp10 } => "去掉 --http1.0，或者用文件给出内容",
        BodyUnsaved => "用 -o FILE 换一个文件",
        _ => null,
    };

    private static string? ThroughProxy(JourneyFailure failure, Standpoint at) => failure switch
    {
        TunnelRefused { Status: 407 } or SocksRefused { Fault: SocksFault.CredentialsWanted or SocksFault.CredentialsRefused } when at.IsPrompt =>
            "把用户名和密码写在代理主机前面：-x http://USER:PASSWORD@HOST:PORT，协议按它的来写",
        TunnelRefused { Status: 407 } => "用 -U USER:PASSWORD 告诉代理；--proxy-anyauth 允许它提供的每种方式",
        SocksRefused { Fault: SocksFault.CredentialsWanted or SocksFault.CredentialsRefused } => "用 -U USER:PASSWORD 告诉代理",
        SocksRefused { Fault: SocksFault.NotSocks or SocksFault.Ended } socks => $"-x http://{socks.Proxy}，如果它是 HTTP 代理",
        SocksRefused { Fault: SocksFault.NeedsIpv4 } => "改用 --socks5-hostname，如果代理会的话",
        ProxyFailed { Cause: ResponseUnreadable { Fault: MessageFault.NotHttp or MessageFault.EndedBeforeFirstByte } } proxy =>
            $"-x socks5h://{proxy.Proxy}，如果它是 SOCKS 代理",
        ProxyFailed { Cause: HandshakeFailed { Reason: TlsFailureReason.ProtocolError or TlsFailureReason.ConnectionEnded } } proxy =>
            $"-x http://{proxy.Proxy}：到这个代理也许不用 TLS",
        SocksRefused { Fault: SocksFault.CredentialsUnsayable or SocksFault.NameUnsayable } => null,
        _ => "用 -x 换一个代理；如果不经代理也到得了服务器，用 --noproxy '*' 不经代理",
    };

    private static string? Resolving(NameUnresolved name, Standpoint at) => name switch
    {
        { Reason: ResolutionFailureReason.NoServerConfigured } when at.Lab is not null => "在实验室文件里给这台主机写上 nameserver",
        { Reason: ResolutionFailureReason.NoServerConfigured } => "在 /etc/resolv.conf 里写一行 nameserver，或用 --server ADDR",
        { Blamed: FaultParty.Network } => Route(at),
        { Reason: ResolutionFailureReason.Bogus } => $"{at.Shell("resolve", $"{name.Name} --explain")} 会显示信任链在哪里断开",
        { Blamed: FaultParty.ZoneOperator } => $"{at.Shell("resolve", $"{name.Name} --iterative -v")} 会显示哪台服务器出错、怎样出错",
        { Blamed: not FaultParty.RecursiveServer } => null,
        _ when at is { Lab: { } lab, IsWithoutRoots: true } => $"firstbyte lab show {lab} 会显示哪台服务器知道哪些域名",
        _ when at.IsPrompt => $"{at.Shell("resolve", $"{name.Name} --iterative")} 从根域服务器开始查询",
        _ => "用 --iterative 从根域服务器开始查询，或用 --server ADDR 询问另一台解析器",
    };

    private static string Version(ConnectAttempt last) => last.Address.IsV4 ? "IPv4" : "IPv6";

    private static string? Connecting(ConnectAttempt last, Standpoint at) => last.Error switch
    {
        Errno.ECONNREFUSED when at.IsPrompt => "换一个端口：'sockets HOST' 会显示主机在哪些端口上等待连接",
        Errno.ECONNREFUSED when at.Lab is { } lab => $"换一个端口：firstbyte lab show {lab} 会说明每台主机提供什么服务",
        Errno.ECONNREFUSED => "换一个端口（http://host:8080/），或启动服务器程序",
        Errno.ETIMEDOUT when at.IsPrompt => "'links' 和 'faults' 会显示包可能在哪里丢失",
        Errno.ETIMEDOUT => "防火墙可能丢弃了包；--connect-timeout 可以改变等待的时间",
        Errno.ENETUNREACH when last.IsToMany => "某一台主机的地址",
        Errno.ENETUNREACH when last is { HasRoute: true, IsOfWorld: true } && at.IsPrompt =>
            $"'links' 和 'faults' 会显示哪里断了；traceroute {last.Address} 会显示是哪台路由器这样说",
        Errno.ENETUNREACH when last.HasRoute => $"{at.Command("traceroute", $"{last.Address}")} 会显示是谁这样说",
        Errno.EHOSTUNREACH or Errno.EHOSTDOWN => $"{at.Command("traceroute", $"{last.Address}")} 会显示是谁这样说；那台主机可能没有开机，或者网线没有插上",
        Errno.ENETDOWN when at.IsPrompt => "'faults' 会显示什么断了电，'heal down' 恢复供电",
        Errno.ENETUNREACH when last.IsWithoutAddress && at.IsPrompt => "检查它所在网络的 DHCP 服务器：'hosts' 会显示谁有地址、谁有电，'links' 会显示哪些网线被拔掉",
        Errno.ENETUNREACH when last.IsWithoutAddress => "检查它所在网络的 DHCP 服务器，或给它一个地址",
        Errno.ENETUNREACH => Route(at),
        Errno.EADDRNOTAVAIL or Errno.ENETDOWN when at.Lab is null => "看看本机的网卡是否启用、有没有地址：ip address",
        _ => null,
    };

    private static string Route(Standpoint at) => at switch
    {
        { IsPrompt: true } => "检查本机的路由和网线（'routes'、'links'）",
        { Lab: { } lab } => $"检查本机的路由和网线（firstbyte lab routes {lab}，firstbyte lab links {lab}）",
        _ => "检查本机的路由和网线",
    };

    private static string? Securing(HandshakeFailed tls, Standpoint at) => tls switch
    {
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.Missing }, ..] } => null,
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.NotYetValid }] } => "检查本机的时钟；-k 可以不顾证书继续",
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.WrongName }] } => "用证书所载的名称；-k 可以不顾证书继续",
        { Reason: TlsFailureReason.CertificateRejected, Faults: [{ Kind: CertificateFaultKind.UnknownIssuer or CertificateFaultKind.SelfSigned }] }
            when !at.IsPrompt =>
            "如果您有为服务器作保的根证书，用 --cacert FILE；-k 可以不顾证书继续",
        { Reason: TlsFailureReason.CertificateRejected } => "如果您知道证书为何通不过检查，-k 可以不顾证书继续",
        { Reason: TlsFailureReason.ClientCertificateMissing } => "用 --cert FILE 和 --key FILE 出示服务器接受的证书",
        { Reason: TlsFailureReason.ClientCertificateRefused, Alert: TlsAlert.CertificateExpired } => "向签发者要一个已经生效、尚未过期的证书",
        { Reason: TlsFailureReason.ClientCertificateRefused, Alert: TlsAlert.UnknownCa } =>
            "用服务器所信任的机构签发的证书；--cert 的文件里，自己的证书后面可以放上中间的签发者",
        { Reason: TlsFailureReason.ClientCertificateRefused, Alert: TlsAlert.UnsupportedCertificate } => "用允许客户端使用的证书（扩展密钥用途 clientAuth）",
        { Reason: TlsFailureReason.ClientCertificateRefused } => "用 --cert 和 --key 出示另一个证书",
        { Reason: TlsFailureReason.KeyNotPinned } => $"如果您从别处知道这是服务器的公钥，用 --pinnedpubkey '{tls.Pin}'",
        { Reason: TlsFailureReason.ProtocolError or TlsFailureReason.ConnectionEnded }
            or { Reason: TlsFailureReason.TransportFailed, Error: Errno.ECONNRESET } => "把 https:// 换成 http://：服务器在那个端口上可能不用 TLS",
        { Alert: TlsAlert.HandshakeFailure or TlsAlert.ProtocolVersion or TlsAlert.InsufficientSecurity } =>
            "检查服务器的设置：这里使用 TLS 1.2 和 1.3，除非 --tlsv1.3、--tls-max 或 --ciphers 去掉了一些",
        _ => null,
    };
}
