using System.Buffers.Binary;
using Firstbyte.Fuzz.Packets;
using Firstbyte.Fuzz.Running;
using Firstbyte.Hashing;
using Firstbyte.Hosts.Dhcp;
using Firstbyte.Packets;

namespace Firstbyte.Fuzz.Hosts;

/// <summary>Frames to a whole host: the input is a row of frames, each after its length in two bytes; checksums are mended, so that the fuzzer need not guess them.</summary>
internal sealed class HostTarget : FuzzTarget
{
    public override string Name => "host";

    public override string Holds => "no exception; no frame is lost from the pool; connections, neighbours and routes keep their limits; one frame is not answered by many";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds()
    {
        var frames = Sample.Frames().ToArray();
        for (ushort choices = 0; choices < 2; choices++)
        {
            yield return FuzzChoices.Before(Row(frames), choices);
            foreach (var frame in frames) { yield return FuzzChoices.Before(Row(frame), choices); }
        }
    }

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var rest);
        var host = new FuzzedHost(isRouter: choices.Below(2) == 0);
        if (choices.Below(3) == 0) { host.Stack.Start(new DhcpClient(host.Eth), host.Now); }
        for (var frames = 0; frames < 60 && rest.Length >= 2; frames++)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(rest), rest.Length - 2);
            var frame = rest.Slice(2, length).ToArray();
            rest = rest[(2 + length)..];
            if (choices.Below(8) != 0) { Mend(frame); }
            host.Receive(frame);
            Require(host.Drain() <= 64, "one frame has more than 64 answers");
            if (choices.Below(4) == 0) { host.Pass(TimeSpan.FromMilliseconds(choices.Below(3_000))); }
        }
        for (var i = 0; i < 10; i++)
        {
            host.Pass(TimeSpan.FromSeconds(20));
            host.Drain();
        }
        Require(host.Frames.Outstanding is >= 0 and <= 900, $"{host.Frames.Outstanding} frames are still held");
        Require(host.Stack.Connections.Count() <= 6, "more connections than the backlog allows");
        Require(host.Stack.Routes.Count <= 200, "routes without a limit");
    }

    /// <summary>Puts right what an honest sender would: the lengths and checksums of IPv4, TCP, UDP, ICMP.</summary>
    private static void Mend(Span<byte> frame)
    {
        if (frame.Length < EthernetView.HeaderLength + Ipv4View.MinHeaderLength) { return; }
        Sample.Own.Write(frame);
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == (ushort)EtherType.Ipv6) { MendIpv6(frame[EthernetView.HeaderLength..]); }
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != (ushort)EtherType.Ipv4) { return; }
        var packet = frame[EthernetView.HeaderLength..];
        var headerLength = (packet[0] & 15) * 4;
        if (packet[0] >> 4 != 4 || headerLength < Ipv4View.MinHeaderLength || headerLength > packet.Length) { return; }
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)packet.Length);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], 0);
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], InternetChecksum.Compute(packet[..headerLength]));
        if (!Ipv4View.TryParse(packet, out var view, out _) || view.IsFragment) { return; }
        MendTransport(packet[headerLength..], view.Protocol, view.PseudoHeaderSum);
    }

    private static void MendIpv6(Span<byte> packet)
    {
        if (packet.Length < Ipv6View.HeaderLength) { return; }
        BinaryPrimitives.WriteUInt16BigEndian(packet[4..], (ushort)(packet.Length - Ipv6View.HeaderLength));
        if (!Ipv6View.TryParse(packet, out var view, out _) || view.IsFragment) { return; }
        MendTransport(packet[view.PayloadOffset..], view.Protocol, view.PseudoHeaderSum(view.Protocol, view.Payload.Length));
    }

    private static void MendTransport(Span<byte> transport, IpProtocol protocol, ulong pseudoHeader)
    {
        var at = protocol switch { IpProtocol.Tcp => 16, IpProtocol.Udp => 6, IpProtocol.Icmp or IpProtocol.Icmpv6 => 2, _ => -1 };
        if (at < 0 || transport.Length < at + 2) { return; }
        if (protocol == IpProtocol.Udp) { BinaryPrimitives.WriteUInt16BigEndian(transport[4..], (ushort)transport.Length); }
        BinaryPrimitives.WriteUInt16BigEndian(transport[at..], 0);
        var sum = InternetChecksum.Sum(transport) + (protocol == IpProtocol.Icmp ? 0 : pseudoHeader);
        while (sum > 0xFFFF) { sum = (sum & 0xFFFF) + (sum >> 16); }
        BinaryPrimitives.WriteUInt16BigEndian(transport[at..], (ushort)~sum);
    }

    private static byte[] Row(params byte[][] frames) => [.. frames.SelectMany(static frame => new byte[] { (byte)(frame.Length >> 8), (byte)frame.Length }.Concat(frame))];
}
