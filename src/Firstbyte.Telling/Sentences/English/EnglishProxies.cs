using Firstbyte.Proxies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishProxies : IProxySentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Chosen(ProxyChosen proxy)
    {
        var address = new ProxyAddress(proxy.Kind, proxy.Host, proxy.Port).ToString();
        Phrase role = proxy.IsTunnel ? "it makes a tunnel to the server and reads nothing of what passes" : "it reads the request and passes it on";
        return proxy.Variable.Length > 0
            ? $"by way of {address:name}, as {proxy.Variable} says: {role:words}{Covered(proxy):words}"
            : $"by way of {address:name}: {role:words}{Covered(proxy):words}";
    }

    private static string Covered(ProxyChosen proxy) => proxy.Kind == ProxyKind.Https ? "; TLS covers the way to it" : "";

    public Phrase Bypassed(ProxyBypassed bypassed)
    {
        var list = bypassed.ExceptionsFrom.Length > 0 ? bypassed.ExceptionsFrom : "--noproxy";
        return bypassed.Variable.Length > 0
            ? $"{bypassed.Variable} names a proxy; not used: {list} has {bypassed.Entry:name}"
            : $"no proxy for this host: {list} has {bypassed.Entry:name}";
    }

    public Phrase Unused(ProxyUnused unused) => unused.Variable.Length > 0
        ? $"! {unused.Variable} names a proxy; not used: {unused.Scheme}: goes to its servers directly"
        : $"! the proxy is not used: {unused.Scheme}: goes to its servers directly";

    public Phrase NotRead(string variable, string value) =>
        $"{variable}={value} is named in the environment; not used: only http_proxy is read, as the other can be set by whoever asks a CGI program";

    public Phrase NameLeft(string name) => $"{name:name} is left to the proxy to look up";

    public Phrase Opened(TunnelOpened tunnel) => tunnel.BytesBeyond == 0
        ? $"the tunnel to {tunnel.Target:name} stands"
        : $"the tunnel to {tunnel.Target:name} stands; {_amounts.Bytes(tunnel.BytesBeyond)} came along, from whoever is at its end";

    public Phrase Sent(SocksMessageSent message) => message.Message switch
    {
        SocksMessage.Methods when message.OffersPassword => $"SOCKS{message.Version}: who asks may go unsaid, or be said by user and password",
        SocksMessage.Methods => $"SOCKS{message.Version}: who asks goes unsaid",
        SocksMessage.Login => $"! SOCKS{message.Version}: user and password, which everybody on the way to the proxy can read",
        SocksMessage.Connect => $"SOCKS{message.Version}: CONNECT {message.Target:name}",
    };

    public Phrase Received(SocksReplyReceived reply)
    {
        if (reply.Fault != SocksFault.None) { return $"SOCKS{reply.Version}: {Fault(reply.Fault, reply.Code)}"; }
        return reply.Message switch
        {
            SocksMessage.Methods when reply.Code == 0 => Phrase.Say($"SOCKS{reply.Version}: the proxy does not want to know who asks"),
            SocksMessage.Methods => $"SOCKS{reply.Version}: the proxy wants user and password",
            SocksMessage.Login => $"SOCKS{reply.Version}: user and password are right",
            SocksMessage.Connect when reply.Bound.Length > 0 => $"SOCKS{reply.Version}: connected, from {reply.Bound}",
            SocksMessage.Connect => $"SOCKS{reply.Version}: connected",
        };
    }

    public Phrase Fault(SocksFault fault, int code) => fault switch
    {
        SocksFault.NotSocks => "what it sends is no SOCKS",
        SocksFault.Ended => "it ended the connection before its reply was whole",
        SocksFault.CredentialsWanted => "it wants to know who asks",
        SocksFault.MethodsRefused => "it takes none of the ways to say who asks, a password among them",
        SocksFault.MethodNotOffered => $"it chose a way to say who asks that was not offered (method {code})",
        SocksFault.CredentialsRefused => $"it does not let this user in (status {code})",
        SocksFault.GeneralFailure => $"it says that it failed, and not why (reply {code})",
        SocksFault.NotAllowed => $"its rules do not allow it (reply {code})",
        SocksFault.NetworkUnreachable => $"it says that the network cannot be reached (reply {code})",
        SocksFault.HostUnreachable => $"it says that the host cannot be reached (reply {code})",
        SocksFault.ConnectionRefused => $"it says that the server refused the connection (reply {code})",
        SocksFault.TimeToLiveExpired => $"it says that the packets went in circles (TTL expired, reply {code})",
        SocksFault.CommandNotSupported => $"it does not know CONNECT (reply {code})",
        SocksFault.AddressTypeNotSupported => $"it does not know this kind of address (reply {code})",
        SocksFault.ReplyUnknown => $"its reply {code} means nothing",
        SocksFault.AddressTypeUnknown => "its reply has an address of a kind that nobody knows",
        SocksFault.CredentialsUnsayable => "user and password cannot be said in SOCKS: 1 to 255 bytes for the user, no more for the password, and no NUL",
        SocksFault.NameUnsayable => "the name cannot be said in SOCKS, which has room for 255 bytes",
        SocksFault.NeedsIpv4 => "SOCKS4 knows IPv4 addresses only, and the server has none",
        SocksFault.None => "nothing is wrong",
    };

    public Phrase NoProxy(string option, string text, ProxyAddressFault fault) => fault switch
    {
        ProxyAddressFault.SchemeUnknown => $"{option}: '{text}' is no proxy that is spoken here: http, https, socks4, socks4a, socks5 or socks5h",
        ProxyAddressFault.HostMissing => $"{option} wants [SCHEME://][USER:PASSWORD@]HOST[:PORT]",
        ProxyAddressFault.PathGiven => $"{option}: a proxy has no path, and '{text}' has one",
        ProxyAddressFault.HostInvalid or ProxyAddressFault.None => $"{option}: '{text}' is no proxy: [SCHEME://][USER:PASSWORD@]HOST[:PORT]",
    };

    public Phrase NoPassword => "-U wants USER:PASSWORD; 'USER:' has an empty password";
}
