using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Dissection;

/// <summary>A layer of a packet: its header's fields where they stand, bit by bit.</summary>
/// <param name="Kind">Which protocol's.</param>
/// <param name="Start">Its first byte in the frame.</param>
/// <param name="Length">Bytes of its header; of data all of them.</param>
/// <param name="Fields">The fields in order.</param>
public sealed record PacketLayer(LayerKind Kind, int Start, int Length, IReadOnlyList<PacketField> Fields)
{
    /// <summary>Lines of text that the layer carries, where it is text or a message with parts: DNS records, the lines of HTTP.</summary>
    public IReadOnlyList<string> Lines { get; init; } = [];

    /// <summary>Whether whoever passes it on can read what it carries.</summary>
    public bool IsClear { get; init; }
}

/// <summary>A field of a header.</summary>
/// <param name="Name">Which.</param>
/// <param name="Bit">Its first bit, counted from the beginning of its layer.</param>
/// <param name="Bits">How many it has.</param>
/// <param name="Value">What it says.</param>
public sealed record PacketField(FieldName Name, int Bit, int Bits, Phrase Value);

/// <summary>What a layer is.</summary>
public enum LayerKind
{
    Ethernet,
    Arp,
    Ipv4,
    Ipv6,
    Icmp,
    Icmpv6,
    Udp,
    Tcp,
    Dns,
    Http,
    Tls,
    Data,
}

/// <summary>The fields of the headers, by the names of their specifications.</summary>
public enum FieldName
{
    DestinationStation,
    SourceStation,
    EtherType,
    HardwareType,
    ProtocolType,
    HardwareLength,
    ProtocolLength,
    Operation,
    SenderHardware,
    SenderAddress,
    TargetHardware,
    TargetAddress,
    Version,
    HeaderLength,
    TrafficClass,
    TotalLength,
    Identification,
    Flags,
    FragmentOffset,
    TimeToLive,
    Protocol,
    Checksum,
    Source,
    Destination,
    Options,
    FlowLabel,
    PayloadLength,
    NextHeader,
    HopLimit,
    ExtensionHeaders,
    Type,
    Code,
    RestOfHeader,
    SourcePort,
    DestinationPort,
    Length,
    SequenceNumber,
    Acknowledgment,
    DataOffset,
    Reserved,
    Window,
    UrgentPointer,
    QuestionCount,
    AnswerCount,
    AuthorityCount,
    AdditionalCount,
    Qr,
    Opcode,
    Aa,
    Tc,
    Rd,
    Ra,
    Z,
    Ad,
    Cd,
    Rcode,
    Content,
}
