using Firstbyte.Addressing;

namespace Firstbyte.Connecting;

/// <summary>A connection that may be kept while nobody uses it, whatever protocol it carries.</summary>
internal interface IIdleConnection
{
    /// <summary>Whether it may be used again.</summary>
    bool IsOpen { get; }

    /// <summary>The server's address; null where nobody told.</summary>
    IpAddress? RemoteAddress { get; }

    /// <summary>When it was made, on the network's clock.</summary>
    long OpenedAt { get; }

    /// <summary>Listens while nobody uses it: the peer's end, or what nobody asked for, closes it and calls <paramref name="died"/>.</summary>
    void BeginIdle(Action<IIdleConnection> died);

    /// <summary>Ends the idle time; false when the connection has died in it.</summary>
    bool TryWake();

    /// <summary>Closes it. Twice is harmless.</summary>
    void Close();
}
