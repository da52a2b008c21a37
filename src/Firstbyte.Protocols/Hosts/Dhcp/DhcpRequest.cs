using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Hosts.Dhcp;

/// <summary>What a DHCP client says, as far as a server needs it.</summary>
/// <param name="Type">What it wants.</param>
/// <param name="TransactionId">The number that the answer repeats.</param>
/// <param name="Hardware">The client's hardware address.</param>
/// <param name="Client">Who it is: its identifier, else its hardware address (RFC 2131 section 4.2), in hexadecimal digits.</param>
public sealed record DhcpRequest(DhcpMessageType Type, uint TransactionId, MacAddress Hardware, string Client)
{
    /// <summary>ciaddr: the address that it has; 0.0.0.0 when it has none.</summary>
    public IpAddress ClientAddress { get; init; } = IpAddress.AnyV4;

    /// <summary>The address that it would like, or refuses; none when it names none.</summary>
    public IpAddress Requested { get; init; }

    /// <summary>The server that it means; none when it means any.</summary>
    public IpAddress Server { get; init; }

    /// <summary>For how many seconds it would like the address; 0 when it does not say.</summary>
    public uint Seconds { get; init; }

    /// <summary>It cannot take unicast yet.</summary>
    public bool IsBroadcast { get; init; }

    /// <summary>Reads a client's message; false when it is a server's, of plain BOOTP, or came over a relay.</summary>
    /// <remarks>A relay asks for a subnet that is not the server's own link; such a server is not here.</remarks>
    public static bool TryRead(in DhcpView message, out DhcpRequest request)
    {
        request = null!;
        var hardware = message.ClientHardware;
        if (!message.IsRequest || message.MessageType == DhcpMessageType.None || !AddressRules.IsUnspecified(message.Relay)
            || hardware.IsZero || hardware.IsGroup)
        {
            return false;
        }
        message.TryGetAddress(DhcpOption.RequestedAddress, out var requested);
        message.TryGetAddress(DhcpOption.ServerIdentifier, out var server);
        message.TryGetSeconds(DhcpOption.LeaseTime, out var seconds);
        // An identifier has two bytes at least (RFC 2132 section 9.14).
        var client = message.TryGetOption(DhcpOption.ClientIdentifier, out var identifier) && identifier.Length >= 2
            ? Convert.ToHexString(identifier)
            : NameOf(hardware);
        request = new DhcpRequest(message.MessageType, message.TransactionId, hardware, client)
        {
            ClientAddress = message.ClientAddress,
            Requested = requested,
            Server = server,
            Seconds = seconds,
            IsBroadcast = message.IsBroadcast,
        };
        return true;
    }

    /// <summary>The identity of a client that gives none: hardware type 1 and its address.</summary>
    public static string NameOf(MacAddress hardware)
    {
        Span<byte> bytes = stackalloc byte[1 + MacAddress.Length];
        bytes[0] = 1;
        hardware.Write(bytes[1..]);
        return Convert.ToHexString(bytes);
    }
}

/// <summary>What a DHCP server answers.</summary>
/// <param name="Type">OFFER, ACK or NAK.</param>
/// <param name="Address">yiaddr: the address that the client gets; 0.0.0.0 in a NAK and in the answer to an INFORM.</param>
/// <param name="Seconds">For how long; 0 where nothing is lent, all ones for ever.</param>
/// <param name="Route">How it gets to the client.</param>
public sealed record DhcpReply(DhcpMessageType Type, IpAddress Address, uint Seconds, DhcpReplyRoute Route);

/// <summary>How an answer gets to a client that may have no address yet (RFC 2131 section 4.1).</summary>
public enum DhcpReplyRoute : byte
{
    /// <summary>To everybody on the link.</summary>
    Broadcast,

    /// <summary>To the address that the client gets, at its hardware address: it cannot answer for it yet.</summary>
    Hardware,

    /// <summary>To the address that the client has.</summary>
    Address,
}
