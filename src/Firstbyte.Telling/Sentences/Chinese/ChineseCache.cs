using Firstbyte.Errors;
using Firstbyte.Http.Caching;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseCache : ICacheSentences
{
    private readonly ChineseAmounts _amounts = new();
    private readonly ChineseFiles _files = new();

    public Phrase Answered(CacheAnswered answer) => answer.How switch
    {
        CacheAnswer.Fresh => $"{Status(answer)} 来自缓存，已存 {Span(answer.AgeNanoseconds)}，{Rest(answer)}",
        CacheAnswer.Stale =>
            $"! {Status(answer)} 来自缓存，已存 {Span(answer.AgeNanoseconds)}，已过期 {Span(-answer.FreshForNanoseconds)}，请求表示接受",
        CacheAnswer.Validated => $"已验证：304；{Status(answer)} 来自缓存，{Rest(answer)}",
        CacheAnswer.InsteadOfError =>
            $"! {Status(answer)} 来自缓存，代替服务器的回答，"
            + $"已存 {Span(answer.AgeNanoseconds)}，已过期 {Span(-answer.FreshForNanoseconds)}",
        CacheAnswer.Nothing => "缓存中没有可用的回答，而请求要求不询问任何服务器（only-if-cached）",
    };

    public Phrase Doubted(CacheDoubted doubted) =>
        $"{Why(doubted)}：{(doubted.Conditions.Length > 0 ? "询问服务器是否仍然如此" : "全部重新请求"):words}";

    public Phrase Kept(CacheKept kept) => kept.FreshForNanoseconds > 0
        ? $"存入缓存{Where(kept):words}，{Span(kept.FreshForNanoseconds)}内有效{Guess(kept.IsGuessed):words}"
        : $"存入缓存{Where(kept):words}；每次都要询问服务器";

    public Phrase NotKept(CacheRefusal why) => $"没有存入缓存：{Refusal(why):words}";

    public Phrase Forgot(string uri) => $"缓存中 {uri} 的内容已丢弃，因为这个请求改变了它";

    public Phrase Unwritten(Errno error) => $"! 没有存入缓存：{_files.NotWritten(error)}";

    private static Phrase Status(CacheAnswered answer) => $"{answer.Status} {answer.Reason}";

    private static string Guess(bool isGuessed) => isGuessed ? "（自上次修改以来时间的十分之一）" : "";

    private static string Where(CacheKept kept) => kept.IsPersonal ? "（仅限这次运行）" : "";

    private Phrase Rest(CacheAnswered answer) => answer.FreshForNanoseconds > 0
        ? $"还有 {Span(answer.FreshForNanoseconds)}有效{Guess(answer.IsGuessed):words}"
        : Say($"每次都要询问");

    private Phrase Why(CacheDoubted doubted) => doubted.Doubt switch
    {
        CacheDoubt.None or CacheDoubt.Stale when doubted.FreshForNanoseconds == -doubted.AgeNanoseconds => "缓存的内容从一开始就不算有效",
        CacheDoubt.None or CacheDoubt.Stale => $"缓存的内容已存 {Span(doubted.AgeNanoseconds)}，已过期 {Span(-doubted.FreshForNanoseconds)}",
        CacheDoubt.ResponseWants => "缓存的内容要求每次都询问（no-cache）",
        CacheDoubt.UserWants => $"缓存的内容已存 {Span(doubted.AgeNanoseconds)}，而请求要更新的",
        CacheDoubt.ClockSetBack => "缓存的内容比现在还晚：时钟被调回去了",
    };

    private Phrase Span(long nanoseconds) => _amounts.Duration(Math.Max(0, nanoseconds / 1_000_000_000 * 1_000_000_000));

    private string Refusal(CacheRefusal why) => why switch
    {
        CacheRefusal.None => "原因不明",
        CacheRefusal.Method => "只存 GET 的回答",
        CacheRefusal.Partial => "它只是一部分",
        CacheRefusal.Status => "它的状态码只对这个请求有意义",
        CacheRefusal.RequestForbids => "请求说 no-store",
        CacheRefusal.ResponseForbids => "它说 no-store",
        CacheRefusal.Authorization => "它是凭密码或令牌得到的，也没有说可以保存",
        CacheRefusal.Cookies => "它设置 cookie，也没有说可以保存多久",
        CacheRefusal.NeverUsable => "它没有说多久内有效，也没有可供询问的 ETag 或 Last-Modified",
        CacheRefusal.Vary => "没有别的请求与这个相同（Vary）",
        CacheRefusal.TooLarge => $"超过 {_amounts.Bytes(CacheStoring.MaximumContent)}",
    };
}
