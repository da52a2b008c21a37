using Firstbyte.Addressing;
using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Tracing;
using Firstbyte.Transfers;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseJourneys : IJourneySentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase RetryPlanned(RetryPlanned retry)
    {
        var asked = retry.IsAsked ? "按服务器的要求，" : "";
        var why = retry.Status > 0 ? $"{retry.Status} 可能只是暂时的" : retry.ResumeAt is not null ? "传输中断了" : "这可能只是暂时的";
        var from = retry.ResumeAt is { } at ? $"，从第 {at} 字节继续" : "";
        return $"! {asked}{_amounts.Duration(retry.WaitNanoseconds)} 后再试：{why}（{retry.Number}/{retry.Most}）{from}";
    }

    public Phrase RetryTooLate(RetryTooLate late) =>
        $"! 不再重试：{(late.IsAskedFor ? "服务器要求等待" : "下一次重试要等")} {_amounts.Duration(late.Nanoseconds)}，而 -m 的时间只剩 {_amounts.Duration(late.LeftNanoseconds)}";

    public Phrase ResumeImpossible(long position) => $"! 不再重试：已收到 {_amounts.Bytes(position)}，而服务器没有给出强 ETag，无法知道剩余部分是否属于同一内容";

    public Phrase ResumeRefused(long position) => $"! 这不是已收到内容（{_amounts.Bytes(position)}）的剩余部分：内容在此期间变了";

    public Phrase HstsHeeded(string by, string href) => $"{by:name} 要求只用 TLS 访问（HSTS）：{href}";

    public Phrase HstsNoted(HstsNoted wish) => wish.Seconds == 0
        ? $"{wish.Host:name} 收回只用 TLS 访问的要求（HSTS）"
        : $"{wish.Host:name}{(wish.CoversSubdomains ? " 及其下所有名称" : ""):words} 从现在起要求只用 TLS 访问（HSTS），为期 {_amounts.Duration(wish.Seconds * 1_000_000_000)}";

    public Phrase Continuation(ContinuationAnswered answer) => answer.Outcome switch
    {
        ContinuationOutcome.Verified => $"从第 {answer.Position} 字节继续：按 ETag，内容没有变",
        ContinuationOutcome.Unverified => $"! 从第 {answer.Position} 字节继续；已有部分没有留下 ETag，无法知道内容是否变过",
        ContinuationOutcome.Anew => $"! 已有的部分（{_amounts.Bytes(answer.Position)}）属于另一个版本：全部重新下载",
        ContinuationOutcome.Complete => $"不缺什么：已有 {_amounts.Bytes(answer.Position)}，服务器上也只有这些",
    };

    public Phrase Pieces(PiecesJudged judged) => judged.Outcome switch
    {
        PiecesOutcome.Pieces => $"分成每段 {_amounts.Bytes(judged.PieceBytes)}，经 {judged.Connections} 个连接下载；每段的 ETag 都必须相同",
        PiecesOutcome.One => $"只用一个连接：内容不超过一段",
        PiecesOutcome.Empty => $"! 没有可以请求的段",
        PiecesOutcome.NoRanges => $"! 只用一个连接：服务器不分段，发送全部内容",
        PiecesOutcome.NoValidator => $"! 改为请求全部内容：没有强 ETag，无法知道两段是否属于同一内容",
        PiecesOutcome.NoLength => $"! 改为请求全部内容：服务器没有说明总长度",
        _ => $"! 改为请求全部内容：服务器发来的比请求的少",
    };

    public Phrase BodyChosen(BodyChosen body)
    {
        var from = new ChineseFiles().Source(new BodyOrigin(body.From, body.Name));
        Phrase length = body.Length is { } bytes ? _amounts.Bytes(bytes) : "来多少发多少，分块发送";
        return $"内容：{from}，{length}{(body.CanRewind ? "" : "；只能读一次")}";
    }

    public Phrase FormPart(FormPartChosen part)
    {
        Phrase name = part.FileName is null ? part.Name : $"{part.Name}，文件名 '{part.FileName}'";
        return $"部分 {name}{(part.Type is null ? "" : $"（{part.Type}）")}{(part.Length is { } bytes ? Phrase.Say($"：{_amounts.Bytes(bytes)}") : "")}";
    }

    public Phrase RetryImpossible(BodyOrigin from) => $"! 不再重试：内容来自{new ChineseFiles().Source(from)}，只能读一次";

    public Phrase BodyLengthChanged(long said, long? read) => read is { } bytes
        ? $"! 要存的内容起初有 {_amounts.Bytes(said)}，却在 {_amounts.Bytes(bytes)} 后结束：期间有人截短了它"
        : $"! 要存的内容期间变长了：开头 {_amounts.Bytes(said)} 之后的部分没有发送";

    public Phrase RedirectFollowed(string href, string method, string[] leftOut) =>
        leftOut.Length == 0 ? $"重定向到 {href}：以 {method} 跟随" : $"重定向到 {href}：以 {method} 跟随，不再带 {string.Join("、", leftOut)}";

    public Phrase RedirectNotFollowed(string location) => $"重定向到 {location}：没有跟随；-L 会继续前往";

    public Phrase World(string place, ulong seed) => $"{place} · 种子 {seed} · 虚拟时间";

    public Phrase SchemeAssumed(string input, string scheme) => $"“{input}” 没有写协议：按 {scheme}:// 尝试";

    public Phrase HostIsAddress(IpAddress address) => $"{address} 已经是 IP 地址：无需解析";

    public Phrase AddressesGiven(string host, int port, IpAddress[] addresses) =>
        $"{host:name} 的端口 {port} 按 --resolve 在 {string.Join("、", addresses)}：不询问解析器";

    public Phrase LinkIsUp(string link) => $"{link:name} 重新插上";

    public Phrase LinkIsDown(string link) => $"{link:name} 被拔掉：送进去的都会丢失";

    public Phrase Path(IEnumerable<string> elements) => "途经 " + Phrase.Join(" → ", elements.Select(static name => Phrase.Of(name, Role.Name)));

    public Phrase Because(Clause clause) => $"依据 {clause}";

    public string NamePart => "域名解析";

    public string ConnectPart => "连接";

    public string TlsPart => "TLS";

    public string WaitPart => "等待";

    public string ReadPart => "接收";

    public Phrase NotText(long bytes) => $"（{_amounts.Bytes(bytes)}，不是文本）";

    public Phrase BinaryOnTerminal => "消息体不是文本，可能弄乱终端：-o FILE 保存它，-o - 照样输出";

    public Phrase CharsetUnknown(string label) => $"charset={label} 是未知的字符集：按 UTF-8 读取";

    public Phrase CharsetGuessed(string encoding) => $"文本不是 UTF-8，也没有说明是什么编码：按 {encoding:words} 读取";

    public Phrase Progress(long bytes, long? total, long bytesPerSecond, TimeSpan elapsed)
    {
        Phrase amount = total is { } all ? $"{Amounts.Number(bytes)} / {_amounts.Bytes(all)} · {Amounts.Share(bytes, all)}" : _amounts.Bytes(bytes);
        return $"{amount} · {Amounts.ByteRate(bytesPerSecond)} · "
            + (Amounts.Left(bytes, total, bytesPerSecond) is { } left
                ? Phrase.Say($"还需 {Amounts.Span(left):words}")
                : Phrase.Say($"已用 {Amounts.Span(elapsed):words}"));
    }

    public Phrase BodySaved(string path, long bytes) => $"消息体已保存到 {path}（{_amounts.Bytes(bytes)}）";

    public Phrase PartSaved(string path, string part, long bytes, bool hasOld) => hasOld
        ? $"{path} 保持原样；消息体的 {_amounts.Bytes(bytes)}在 {part} 里"
        : $"{path} 并不存在；消息体的 {_amounts.Bytes(bytes)}在 {part} 里";

    public Phrase NothingReplaced(string path) => $"{path} 保持原样：什么也没有保存";

    public Phrase NothingSaved(string path) => $"{path}：什么也没有保存";

    public Phrase BodyCame(long bytes) => bytes == 0 ? "消息体一个字节也没有到" : $"消息体到了 {_amounts.Bytes(bytes)}";

    public Phrase ErrorAnswered(int status) => $"服务器回答 {status}；用了 -f，随错误而来的内容不要";

    public Phrase Interrupted(Phrase left) => $"已中断：{left}";

    public Phrase BodyNotShown => "消息体既没有显示，也没有保存（-o FILE 可保存）";

    public Phrase BodyNotSaved => "消息体已显示，没有保存（-o FILE 可以保存）";

    public Phrase BodyGoesOn(long bytes, bool canBeSaved) => $"…… 还有 {_amounts.Bytes(bytes)}{(canBeSaved ? "：可加上 -o FILE 或 --body" : ""):words}";

    public Phrase MoreBytes(long count) => $"…… 还有 {count} 字节";
}
