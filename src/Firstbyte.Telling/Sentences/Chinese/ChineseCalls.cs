using Firstbyte.Addressing;
using Firstbyte.Dns;
using Firstbyte.Dns.Resolving;
using Firstbyte.Errors;
using Firstbyte.Journeys;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseCalls : ICallSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Inside(string host) => host.Length == 0 ? "本机：向下是调用，返回的是结果（单位毫秒）" : Say($"{host:name}：向下是调用，返回的是结果（单位毫秒）");

    public IReadOnlyList<Phrase> Lanes(StackSight sight) =>
    [
        "应用程序",
        "Socket 库；其中有解析器 getaddrinfo（旧名 gethostbyname）",
        sight == StackSight.Closed ? "协议栈：操作系统的，看不到内部，只看到它的回答" : "协议栈（我们自己的）",
        sight switch
        {
            StackSight.Whole => "网卡",
            StackSight.Device => "网络设备：它的包在抓包文件里（--pcap）",
            StackSight.Closed => "网卡：从这里看不到",
        },
    ];

    public Phrase Composes(RequestComposed request) => $"在内存中准备好请求消息：{request.Method} {request.Target}，{_amounts.Bytes(request.HeadBytes + (request.BodyBytes ?? 0))}";

    public Phrase LooksUp(string name, string? type) => type is null
        ? Say($"地址 = getaddrinfo(\"{name:name}\")；暂停等待")
        : $"应答 = res_query(\"{name:name}\", IN, {type})；暂停等待";

    public Phrase LookedUp(LookupReturned lookup) => lookup.End switch
    {
        LookupEnd.Found => $"写入内存：{(lookup.Type is null ? "地址" : "应答"):words} = {string.Join(", ", lookup.Answers)}",
        LookupEnd.NoSuchName => "EAI_NONAME：没有这个域名；内存中什么也没有写入",
        LookupEnd.NoSuchRecords => "EAI_NODATA：该域名没有这种记录；内存中什么也没有写入",
        LookupEnd.Failed => "EAI_AGAIN：没有人能回答；内存中什么也没有写入",
    };

    public Phrase AsksForWay(IpVersion version) => $"有没有通往 {(version == IpVersion.V6 ? "IPv6" : "IPv4"):words} 地址的路由？（socket、connect、close，不发送任何数据）";

    public Phrase Way(bool isThere) => isThere ? "有：值得查询这种地址" : "没有";

    public Phrase MakesQuery(QuerySent query) => query.Attempt == 1
        ? Say($"生成发给 {query.Server.Address} 的查询消息：{(query.Name == "." ? query.Name : query.Name.TrimEnd('.')):name} IN {query.Type}，{_amounts.Bytes(query.Bytes)}")
        : $"没有等到响应；生成发给 {query.Server.Address} 的第 {query.Attempt} 条查询消息，{_amounts.Bytes(query.Bytes)}";

    public Phrase ReadsAnswer(ResponseReceived response) => response.AnswerCount > 0
        ? Say($"读取响应消息，{_amounts.Bytes(response.Bytes)}：{string.Join(", ", response.Answers)}")
        : $"读取响应消息，{_amounts.Bytes(response.Bytes)}：{response.Code}，{_amounts.Answers(0)}";

    public Phrase KnowsFromCache(long leftSeconds) => $"缓存里有，还剩 {leftSeconds} 秒：不必查询";

    public Phrase KnowsFromHostsFile(int line, string path) => $"在 {path} 第 {line} 行找到：不必查询";

    public Phrase Call(CallMade call) => call.Call switch
    {
        SocketCall.Socket => $"描述符 = {CallWords.Socket(call)}",
        SocketCall.Bind or SocketCall.Connect => CallWords.WithEndpoint(CallWords.Name(call.Call), call),
        SocketCall.Listen => $"listen({call.Descriptor}, {call.Value})",
        SocketCall.Accept => $"描述符 = accept({call.Descriptor})",
        SocketCall.Write => $"write({call.Descriptor}, {_amounts.Bytes(call.Length ?? 0)})",
        SocketCall.Read => $"read({call.Descriptor}, 接收缓冲区 {_amounts.Bytes(call.Length ?? 0)})",
        SocketCall.SendTo => $"sendto({call.Descriptor}, {_amounts.Bytes(call.Length ?? 0)}, {call.Endpoint})",
        SocketCall.ReceiveFrom => $"recvfrom({call.Descriptor}, 接收缓冲区 {_amounts.Bytes(call.Length ?? 0)})",
        SocketCall.Shutdown => CallWords.Shutdown(call),
        SocketCall.SetOption or SocketCall.GetOption => CallWords.Option(call),
        SocketCall.Close => CallWords.Bare("close", call),
        SocketCall.SealedWrite => $"把 {_amounts.Bytes(call.Length ?? 0)}交给 TLS 加密",
        SocketCall.SealedRead => $"向 TLS 要收到的数据，接收缓冲区 {_amounts.Bytes(call.Length ?? 0)}",
    };

    public Phrase Return(CallReturned returned, CallMade made) => returned.Error != Errno.None ? Failed(returned, made) : returned.Call switch
    {
        SocketCall.Socket => $"写入内存：描述符 = {returned.Descriptor}",
        SocketCall.Accept => $"写入内存：描述符 = {returned.Descriptor}，已与 {returned.Remote} 连接",
        SocketCall.Connect when made.Kind == SocketKind.Datagram => $"对方已固定；协议栈随便分配了本地端口号 {returned.Local?.Port}",
        SocketCall.Connect => $"已连接；协议栈随便分配了本地端口号 {returned.Local?.Port}",
        SocketCall.Write or SocketCall.SendTo => $"协议栈收下了 {_amounts.Bytes(returned.Result ?? 0)}",
        SocketCall.Read when returned.Result == 0 && made.Kind == SocketKind.Stream => "0：对方已断开，不会再有数据",
        SocketCall.Read => $"接收缓冲区里有 {_amounts.Bytes(returned.Result ?? 0)}",
        SocketCall.ReceiveFrom => $"接收缓冲区里有 {_amounts.Bytes(returned.Result ?? 0)}，来自 {returned.Remote}",
        SocketCall.GetOption => $"{returned.Result}",
        SocketCall.Close => $"描述符 {returned.Descriptor} 已删除",
        SocketCall.SealedWrite => "TLS 已加密并写出",
        SocketCall.SealedRead when returned.Result == 0 => "TLS：对方已结束，不会再有数据",
        SocketCall.SealedRead => $"TLS 已解密 {_amounts.Bytes(returned.Result ?? 0)}，存入接收缓冲区",
        SocketCall.Bind or SocketCall.Listen or SocketCall.Shutdown or SocketCall.SetOption => "完成",
    };

    public Phrase StillWaits(CallMade call) => $"仍在等待：{Call(call)}";

    public Phrase BeginsHandshake(string server) => $"TLS（应用程序自己的库）开始与 {server:name} 握手";

    public Phrase FindsInBuffer(Phrase response) => $"从接收缓冲区中读出：{response}";

    public Phrase ReadsBody(long bytes) => $"消息体已全部读出，{_amounts.Bytes(bytes)}";

    private static Phrase Failed(CallReturned returned, CallMade made) => returned.Error switch
    {
        Errno.ECONNREFUSED => "ECONNREFUSED：对方拒绝，没有连接",
        Errno.ECONNRESET => "ECONNRESET：对方强行切断了连接",
        Errno.ETIMEDOUT => "ETIMEDOUT：没有人及时回答",
        Errno.ENETUNREACH => "ENETUNREACH：没有通往它的路由",
        Errno.EHOSTUNREACH => "EHOSTUNREACH：路上没有人能到达它",
        Errno.ECANCELED => $"ECANCELED：放弃了 {CallWords.Name(made.Call):words}",
        var error => $"{error}",
    };
}
