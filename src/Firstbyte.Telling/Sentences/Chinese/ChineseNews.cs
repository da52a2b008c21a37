using Firstbyte.News;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseNews : INewsSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase ServerChosen(NewsServerChosen chosen) => $"URL 没有指明服务器；询问 {chosen.Host:name}，端口 {chosen.Port}（{chosen.From}）";

    public Phrase Command(string verb, string argument) => argument.Length == 0 ? Say($"{verb}") : $"{verb} {argument}";

    public Phrase Reply(int code, string text) => $"{code} {text}";

    public Phrase Block(NntpBlockReceived block) => block.Content switch
    {
        NntpBlock.Capabilities => Say($"服务器的能力，{_amounts.Lines(block.Lines)}"),
        NntpBlock.Groups => $"新闻组列表，{_amounts.Lines(block.Lines)}",
        NntpBlock.Overview => $"新闻组的概览，{_amounts.Lines(block.Lines)}",
        NntpBlock.Article => $"文章，{_amounts.Bytes(block.Bytes)}，{_amounts.Lines(block.Lines)}",
    };

    public Phrase ArticleSent(long bytes) => $"文章，连同结尾的点共 {_amounts.Bytes(bytes)}";

    public Phrase UrlFault(NewsUrlFault fault) => fault switch
    {
        NewsUrlFault.None => "URL 没有问题",
        NewsUrlFault.Nothing => "既没有指明新闻组，也没有指明文章",
        NewsUrlFault.NotAGroup => "它指的既不是新闻组（例如 comp.protocols.tcp-ip），也不是新闻组的模式",
        NewsUrlFault.NotAnIdentifier => "它指的不是消息标识（例如 news:part@example.com）",
        NewsUrlFault.NotANumber => "新闻组后面的不是文章编号",
        NewsUrlFault.NoServerInUrl => "nntp: 和 nntps: 需要指明服务器，例如 nntp://news.example.com/新闻组",
        NewsUrlFault.NoServer => "没有说明要询问哪台新闻服务器",
        NewsUrlFault.NoGroupToPost => "要发表文章，而它没有指明新闻组",
        NewsUrlFault.NotAnArticle => "要发表的不是文章：先是头部字段，再是空行，然后是正文",
        NewsUrlFault.ArticleTooLong => Say($"要发表的超过 {_amounts.Bytes(NewsLimits.Article)}"),
        NewsUrlFault.OtherGroups => "要发表的文章的 Newsgroups 字段没有写它的新闻组",
        NewsUrlFault.FieldMissing => "要发表的没有 Subject，或者没有 From 也没有指明发件人",
    };

    public Phrase ReplyFault(NntpReplyFault fault) => fault switch
    {
        NntpReplyFault.None => "应答没有问题",
        NntpReplyFault.NotAReply => "收到的不是 NNTP 应答：开头不是三位数字",
        NntpReplyFault.LineTooLong => "应答中有一行太长",
        NntpReplyFault.TooLong => "应答的行数太多",
        NntpReplyFault.EndedInReply => "连接在应答中间结束",
        NntpReplyFault.EndedBeforeReply => "等待应答时连接结束",
        NntpReplyFault.OutOfPlace => "在 TLS 之前收到了没有请求的内容：可能是中间有人发的",
    };

    public Phrase Refusal(NntpFault fault) => fault switch
    {
        NntpFault.None => "做了所请求的事",
        NntpFault.NotReady => "还不能为读者服务",
        NntpFault.ServerCloses => "关闭连接",
        NntpFault.WouldBeRead => "要求不经 TLS 发送密码，谁都能读到",
        NntpFault.LoginWanted => "要知道是谁在访问",
        NntpFault.LoginDenied => "不让这个用户登录",
        NntpFault.NoGroup => "没有这个新闻组",
        NntpFault.NoArticle => "没有这篇文章",
        NntpFault.GroupUnreadable => "关于新闻组的应答无法读懂",
        NntpFault.PostingForbidden => "不让这个客户端发表",
        NntpFault.ArticleRefused => "不收这篇文章",
        NntpFault.CommandUnknown => "不认识这条命令",
        NntpFault.CommandUnwritable => "没有被告知：命令里会有换行，或者太长",
        NntpFault.ReplyUnknown => "应答与命令不符",
    };
}
