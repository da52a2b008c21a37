using Firstbyte.Dns;
using Firstbyte.Dns.Keeping;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Transactions;
using Firstbyte.Dns.Transfers;
using Firstbyte.Dns.Updating;
using Firstbyte.Dns.Validating;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseChanges : IChangeSentences
{
    private readonly ChineseAmounts _amounts = new();

    private const string Form = "密钥的写法同 tsig-keygen 所写";

    public Phrase NoTsigKeys(string file, TsigKeyFault fault) => $"{file:name}:{fault.Line}：{Flaw(fault.Flaw)}";

    public Phrase TsigKeyTwice(string file, string name) => $"{file:name}：另一个文件中已有密钥 {name:name}";

    public Phrase UnknownKey(string option, string name) => $"{option}：--tsig-key 的文件中没有密钥 {name:name}";

    public Phrase NoAccessRule(string option, string text, bool needsKey) => needsKey
        ? $"{option} '{text:name}'：应当是密钥的名称，需要时前面加上 ADDR[/LENGTH] 和逗号（见 --help）：更改域必须有密钥"
        : $"{option} '{text:name}'：应当是 ADDR[/LENGTH]、密钥的名称，或用逗号连接的两者（见 --help）";

    public Phrase NoPeer(string option, string text) =>
        $"{option} '{text:name}'：应当是地址，带端口时写作 192.0.2.1#5300，有密钥时在逗号后加上它的名称（见 --help）";

    public Phrase NoSecondary(string option, string text) =>
        $"{option} '{text:name}'：应当是 ORIGIN=ADDR[#PORT]、密钥的名称（如果有）和 file=FILE，用逗号连接（见 --help）";

    public Phrase ZoneTwice(string origin) => $"域 {origin:name} 给出了两次";

    public Phrase SignedNotChanged(string origin) => $"警告：域 {origin:name} 已签名，不能用消息更改，否则签名会失效。请更改签名前的文件并重新签名";

    public Phrase NoJournal(string file, JournalFault fault, string origin, uint serial, uint first, uint last) =>
        $"{file:name}：{Flaw(fault)}" + (fault == JournalFault.DoesNotFollow
        ? $"（域 {origin:name}，序列号 {serial}；日志从 {first} 到 {last}）。请恢复手工更改之前的文件；没有日志就会失去其中的更改"
        : Phrase.Empty);

    public Phrase FileTaken(string file, string origin, uint serial, int removed, int added) =>
        $"{file:name}：作为域 {origin:name} 的最新版本采用，序列号 {serial}：少了 {removed:#,0} 条记录，多了 {added:#,0} 条";

    public Phrase FileNotTaken(string file, string origin, uint serial, uint served) =>
        $"{file:name}：未采用：文件被手工更改过，但它的序列号 {serial} 不比现在提供的域 {origin:name} 的 {served} 新。"
        + $"请先用 \"firstbyte zone format {origin:name}={file:name} -o {file:name}\" 写出包含日志中更改的文件，再更改它，并给它更新的序列号";

    public Phrase FileUndoes(string origin, int records) =>
        $"警告：域 {origin:name} 有 {records:#,0} 条记录回到了由消息更改之前的样子：文件中没有这些更改";

    public Phrase FileIsNewer(string file, string origin, uint serial, uint last, string aside) =>
        $"警告：{file:name} 中域 {origin:name} 的序列号 {serial} 比其日志的末尾 {last} 更新：按文件现在的内容提供，不含日志中的更改"
        + (aside.Length == 0 ? Phrase.Empty : $"；日志保留为 {aside:name}");

    public Phrase FileChanged(string file, string origin, uint serial) =>
        $"警告：{file:name} 被手工更改过，而序列号 {serial} 未变，日志中的更改正是从它开始的：现在按更改后的内容连同日志提供，"
        + $"但已有域 {origin:name} 的辅助服务器不会得知；请让它们重新完整复制";

    public Phrase SerialNotNewer(string origin, uint serial) =>
        $"警告：域 {origin:name} 有更改，但序列号 {serial} 不比原来新：辅助服务器不会采用";

    public Phrase JournalCut(string file, long bytes) => $"{file:name}：末尾有 {_amounts.Bytes(bytes)} 属于一次没有完成的更改：已丢弃";

    public Phrase Replayed(string file, int changes, uint serial, int passed) => $"{file:name}：重新进行了 {changes:#,0} 次更改，序列号现为 {serial}"
        + (passed == 0 ? Phrase.Empty : $"（按序列号，文件已含此前的 {passed:#,0} 次）");

    public Phrase Compacted(string journal, string file) => $"{journal:name}：已并入 {file:name}";

    public Phrase Given(ZoneGiven given) =>
        $"域 {given.Zone:name}，序列号 {given.Serial}，给 {given.Client}{Key(given.Key)}：{Kind(given.Kind)}，{given.Records:#,0} 条记录，{_amounts.Bytes(given.Bytes)}"
        + (given.IsWhole ? Phrase.Empty : $"；连接中途断开");

    public Phrase Refused(RequestRefused refused) =>
        $"拒绝 {refused.Client}{Key(refused.Key)}，{refused.Code}：{Wanted(refused.Kind, refused.Zone)}（至今 {refused.Count:#,0} 次）";

    public Phrase Taken(ZoneTaken taken) =>
        $"域 {taken.Zone:name}，序列号 {taken.Serial}，来自 {taken.Primary}：{(taken.IsIncremental ? "差异" : "整个域"):words}，"
        + $"{taken.Records:#,0} 条记录，{_amounts.Bytes(taken.Bytes)}";

    public Phrase RefreshFailed(ZoneRefreshFailed failed) => $"从 {failed.Primary} 取得域 {failed.Zone:name}：" + failed.Fault switch
    {
        RefreshFault.None => "没有问题",
        RefreshFault.Network => $"{failed.Error}",
        RefreshFault.Late => "主服务器用时过长",
        RefreshFault.Cut => "主服务器在应答中途关闭了连接",
        RefreshFault.Signature => $"{Signature(failed.Signature)}" + (failed.Code.Length == 0 ? Phrase.Empty : $"（{failed.Code}）"),
        RefreshFault.Answer => $"{Answer(failed.Answer)}" + (failed.Code.Length == 0 ? Phrase.Empty : $"（{failed.Code}）"),
        RefreshFault.Unfit => "收到的内容不是可以提供的域",
        RefreshFault.NotSaved => $"文件无法写入（{failed.Error}）；仍然提供这个域",
    };

    public Phrase Expired(string zone) => $"域 {zone:name} 已过期：联系不上主服务器的时间超过了域所允许的；在联系上之前回答 SERVFAIL";

    public Phrase KeyMoved(TrustAnchorChanged changed) => (changed.From, changed.To) switch
    {
        (_, ManagedKeyState.Pending) => $"域 {changed.Zone:name} 有新密钥 {changed.KeyTag}：存在满 30 天后才信任它（RFC 5011）",
        (ManagedKeyState.Start, ManagedKeyState.Valid) => $"域 {changed.Zone:name}：{changed.KeyTag} 就是信任锚所指的密钥",
        (ManagedKeyState.Missing, ManagedKeyState.Valid) => $"域 {changed.Zone:name} 又出示密钥 {changed.KeyTag}",
        (_, ManagedKeyState.Valid) => $"域 {changed.Zone:name}：从现在起信任密钥 {changed.KeyTag}",
        (_, ManagedKeyState.Missing) => $"域 {changed.Zone:name} 不再出示密钥 {changed.KeyTag}，也没有收回它：仍然信任",
        (_, ManagedKeyState.Revoked) => $"域 {changed.Zone:name} 收回了密钥 {changed.KeyTag}：不再信任它",
        (_, ManagedKeyState.Removed) => $"域 {changed.Zone:name}：密钥 {changed.KeyTag} 永久消失",
        _ => $"域 {changed.Zone:name}：新密钥 {changed.KeyTag} 在受信任之前就消失了",
    };

    public Phrase KeysInTrouble(TrustAnchorInTrouble told) => told.Trouble switch
    {
        AnchorTrouble.NoAnswer => $"域 {told.Zone:name}：问不到它有哪些密钥；稍后再问",
        AnchorTrouble.NotSigned => $"域 {told.Zone:name}：得到的密钥没有受信任密钥的签名，因此什么也不改；稍后再问",
        AnchorTrouble.AllRevoked => $"域 {told.Zone:name} 收回了自己的全部密钥：在给出新的信任锚之前，不再检查它的应答",
        _ => $"无法写入 '{told.File}'（{told.Error}）：关于域 {told.Zone:name} 的密钥所知道的，在本服务器结束后不会留下",
    };

    public Phrase BackgroundBroken(BackgroundWorkFailed told)
    {
        Phrase what = told.Task switch
        {
            BackgroundTask.Prefetch => $"在到期之前重新查询 {told.Name:name} {told.Type}",
            BackgroundTask.Priming => $"向根域查询它的服务器",
            BackgroundTask.SharedLook => $"在共享存储中查找 {told.Name:name} {told.Type}",
            _ => $"把 {told.Name:name} {told.Type} 放入共享存储",
        };
        return $"{what}时出错（{told.Exception}）；客户端照常得到应答";
    }

    public Phrase NoFollowedKeys(string file, int line, AnchorFileFlaw flaw)
    {
        Phrase why = flaw switch
        {
            AnchorFileFlaw.BadRecord => "有一条记录读不懂",
            AnchorFileFlaw.OtherType => "有一条记录既不是 DNSKEY 也不是 DS",
            AnchorFileFlaw.OtherZone => "有一条记录属于另一个域：一个文件只放一个域的密钥",
            AnchorFileFlaw.BadState => "密钥的状态（';;state='）不是 0 到 5",
            AnchorFileFlaw.BadTime => "有一个时间不是自 1970 年起的秒数",
            AnchorFileFlaw.TooMany => "密钥多于可以保存的数目",
            _ => "里面没有密钥",
        };
        return line == 0 ? $"'{file}'：{why}；不用它开始，文件保持原样" : $"'{file}'，第 {line} 行：{why}；不用它开始，文件保持原样";
    }

    public Phrase NothingToFollow(string file) => $"'{file}' 不存在，而使用自己的根时没有可以开始的内容：--trust-anchor FILE";

    public Phrase NotifyReceived(NotifyReceived received) =>
        $"{received.Primary} 通知域 {received.Zone:name} 有新版本" + (received.Serial is { } serial ? $"，序列号 {serial}" : Phrase.Empty);

    public Phrase NotifySent(NotifySent sent) =>
        $"已把域 {sent.Zone:name} 的序列号 {sent.Serial} 通知 {sent.Secondary}：{(sent.Code.Length == 0 ? "没有应答" : sent.Code):words}";

    public Phrase Updated(ZoneUpdated updated) =>
        $"域 {updated.Zone:name} 由 {updated.Client}{Key(updated.Key)} 更改：删除 {updated.Removed:#,0} 条，增加 {updated.Added:#,0} 条，序列号 {updated.Serial}";

    public Phrase JournalNotWritten(string zone, Errno error) => $"域 {zone:name}：日志无法写入（{error}），所以没有更改（SERVFAIL）";

    private static Phrase Key(string key) => key.Length == 0 ? Phrase.Empty : $"（密钥 {key:name}）";

    private static Phrase Kind(TransferKind kind) => kind switch
    {
        TransferKind.Whole => "整个域",
        TransferKind.Incremental => "差异",
        TransferKind.UpToDate => "没有更新的版本",
    };

    private static Phrase Wanted(RequestKind kind, string zone) => kind switch
    {
        RequestKind.Signature => $"查询 {zone:name} 时的签名无效",
        RequestKind.Transfer => $"要求复制域 {zone:name}",
        RequestKind.Notify => $"通知域 {zone:name} 有新版本",
        RequestKind.Update => $"要求更改域 {zone:name}",
    };

    private static Phrase Signature(TsigFault fault) => fault switch
    {
        TsigFault.None => "签名有效",
        TsigFault.Unsigned => "主服务器没有为应答签名",
        TsigFault.Malformed => "主服务器的签名格式错误",
        TsigFault.BadKey => "主服务器用了另一个密钥签名",
        TsigFault.BadSignature => "主服务器的签名无效：密文不同，或应答在途中被改动",
        TsigFault.BadTime => "主服务器与本机的时钟相差超过签名所允许的",
        TsigFault.BadTruncation => "主服务器的签名比密钥所允许的更短",
        TsigFault.RefusedByPeer => "主服务器不相信本机的签名",
    };

    private static Phrase Answer(TransferFault fault) => fault switch
    {
        TransferFault.None => "应答完整",
        TransferFault.Malformed => "主服务器的应答格式错误",
        TransferFault.NotAnAnswer => "主服务器回答的是别的问题",
        TransferFault.Refused => "主服务器拒绝",
        TransferFault.NoSoa => "主服务器的应答不以域的 SOA 记录开始",
        TransferFault.OutOfZone => "主服务器发来别的域的记录",
        TransferFault.Disordered => "主服务器的差异前后不相接",
        TransferFault.Surplus => "主服务器在域结束之后还发来内容",
        TransferFault.TooMuch => "域的大小超过了限制",
    };

    private static Phrase Flaw(JournalFault fault) => fault switch
    {
        JournalFault.None => "日志",
        JournalFault.Damaged => "日志已损坏：有一次更改无法读取，而其后还有别的更改。请使用备份",
        JournalFault.Foreign => "不是日志，或是另一个域的日志",
        JournalFault.DoesNotFollow => "日志中的更改与区域文件不相接",
    };

    private static Phrase Flaw(TsigKeyFlaw flaw) => flaw switch
    {
        TsigKeyFlaw.None => "密钥",
        TsigKeyFlaw.Cut => $"文件过早结束；{Form}",
        TsigKeyFlaw.Syntax => $"此处应是别的内容；{Form}",
        TsigKeyFlaw.BadName => "密钥的名称应是域名",
        TsigKeyFlaw.UnknownAlgorithm =>
            $"未知的算法：可用的有 hmac-sha1、-sha224、-sha256、-sha384 和 -sha512，也可以加上不少于一半长度的位数（hmac-sha256-128）",
        TsigKeyFlaw.Md5 => "hmac-md5 已不安全（RFC 8945 第 6 节）：请换用其他算法的密钥，或用 --tsig-md5 允许它",
        TsigKeyFlaw.BadSecret => "密文不是 base64",
        TsigKeyFlaw.Incomplete => $"到此结束的密钥缺少算法或密文；{Form}",
        TsigKeyFlaw.Twice => "文件中已有同名的密钥",
        TsigKeyFlaw.NoKeys => $"{$"没有密钥，或多于 {TsigKeyFile.MaxKeys} 个":words}；{Form}",
    };
}
