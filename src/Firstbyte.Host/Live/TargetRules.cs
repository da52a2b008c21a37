using Firstbyte.Addressing;
using Firstbyte.Host.Settings;

namespace Firstbyte.Host.Live;

/// <summary>Which addresses journeys may go to (docs/host.md).</summary>
/// <remarks>
/// Theory of operation. The rules are asked by <see cref="GuardedNetwork"/> at each connect(), with the address that is about to be connected to: behind the
/// resolver, behind every redirect, for each address of a race. So it does not matter what a name meant when somebody looked at it before.
/// Where nobody but this machine can ask, whoever asks reaches all of it anyway: all but the places where clouds tell a machine about itself, its credentials
/// too, whoever asks; a redirect of any site could lead there. Otherwise only addresses are allowed that the registries of special-purpose
/// addresses say nothing of (RFC 6890 and what has updated it): no private ones, no link's, no loopback;
/// neither this machine's own, which a firewall may hide from others; and ports on which something else than HTTP listens are left alone.
/// </remarks>
internal sealed class TargetRules
{
    // Where machines are told of themselves: on the link (RFC 3927; the providers' documents name 169.254.169.254), and where Amazon (version 6), Alibaba and
    // Azure have it besides, the last at a public address.
    private static readonly IpPrefix[] s_metadata =
    [
        IpPrefix.Parse("169.254.0.0/16"), IpPrefix.Parse("fd00:ec2::254/128"), IpPrefix.Parse("100.100.100.200/32"), IpPrefix.Parse("168.63.129.16/32"),
    ];

    // The Fetch standard's "bad port" list: where something takes lines of text for commands, a request is one.
    private static readonly HashSet<ushort> s_badPorts =
    [
        0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110, 111, 113, 115, 117, 119, 123, 135, 137,
        139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723,
        2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
    ];

    private readonly IReadOnlyList<IpPrefix> _allowed;
    private readonly Func<IReadOnlyList<IpAddress>> _own;

    private TargetRules(bool isOpen, IReadOnlyList<IpPrefix> allowed, Func<IReadOnlyList<IpAddress>> own) => (IsOpen, _allowed, _own) = (isOpen, allowed, own);

    /// <summary>Whether everything may be gone to but what clouds tell their machines.</summary>
    public bool IsOpen { get; }

    /// <summary>The rules of a server.</summary>
    /// <param name="settings">Who can reach it, and what its owner allows.</param>
    /// <param name="own">The machine's addresses as they are now.</param>
    public static TargetRules Of(HostSettings settings, Func<IReadOnlyList<IpAddress>> own) =>
        new(settings is { IsPrivate: true, PublicOnly: false }, settings.AllowedTargets, own);

    /// <summary>Whether a journey may connect to it.</summary>
    public bool Allows(Endpoint target)
    {
        if (!IsOpen && s_badPorts.Contains(target.Port)) { return false; }
        var address = Meant(target.Address);
        return _allowed.Any(prefix => prefix.Contains(address)) || (IsOpen ? !IsMetadata(address) : IsPublic(address) && !_own().Contains(address));
    }

    /// <summary>Whether it is an address that anybody on the Internet may have, and no registry sets aside.</summary>
    public static bool IsPublic(IpAddress address) => address.Zone is null && SpecialPurpose.Find(address) is null && !IsMetadata(address);

    private static bool IsMetadata(IpAddress address) => Array.Exists(s_metadata, prefix => prefix.Contains(address));

    /// <summary>
    /// The address that is reached in the end: by a translator (RFC 6052) or by the own stack (RFC 4291 2.5.5.2) the one of version 4 inside. 6to4 and Teredo
    /// have one inside too, and are set aside as a whole.
    /// </summary>
    private static IpAddress Meant(IpAddress address) =>
        SpecialPurpose.Find(address) is { Prefix.Length: 96, Kind: AddressKind.V4Mapped or AddressKind.V4Translation }
        ? IpAddress.FromV4((uint)address.Bits) : address;
}
