using Firstbyte.Proxies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal class ChineseProxies : IProxySentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Chosen(ProxyChosen proxy)
    {
        var address = new ProxyAddress(proxy.Kind, proxy.Host, proxy.Port).ToString();
        Phrase role = proxy.IsTunnel ? "它建立一条通往服务器的隧道，不读经过的内容" : "它读取请求再转发";
        return proxy.Variable.Length > 0
            ? $"经由 {address:name}（{proxy.Variable} 指定）：{role:words}{Covered(proxy):words}"
            : $"经由 {address:name}：{role:words}{Covered(proxy):words}";
    }

    private static string Covered(ProxyChosen proxy) => proxy.Kind == ProxyKind.Https ? "；到它的这一段由 TLS 保护" : "";

    public Phrase Bypassed(ProxyBypassed bypassed)
    {
        var list = bypassed.ExceptionsFrom.Length > 0 ? bypassed.ExceptionsFrom : "--noproxy";
        return bypassed.Variable.Length > 0
            ? $"{bypassed.Variable} 指定了代理；未使用：{list} 里有 {bypassed.Entry:name}"
            : $"这台主机不经代理：{list} 里有 {bypassed.Entry:name}";
    }

    public Phrase Unused(ProxyUnused unused) => unused.Variable.Length > 0
        ? $"! {unused.Variable} 指定了代理；未使用：{unused.Scheme}: 直接连接服务器"
        : $"! 未使用代理：{unused.Scheme}: 直接连接服务器";

    public Phrase NotRead(string variable, string value) =>
        $"环境变量 {variable}={value} 指定了代理；未使用：只读 http_proxy，因为向 CGI 程序发请求的人可以设置前者";

    public Phrase NameLeft(string name) => $"{name:name} 留给代理解析";

    public Phrase Opened(TunnelOpened tunnel) => tunnel.BytesBeyond == 0
        ? $"通往 {tunnel.Target:name} 的隧道已建立"
        : $"通往 {tunnel.Target:name} 的隧道已建立；随之而来 {_amounts.Bytes(tunnel.BytesBeyond)}，出自隧道另一端";

    public Phrase Sent(SocksMessageSent message) => message.Message switch
    {
        SocksMessage.Methods when message.OffersPassword => $"SOCKS{message.Version}：可以不说明是谁，也可以用用户名和密码说明",
        SocksMessage.Methods => $"SOCKS{message.Version}：不说明是谁",
        SocksMessage.Login => $"! SOCKS{message.Version}：用户名和密码，到代理沿途任何人都能读到",
        SocksMessage.Connect => $"SOCKS{message.Version}：CONNECT {message.Target:name}",
    };

    public Phrase Received(SocksReplyReceived reply)
    {
        if (reply.Fault != SocksFault.None) { return $"SOCKS{reply.Version}：{Fault(reply.Fault, reply.Code)}"; }
        return reply.Message switch
        {
            SocksMessage.Methods => Phrase.Say($"SOCKS{reply.Version}：{(reply.Code == 0 ? "代理不问是谁" : "代理要用户名和密码")}"),
            SocksMessage.Login => $"SOCKS{reply.Version}：用户名和密码正确",
            SocksMessage.Connect when reply.Bound.Length > 0 => $"SOCKS{reply.Version}：已连接，从 {reply.Bound} 出发",
            SocksMessage.Connect => $"SOCKS{reply.Version}：已连接",
        };
    }

    public Phrase Fault(SocksFault fault, int code) => fault switch
    {
        SocksFault.NotSocks => "它发来的不是 SOCKS",
        SocksFault.Ended => "它的应答还不完整就结束了连接",
        SocksFault.CredentialsWanted => "它要知道是谁",
        SocksFault.MethodsRefused => "说明是谁的方式它一种也不接受，包括密码",
        SocksFault.MethodNotOffered => $"它选了没有提供的认证方式（方法 {code}）",
        SocksFault.CredentialsRefused => $"它不让这个用户进入（状态 {code}）",
        SocksFault.GeneralFailure => $"它说失败了，没有说原因（应答 {code}）",
        SocksFault.NotAllowed => $"它的规则不允许（应答 {code}）",
        SocksFault.NetworkUnreachable => $"它说到不了那个网络（应答 {code}）",
        SocksFault.HostUnreachable => $"它说到不了那台主机（应答 {code}）",
        SocksFault.ConnectionRefused => $"它说服务器拒绝了连接（应答 {code}）",
        SocksFault.TimeToLiveExpired => $"它说分组在绕圈（TTL 用尽，应答 {code}）",
        SocksFault.CommandNotSupported => $"它不会 CONNECT（应答 {code}）",
        SocksFault.AddressTypeNotSupported => $"它不认识这种地址（应答 {code}）",
        SocksFault.ReplyUnknown => $"它的应答 {code} 没有含义",
        SocksFault.AddressTypeUnknown => "它的应答里是一种没人认识的地址",
        SocksFault.CredentialsUnsayable => "这个用户名和密码无法用 SOCKS 表达：用户名 1 到 255 字节，密码不超过 255 字节，不能有 NUL",
        SocksFault.NameUnsayable => "这个域名无法用 SOCKS 表达：最多 255 字节",
        SocksFault.NeedsIpv4 => "SOCKS4 只认识 IPv4 地址，而服务器没有",
        SocksFault.None => "没有问题",
    };

    public Phrase NoProxy(string option, string text, ProxyAddressFault fault) => fault switch
    {
        ProxyAddressFault.SchemeUnknown => $"{option}：'{text}' 不是这里会的代理：http、https、socks4、socks4a、socks5 或 socks5h",
        ProxyAddressFault.HostMissing => $"{option} 需要 [SCHEME://][USER:PASSWORD@]HOST[:PORT]",
        ProxyAddressFault.PathGiven => $"{option}：代理没有路径，而 '{text}' 有",
        ProxyAddressFault.HostInvalid or ProxyAddressFault.None => $"{option}：'{text}' 不是代理：[SCHEME://][USER:PASSWORD@]HOST[:PORT]",
    };

    public Phrase NoPassword => "-U 需要 USER:PASSWORD；'USER:' 表示空密码";
}
