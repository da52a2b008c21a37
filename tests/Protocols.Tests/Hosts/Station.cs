using System.Text;
using Firstbyte.Addressing;
using Firstbyte.Hashing;
using Firstbyte.Hosts;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tcp;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Hosts;

/// <summary>One host on an Ethernet, whose other end is the test: frames are sent to it and expected from it, one line of text each.</summary>
internal sealed class Station : IHostListener
{
    public static readonly MacAddress Own = new(0x020000000001);
    public static readonly MacAddress Peer = new(0x020000000002);

    public Station(string address = "192.0.2.1/24", HostSettings? settings = null, ulong secret = 7)
    {
        Frames = new FramePool();
        Stack = new HostStack(settings ?? new HostSettings(), new SipKey(secret, 11), Frames) { Listener = this };
        Eth = Stack.AddInterface("eth0", LinkKind.Ethernet, Own);
        if (address.Length > 0) { Stack.AddAddress(Eth, InterfaceAddress.Parse(address)); }
    }

    public FramePool Frames { get; }

    public HostStack Stack { get; }

    public NetworkInterface Eth { get; }

    public Instant Now { get; private set; } = Instant.SimulationEpoch;

    /// <summary>What the host said about frames that it dropped or forwarded.</summary>
    public List<FrameDecision> Decisions { get; } = [];

    public List<DhcpLeaseChanged> Leases { get; } = [];

    public FrameDropReason LastDrop => Decisions.Count == 0 ? FrameDropReason.None : Decisions[^1].Reason;

    public void Receive(ReadOnlySpan<byte> frame) => Stack.Receive(Eth, Frames.Copy(frame), Now);

    /// <summary>Lets time pass, deadline by deadline.</summary>
    public void Pass(TimeSpan time)
    {
        var until = Now + time;
        while (Stack.NextDeadline <= until)
        {
            Now = Stack.NextDeadline > Now ? Stack.NextDeadline : Now;
            Stack.OnDeadline(Now);
        }
        Now = until;
    }

    /// <summary>The next frame that leaves, as a line.</summary>
    public void Expect(string line) => Assert.Equal(line, Take() is { } frame ? Describe(frame) : "nothing");

    public void ExpectNothing() => Assert.Equal("nothing", Take() is { } frame ? Describe(frame) : "nothing");

    public byte[]? Take()
    {
        if (!Stack.TryTakeFrame(out _, out var frame)) { return null; }
        var bytes = frame.Span.ToArray();
        frame.Release();
        return bytes;
    }

    /// <summary>Answers the host's question for a neighbour, so that it knows the test's hardware address.</summary>
    public void Introduce(string address = "192.0.2.2")
    {
        Receive(Packet.Arp(ArpOperation.Request, Peer, address, MacAddress.Broadcast, "192.0.2.1"));
        Take();
    }

    public void OnFrame(in FrameDecision decision, ReadOnlySpan<byte> packet)
    {
        Assert.NotNull(decision.ToEvent("station", packet));
        if (decision.Verdict is FrameVerdict.Dropped or FrameVerdict.Forwarded) { Decisions.Add(decision); }
    }

    public void OnNeighbor(Neighbor neighbor, RowChange change) { }

    public void OnRoute(IpPrefix prefix, in Route route, RowChange change) { }

    public void OnTranslation(in NatRow row, RowChange change) { }

    public void OnProgram(HostProgramEvent told)
    {
        if (told is DhcpLeaseChanged lease) { Leases.Add(lease); }
    }

    public void OnSegment(TcpSocket socket, ReadOnlySpan<TcpTraceEntry> clauses) { }

    /// <summary>A frame in a line: link, network and transport as far as they matter to a reader.</summary>
    public static string Describe(ReadOnlySpan<byte> frame)
    {
        Assert.True(EthernetView.TryParse(frame, out var ethernet, out _));
        var text = new StringBuilder();
        if (ArpView.TryParse(ethernet.Payload, out var arp, out _) && ethernet.Type == EtherType.Arp)
        {
            return $"arp {arp.Operation} {arp.Sender} {arp.SenderHardware} asks {arp.Target} to {ethernet.Destination}".Replace($"{arp.Operation}", arp.Operation.ToString().ToLowerInvariant(), StringComparison.Ordinal);
        }
        if (Ipv4View.TryParse(ethernet.Payload, out var v4, out _))
        {
            Assert.True(v4.IsChecksumValid);
            text.Append($"{v4.Source} > {v4.Destination} ttl {v4.TimeToLive} ");
            if (v4.IsFragment) { return text.Append($"fragment {v4.FragmentOffset}+{v4.Payload.Length}{(v4.MoreFragments ? " more" : "")}").ToString(); }
            Transport(text, v4.Protocol, v4.Payload, v4.PseudoHeaderSum);
            return text.ToString();
        }
        Assert.True(Ipv6View.TryParse(ethernet.Payload, out var v6, out _));
        text.Append($"{v6.Source} > {v6.Destination} hops {v6.HopLimit} ");
        if (v6.IsFragment) { return text.Append($"fragment {v6.FragmentOffset}+{v6.Payload.Length}{(v6.MoreFragments ? " more" : "")}").ToString(); }
        Transport(text, v6.Protocol, v6.Payload, v6.PseudoHeaderSum(v6.Protocol, v6.Payload.Length));
        return text.ToString();
    }

    private static void Transport(StringBuilder text, IpProtocol protocol, ReadOnlySpan<byte> payload, ulong sum)
    {
        switch (protocol)
        {
            case IpProtocol.Udp:
                Assert.True(UdpView.TryParse(payload, out var udp, out _) && udp.IsChecksumValid(sum));
                text.Append($"udp {udp.SourcePort}>{udp.DestinationPort} {udp.Payload.Length}");
                break;
            case IpProtocol.Tcp:
                Assert.True(TcpView.TryParse(payload, out var tcp, out _) && tcp.IsChecksumValid(sum));
                text.Append($"tcp {tcp.SourcePort}>{tcp.DestinationPort} {(TcpFlags)tcp.Flags} {tcp.Payload.Length}");
                break;
            case IpProtocol.Icmp:
                Assert.True(IcmpView.TryParse(payload, out var icmp, out _) && icmp.IsChecksumValid());
                text.Append($"icmp {icmp.Type} {icmp.Code} {icmp.Rest:x}");
                break;
            case IpProtocol.Icmpv6:
                Assert.True(IcmpView.TryParse(payload, out var six, out _) && six.IsChecksumValid(sum));
                text.Append($"icmpv6 {six.Type6} {six.Code} {six.Rest:x}");
                break;
            default: text.Append(protocol); break;
        }
    }
}

/// <summary>Frames that a test sends.</summary>
internal static class Packet
{
    public static byte[] Arp(ArpOperation operation, MacAddress senderHardware, string sender, MacAddress to, string target)
    {
        var frame = new byte[14 + ArpView.Length];
        ArpWriter.Seal(frame.AsSpan(14), operation, senderHardware, IpAddress.Parse(sender), operation == ArpOperation.Reply ? to : default, IpAddress.Parse(target));
        EthernetWriter.Seal(frame, to, senderHardware, EtherType.Arp);
        return frame;
    }

    public static byte[] V4(string source, string destination, IpProtocol protocol, byte[] payload, Func<Ipv4Header, Ipv4Header>? change = null, MacAddress? to = null)
    {
        var frame = new byte[14 + 20 + payload.Length];
        payload.CopyTo(frame, 34);
        var header = new Ipv4Header((uint)IpAddress.Parse(source).Bits, (uint)IpAddress.Parse(destination).Bits, protocol);
        Ipv4Writer.Seal(frame.AsSpan(14), change?.Invoke(header) ?? header);
        EthernetWriter.Seal(frame, to ?? Station.Own, Station.Peer, EtherType.Ipv4);
        return frame;
    }

    public static byte[] V6(string source, string destination, IpProtocol protocol, byte[] payload, byte hopLimit = 64, MacAddress? to = null)
    {
        var frame = new byte[14 + 40 + payload.Length];
        payload.CopyTo(frame, 54);
        Ipv6Writer.Seal(frame.AsSpan(14), new Ipv6Header(IpAddress.Parse(source).Bits, IpAddress.Parse(destination).Bits, protocol) { HopLimit = hopLimit });
        EthernetWriter.Seal(frame, to ?? Station.Own, Station.Peer, EtherType.Ipv6);
        return frame;
    }

    public static byte[] Udp(string source, ushort sourcePort, string destination, ushort destinationPort, byte[] data)
    {
        var datagram = new byte[8 + data.Length];
        data.CopyTo(datagram, 8);
        UdpWriter.Seal(datagram, sourcePort, destinationPort, IpAddress.Parse(source).Bits, IpAddress.Parse(destination).Bits);
        return datagram;
    }

    public static byte[] Echo(ushort identifier, ushort sequence, params byte[] data)
    {
        byte[] message = [.. new byte[8], .. data];
        IcmpWriter.Seal(message, IcmpType.Echo, 0, ((uint)identifier << 16) | sequence);
        return message;
    }

    public static byte[] Error(IcmpType type, byte code, uint rest, ReadOnlySpan<byte> quoted)
    {
        byte[] message = [.. new byte[8], .. quoted[..Math.Min(quoted.Length, 548)]];
        IcmpWriter.Seal(message, type, code, rest);
        return message;
    }

    public static byte[] Tcp(string source, ushort sourcePort, string destination, ushort destinationPort, TcpSegment segment, byte[]? data = null)
    {
        data ??= [];
        var header = 20 + segment.Options.WireLength;
        var bytes = new byte[header + data.Length];
        data.CopyTo(bytes, header);
        TcpSegmentCodec.Seal(bytes, segment, sourcePort, destinationPort, IpAddress.Parse(source).Bits, IpAddress.Parse(destination).Bits);
        return bytes;
    }
}
