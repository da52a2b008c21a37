using CsCheck;
using Firstbyte.Packets;

namespace Firstbyte.Tests.Packets;

/// <summary>A view over any bytes either names a flaw or can show every field.</summary>
public class AnyBytesTests
{
    [Fact]
    public void No_byte_string_makes_a_view_throw() =>
        Gen.Select(Gen.Byte.Array[0, 120], Gen.Int[0, 7]).Sample((bytes, shape) => ReadAll(Shape(bytes, shape)), iter: Depth.Of(20_000));

    // Random bytes seldom pass the first check; the first byte or two are set to what each view wants to see.
    private static byte[] Shape(byte[] bytes, int shape)
    {
        if (bytes.Length == 0) { return bytes; }
        switch (shape)
        {
            case 0: bytes[0] = 0x45; break;
            case 1: bytes[0] = 0x4F; break;
            case 2: bytes[0] = 0x60; if (bytes.Length > 5) { bytes[4] = 0; bytes[5] = (byte)Math.Max(0, bytes.Length - 40); } break;
            case 3: bytes[0] = 134; if (bytes.Length > 1) { bytes[1] = 0; } break;
            case 4: bytes[0] = 135; if (bytes.Length > 1) { bytes[1] = 0; } break;
            case 5: if (bytes.Length > 12) { bytes[12] = 0xF0; } break;
            default: break;
        }
        if (shape is 0 or 1 && bytes.Length > 3) { bytes[2] = 0; bytes[3] = (byte)bytes.Length; }
        if (shape == 2 && bytes.Length > 6) { bytes[6] = (bytes[6] & 3) switch { 0 => 0, 1 => 43, 2 => 44, _ => 60 }; }
        return bytes;
    }

    private static void ReadAll(byte[] bytes)
    {
        var sum = 0UL;
        if (EthernetView.TryParse(bytes, out var ethernet, out _)) { sum += ethernet.Destination.Bits + ethernet.Source.Bits + (ulong)ethernet.Type + (ulong)ethernet.Payload.Length; }
        if (ArpView.TryParse(bytes, out var arp, out _)) { sum += (ulong)arp.Operation + arp.SenderHardware.Bits + (ulong)arp.Sender.Bits + (ulong)arp.Target.Bits + arp.TargetHardware.Bits; }
        if (Ipv4View.TryParse(bytes, out var v4, out _) || Ipv4View.TryParseQuote(bytes, out v4))
        {
            sum += v4.TypeOfService + (ulong)v4.TotalLength + v4.Identification + (ulong)v4.FragmentOffset + v4.TimeToLive + v4.Checksum + v4.SourceBits + v4.DestinationBits + v4.PseudoHeaderSum + (ulong)v4.Payload.Length;
            var options = new OptionReader(v4.Options);
            while (options.Read()) { sum += options.Kind + (ulong)options.Data.Length; }
            Assert.Equal(v4.IsFragment, v4.MoreFragments || v4.FragmentOffset != 0);
        }
        if (Ipv6View.TryParse(bytes, out var v6, out _) || Ipv6View.TryParseQuote(bytes, out v6))
        {
            sum += v6.FlowLabel + v6.TrafficClass + v6.HopLimit + (ulong)v6.Payload.Length + (ulong)v6.FragmentOffset + v6.Identification + (ulong)v6.UnrecognizedOptionAction + (ulong)v6.SourceBits + (ulong)v6.DestinationBits;
            Assert.Equal(v6.IsFragment, v6.MoreFragments || v6.FragmentOffset != 0);
        }
        if (UdpView.TryParse(bytes, out var udp, out _)) { sum += udp.SourcePort + (ulong)udp.Payload.Length + udp.Checksum; _ = udp.IsChecksumValid(sum & 0xFFFFFF); }
        if (TcpView.TryParse(bytes, out var tcp, out _))
        {
            sum += tcp.Sequence + tcp.Acknowledgment + (ulong)tcp.Payload.Length + tcp.Flags;
            var options = new OptionReader(tcp.Options);
            while (options.Read()) { sum += options.Kind + (ulong)options.Data.Length; }
        }
        if (IcmpView.TryParse(bytes, out var icmp, out _)) { sum += icmp.Rest + icmp.Code + (ulong)icmp.Body.Length + icmp.NextHopMtu(false); }
        if (NdpView.TryParse(bytes, 255, out var ndp, out _))
        {
            var options = ndp.Options;
            while (options.Read())
            {
                sum += options.LinkLayerAddress.Bits + options.Mtu;
                if (options.Type == NdpOptionType.PrefixInformation) { sum += options.Prefix.Length; }
            }
            sum += ndp.Type switch
            {
                Icmpv6Type.RouterAdvertisement => ndp.CurrentHopLimit + ndp.ReachableTime + ndp.RetransTimer + ndp.RouterLifetime,
                Icmpv6Type.Redirect => (ulong)(ndp.Target + ndp.RedirectDestination),
                Icmpv6Type.RouterSolicitation => 1,
                _ => (ulong)ndp.Target,
            };
        }
        if (DhcpView.TryParse(bytes, out var dhcp, out _)) { sum += dhcp.TransactionId + (ulong)dhcp.MessageType; }
        GC.KeepAlive(sum);
    }
}
