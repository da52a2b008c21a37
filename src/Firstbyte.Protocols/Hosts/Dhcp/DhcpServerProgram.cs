using System.Buffers.Binary;
using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Packets;

namespace Firstbyte.Hosts.Dhcp;

/// <summary>An address that a DHCP server lends has been offered, lent, given back or found to be somebody else's.</summary>
/// <param name="Interface">The server's interface on the link.</param>
/// <param name="Address">The address.</param>
/// <param name="State">What has become of it.</param>
/// <param name="Hardware">The client's hardware address.</param>
public sealed record DhcpBindingChanged(string Interface, IpAddress Address, DhcpBindingState State, MacAddress Hardware) : HostProgramEvent;

/// <summary>Serves DHCP on one link: the messages of a <see cref="DhcpServer"/>. Its leases outlive a crash, as if they lay on a disk.</summary>
public sealed class DhcpServerProgram : HostProgram
{
    /// <summary>
    /// The longest answer: the fixed part, and options of 8 addresses, a name of 253 bytes and some numbers, below the 576 bytes that
    /// every client takes (RFC 2131 section 2).
    /// </summary>
    private const int MaxReply = 576 - Ipv4View.MinHeaderLength - UdpView.HeaderLength;

    private readonly NetworkInterface _link;
    private ProgramTimer? _timer;

    /// <summary>Serves on a link.</summary>
    public DhcpServerProgram(NetworkInterface link, DhcpServer server)
    {
        ArgumentNullException.ThrowIfNull(link);
        ArgumentNullException.ThrowIfNull(server);
        _link = link;
        Server = server;
    }

    /// <summary>What is answered, and which address is whose.</summary>
    public DhcpServer Server { get; }

    /// <inheritdoc/>
    protected override void OnStart()
    {
        _timer = Port.NewTimer(Expire, isHousekeeping: true);
        Port.Listen(IpVersion.V4, DhcpView.ServerPort, _link);
        Server.Changed = binding => Port.Tell(new DhcpBindingChanged(_link.Name, binding.Address, binding.State, binding.Hardware));
        Expire();
    }

    /// <inheritdoc/>
    protected override void OnStop(bool isSudden)
    {
        Server.Crash();
        Server.Changed = null;
    }

    /// <inheritdoc/>
    protected internal override bool OnDatagram(in ProgramDatagram datagram)
    {
        if (!DhcpView.TryParse(datagram.Payload, out var message, out var flaw))
        {
            datagram.Drop(FrameDropReason.Malformed, flaw);
            return true;
        }
        if (!DhcpRequest.TryRead(message, out var request))
        {
            datagram.Drop(FrameDropReason.NoListener, PacketFlaw.None);
            return true;
        }
        datagram.Accept();
        var reply = Server.Handle(request, Port.Now);
        _timer!.Set(Server.NextDeadline);
        if (reply is not null) { Send(request, reply); }
        return true;
    }

    private void Expire()
    {
        Server.Expire(Port.Now);
        _timer!.Set(Server.NextDeadline);
    }

    private void Send(DhcpRequest request, DhcpReply reply)
    {
        Span<byte> buffer = stackalloc byte[MaxReply];
        var message = new DhcpWriter(buffer, false, reply.Type, request.TransactionId, request.Hardware)
        {
            YourAddress = reply.Address,
            ClientAddress = reply.Type == DhcpMessageType.Ack ? request.ClientAddress : IpAddress.AnyV4,
            IsBroadcast = request.IsBroadcast,
        };
        message.Add(DhcpOption.ServerIdentifier, Server.Identifier);
        if (reply.Type != DhcpMessageType.Nak) { AddConfiguration(ref message, reply.Seconds); }
        var payload = buffer[..message.Seal()];
        var source = new Endpoint(Server.Identifier, DhcpView.ServerPort);
        switch (reply.Route)
        {
            case DhcpReplyRoute.Broadcast: Port.SendOn(_link, source, new Endpoint(IpAddress.FromV4(uint.MaxValue), DhcpView.ClientPort), payload); break;
            case DhcpReplyRoute.Hardware:
                Port.SendOn(_link, source, new Endpoint(reply.Address, DhcpView.ClientPort), payload, hardware: request.Hardware);
                break;
            default: Port.SendOn(_link, source, new Endpoint(request.ClientAddress, DhcpView.ClientPort), payload); break;
        }
    }

    private void AddConfiguration(ref DhcpWriter message, uint seconds)
    {
        var settings = Server.Settings;
        if (seconds > 0)
        {
            message.Add(DhcpOption.LeaseTime, seconds);
            // T1 and T2 (RFC 2131 section 4.4.5: half and seven eighths).
            message.Add(DhcpOption.RenewalTime, seconds == uint.MaxValue ? seconds : seconds / 2);
            message.Add(DhcpOption.RebindingTime, seconds == uint.MaxValue ? seconds : seconds - seconds / 8);
        }
        message.Add(DhcpOption.SubnetMask, IpAddress.FromV4(settings.Subnet.Length == 0 ? 0 : uint.MaxValue << (32 - settings.Subnet.Length)));
        Add(ref message, DhcpOption.Router, settings.Routers);
        Add(ref message, DhcpOption.DomainNameServer, settings.NameServers);
        if (settings.DomainName is { Length: > 0 } domain) { message.Add(DhcpOption.DomainName, Encoding.ASCII.GetBytes(domain)); }
    }

    private static void Add(ref DhcpWriter message, DhcpOption option, IReadOnlyList<IpAddress> addresses)
    {
        if (addresses.Count == 0) { return; }
        Span<byte> data = stackalloc byte[4 * DhcpServerSettings.MaxAddresses];
        for (var i = 0; i < addresses.Count; i++) { BinaryPrimitives.WriteUInt32BigEndian(data[(i * 4)..], (uint)addresses[i].Bits); }
        message.Add(option, data[..(addresses.Count * 4)]);
    }
}
