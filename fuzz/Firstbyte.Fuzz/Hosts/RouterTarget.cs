using System.Buffers.Binary;
using Firstbyte.Addressing;
using Firstbyte.Fuzz.Running;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Advertising;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Hosts.Nat;
using Firstbyte.Hosts.Rip;
using Firstbyte.Packets;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Hosts;

/// <summary>Any frames to a home router that translates, advertises, speaks RIP and lends addresses, from both sides: nothing throws, no frame is lost from the pool, every table keeps its limit.</summary>
/// <remarks>An input is a row of records: a byte of choices (bit 0: outside, bit 1: checksums are mended, the rest: time that passes), two bytes of length, a frame.</remarks>
internal sealed class RouterTarget : FuzzTarget
{
    private const int MaxFrame = 1_514;

    // What may be held when everything has been given its time: the datagrams of one mailbox, whose buffer has a limit.
    private const int MaxHeld = 900;

    private static readonly MacAddress Own = new(0x020000000001);
    private static readonly MacAddress Peer = new(0x020000000002);
    private static readonly IpAddress Inside = IpAddress.Parse("192.168.0.1");

    public override string Name => "router";

    public override string Holds => "no exception; no frame is lost from the pool; leases, neighbours and translations keep their limits; no address is lent twice; a crash forgets";

    public override IReadOnlyList<byte[]> Tokens =>
        [[0, 0], [0xFF, 0xFF], [192, 168, 0, 1], [192, 168, 0, 100], [203, 0, 113, 7], [53, 1, 3], [50, 4, 192, 168, 0, 100], [0x63, 0x82, 0x53, 0x63], [0x86, 0xDD], [8, 6], [0x45], [0x60], [2, 2, 0, 0]];

    public override IEnumerable<byte[]> Seeds() =>
    [
        Record(0, Arp()), Record(2, Echo()), [.. Record(2, Dhcp(DhcpMessageType.Discover)), .. Record(2, Dhcp(DhcpMessageType.Request))],
        Record(2, Fragment()), Record(3, Echo()), Record(2, Solicitation()), Record(2, Rip()),
    ];

    public override void Check(byte[] input)
    {
        var now = Instant.SimulationEpoch;
        var frames = new FramePool();
        var stack = new HostStack(new HostSettings { IsRouter = true }, new SipKey(1, 2), frames);
        var inside = stack.AddInterface("eth0", LinkKind.Ethernet, Own);
        var outside = stack.AddInterface("eth1", LinkKind.Ethernet, new MacAddress(0x020000000003));
        stack.AddAddress(inside, InterfaceAddress.Parse("192.168.0.1/24"));
        stack.AddAddress(inside, InterfaceAddress.Parse("2001:db8:1::1/64"));
        stack.AddAddress(outside, InterfaceAddress.Parse("203.0.113.7/24"));
        var server = new DhcpServer(new DhcpServerSettings(IpPrefix.Parse("192.168.0.0/24"), IpAddress.Parse("192.168.0.100"), IpAddress.Parse("192.168.0.103")), Inside);
        var translation = new AddressTranslation(outside);
        foreach (var program in (HostProgram[])[translation, new RouterAdvertising(inside), new DhcpServerProgram(inside, server), new RipProgram(IpVersion.V4, [inside, outside]), new RipProgram(IpVersion.V6, [inside])])
        {
            stack.Start(program, now);
        }
        var mailbox = stack.OpenUdp(IpVersion.V4);
        stack.Bind(mailbox, new Endpoint(IpAddress.AnyV4, 53));
        var rest = input.AsSpan();
        while (rest.Length > 3)
        {
            var (choices, length) = (rest[0], Math.Min(Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(rest[1..]), MaxFrame), rest.Length - 3));
            var frame = rest.Slice(3, length).ToArray();
            rest = rest[(3 + length)..];
            if ((choices & 2) != 0) { Mend(frame); }
            stack.Receive((choices & 1) == 0 ? inside : outside, frames.Copy(frame), now);
            now = Pass(stack, now, TimeSpan.FromMilliseconds((choices >> 2) * 20));
            Require(server.Bindings.Count() <= 4, "more bindings than addresses");
            Require(stack.Neighbors.Count() <= 1_024, "more neighbours than are kept");
        }
        now = Pass(stack, now, TimeSpan.FromSeconds(200));
        Require(frames.Outstanding <= MaxHeld, "frames are lost from the pool");
        Require(translation.Count <= 4_096, "more translations than are kept");
        var leased = server.Bindings.Where(static binding => binding.State == DhcpBindingState.Leased).Select(static binding => binding.Client).ToArray();
        Require(leased.Length == leased.Distinct().Count(), "a client has two leases");
        stack.Crash(now);
        Require(!stack.Routes.Rows.Any(static row => row.Value.Origin == RouteOrigin.Rip), "a learned route outlives a crash");
        Require(frames.Outstanding == 0, "frames are held after a crash");
    }

    private static Instant Pass(HostStack stack, Instant now, TimeSpan time)
    {
        var until = now + time;
        while (true)
        {
            while (stack.TryTakeFrame(out _, out var sent)) { sent.Release(); }
            if (stack.NextDeadline > until) { return until; }
            stack.OnDeadline(stack.NextDeadline > now ? now = stack.NextDeadline : now);
        }
    }

    // The header's checksum and the transport's, so that changes get past the door.
    private static void Mend(byte[] frame)
    {
        if (frame.Length < 34 || frame[12] != 8 || frame[13] != 0) { return; }
        var header = (frame[14] & 15) * 4;
        var end = 14 + Math.Min((int)BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(16)), frame.Length - 14);
        if (header < 20 || 14 + header > end) { return; }
        frame[24] = frame[25] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(24), InternetChecksum.Compute(frame.AsSpan(14, header)));
        var payload = frame.AsSpan(14 + header, end - 14 - header);
        if (frame[23] == (byte)IpProtocol.Udp && payload.Length >= UdpView.HeaderLength) { payload[6] = payload[7] = 0; }
        else if (frame[23] == (byte)IpProtocol.Icmp && payload.Length >= IcmpView.HeaderLength)
        {
            payload[2] = payload[3] = 0;
            BinaryPrimitives.WriteUInt16BigEndian(payload[2..], InternetChecksum.Compute(payload));
        }
    }

    private static byte[] Record(byte choices, byte[] frame) => [choices, (byte)(frame.Length >> 8), (byte)frame.Length, .. frame];

    private static byte[] Ethernet(MacAddress to, EtherType type, byte[] packet)
    {
        byte[] frame = [.. new byte[EthernetView.HeaderLength], .. packet];
        EthernetWriter.Seal(frame, to, Peer, type);
        return frame;
    }

    private static byte[] Arp()
    {
        var packet = new byte[ArpView.Length];
        ArpWriter.Seal(packet, ArpOperation.Request, Peer, IpAddress.Parse("192.168.0.9"), default, Inside);
        return Ethernet(MacAddress.Broadcast, EtherType.Arp, packet);
    }

    private static byte[] V4(MacAddress to, string source, string target, IpProtocol protocol, byte[] payload, bool isFragment = false)
    {
        byte[] packet = [.. new byte[20], .. payload];
        Ipv4Writer.Seal(packet, new Ipv4Header((uint)IpAddress.Parse(source).Bits, (uint)IpAddress.Parse(target).Bits, protocol) { MoreFragments = isFragment });
        return Ethernet(to, EtherType.Ipv4, packet);
    }

    private static byte[] Echo()
    {
        var message = new byte[16];
        IcmpWriter.Seal(message, IcmpType.Echo, 0, 0x0007_0001);
        return V4(Own, "192.168.0.9", "192.168.0.1", IpProtocol.Icmp, message);
    }

    private static byte[] Fragment() => V4(Own, "192.168.0.9", "192.168.0.1", IpProtocol.Udp, new byte[24], isFragment: true);

    private static byte[] Datagram(ushort from, ushort to, byte[] data)
    {
        byte[] datagram = [.. new byte[UdpView.HeaderLength], .. data];
        UdpWriter.Seal(datagram, from, to, 0, 0);
        datagram[6] = datagram[7] = 0;
        return datagram;
    }

    private static byte[] Dhcp(DhcpMessageType type)
    {
        var buffer = new byte[DhcpWriter.MinLength];
        var message = new DhcpWriter(buffer, true, type, 5, Peer);
        message.Add(DhcpOption.RequestedAddress, IpAddress.Parse("192.168.0.100"));
        if (type == DhcpMessageType.Request) { message.Add(DhcpOption.ServerIdentifier, Inside); }
        message.Seal();
        return V4(MacAddress.Broadcast, "0.0.0.0", "255.255.255.255", IpProtocol.Udp, Datagram(DhcpView.ClientPort, DhcpView.ServerPort, buffer));
    }

    private static byte[] Rip() => V4(new MacAddress(0x01005E000009), "192.168.0.9", "224.0.0.9", IpProtocol.Udp, Datagram(520, 520, [2, 2, 0, 0, 0, 2, 0, 0, 10, 0, 0, 0, 255, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3]));

    private static byte[] Solicitation()
    {
        var (source, target) = (IpAddress.Parse("2001:db8:1::9"), IpAddress.Parse("2001:db8:1::1"));
        var message = new byte[NdpWriter.NeighborLength];
        NdpWriter.SealSolicitation(message, target.Bits, Peer, source.Bits, target.Bits);
        byte[] packet = [.. new byte[Ipv6View.HeaderLength], .. message];
        Ipv6Writer.Seal(packet, new Ipv6Header(source.Bits, target.Bits, IpProtocol.Icmpv6) { HopLimit = 255 });
        return Ethernet(Own, EtherType.Ipv6, packet);
    }
}
