namespace Firstbyte.Packets;

/// <summary>Why bytes could not be read as the packet they claim to be, or must not be believed. Words are made at the edge.</summary>
public enum PacketFlaw : byte
{
    /// <summary>Nothing is wrong.</summary>
    None,

    /// <summary>Shorter than the smallest header of its kind.</summary>
    TooShort,

    /// <summary>The version field names another version.</summary>
    WrongVersion,

    /// <summary>The header says that it is shorter than its fixed part.</summary>
    HeaderLengthTooSmall,

    /// <summary>The header says that it is longer than the bytes that came.</summary>
    HeaderTruncated,

    /// <summary>The length field covers less than the header itself.</summary>
    LengthTooSmall,

    /// <summary>The length field covers more than the bytes that came.</summary>
    PayloadTruncated,

    /// <summary>The checksum does not match.</summary>
    WrongChecksum,

    /// <summary>An option says a length that is impossible for it, or runs past the end of the options.</summary>
    WrongOptionLength,

    /// <summary>An IPv6 extension header runs past the end of the packet.</summary>
    ExtensionTruncated,

    /// <summary>More IPv6 extension headers than are read (<see cref="Ipv6View.MaxExtensionHeaders"/>).</summary>
    TooManyExtensionHeaders,

    /// <summary>A hop-by-hop header elsewhere than directly after the IPv6 header (RFC 8200 section 4.1).</summary>
    MisplacedHopByHop,

    /// <summary>An option that the sender marked as "discard if not recognised" (RFC 8200 section 4.2).</summary>
    UnrecognizedOption,

    /// <summary>A fragment that is not the last and whose length is no multiple of 8.</summary>
    FragmentLengthUnaligned,

    /// <summary>A fragment that would end past 65,535 bytes.</summary>
    FragmentPastEnd,

    /// <summary>An address that no packet may have at this place (a multicast or unspecified source, say).</summary>
    ImpossibleAddress,

    /// <summary>Neighbour discovery from farther than the own link (hop limit below 255; RFC 4861 section 7.1).</summary>
    NotFromThisLink,

    /// <summary>A hardware or protocol type, operation or code that is not spoken here.</summary>
    UnknownKind,

    /// <summary>The DHCP magic cookie is missing.</summary>
    MissingCookie,
}
