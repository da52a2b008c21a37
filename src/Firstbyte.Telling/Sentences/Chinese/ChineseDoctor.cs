using Firstbyte.Addressing;
using Firstbyte.Dns.Zones;
using Firstbyte.Doctor;
using Firstbyte.Http;
using Firstbyte.Telling.Rows;
using Firstbyte.Tls;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseDoctor : IDoctorSentences
{
    private readonly ChineseAmounts _amounts = new();
    private readonly ChineseFailures _failures = new();
    private readonly ChineseSources _sources = new();

    public Phrase Site(SiteFound site)
    {
        var addresses = site.Addresses.Length == 0 ? "没有地址" : string.Join("、", site.Addresses);
        return site.Offers is { } offers
            ? $"{site.Host:name} · {addresses} · 它的 HTTPS 记录提供 {string.Join("、", offers)}"
            : $"{site.Host:name} · {addresses}";
    }

    public Phrase Looking(LookStarted look) =>
        $"第 {look.Number} 次查看，共 {look.Total} 次：{Kind(look.Kind)} {look.Href}{(look.Address is { } address ? $"，在 {address}" : "")}";

    public Phrase Look(LookTaken look)
    {
        if (look.Failure is { } failure) { return $"{Where(look)}：{_failures.What(failure)}"; }
        return look.Kind switch
        {
            LookKind.Journey or LookKind.Address => Phrase.Join(" · ", Facts(look)),
            LookKind.Offers => $"{Where(look)}：在 h2 和 http/1.1 中，它选择 {look.Alpn ?? "都不选"}",
            LookKind.Validation => $"{Where(look)}{Status(look.Status)}",
        };
    }

    public Phrase What(Finding finding) => finding switch
    {
        JourneyBroken journey => _failures.What(journey.Failure),
        AddressBroken { IsWholeFamily: true } one =>
            $"没有一个 {Version(one.Address.Version)} 地址提供这个网站。{one.Address} 端口 {one.Port}：{_failures.What(one.Failure)}",
        AddressBroken one => $"{one.Address} 端口 {one.Port} 不像其他地址那样提供这个网站。{_failures.What(one.Failure)}",
        FamilyMissing family => $"这个域名没有 {Version(family.Version)} 地址：{OnlyBy(family.Version):words}。",
        FamilyUnexamined family => $"{family.Addresses} 个 {Version(family.Version)} 地址没有查看：本机没有通往那里的路。",
        AddressesUnexamined addresses => $"这个域名有 {addresses.Found} 个地址，查看了其中 {addresses.Examined} 个。",
        AnswersDiffer answers =>
            $"同一域名的地址答复不同：{answers.Address} 答 {answers.Status}，{answers.Other} 答 {answers.OtherStatus}。",
        AnswerSlow answer => $"服务器想了 {_amounts.Duration(answer.WaitNanoseconds)}才发出第一个字节。",
        ExaminationCut cut => $"查看了 {cut.Looks} 次之后时间已到：其余的没有看到。",
        TlsAbsent tls => $"这个网站没有 TLS：端口 {tls.Port} 上没有人监听。",
        CertificateFaulty one => $"浏览器拒绝这个网站：{ChineseTls.Fault(one.Fault)}{Shown(one.Addresses)}。",
        CertificateExpiring { Days: 0 } one => $"{one.Name:name} 的证书一天之内到期（{Amounts.Day(one.NotAfter)}）。",
        CertificateExpiring one => $"{one.Name:name} 的证书还有 {one.Days} 天到期（{Amounts.Day(one.NotAfter)}）。",
        CertificatesDiffer one =>
            $"各地址出示的证书不同：{one.Address} 的有效期至 {Amounts.Day(one.NotAfter)}，{one.Other} 的至 {Amounts.Day(one.OtherNotAfter)}。",
        TlsOld => "服务器使用 TLS 1.2 而没有 TLS 1.3；后者少一次往返，也更不容易配错。",
        PlainServed plain => $"http: 得到的是 {Status(plain.Status)}，而不是转到 https: 的重定向：直接键入域名的人没有受到保护。",
        RedirectTemporary redirect => $"http: 用 {Status(redirect.Status)} 转到 https:，每次都要重新询问。",
        RedirectToPlain redirect => $"有重定向离开了 TLS：从 {redirect.From} 到 {redirect.To}。",
        RedirectsMany redirects => $"要经过 {redirects.Count} 次重定向才到网页，每次至少多一个往返。",
        HstsMissing => "网站没有要求浏览器坚持使用 TLS（没有 Strict-Transport-Security）：下次键入域名仍然先不用 TLS。",
        HstsMalformed hsts => $"Strict-Transport-Security 无法读懂，因而无效：{hsts.Value}。",
        HstsShort { Seconds: 0 } => "Strict-Transport-Security 是 max-age=0：浏览器会忘掉这个网站要用 TLS。",
        HstsShort hsts => $"Strict-Transport-Security 只保持 {Age(hsts.Seconds)}（max-age={hsts.Seconds}），不到半年。",
        HstsOnPlain => "在没有 TLS 的连接上发送了 Strict-Transport-Security，浏览器必须不理会它。",
        ErrorAnswered error => $"网页是一个错误：{Status(error.Status)}。",
        MessageFlawed message => $"响应的格式不对：{ChineseHttp.Flaw(message.Flaw)}（这里的做法：{ChineseHttp.Action(message.Action)}）。",
        EndByClose => "内容只以连接断开为结尾：谁也看不出是不是缺了一部分。",
        ConnectionNotKept => "服务器每次响应之后就断开连接：每个请求都要重新建立连接。",
        VersionOld version => $"服务器用 {version.Version} 答复。",
        DateMissing => "响应没有说是什么时候产生的（没有 Date）。",
        DateWrong { Seconds: < 0 } date => $"按 Date 所说，响应是 {Age(-date.Seconds)}之前产生的：服务器或本机的时钟不准。",
        DateWrong date => $"按 Date 所说，响应要到 {Age(date.Seconds)}之后才产生：服务器或本机的时钟不准。",
        TypeMissing => "内容没有说是什么类型（没有 Content-Type）：浏览器只能猜。",
        CharsetMissing text => $"{text.Type} 没有 charset：用的什么字符编码只能猜。",
        CacheSilent => "响应没有说可以保存多久：缓存只能猜。",
        CacheContradictory cache => $"Cache-Control 自相矛盾：{cache.Value}。",
        CookieCached cache => $"响应设置了 Cookie，而供多人使用的缓存可以保存它（Cache-Control: {cache.Value}）。",
        ValidatorMissing => "响应既没有 ETag，也没有 Last-Modified：要知道有没有变化，只能全部重发。",
        ValidatorIgnored validator => $"询问网页有没有变化（{validator.Validator}）时，服务器又把全部内容发了一遍。",
        ContentUncoded content => $"{content.Type} 共 {_amounts.Bytes(content.Bytes)}，未经压缩就发送，而客户端接受 gzip、br 和 zstd。",
        VaryMissing vary => $"内容以 {vary.Coding} 发送，而 Vary 没有列出 Accept-Encoding：缓存可能把它交给读不懂的客户端。",
        CookieOpen { Gap: CookieGap.Secure } cookie => $"Cookie {cookie.Name:name} 没有 Secure：它也会通过人人可读的连接发送。",
        CookieOpen { Gap: CookieGap.HttpOnly } cookie => $"Cookie {cookie.Name:name} 没有 HttpOnly：网页中的任何脚本都能读到它。",
        CookieOpen cookie => $"Cookie {cookie.Name:name} 没有 SameSite：其他网站的哪些请求会带上它，由浏览器决定。",
        CookieNotKept cookie => $"浏览器不保存 Cookie {(cookie.Name.Length > 0 ? cookie.Name : "（无名）"):name}：{ChineseHttp.Refusal(cookie.Why)}。",
        Http2NotOffered { Chosen: null } => "没有提供 HTTP/2：握手没有商定任何应用协议（ALPN）。",
        Http2NotOffered http2 => $"没有提供 HTTP/2：握手商定的是 {http2.Chosen}（ALPN）。",
        Http3NotOffered => "没有提供 HTTP/3：Alt-Svc 和 HTTPS 记录都没有说到它。",
        AltSvcMalformed service => $"Alt-Svc 无法读懂：{service.Value}。",
        OfferNotKept offer => $"域名的 HTTPS 记录提供 {offer.Protocol}，而服务器选择的是 {offer.Chosen ?? "无"}。",
        _ => OfZone(finding),
    };

    private Phrase OfZone(Finding finding) => finding switch
    {
        ZoneFaulty zone => $"{_sources.ZoneProblem(zone.Problem)}。",
        ZoneServersFew => "这个域只有一台域名服务器：它一沉默，整个域就没有了。",
        ZoneServersTogether together => $"全部 {together.Servers} 台域名服务器都在 {together.Network} 里，会一同沉默。",
        ZoneServersWithout without => $"没有一台域名服务器有 {Version(without.Version)} 地址。",
        ZoneServerUnreachable { Use: AddressKind.Private or AddressKind.UniqueLocal or AddressKind.SharedAddressSpace } one =>
            $"{one.Server:name} 的地址是 {one.Address}，它在每个网络里指的是不同的主机。",
        ZoneServerUnreachable one => $"{one.Server:name} 的地址是 {one.Address}，互联网上没有人能在那里询问它。",
        ZonePrimaryHidden primary => $"SOA 记录里的主服务器是 {primary.Primary:name}，它不在这个域的域名服务器之中。",
        ZoneTimerUnwise timer =>
            $"{Timer(timer.Timer):words} 是 {_amounts.Duration(timer.Seconds * 1_000_000_000L)}（{timer.Seconds}），通常在 {timer.Least} 到 {timer.Most} 之间。",
        ZoneMailboxMiswritten mailbox => $"SOA 记录里的邮箱写成了 {mailbox.Mailbox:name}：那里第一个点就代表 @。",
        ZoneReferralLong referral => $"指向这个域的转介有 {_amounts.Bytes(referral.Bytes)}，而没有 EDNS 的数据报只能装 512 字节。",
        ZoneUnsigned => "这个域没有签名：谁也分不出伪造的回答和真的回答。",
        ZoneSignaturesExpiring { Days: 0 } one => $"签名一天之内到期（{Amounts.Day(one.Until)}），最早的是 {one.Name:name} {one.Type} 的。",
        ZoneSignaturesExpiring one => $"签名还有 {one.Days} 天到期（{Amounts.Day(one.Until)}），最早的是 {one.Name:name} {one.Type} 的。",
        ZoneAlgorithmOld key => $"密钥 {key.KeyTag} 用的是 {key.Algorithm:name}，不应再用来签名：验证者正陆续放弃它。",
        ZoneHashesCostly hashes =>
            $"域名多做了 {hashes.Iterations} 次散列，盐有 {_amounts.Bytes(hashes.SaltLength)}：服务器和验证者都要付出代价，却什么也保护不了。",
        ZoneChildRecordForeign record => $"{record.Type} 请求上级域指向一个这个域没有公布的密钥：{record.Record}。",
        ZoneAsksForUnsigning => "CDS 或 CDNSKEY 请求上级域去掉 DS 记录：这个域将被当作没有签名的。",
        ZoneDelegation { IsSigned: true } delegation => $"要让这个域能被找到并被相信，需要交给上级域 {delegation.Records.Length} 条记录。",
        ZoneDelegation delegation => $"要让这个域能被找到，需要交给上级域 {delegation.Records.Length} 条记录。",
        _ => OfName(finding),
    };

    private Phrase OfName(Finding finding) => finding switch
    {
        NameServerSilent { IsLast: true } server => $"{At(server.Server, server.Address)} 没有回应，域 {server.Zone:name} 的其他服务器也没有：它下面的一切都找不到了。",
        NameServerSilent server => $"向 {At(server.Server, server.Address)} 询问域 {server.Zone:name} 时没有回应：先问到它的人要等上几秒。",
        NameServerLame { Said: "NOERROR" } server => $"{At(server.Server, server.Address)} 被列为域 {server.Zone:name} 的服务器，却不提供这个域：它没有自己的应答。",
        NameServerLame server => $"{At(server.Server, server.Address)} 被列为域 {server.Zone:name} 的服务器，却不提供这个域：{server.Said}。",
        NameServerSlow server => $"{At(server.Server, server.Address)} 用了 {_amounts.Duration(server.Nanoseconds)} 才回答域 {server.Zone:name} 的问题。",
        NameServerDeaf { Skill: ServerSkill.Edns } server => $"{At(server.Server, server.Address)} 不回答带 EDNS 的问题：较长的应答和签名不能一次得到。",
        NameServerDeaf server => $"{At(server.Server, server.Address)} 不通过 TCP 回答：放不进一个数据报的应答无法得到。",
        NameSerialsDiffer one => $"域 {one.Zone:name} 的各台服务器版本不同：序列号 {string.Join("、", one.Serials)}。",
        NameServersDiffer { OnlyChild.Length: 0 } one => $"父域为 {one.Zone:name} 列出了该域自己没有列出的服务器：{string.Join("、", one.OnlyParent):name}。",
        NameServersDiffer { OnlyParent.Length: 0 } one => $"域 {one.Zone:name} 列出了父域没有列出的服务器：{string.Join("、", one.OnlyChild):name}。",
        NameServersDiffer one => $"父域为 {one.Zone:name} 列出 {string.Join("、", one.OnlyParent):name}，该域自己列出的是 {string.Join("、", one.OnlyChild):name}。",
        NameTtlsDiffer one => $"域 {one.Zone:name} 的 NS 记录，按父域有效 {one.Parent} 秒，按该域自己有效 {one.Child} 秒。",
        NameGlueMissing one => $"{one.Server:name} 位于它所服务的域 {one.Zone:name} 之内，父域却没有附上地址：没有人能找到它。",
        NameGlueDiffers { Child.Length: 0 } one => $"父域给 {one.Server:name} 的地址是 {string.Join("、", one.Parent)}，而域 {one.Zone:name} 没有给它地址。",
        NameGlueDiffers one => $"父域给 {one.Server:name} 的地址是 {string.Join("、", one.Parent)}，而域 {one.Zone:name} 给的是 {string.Join("、", one.Child)}。",
        NameServerUnknown one => $"{one.Server:name} 被列为域 {one.Zone:name} 的服务器，却没有地址。",
        NameAnswersDiffer one =>
            $"询问 {one.Name:name} {one.Type} 时各台服务器的应答不同：{string.Join("；", one.Answers.Select(static answer => answer.Length == 0 ? "没有记录" : answer))}。",
        NameBogus one => $"验证者拒绝 {one.Name:name}：在 {one.Zone:name}，{ChineseNames.Flaw(one.Flaw)}。",
        _ => throw new ArgumentOutOfRangeException(nameof(finding), finding, "a finding without words"),
    };

    private static string Timer(SoaTimer timer) => timer switch
    {
        SoaTimer.Refresh => "REFRESH",
        SoaTimer.Retry => "RETRY",
        SoaTimer.Expire => "EXPIRE",
        SoaTimer.Minimum => "MINIMUM",
    };

    public Phrase? Cure(Finding finding, Standpoint at) => finding switch
    {
        JourneyBroken journey => _failures.Try(journey.Failure, at),
        AddressBroken one => _failures.Try(one.Failure, at) ?? Do("修好这个地址上的服务器，或在此之前把它从 DNS 中去掉。"),
        _ when Remedy(finding) is { } remedy => Do(remedy),
        _ => null,
    };

    public Phrase Summary(ExaminationCompleted e) => e.Looks == 0
        ? $"{Counted(e)} · {Amounts.Time(e.ElapsedNanoseconds):words}"
        : $"{Counted(e)} · 查看 {e.Looks} 次 · {Amounts.Time(e.ElapsedNanoseconds):words}";

    public Phrase Unchanged(ExaminationCompleted e) => $"第 {e.Round} 轮：没有变化 · {Counted(e)}";

    public Phrase Changed(ExaminationCompleted e) => $"第 {e.Round} 轮：{Counted(e)}";

    public Phrase Change(bool hasCome, Phrase what) => hasCome ? Say($"+ 新出现：{what}") : Say($"- 已消失：{what}");

    private static Phrase? Remedy(Finding finding) => finding switch
    {
        FamilyMissing { Version: IpVersion.V4 } => "加上 A 记录；没有 IPv6 的网络还很多。",
        FamilyMissing => "等服务器有了 IPv6 地址，就加上 AAAA 记录。",
        FamilyUnexamined => "换一台有这种地址的主机再检查一次。",
        AnswersDiffer => "让域名后面的所有服务器使用同一版本的网站。",
        AnswerSlow => "看看服务器在答复之前做了什么；-n 20 可以看出是不是每次都这样。",
        ExaminationCut => "用 --max-time 给它更多时间。",
        TlsAbsent => "让服务器在端口 443 上使用 TLS；证书可以免费获得（RFC 8555）。",
        CertificateFaulty certificate => Remedy(certificate.Fault.Kind),
        CertificateExpiring => "续期，并查明为什么没有自动续期。",
        CertificatesDiffer => "如果不是有意的，就是漏掉了其中一台服务器。",
        TlsOld => "启用 TLS 1.3。",
        PlainServed => "把端口 80 上的所有请求用 301 或 308 转到 https:。",
        RedirectTemporary => "改用 301 或 308，浏览器会记住。",
        RedirectToPlain => "让重定向指向 https: 的 URL；常见的原因是代理后面的程序不知道自己是通过 TLS 被访问的。",
        RedirectsMany => "让第一次重定向就指向最后的 URL。",
        HstsMissing => "在 TLS 上发送 Strict-Transport-Security: max-age=31536000。",
        HstsMalformed => "写成 max-age=31536000；如果其下的所有域名都如此，再加上 ; includeSubDomains。",
        HstsShort { Seconds: 0 } => "除非要放弃 TLS，否则发送 max-age=31536000。",
        HstsShort => "等一切都能通过 TLS 工作，就把 max-age 提高到一年（31536000）。",
        HstsOnPlain => "只在 TLS 上发送。",
        ErrorAnswered { Status: >= 500 } => "查看服务器的日志。",
        ErrorAnswered => "检查 URL，以及是否需要登录。",
        MessageFlawed => "改正产生这个消息的程序：别人会拒绝它，或有另外的理解。",
        EndByClose => "发送 Content-Length，或使用 chunked 编码。",
        ConnectionNotKept => "去掉 Connection: close，允许保持连接。",
        VersionOld => "让服务器或它前面的代理使用 HTTP/1.1。",
        DateMissing => "发送 Date：凡是有时钟的服务器都必须如此。",
        DateWrong => "用 NTP 校准时钟。",
        TypeMissing => "发送 Content-Type。",
        CharsetMissing => "在 Content-Type 中写明 charset=utf-8。",
        CacheSilent => "发送 Cache-Control：会变的用 no-cache，不变的用 max-age。",
        CacheContradictory => "只说一种；no-store 胜过其他一切。",
        CookieCached => "只给一个访问者的响应，要写明 private 或 no-store。",
        ValidatorMissing => "发送 ETag 或 Last-Modified。",
        ValidatorIgnored => "If-None-Match 或 If-Modified-Since 相符时答 304；途中的编码常常会丢掉 ETag。",
        ContentUncoded => "在服务器上压缩文本。",
        VaryMissing => "发送 Vary: Accept-Encoding。",
        CookieOpen { Gap: CookieGap.Secure } => "设置时加上 Secure。",
        CookieOpen { Gap: CookieGap.HttpOnly } => "设置时加上 HttpOnly，除非脚本需要它。",
        CookieOpen => "设置时加上 SameSite=Lax；其他网站需要它时用 None。",
        CookieNotKept => "改正 Cookie 的属性。",
        Http2NotOffered => "启用 HTTP/2：许多请求可以共用一个连接。",
        Http3NotOffered => "如果服务器支持 QUIC，就用 Alt-Svc 或 HTTPS 记录说明。",
        AltSvcMalformed => "写成 h3=\":443\"; ma=86400。",
        OfferNotKept => "启用这个协议，或从记录中去掉它。",
        ZoneFaulty { BreaksTrust: true } => "用这个域的全部密钥重新签名：firstbyte zone sign。",
        ZoneFaulty zone => Remedy(zone.Problem.Flaw),
        ZoneServersFew => "在另一个网络里再设一台。",
        ZoneServersTogether => "把其中一台移到另一个网络，或请别人同时提供这个域。",
        ZoneServersWithout { Version: IpVersion.V4 } => "给其中一台 IPv4 地址：没有 IPv6 的解析器还很多。",
        ZoneServersWithout => "给其中一台 IPv6 地址。",
        ZoneServerUnreachable => "写上互联网能到达它的地址。",
        ZonePrimaryHidden => "如果不是有意隐藏主服务器，请改正 SOA 记录：更新和通知都送往那里。",
        ZoneTimerUnwise { Timer: SoaTimer.Expire } timer when timer.Seconds < timer.Least => "设为两周以上：主服务器停这么久，整个域就跟着没有了。",
        ZoneTimerUnwise { Timer: SoaTimer.Retry } timer when timer.Seconds > timer.Most => "设得比 REFRESH 短。",
        ZoneTimerUnwise timer => $"在 {timer.Least} 到 {timer.Most} 之间选一个。",
        ZoneMailboxMiswritten => "hostmaster@example.com 要写成 hostmaster.example.com.（末尾有点）。",
        ZoneReferralLong => "减少服务器，或让它们的名字有更多相同的部分。",
        ZoneUnsigned => "给它签名：firstbyte zone key 和 firstbyte zone sign。",
        ZoneSignaturesExpiring => "重新签名，并让它自动进行。",
        ZoneAlgorithmOld => "改用 ECDSAP256SHA256：先用两种算法签名，再换 DS 记录，最后去掉旧的（RFC 6781 4.1.4）。",
        ZoneHashesCostly => "签名时不用盐，也不多做散列；firstbyte zone sign --nsec3 就是这样做的。",
        ZoneChildRecordForeign => "按这个域的密钥重新生成，或去掉它：照它做的上级域会使这个域无法通过验证。",
        ZoneAsksForUnsigning => "除非这个域确实不再签名，否则去掉它。",
        NameServerSilent => "确认它在运行、53 端口对所有人开放，或让父域不再列出它。",
        NameServerLame => "让它提供这个域，或让父域不再列出它。",
        NameServerSlow => "找出拖慢它的原因，或从更近的地方提供这个域。",
        NameServerDeaf { Skill: ServerSkill.Edns } => "更新服务器软件，并确认没有防火墙丢弃带 OPT 记录的报文。",
        NameServerDeaf => "开放 TCP 的 53 端口。",
        NameSerialsDiffer => "确认区传送正常：firstbyte dig @SERVER ZONE SOA 可看到各自的版本。",
        NameServersDiffer => "让父域列出该域自己列出的服务器。",
        NameTtlsDiffer => "在双方都指明同样的服务器之后，旧服务器还要按两者中较长的时间继续运行：多数解析器按该域的时间，也有按父域的。",
        NameGlueMissing => "把服务器的地址连同名字一起交给父域。",
        NameGlueDiffers => "把该域里的地址交给父域。",
        NameServerUnknown => "改正名字，或给它一个地址。",
        NameAnswersDiffer => "如果不是有意如此，请确认所有服务器上是同一版本。",
        NameBogus => "firstbyte resolve --explain 会说明信任链以及它在哪里断开。",
        _ => null,
    };

    private static Phrase? Remedy(ZoneFlaw flaw) => flaw switch
    {
        ZoneFlaw.NsMissing => "在这个域自己的名字上用 NS 记录写明它的服务器。",
        ZoneFlaw.GlueMissing => "加上这台服务器的 A 或 AAAA 记录，或换一台有地址的服务器。",
        ZoneFlaw.NsIsAlias or ZoneFlaw.MxIsAlias => "写服务器自己的名字，不要写别名。",
        ZoneFlaw.CnameNotAlone => "别名和其他记录只保留一种。",
        ZoneFlaw.TtlsDiffer => "让这一组记录用同一个 TTL。",
        ZoneFlaw.Duplicate => "两条中去掉一条。",
        ZoneFlaw.Hidden => "把它移到在那里被委派的域中。",
        ZoneFlaw.SignatureStray => "重新签名：firstbyte zone sign。",
        _ => "改正这一行。",
    };

    private static Phrase Remedy(CertificateFaultKind kind) => kind switch
    {
        CertificateFaultKind.Expired => "续期，并让它自动进行（RFC 8555）。",
        CertificateFaultKind.NotYetValid => "检查服务器和本机的时钟。",
        CertificateFaultKind.WrongName => "换一个写有这台主机名称的证书，或让服务器按所询问的名称（SNI）选择证书。",
        CertificateFaultKind.UnknownIssuer => "让服务器把它与根证书之间的证书也发来；如果签发者是自己的，就用 --cacert 指明它的根证书。",
        CertificateFaultKind.SelfSigned => "向签发机构申请一个；如果是有意的，就用 --cacert 指明它。",
        CertificateFaultKind.Revoked => "用新的密钥申请一个新的。",
        CertificateFaultKind.RevocationUnknown => "取得签发者最新的吊销列表。",
        CertificateFaultKind.WeakSignature => "换一个用 SHA-256 或更好的方法签名的。",
        CertificateFaultKind.BadSignature or CertificateFaultKind.BadUsage or CertificateFaultKind.NotAnAuthority or CertificateFaultKind.Malformed
            or CertificateFaultKind.Missing => "换一个正确的，连同签发机构给出的证书链。",
    };

    private static Phrase Do(Phrase remedy) => $"怎么办：{remedy}";

    private IEnumerable<Phrase> Facts(LookTaken look)
    {
        yield return Where(look);
        yield return Status(look.Status);
        yield return _amounts.Bytes(look.BodyBytes);
        if (look.Tls is { } version) { yield return version == TlsVersion.Tls13 ? "TLS 1.3" : "TLS 1.2"; }
        if (look.Hops > 0) { yield return $"{look.Hops} 次重定向"; }
    }

    private static Phrase Where(LookTaken look)
    {
        var scheme = look.Href.StartsWith("https:", StringComparison.Ordinal) ? "https" : "http";
        return look.Kind switch
        {
            LookKind.Journey => $"{look.Href}",
            LookKind.Address => $"{scheme} 在 {look.Address?.ToString() ?? "无地址"}",
            LookKind.Offers => $"{look.Address?.ToString() ?? "无地址"} 的协议",
            LookKind.Validation => "有没有变化？",
        };
    }

    private static Phrase Kind(LookKind kind) => kind switch
    {
        LookKind.Journey => "访问",
        LookKind.Address => "单个地址",
        LookKind.Offers => "所提供的协议",
        LookKind.Validation => "有没有变化？",
    };

    private static Phrase Status(int status) => ReasonPhrase.Of(status) is { Length: > 0 } reason ? Say($"{status} {reason:words}") : Say($"{status}");

    private static Phrase At(string server, IpAddress address) => $"{server:name}（{address}）";

    private static string Version(IpVersion version) => version == IpVersion.V6 ? "IPv6" : "IPv4";

    private static string OnlyBy(IpVersion missing) =>
        missing == IpVersion.V6 ? "只有 IPv6 的网络里的访问者要靠地址转换才能到达，甚至不能" : "没有 IPv6 的访问者到不了那里";

    private static Phrase Shown(IpAddress[] addresses) => addresses.Length switch
    {
        0 => "",
        > 3 => $"（在 {addresses[0]} 等 {addresses.Length} 个地址）",
        _ => $"（在 {string.Join("、", addresses)}）",
    };

    private Phrase Age(long seconds) => seconds >= 2 * 24 * 60 * 60 ? Say($"{seconds / (24 * 60 * 60)} 天") : _amounts.Duration(seconds * 1_000_000_000);

    private static Phrase Counted(ExaminationCompleted e) => e is { Errors: 0, Warnings: 0, Notes: 0 }
        ? "没有发现问题"
        : $"{e.Errors:#,0} 个错误，{e.Warnings:#,0} 个警告，{e.Notes:#,0} 个提示";
}
