using Firstbyte.Addressing;
using Firstbyte.Errors;

namespace Firstbyte.Connecting;

/// <summary>One address that could not be connected to.</summary>
/// <param name="Address">The address.</param>
/// <param name="Error">What connect() returned; ETIMEDOUT as well when the client's own limit ended it.</param>
/// <param name="ElapsedNanoseconds">How long it took to fail.</param>
public sealed record ConnectAttempt(IpAddress Address, Errno Error, long ElapsedNanoseconds)
{
    /// <summary>Whether the host has a way there; where it has, an unreachable network is what somebody on the way says.</summary>
    public bool HasRoute { get; init; } = true;

    /// <summary>Whether the host has no address of that version, its loopback aside, and so no way anywhere.</summary>
    public bool IsWithoutAddress { get; init; }

    /// <summary>Whether the address belongs to a machine or a subnet of the host's world; null where nobody knows the whole of it.</summary>
    public bool? IsOfWorld { get; init; }

    /// <summary>Whether no network has the address, by what is known of the world, or else by its kind.</summary>
    internal bool IsNobodys => IsOfWorld is { } known ? !known : SpecialPurpose.Find(Address) is { IsGloballyReachable: false };

    /// <summary>Whether the address is that of many, a broadcast or a multicast address, which nobody can be connected to (RFC 9293 section 3.9.2.3).</summary>
    public bool IsToMany { get; init; }
}
