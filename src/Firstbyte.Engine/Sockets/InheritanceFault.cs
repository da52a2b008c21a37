namespace Firstbyte.Sockets;

/// <summary>Why sockets cannot be taken over.</summary>
public enum InheritanceFault
{
    /// <summary>Their number is none, or more than a process can have.</summary>
    Number,

    /// <summary>One is no socket of IPv4 or IPv6.</summary>
    Family,

    /// <summary>One is neither a datagram socket nor a stream.</summary>
    Kind,

    /// <summary>One is bound to no port.</summary>
    Unbound,

    /// <summary>One is a connection, where a socket that waits for connections was wanted (Accept=no of systemd.socket(5)).</summary>
    Connected,
}
