using Firstbyte.Addressing;
using Firstbyte.Tracing;

namespace Firstbyte.Frames;

/// <summary>What an element of a network is.</summary>
public enum ElementKind
{
    /// <summary>A host.</summary>
    Host,

    /// <summary>A router.</summary>
    Router,

    /// <summary>A hub.</summary>
    Hub,

    /// <summary>A switch.</summary>
    Switch,
}

/// <summary>Which way a frame goes through a port.</summary>
public enum FrameDirection
{
    /// <summary>Out of the element, onto the wire.</summary>
    Out,

    /// <summary>Off the wire, into the element.</summary>
    In,
}

/// <summary>A frame passed a port of an element, and this is what it carried.</summary>
/// <param name="Element">The host, router, hub or switch.</param>
/// <param name="Kind">Which of them it is.</param>
/// <param name="Port">Its port: eth0 of a machine, a number of a hub or switch.</param>
/// <param name="Direction">In or out.</param>
/// <param name="IsOwn">The frame bears the element's own address: it made it, or translated it; it does not only pass on another's.</param>
/// <param name="Frame">What it carried.</param>
public sealed record FrameSeen(string Element, ElementKind Kind, string Port, FrameDirection Direction, bool IsOwn, FrameSummary Frame) : TraceEvent;

/// <summary>The first segment of a connection reached its target by these machines.</summary>
/// <param name="Remote">The target.</param>
/// <param name="Elements">The machines in order: the client, the routers, the server.</param>
public sealed record PathTaken(Endpoint Remote, string[] Elements) : TraceEvent;

/// <summary>A cable was pulled, or plugged in again.</summary>
/// <param name="Link">The cable.</param>
/// <param name="IsUp">Whether it carries frames now.</param>
public sealed record LinkChanged(string Link, bool IsUp) : TraceEvent;
