using Firstbyte.Addressing;
using Firstbyte.Sockets;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Calls of the Socket library as a program writes them, the same in every language but for what stands in memory.</summary>
public static class CallWords
{
    /// <summary>"socket(AF_INET, SOCK_STREAM)"</summary>
    public static Phrase Socket(CallMade call) =>
        $"socket({(call.Version == IpVersion.V6 ? "AF_INET6" : "AF_INET"):words}, {(call.Kind == SocketKind.Stream ? "SOCK_STREAM" : "SOCK_DGRAM"):words})";

    /// <summary>"connect(3, 192.0.2.226, 80)": descriptor, address and port are what has to be named.</summary>
    public static Phrase WithEndpoint(string name, CallMade call) =>
        call.Endpoint is { } at ? Phrase.Say($"{name:words}({call.Descriptor}, {at.Address}, {at.Port})") : Bare(name, call);

    /// <summary>"close(3)"</summary>
    public static Phrase Bare(string name, CallMade call) => $"{name:words}({call.Descriptor})";

    /// <summary>"setsockopt(3, TCP_NODELAY, 1)"</summary>
    public static Phrase Option(CallMade call) => call.Call == SocketCall.SetOption
        ? Phrase.Say($"setsockopt({call.Descriptor}, {Of(call.Option):words}, {call.Value})")
        : $"getsockopt({call.Descriptor}, {Of(call.Option):words})";

    /// <summary>"shutdown(3, SHUT_WR)"</summary>
    public static Phrase Shutdown(CallMade call) =>
        $"shutdown({call.Descriptor}, {(SocketDirections)(call.Value ?? 0) switch { SocketDirections.Receive => "SHUT_RD", SocketDirections.Send => "SHUT_WR", _ => "SHUT_RDWR" }:words})";

    /// <summary>The name of a call.</summary>
    public static string Name(SocketCall call) => call switch
    {
        SocketCall.Socket => "socket",
        SocketCall.Bind => "bind",
        SocketCall.Listen => "listen",
        SocketCall.Accept => "accept",
        SocketCall.Connect => "connect",
        SocketCall.Write or SocketCall.SealedWrite => "write",
        SocketCall.Read or SocketCall.SealedRead => "read",
        SocketCall.SendTo => "sendto",
        SocketCall.ReceiveFrom => "recvfrom",
        SocketCall.Shutdown => "shutdown",
        SocketCall.SetOption => "setsockopt",
        SocketCall.GetOption => "getsockopt",
        _ => "close",
    };

    private static string Of(SocketOption? option) => option switch
    {
        SocketOption.ReuseAddress => "SO_REUSEADDR",
        SocketOption.NoDelay => "TCP_NODELAY",
        SocketOption.KeepAlive => "SO_KEEPALIVE",
        SocketOption.LingerSeconds => "SO_LINGER",
        SocketOption.ReceiveBuffer => "SO_RCVBUF",
        SocketOption.SendBuffer => "SO_SNDBUF",
        SocketOption.V6Only => "IPV6_V6ONLY",
        _ => "IP_TTL",
    };
}
