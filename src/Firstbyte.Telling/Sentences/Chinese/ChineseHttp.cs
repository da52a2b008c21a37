using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Cookies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseHttp : IHttpSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Request(string method, string target, string version, int fields, long headBytes, long? bodyBytes) =>
        $"{method} {target} {version} · {_amounts.Fields(fields)} · {_amounts.Bytes(headBytes + (bodyBytes ?? 0))}{(bodyBytes is null ? "和内容" : "")}";

    public Phrase Retried(string method) => $"! 沿用的连接已经断开：在新的连接上再发一次 {method}";

    public Phrase NotRetried(string method) => $"! 沿用的连接已经断开：{method} 不会自动重发，因为服务器可能已经执行过了（RFC 9110 9.2.2）";

    public Phrase ExpectationRefused(int status) => $"! {status}：服务器不肯事先表态是否接收内容，于是不再询问，直接重新发送";

    public Phrase ContentSent(long bytes, ContentEnd how) => how switch
    {
        ContentEnd.Whole or ContentEnd.UnderWay => $"已发送内容 {_amounts.Bytes(bytes)}",
        ContentEnd.Stopped => $"已发送内容 {_amounts.Bytes(bytes)}；其余不发了，服务器没有等它就作了答复",
        ContentEnd.Broken => $"已发送内容 {_amounts.Bytes(bytes)}，随后连接中断",
        ContentEnd.Unreadable => $"! 已发送内容 {_amounts.Bytes(bytes)}，再也读不到更多",
        ContentEnd.Shrunk => $"! 已发送内容 {_amounts.Bytes(bytes)}，少于所承诺的：期间有人截短了它",
        ContentEnd.Grown => $"! 已按承诺发送内容 {_amounts.Bytes(bytes)}；期间又多出来的没有发送",
    };

    public Phrase CredentialsSent(CredentialsSent sent)
    {
        var (scheme, isReadable) = (sent.Scheme, sent.IsReadable);
        var from = sent.IsForProxy ? "给代理的" : sent.Source switch
        {
            CredentialsSource.Url => "URL 中的",
            CredentialsSource.Netrc => "netrc 文件中的",
            CredentialsSource.User => "",
        };
        return scheme switch
        {
            AuthenticationSchemes.Digest => $"{from}密码以散列值发送：Digest",
            AuthenticationSchemes.Bearer when isReadable => $"! 发送了令牌：没有 TLS，沿途任何人都能读到并使用它",
            AuthenticationSchemes.Bearer => $"发送了令牌",
            _ when isReadable => $"! {from}密码以 Basic 方式发送：没有 TLS，沿途任何人都能读到，base64 什么也藏不住",
            _ => $"{from}密码以 Basic 方式发送，由 TLS 保护",
        };
    }

    public Phrase Challenged(ChallengeReceived challenge) =>
        $"{(challenge.IsOfProxy ? "代理" : "服务器")}问是谁：{Becomes(challenge)}{Offered(challenge.Offered)}{For(challenge.Realm)}";

    private static string For(string realm) => realm.Length > 0 ? $" · 用于 {realm}" : "";

    private static string Offered(string[] schemes) => schemes.Length == 0 ? " · 没有提供任何方式" : $" · 提供：{string.Join("、", schemes)}";

    private static string Becomes(ChallengeReceived challenge) => challenge.Verdict switch
    {
        ChallengeVerdict.Answered when challenge.IsStale => "它的 nonce 已过期，按新的再答一次",
        ChallengeVerdict.Answered => $"用 {challenge.Answered} 再请求一次",
        ChallengeVerdict.NoCredentials => challenge.IsOfProxy ? "用 -U USER:PASSWORD 告诉它" : "用 -u USER:PASSWORD 告诉它",
        ChallengeVerdict.NotAllowed => challenge.IsOfProxy ? "加上 --proxy-anyauth 才能用它提供的方式" : "加上 --anyauth 才能用它提供的方式",
        ChallengeVerdict.NotSpoken => "它提供的方式这里都不会",
        ChallengeVerdict.Refused => "它不接受所给的身份",
    };

    public Phrase Proven(bool isRight) => isRight
        ? $"服务器也知道密码：它的证明是对的"
        : $"! 服务器没能证明自己知道密码：这可能是另一台服务器";

    public Phrase CookieSent(CookieName cookie) => $"发送 cookie {Name(cookie.Name)}：{Whose(cookie)}";

    public Phrase CookieLeftOut(CookieName cookie, CookieWithheld why) => why switch
    {
        CookieWithheld.OtherPath => $"不发送 cookie {Name(cookie.Name)}：它只用于 {cookie.Path}",
        CookieWithheld.NeedsSecure => $"不发送 cookie {Name(cookie.Name)}：它只通过 TLS 发送",
        CookieWithheld.OtherSite => $"不发送 cookie {Name(cookie.Name)}：是从别的网站跳转来的（SameSite）",
        CookieWithheld.NoRoom => $"不发送 cookie {Name(cookie.Name)}：Cookie 字段已满（{_amounts.Bytes(CookieLimits.Field)}）",
        CookieWithheld.None => CookieSent(cookie),
    };

    public Phrase CookieKept(CookieName cookie, bool isRemoved, DateTimeOffset? expires) => (isRemoved, expires) switch
    {
        (true, _) => $"删除 cookie {Name(cookie.Name)}：服务器已令其过期",
        (_, { } end) => $"保存 cookie {Name(cookie.Name)}，到 {end:yyyy-MM-dd HH:mm} UTC 为止：{Whose(cookie)}",
        _ => $"保存 cookie {Name(cookie.Name)}，到会话结束为止：{Whose(cookie)}",
    };

    public Phrase CookieUnwritable(string name, string domain) =>
        $"{domain:name} 的 cookie {name:name} 没有写进文件：其中有制表符，在文件里它是字段的结尾";

    public Phrase NoHstsFile(string file) => $"'{file}' 里不是 HSTS 的主机，而 '--hsts' 会覆盖它：请换一个文件";

    public Phrase HstsLinesUnreadable(string file, IReadOnlyList<int> lines) => lines.Count == 1
        ? $"{file}:{lines[0]}：这一行不是带时间的主机（host \"YYYYMMDD HH:MM:SS\"），已略过"
        : $"{file}:{lines[0]}：这一行和另外 {lines.Count - 1} 行不是带时间的主机（host \"YYYYMMDD HH:MM:SS\"），已略过";

    public Phrase CookieLinesUnreadable(string file, IReadOnlyList<int> lines) => lines.Count == 1
        ? $"{file}:{lines[0]}：这一行不是 Netscape 格式的 cookie（用制表符分隔的七个字段），已略过"
        : $"{file}:{lines[0]}：这一行和另外 {lines.Count - 1} 行不是 Netscape 格式的 cookie（用制表符分隔的七个字段），已略过";

    public Phrase NoCookieFile(string file) => $"没有可读 cookie 的文件 '{file}'：不发送任何 cookie（单个 cookie 写成 NAME=VALUE）";

    public Phrase NetrcQuoteIsOpen(string file, int line) => $"{file}:{line}：这里的引号在本行没有结束：无法确定谁用哪个密码，因此不发出请求";

    public Phrase NetrcWordsUnreadable(string file, IReadOnlyList<int> lines) => lines.Count == 1
        ? $"{file}:{lines[0]}：这里有一个词不是 machine、default、login、password、account、macdef 之一，已略过"
        : $"{file}:{lines[0]}：这里有一个词不是 machine、default、login、password、account、macdef 之一；它和另外 {lines.Count - 1} 个词已略过";

    public Phrase CookieRefused(string name, CookieRefusal why) => $"! 拒绝 cookie {Name(name)}：{Refusal(why)}";

    private static string Name(string name) => name.Length == 0 ? "（无名）" : name;

    private static string Whose(CookieName cookie) =>
        $"{(cookie.IsHostOnly ? $"仅属于 {cookie.Domain}" : $"属于 {cookie.Domain} 及其下的所有主机")}{(cookie.Path == "/" ? "" : $"，路径 {cookie.Path}")}";

    internal static string Refusal(CookieRefusal why) => why switch
    {
        CookieRefusal.ControlCharacter => "其中有控制字符",
        CookieRefusal.TooLong => $"超过 {CookieLimits.NameAndValue} 字节",
        CookieRefusal.Empty => "既没有名字，也没有值",
        CookieRefusal.PublicSuffix => "它的域是公共后缀，其下是互不相干的主人",
        CookieRefusal.ForeignDomain => "它的域不是这台主机的",
        CookieRefusal.SecureFromInsecure => "它要求安全，却不是通过 TLS 来的",
        CookieRefusal.HidesSecure => "它会遮住一个安全的 cookie，却不是通过 TLS 来的",
        CookieRefusal.NoneWithoutSecure => "SameSite=None 必须同时有 Secure",
        CookieRefusal.SecurePrefix => "名字以 __Secure- 作了承诺，却没有做到",
        CookieRefusal.HostPrefix => "名字以 __Host- 作了承诺，却没有做到",
        CookieRefusal.TooMany => $"一个响应里超过 {CookieLimits.PerResponse} 个",
        CookieRefusal.None => "原因不明",
    };

    public Phrase Decoded(string[] codings, long coded, long decoded) =>
        $"{string.Join("、", codings)}：{_amounts.Bytes(coded)} 解码为 {_amounts.Bytes(decoded)}";

    public Phrase CodingFault(CodingFault fault, string coding) => fault switch
    {
        Codings.CodingFault.Unknown => $"内容用 {coding} 编码，这里不支持",
        Codings.CodingFault.TooManyLayers => $"内容的编码超过 {CodingLimits.Layers} 层",
        Codings.CodingFault.Malformed => $"内容声称用 {coding} 编码，其实不是",
        Codings.CodingFault.EndsAmiss => $"内容用 {coding} 编码，但编码数据的结尾与正文的结尾不符",
        Codings.CodingFault.Bomb =>
            $"内容用 {coding} 编码，解码后超过 {_amounts.Bytes(CodingLimits.HarmlessBytes)}，并且超过所发数据的 {CodingLimits.Ratio} 倍：这是解压炸弹",
        Codings.CodingFault.None => "内容无法解码",
    };

    public Phrase Interim(int status, string reason) => $"{status} {reason}（临时响应）";

    public Phrase Response(int status, string reason, string version, string? type, BodyFraming framing, long? length) =>
        $"{status} {reason} · {version}{(type is null ? "" : " · " + type)} · {Framing(framing, length)} · 第一个字节";

    public Phrase Framing(BodyFraming framing, long? length) => framing switch
    {
        BodyFraming.None => "没有消息体",
        BodyFraming.ContentLength => Say($"{_amounts.Bytes(length ?? 0)}（Content-Length）"),
        BodyFraming.Chunked => "分块传输",
        BodyFraming.UntilClose => "直到服务器断开",
        BodyFraming.Tunnel => "隧道",
    };

    public Phrase Body(long content, long wire) => $"内容 {_amounts.Bytes(content)}，线上 {_amounts.Bytes(wire)} · 最后一个字节";

    public Phrase Keep(KeepReason reason, bool isKept) => reason switch
    {
        KeepReason.PersistentByDefault => "连接保持，以便再用（HTTP/1.1）",
        KeepReason.KeepAliveAsked => "连接保持，以便再用（Connection: keep-alive）",
        KeepReason.PeerCloses => "由服务器断开（Connection: close）",
        KeepReason.OwnClose => "按我们的要求，在此响应之后断开",
        KeepReason.Http10 => "服务器在响应之后断开（HTTP/1.0）",
        KeepReason.DelimitedByClose => "服务器已断开：这就是消息体的结尾",
        KeepReason.FramingInDoubt => "断开：无法确定消息在哪里结束",
        KeepReason.RequestUnfinished => "断开：请求尚未发完，响应就已到达",
        KeepReason.BytesAfterMessage => "断开：收到了不属于任何消息的字节",
        KeepReason.Tunnel => "这个连接现在承载另一种协议",
        KeepReason.NotYetKnown or KeepReason.Failed => isKept ? "连接保持" : "断开",
    };

    public Phrase FlawFound(MessageFlaw flaw, long position, FlawAction action) => $"! {Flaw(flaw)}（第 {position} 字节）：{Action(action)}";

    public Phrase Repaired(MessageFault fault, long position) => $"! {Fault(fault)}（第 {position} 字节）：按规矩应当拒绝，这里照 curl 的做法接受；连接不再使用";

    public Phrase Fault(MessageFault fault, MessageFlaw? flaw = null) => fault switch
    {
        MessageFault.NotHttp => "收到的不是 HTTP",
        MessageFault.VersionUnsupported => "服务器使用另一个主版本的 HTTP",
        MessageFault.StatusLineMalformed => "状态行格式错误",
        MessageFault.StatusOutOfRange => "状态码小于 100",
        MessageFault.HeadTooLong => $"响应头长于 {HttpLimits.ResponseHead / 1024} KB",
        MessageFault.LineTooLong => "响应头中有一行长得不合常理",
        MessageFault.TooManyFields => "响应的字段多得不合常理",
        MessageFault.BareCarriageReturn => "有 CR 而没有 LF",
        MessageFault.ControlInStartLine => "首行中有控制字符",
        MessageFault.ControlInChunkLine => "分块行中有控制字符",
        MessageFault.ControlInField => "字段中有控制字符",
        MessageFault.FoldBeforeFirstField => "第一个字段之前有空白",
        MessageFault.FoldRefused => "不允许折行的地方折了行",
        MessageFault.FieldLineMalformed => "字段行格式错误",
        MessageFault.ContentLengthInvalid => "Content-Length 不是数字",
        MessageFault.ContentLengthsDiffer => "多个 Content-Length 互不相同",
        MessageFault.TransferCodingUnknown => "不认识的传输编码",
        MessageFault.ChunkSizeInvalid => "分块大小不是十六进制数",
        MessageFault.ChunkSizeTooLarge => "分块大小大得离谱",
        MessageFault.ChunkSizeTooLong => "分块大小超过 16 位数字",
        MessageFault.PartLengthDiffers => "收到的部分与其 Content-Range 所说的长度不同：无法知道它是整体的哪些字节",
        MessageFault.ChunkQuoteOpen => "分块行里的引号没有在本行结束",
        MessageFault.ChunkedRepeated => "传输编码 chunked 出现了不止一次",
        MessageFault.FramingFieldMalformed => "说明消息体在哪里结束的字段行格式错误",
        MessageFault.ChunkLineTooLong or MessageFault.ChunkExtensionsTooLong => "分块行长得不合常理",
        MessageFault.ChunkLineEndInvalid => "分块行没有以 CRLF 结尾",
        MessageFault.ChunkDataEndMissing => "分块数据比分块大小长",
        MessageFault.TooManyInformational => "临时响应没完没了",
        MessageFault.SwitchingNotAsked => "服务器切换到没有人要求的协议",
        MessageFault.EndedBeforeFirstByte => "服务器没有发送任何响应就断开了连接",
        MessageFault.EndedInHead => "连接在响应头中途断开",
        MessageFault.EndedInBody => "消息体还没有收完，连接就断开了",
        MessageFault.FlawRefused when flaw is { } one => $"{Flaw(one)}，而要求不放过任何缺陷",
        MessageFault.FlawRefused => "响应有缺陷，而要求不放过任何缺陷",
        MessageFault.None or MessageFault.RequestLineMalformed or MessageFault.RequestLineTooLong or MessageFault.HostMissingOrRepeated
            or MessageFault.RequestFramingAmbiguous => "这个响应无法使用",
    };

    internal static Phrase Action(FlawAction action) => action switch
    {
        FlawAction.Accepted => "按本意接受",
        FlawAction.AcceptedThenClose => "按本意接受，随后断开连接",
        FlawAction.DroppedThenClose => "略去，随后断开连接",
        FlawAction.Dropped => "略去",
    };

    internal static Phrase Flaw(MessageFlaw flaw) => flaw switch
    {
        MessageFlaw.BareLineFeed => "有一行以 LF 结尾而没有 CR",
        MessageFlaw.ObsoleteFold => "字段值延续到下一行（已废弃的折行）",
        MessageFlaw.WhitespaceBeforeColon => "字段名与冒号之间有空白",
        MessageFlaw.FieldNameInvalid => "字段名不合规定",
        MessageFlaw.FieldWithoutColon => "应当是字段的一行没有冒号",
        MessageFlaw.ContentLengthRepeated => "Content-Length 出现了不止一次",
        MessageFlaw.TransferEncodingWithContentLength => "同一个消息里既有 Transfer-Encoding 又有 Content-Length",
        MessageFlaw.ChunkedNotFinal => "chunked 不是最后一个传输编码",
        MessageFlaw.IdentityCoding => "使用了已撤销的传输编码 identity",
        MessageFlaw.TransferEncodingInHttp10 => "HTTP/1.0 消息里有 Transfer-Encoding",
        MessageFlaw.FramingWithoutBody => "不能有消息体的消息里有定界字段",
        MessageFlaw.StatusClassUnknown => "状态码不小于 600",
        MessageFlaw.ChunkExtensionMalformed => "分块大小之后的扩展格式错误",
        MessageFlaw.WhitespaceAfterChunkSize => "分块大小之后有空白",
        MessageFlaw.TrailerNotAllowed => "只在消息头里有意义的字段出现在尾部",
        MessageFlaw.BytesAfterMessage => "消息结束之后还有字节",
        MessageFlaw.EmptyLineBeforeRequest => "起始行之前有空行",
    };
}
