using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Wire;
using Firstbyte.Errors;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseServers : IServerSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Query(QueryReceived query) => $"{query.Client} {query.Transport.ToString().ToUpperInvariant()}  "
        + (query.Name.Length > 0 ? $"{query.Name:name} {query.Type}" : $"无法读懂：{Flaw(query.Flaw)}");

    public Phrase Response(ResponseSent response) => $"{response.Client} {response.Code}{(response.Authoritative ? "，权威应答" : ""):words}{(response.Truncated ? "，已截断" : ""):words} · "
        + $"{_amounts.Answers(response.AnswerCount)} · {_amounts.Bytes(response.Bytes)}";

    public Phrase ResponseNotSent(Endpoint client, Errno error) => $"无法发送给 {client}：{error}";

    public Phrase ResponderFailed(Endpoint client, string exception, string message) => $"向 {client} 回答 SERVFAIL：本程序出错（{exception}: {message}）";

    public Phrase AcceptFailed(Endpoint listen, Errno error) => $"{listen}：{error}";

    private static Phrase Flaw(MessageFlaw flaw) => flaw switch
    {
        MessageFlaw.None => "没有问题",
        MessageFlaw.HeaderCut => "比消息头还短",
        MessageFlaw.QuestionCut => "在问题中途结束",
        MessageFlaw.RecordCut => "在一条记录中途结束",
        MessageFlaw.RecordDataCut => "在一条记录的数据中途结束",
        MessageFlaw.RecordDataMalformed => "一条记录的数据格式错误",
        MessageFlaw.NameCut => "在一个域名中途结束",
        MessageFlaw.NameLabelType => "域名中有无人使用的标签种类",
        MessageFlaw.NameTooLong => "域名长于 255 字节",
        MessageFlaw.NamePointerForward => "压缩的域名指向后面",
        MessageFlaw.NamePointerChain => "压缩的域名指针太多",
        MessageFlaw.OptMisplaced => "OPT 记录出现在不该出现的地方",
        MessageFlaw.OptOptions => "OPT 记录里的选项格式错误",
    };
}
