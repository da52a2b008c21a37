using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal class ChineseLive : ILiveSentences
{
    public string Modes => "在哪里";

    public string LabMode => "实验室";

    public string LiveMode => "真实网络";

    public string Tagline => "输入网址：提供本页的机器会从自己的网络前往，每一步都显示在这里。";

    public Phrase PublicOnly => "别的机器也够得着这台服务器，所以它只访问公共地址：私有地址会以 EACCES 告终。";

    public Phrase Limits(string seconds, string bytes) => $"最多 {seconds:number} 秒、{bytes:number} 字节的内容。";

    public string Cancel => "取消";

    public string MethodLabel => "方法";

    public string RedirectsLabel => "跟随重定向";

    public string Waterfall => "瀑布图";

    public string Sockets => "套接字";

    public string Response => "响应";

    public string Files => "文件";

    public string NothingYet => "还没有访问过。";

    public string NoRelay => "没有查询过域名。";

    public string NoSockets => "没有创建过套接字。";

    public string NoResponse => "还没有响应。";

    public string Part(ExchangePart part) => part switch
    {
        ExchangePart.Blocked => "等候",
        ExchangePart.Name => "域名",
        ExchangePart.Connect => "连接",
        ExchangePart.Tls => "TLS",
        ExchangePart.Send => "发送",
        ExchangePart.Wait => "等待",
        ExchangePart.Receive => "接收",
    };

    public IReadOnlyList<string> SocketHeads { get; } = ["套接字", "种类", "本端", "对端", "发送", "接收", "创建", "寿命", "结局"];

    public string ExchangeLabel => "请求与响应";

    public string PartTook(ExchangePart part, string time) => $"{Part(part)}：{time}";

    public string SocketKind(bool isStream) => isStream ? "TCP" : "UDP";

    public string SocketOpen => "打开着";

    public string SocketUntold => "未得知";

    public string SocketClosed(bool isReset) => isReset ? "已重置" : "已关闭";

    public string SocketFailed(string errno) => $"连接：{errno}";

    public string RequestHead => "请求";

    public string ResponseHead => "响应头";

    public string NoContentHere => "只保留最后一次响应的内容。";

    public Phrase Size(string bytes) => $"{bytes:number} 字节";

    public string BodyHead => "内容";

    public Phrase BodyCut(string shown, string whole) => $"显示了 {whole:number} 字节中的 {shown:number} 字节。";

    public Phrase BodyIsNoText(string length) => $"{length:number} 字节，不是文本";

    public string DownloadHar => "下载为 HAR";

    public string DownloadEvents => "下载事件（JSON 行）";

    public string OpenHar => "打开 HAR 文件";

    public Phrase HarOpened(string file, int exchanges) => $"{file:name}：{exchanges} 次请求与响应";

    public Phrase HarEmpty(string file) => $"{file:name} 是空的 HTTP 存档：保存时还没有加载任何内容。";

    public Phrase HarRefused(string file) => $"{file:name} 不是 HTTP 存档（HAR 1.2）。";

    public Phrase HarTooLarge(string file, string most) => $"{file:name} 超过了本页能读的 {most:number} 字节。";

    public Phrase HarCut(int shown, int all) => $"共 {all} 次请求与响应，显示前 {shown} 次。";

    public string NotInHar => "HAR 文件里没有这一项。";

    public Phrase Running => "正在访问……";

    public Phrase Cancelled => "访问已取消。";

    public Phrase BrokenOff => "与服务器的连接断了：显示的是到那时为止的内容。";

    public Phrase Refused(HostRefusal reason) => reason switch
    {
        HostRefusal.NoToken => "要访问真实网络，请用 'firstbyte-host' 启动时给出的地址打开本页。",
        HostRefusal.WrongHost or HostRefusal.WrongOrigin => "服务器拒绝用这个名称发来的请求。",
        HostRefusal.Unreadable => "服务器读不懂这个请求。",
        HostRefusal.Scheme => "真实网络上只能访问 http 和 https。",
        HostRefusal.Method => "真实网络上只能用 GET 和 HEAD 方法。",
        HostRefusal.TooLong => "这个 URL 太长，服务器不接受。",
        HostRefusal.Busy => "服务器同时进行的访问已经够多了；等一次结束后再试。",
        HostRefusal.Forgotten => "服务器不再保存这次访问留下的东西。",
    };
}
