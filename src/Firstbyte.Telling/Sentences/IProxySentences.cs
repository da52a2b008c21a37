using Firstbyte.Proxies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What proxies are asked for, and what they do.</summary>
public interface IProxySentences
{
    /// <summary>By way of which proxy it goes, and who has named it.</summary>
    Phrase Chosen(ProxyChosen proxy);

    /// <summary>That it goes directly, though a proxy is named.</summary>
    Phrase Bypassed(ProxyBypassed bypassed);

    /// <summary>That a proxy is named, and the client of a scheme goes by none.</summary>
    Phrase Unused(ProxyUnused unused);

    /// <summary>A variable that is not read.</summary>
    Phrase NotRead(string variable, string value);

    /// <summary>That the proxy looks the name up.</summary>
    Phrase NameLeft(string name);

    /// <summary>That the tunnel stands.</summary>
    Phrase Opened(TunnelOpened tunnel);

    /// <summary>A message to a SOCKS proxy.</summary>
    Phrase Sent(SocksMessageSent message);

    /// <summary>The answer of a SOCKS proxy.</summary>
    Phrase Received(SocksReplyReceived reply);

    /// <summary>Why a SOCKS proxy makes no tunnel.</summary>
    Phrase Fault(SocksFault fault, int code);

    /// <summary>Why a text names no proxy.</summary>
    Phrase NoProxy(string option, string text, ProxyAddressFault fault);

    /// <summary>That a user of the proxy needs a password.</summary>
    Phrase NoPassword { get; }
}
