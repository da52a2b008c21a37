using Firstbyte.Addressing;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishPackets : IPacketSentences
{
    public string Layer(LayerKind layer) => layer switch
    {
        LayerKind.Ethernet => "Ethernet",
        LayerKind.Arp => "ARP",
        LayerKind.Ipv4 => "IPv4",
        LayerKind.Ipv6 => "IPv6",
        LayerKind.Icmp => "ICMP",
        LayerKind.Icmpv6 => "ICMPv6",
        LayerKind.Udp => "UDP",
        LayerKind.Tcp => "TCP",
        LayerKind.Dns => "DNS",
        LayerKind.Http => "HTTP",
        LayerKind.Tls => "TLS",
        LayerKind.Data => "Data",
    };

    public string Field(FieldName field) => field switch
    {
        FieldName.DestinationStation => "Destination",
        FieldName.SourceStation => "Source",
        FieldName.EtherType => "EtherType",
        FieldName.HardwareType => "Hardware type",
        FieldName.ProtocolType => "Protocol type",
        FieldName.HardwareLength => "Hardware length",
        FieldName.ProtocolLength => "Protocol length",
        FieldName.Operation => "Operation",
        FieldName.SenderHardware => "Sender MAC",
        FieldName.SenderAddress => "Sender IP",
        FieldName.TargetHardware => "Target MAC",
        FieldName.TargetAddress => "Target IP",
        FieldName.Version => "Version",
        FieldName.HeaderLength => "IHL",
        FieldName.TrafficClass => "DSCP, ECN",
        FieldName.TotalLength => "Total length",
        FieldName.Identification => "ID",
        FieldName.Flags => "Flags",
        FieldName.FragmentOffset => "Fragment offset",
        FieldName.TimeToLive => "TTL (hops)",
        FieldName.Protocol => "Protocol",
        FieldName.Checksum => "Checksum",
        FieldName.Source => "Source",
        FieldName.Destination => "Destination",
        FieldName.Options => "Options",
        FieldName.FlowLabel => "Flow label",
        FieldName.PayloadLength => "Payload length",
        FieldName.NextHeader => "Next header",
        FieldName.HopLimit => "Hop limit",
        FieldName.ExtensionHeaders => "Extension headers",
        FieldName.Type => "Type",
        FieldName.Code => "Code",
        FieldName.RestOfHeader => "Rest of header",
        FieldName.SourcePort => "Source port",
        FieldName.DestinationPort => "Destination port",
        FieldName.Length => "Length",
        FieldName.SequenceNumber => "Sequence number",
        FieldName.Acknowledgment => "Acknowledgment number",
        FieldName.DataOffset => "Data offset",
        FieldName.Reserved => "Reserved",
        FieldName.Window => "Window",
        FieldName.UrgentPointer => "Urgent pointer",
        FieldName.QuestionCount => "Questions",
        FieldName.AnswerCount => "Answers",
        FieldName.AuthorityCount => "Authority records",
        FieldName.AdditionalCount => "Additional records",
        FieldName.Qr => "QR",
        FieldName.Opcode => "Opcode",
        FieldName.Aa => "AA",
        FieldName.Tc => "TC",
        FieldName.Rd => "RD",
        FieldName.Ra => "RA",
        FieldName.Z => "Z",
        FieldName.Ad => "AD",
        FieldName.Cd => "CD",
        FieldName.Rcode => "RCODE",
        FieldName.Content => "Bytes",
    };

    public Phrase ForThisStation => "The card takes the frame: it is for its own MAC address.";

    public Phrase ForEverybody => "The card takes the frame: it is for everybody on the link.";

    public Phrase ForAGroup => "The card takes the frame if it belongs to the group that it is for.";

    public Phrase ForAnother => "The frame is for another station: the card leaves it alone.";

    public Phrase NextStop => "On this link the frame is for the next stop of its packet; its MAC address comes from the neighbour cache.";

    public Phrase HubReadsNothing => "A hub reads no address: what comes in goes out of every other port.";

    public Phrase SwitchReadsStation => "A switch reads this address and nothing behind it.";

    public Phrase NotReadHere => "Nobody reads this layer here.";

    public Phrase RouterReadsOnlyIp => "A router on the way does not read this layer.";

    public Phrase AsksNeighbor => "Before a packet can go to an address on the link, its MAC address must be known: this asks for it.";

    public Phrase AnswersNeighbor => "The answer: whoever asked puts it into the neighbour cache.";

    public Phrase OfferedToSocket => "The protocol number says who reads on, the port says for which socket it is.";

    public Phrase MadeBySocket => "The program handed its bytes to a socket; this header says from which port to which.";

    public Phrase AsksName => "A resolver asks a DNS server about a name.";

    public Phrase AnswersName => "A DNS server answers; the number is that of the question.";

    public Phrase ReportsTrouble => "Machines tell each other here what became of packets.";

    public Phrase CarriesProgram => "What the programs say to each other; TCP and what lies below carry it unread.";

    public Phrase NotSealedYet => "TLS begins in clear: whoever passes this on can read it, the name of the server too. What follows is sealed.";

    public Phrase Sealed => "Sealed by TLS: only the two ends can read it.";

    public Phrase HasAddress(IpAddress address) => $"{address} is an address of this machine: the packet has arrived.";

    public Phrase OnItsWay(IpAddress address) => $"{address} is not this machine: the routing table says where the packet goes next.";

    public Phrase LeavesFor(IpAddress address) => $"The packet is for {address}; it keeps this address all the way.";
}
