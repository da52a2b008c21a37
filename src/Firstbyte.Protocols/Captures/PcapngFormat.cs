namespace Firstbyte.Captures;

/// <summary>What the packets of a capture interface begin with (the registry of link types that pcapng shares with libpcap).</summary>
public enum CaptureLinkType : ushort
{
    /// <summary>LINKTYPE_ETHERNET: an Ethernet header.</summary>
    Ethernet = 1,

    /// <summary>LINKTYPE_RAW: an IPv4 or IPv6 header, told apart by the version field (TUN devices).</summary>
    RawIp = 101,
}

/// <summary>Which way a captured packet went, as seen from its interface (the lowest two bits of epb_flags).</summary>
public enum CaptureDirection : byte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>It came in.</summary>
    Inbound = 1,

    /// <summary>It went out.</summary>
    Outbound = 2,
}

/// <summary>The types of the blocks that are written and read here (draft-ietf-opsawg-pcapng section 4).</summary>
public enum PcapngBlockType : uint
{
    /// <summary>Interface description.</summary>
    Interface = 1,

    /// <summary>Name resolution.</summary>
    NameResolution = 4,

    /// <summary>Interface statistics.</summary>
    Statistics = 5,

    /// <summary>A packet.</summary>
    EnhancedPacket = 6,

    /// <summary>Decryption secrets.</summary>
    DecryptionSecrets = 10,

    /// <summary>The beginning of a section.</summary>
    SectionHeader = 0x0A0D0D0A,
}

internal static class PcapngOption
{
    public const ushort End = 0;
    public const ushort Comment = 1;
    public const ushort Application = 4;
    public const ushort InterfaceName = 2;
    public const ushort InterfaceDescription = 3;
    public const ushort InterfaceSpeed = 8;
    public const ushort InterfaceResolution = 9;
    public const ushort PacketFlags = 2;
    public const ushort StatisticsReceived = 4;
    public const ushort StatisticsDropped = 5;
    public const ushort NameRecordIpv4 = 1;
    public const ushort NameRecordIpv6 = 2;
}
