using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseAmounts : IAmountSentences
{
    public Phrase Bytes(long count) => $"{count:#,0} 字节";

    public Phrase Fields(long count) => $"{count:#,0} 个字段";

    public Phrase Exchanges(long count) => $"{count:#,0} 次请求和响应";

    public Phrase Servers(long count) => $"{count:#,0} 台服务器";

    public Phrase Answers(long count) => $"{count:#,0} 条应答记录";

    public Phrase Tries(long count) => $"{count:#,0} 次尝试";

    public Phrase Hops(long count) => $"{count:#,0} 跳";

    public Phrase Names(long count) => $"{count:#,0} 个域名";

    public Phrase Events(long count) => $"{count:#,0} 个事件";

    public Phrase Lines(long count) => $"{count:#,0} 行";

    public Phrase Errors(long count) => $"{count:#,0} 个错误";

    public Phrase Seconds(long count) => $"{count} 秒";

    public Phrase Duration(long nanoseconds) => $"{Amounts.Duration(nanoseconds, static unit => unit switch
    {
        TimeUnit.Microsecond => "微秒",
        TimeUnit.Millisecond => "毫秒",
        TimeUnit.Second => "秒",
        TimeUnit.Minute => "分钟",
        TimeUnit.Hour => "小时",
    }):words}";
}
