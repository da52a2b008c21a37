using Firstbyte.Tracing;

namespace Firstbyte.Proxies;

/// <summary>A journey goes by way of a proxy.</summary>
/// <param name="Kind">How it is spoken to.</param>
/// <param name="Host">Its name or address.</param>
/// <param name="Port">Its port.</param>
/// <param name="Variable">The variable that names it; empty for the command line.</param>
/// <param name="IsTunnel">What is said to the server passes it unread: it carries bytes and no messages.</param>
public sealed record ProxyChosen(ProxyKind Kind, string Host, ushort Port, string Variable, bool IsTunnel) : TraceEvent;

/// <summary>A proxy is named, and this host is an exception.</summary>
/// <param name="Variable">The variable that names the proxy; empty for the command line.</param>
/// <param name="Entry">The entry of the list that covers the host.</param>
/// <param name="ExceptionsFrom">The variable that holds the list; empty for the command line.</param>
public sealed record ProxyBypassed(string Variable, string Entry, string ExceptionsFrom) : TraceEvent;

/// <summary>A proxy is named, and the client of this scheme goes by none.</summary>
/// <param name="Variable">The variable that names the proxy; empty for the command line.</param>
/// <param name="Scheme">The URL's scheme.</param>
public sealed record ProxyUnused(string Variable, string Scheme) : TraceEvent;

/// <summary>The name of the server is looked up by the proxy, and not here.</summary>
/// <param name="Name">The name.</param>
public sealed record NameLeftToProxy(string Name) : TraceEvent;

/// <summary>The proxy has made a tunnel: what is sent from here on goes to the server.</summary>
/// <param name="Target">Where it leads, "host:port".</param>
/// <param name="ElapsedNanoseconds">How long it took.</param>
/// <param name="BytesBeyond">Bytes that came along behind the proxy's reply: the first of whoever is at the other end.</param>
public sealed record TunnelOpened(string Target, long ElapsedNanoseconds, int BytesBeyond) : TraceEvent;

/// <summary>A SOCKS proxy was sent a message.</summary>
/// <param name="Version">4 or 5.</param>
/// <param name="Message">Which.</param>
/// <param name="Target">Where the tunnel is to lead, "host:port"; empty in the others.</param>
/// <param name="OffersPassword">The methods offered have one with a password.</param>
public sealed record SocksMessageSent(int Version, SocksMessage Message, string Target, bool OffersPassword) : TraceEvent;

/// <summary>A SOCKS proxy has answered.</summary>
/// <param name="Version">4 or 5.</param>
/// <param name="Message">What it answers.</param>
/// <param name="Code">The method, the status or the reply in it.</param>
/// <param name="Fault">What is wrong; none where it goes on.</param>
/// <param name="Bound">The address and port from which the proxy reaches the server, as it says; empty where it does not.</param>
/// <param name="ElapsedNanoseconds">Since the message went out.</param>
public sealed record SocksReplyReceived(int Version, SocksMessage Message, int Code, SocksFault Fault, string Bound, long ElapsedNanoseconds) : TraceEvent;
