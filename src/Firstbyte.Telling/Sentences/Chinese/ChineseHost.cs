using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal class ChineseHost : IHostSentences
{
    public string Summary => "提供带真实网络访问的页面，以及基于 HTTPS 的 DNS。";

    public string OptionsHead => "选项：";

    public string Option(HostOption option) => option switch
    {
        HostOption.Listen => "在哪里提供页面（默认 127.0.0.1:8080）；端口 0 由系统选择",
        HostOption.Root => "已发布页面所在的文件夹（默认：本程序旁边的 'web'）",
        HostOption.Name => "除 localhost 和地址之外，浏览器还可以用来称呼本服务器的名称；可以多次给出",
        HostOption.PublicOnly => "只访问公共地址；别的机器够得着页面时本来就是这样",
        HostOption.AllowTarget => "仍然可以访问的地址，用前缀写出；可以多次给出",
        HostOption.Server => "访问时询问的 DNS 服务器（默认：系统的）",
        HostOption.Iterative => "访问时从根域服务器开始逐级解析域名",
        HostOption.MaximumTime => "一次访问最多用多少秒（默认 30）",
        HostOption.MaximumBytes => "一次访问最多取回多少字节的内容（默认 8388608）",
        HostOption.Journeys => "同时最多进行多少次访问（默认 4）",
        HostOption.NoPage => "不提供页面",
        HostOption.Doh => "在哪里提供基于 HTTPS 的 DNS，路径是 /dns-query（RFC 8484）",
        HostOption.Zone => "用来应答的域；可以多次给出",
        HostOption.Resolver => "从根域服务器开始逐级解析来应答",
        HostOption.RootHints => "从哪些根域服务器开始，写成区域文件",
        HostOption.UpstreamPort => "解析器询问别的服务器时用的端口（默认 53）",
        HostOption.TrustAnchor => "信任锚：应答从这些密钥往下检查，写成 DS 或 DNSKEY 记录的文件（默认：公共根域的）",
        HostOption.AllowClient => "解析器为哪个网络的主机应答（默认：本机和各网卡所在的网络）；可以多次给出",
        HostOption.SharedCache => "使用 Redis 协议的服务器（Redis、Valkey）：解析器先向它查应答，再问别的服务器，并把自己的应答存进去",
        HostOption.SharedCacheKey => "共用它的所有解析器的秘密，至少 32 字节：没有它们印记的内容一律不信",
        HostOption.SharedCachePassword => "那台服务器要求的口令，写在文件里",
        HostOption.TlsCertificate => "证书，以及通向根证书的那些证书，PEM 格式",
        HostOption.TlsKey => "证书的私钥，PEM 格式",
        HostOption.Metrics => "Prometheus 在哪里取计数，路径是 /metrics",
        HostOption.Language => "说哪种语言：en、zh",
        HostOption.Version => "版本",
        HostOption.Help => "本页",
    };

    public Phrase PageAt(string url) => $"页面在 {url}；按 Ctrl-C 结束";

    public Phrase DohAt(string url) => $"基于 HTTPS 的 DNS 在 {url}；按 Ctrl-C 结束";

    public Phrase OpenToOthers => "别的机器也够得着本页面：谁有令牌，谁就能让本机去访问，但只限于公共地址";

    public Phrase DohWithoutTls => "基于 HTTPS 的 DNS 没有证书：前面应当只有会 TLS 的代理";

    public Phrase UnknownOption(string text) => $"没有选项 '{text}'；'--help' 会列出所有选项";

    public Phrase ValueMissing(string option) => $"{option} 需要一个值";

    public Phrase ValueRefused(string option, string value) => $"'{value}' 不能作为 {option} 的值";

    public Phrase Wants(string option, string other) => $"{option} 还需要 {other}";

    public Phrase SecretTooShort(string file, int least) => $"'{file}' 里的秘密不到 {least} 字节";

    public Phrase TwoAnswerers => "--zone 和 --resolver 是两个服务器：请各启动一个";

    public Phrase NothingToServe => "没有什么可提供的了：--no-page 需要 --doh ADDR:PORT";

    public Phrase CertificateKept(Phrase reason) => $"{reason}；继续出示原来的证书";

    public string Refusal(HostRefusal reason) => reason switch
    {
        HostRefusal.NoToken => "缺少令牌，或者令牌不对：请用 'firstbyte-host' 启动时给出的地址打开本页面。",
        HostRefusal.WrongHost => "本服务器不叫这个名称：请用它的地址、localhost，或者用 '--name' 告诉过它的名称。",
        HostRefusal.WrongOrigin => "这是别的页面发来的；只有本服务器自己的页面可以。",
        HostRefusal.Unreadable => "这个请求读不懂。",
        HostRefusal.Scheme => "只能访问 http 和 https。",
        HostRefusal.Method => "只能用 GET 和 HEAD 方法。",
        HostRefusal.TooLong => "这个 URL 太长了。",
        HostRefusal.Busy => "正在进行的访问已经够多了；等一次结束后再试。",
        HostRefusal.Forgotten => "这次访问留下的东西已经不再保存。",
    };
}
