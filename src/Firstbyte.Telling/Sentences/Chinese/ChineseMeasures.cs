using Firstbyte.Http;
using Firstbyte.Measuring;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseMeasures : IMeasureSentences
{
    public Phrase Repeating(RepetitionStarted e) => e.KeepsConnection
        ? $"{e.Count} 次访问共用一个连接，只要服务器保持它"
        : $"{e.Count} 次访问，每次各用一个新连接（--keep 共用一个）";

    public Phrase Progress(int made, int count, long? median) =>
        median is { } time ? $"第 {made} 次，共 {count} 次 · 中位数 {Amounts.Time(time):words}" : $"第 {made} 次，共 {count} 次";

    public IReadOnlyList<string> TimeHeads { get; } = ["毫秒", "中位数", "p95", "最短", "最长"];

    public string Step(MeasuredStep step) => step switch
    {
        MeasuredStep.Name => "域名",
        MeasuredStep.Connect => "连接",
        MeasuredStep.Tls => "TLS",
        MeasuredStep.Wait => "等待",
        MeasuredStep.Read => "读取",
        MeasuredStep.Total => "合计",
    };

    public Phrase Answered(JourneysMeasured e)
    {
        var answers = e.Statuses.Select(static one => Phrase.Say($"{one.Count} × {Status(one.Status):words}"));
        return e.Failed > 0 ? Phrase.Join(" · ", answers.Append($"{e.Failed} 次失败")) : Phrase.Join(" · ", answers);
    }

    public IReadOnlyList<string> DifferenceHeads { get; } = ["毫秒", "A", "B", "B - A"];

    public Phrase Compared(string file, string href) => $"{file:name} · {href}";

    public Phrase Difference(JourneyDifference one) => $"{What(one):words}：{one.Left ?? "无"} → {one.Right ?? "无"}";

    public Phrase NoDifference => "除了时间，没有不同";

    public Phrase Alone(string file, int count) => $"{file:name} 另有 {count} 次访问，没有可以对照的";

    public Phrase NoJourney(string file) => $"'{file}' 中没有访问";

    private static string Status(int status) => status == 0 ? "没有状态码" : $"{status} {ReasonPhrase.Of(status)}".TrimEnd();

    private static string What(JourneyDifference one) => one.Kind switch
    {
        DifferenceKind.Url => "URL",
        DifferenceKind.Redirects => "重定向",
        DifferenceKind.Addresses => "域名的地址",
        DifferenceKind.Address => "所连接的地址",
        DifferenceKind.TlsVersion => "TLS 版本",
        DifferenceKind.Suite => "密码套件",
        DifferenceKind.Alpn => "协议（ALPN）",
        DifferenceKind.Certificate => "证书（SHA-256）",
        DifferenceKind.Issuer => "证书的签发者",
        DifferenceKind.CertificateEnd => "证书的截止日期",
        DifferenceKind.HttpVersion => "HTTP 版本",
        DifferenceKind.Status => "状态码",
        DifferenceKind.Field => one.Name,
        DifferenceKind.HeadBytes => "消息头字节数",
        DifferenceKind.BodyBytes => "内容字节数",
        DifferenceKind.WireBytes => "线路上的字节数",
        DifferenceKind.Failure => "失败的退出码",
    };
}
