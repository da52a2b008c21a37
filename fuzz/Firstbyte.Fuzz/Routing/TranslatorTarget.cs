using Firstbyte.Addressing;
using Firstbyte.Fuzz.Running;
using Firstbyte.Hashing;
using Firstbyte.Packets;
using Firstbyte.Routing.Nat;
using Firstbyte.Tracing;

namespace Firstbyte.Fuzz.Routing;

/// <summary>Any packet through an address translator, both ways.</summary>
internal sealed class TranslatorTarget : FuzzTarget
{
    private static readonly IpAddress Outside = IpAddress.Parse("203.0.113.7");

    public override string Name => "nat";

    public override string Holds => "nothing throws, what is refused stays as it was, what was right is right after it, and the table keeps its limit";

    public override IReadOnlyList<byte[]> Tokens => [[0, 0], [0xFF, 0xFF], [203, 0, 113, 7], [192, 168, 0, 10], [3, 3], [11, 0], [0x45]];

    public override IEnumerable<byte[]> Seeds() => new[] { Datagram(), Echo(), Error(Datagram()) }.SelectMany(static packet => new[] { FuzzChoices.Before(packet), FuzzChoices.Before(packet, 5) });

    public override void Check(byte[] input)
    {
        var random = FuzzChoices.Take(input, out var rest);
        var nat = new AddressTranslator(new NatSettings { MaxRows = 4 }, new SipKey(1, 2)) { Outside = Outside };
        var now = Instant.SimulationEpoch;
        nat.TranslateOut(Datagram(), now, out _, out _);
        while (!rest.IsEmpty)
        {
            var packet = rest[..(random.Below(rest.Length) + 1)].ToArray();
            rest = rest[packet.Length..];
            var before = packet.ToArray();
            var wasRight = IsRight(before);
            var verdict = random.Below(2) == 0 ? nat.TranslateOut(packet, now, out _, out _) : nat.TranslateIn(packet, now, out _);
            if (verdict != NatVerdict.Translated && !packet.AsSpan().SequenceEqual(before)) { throw new FuzzFindingException($"{verdict} has changed the packet"); }
            if (verdict == NatVerdict.Translated && wasRight && !IsRight(packet)) { throw new FuzzFindingException("a checksum is wrong after translation"); }
            if (nat.Count > 4) { throw new FuzzFindingException("more rows than allowed"); }
            now += TimeSpan.FromSeconds(random.Below(400));
            while (nat.TryExpire(now, out _)) { }
            if (nat.NextExpiry <= now) { throw new FuzzFindingException("an expired row is still there"); }
        }
    }

    private static bool IsRight(byte[] packet)
    {
        if (!Ipv4View.TryParse(packet, out var view, out _) || !view.IsChecksumValid) { return false; }
        return view.Protocol switch
        {
            IpProtocol.Icmp => IcmpView.TryParse(view.Payload, out var icmp, out _) && icmp.IsChecksumValid(),
            IpProtocol.Udp => view.Payload.Length >= UdpView.HeaderLength && (view.Payload[6] | view.Payload[7]) != 0 && InternetChecksum.IsValid(view.PseudoHeaderSum + InternetChecksum.Sum(view.Payload)),
            IpProtocol.Tcp => InternetChecksum.IsValid(view.PseudoHeaderSum + InternetChecksum.Sum(view.Payload)),
            _ => false,
        };
    }

    private static byte[] Seal(byte[] packet, string source, string target, IpProtocol protocol)
    {
        Ipv4Writer.Seal(packet, new Ipv4Header((uint)IpAddress.Parse(source).Bits, (uint)IpAddress.Parse(target).Bits, protocol));
        return packet;
    }

    private static byte[] Datagram()
    {
        var packet = new byte[40];
        UdpWriter.Seal(packet.AsSpan(20), 5_000, 53, IpAddress.Parse("192.168.0.10").Bits, IpAddress.Parse("198.51.100.80").Bits);
        return Seal(packet, "192.168.0.10", "198.51.100.80", IpProtocol.Udp);
    }

    private static byte[] Echo()
    {
        var packet = new byte[40];
        IcmpWriter.Seal(packet.AsSpan(20), IcmpType.Echo, 0, 0x0007_0001);
        return Seal(packet, "192.168.0.10", "198.51.100.80", IpProtocol.Icmp);
    }

    private static byte[] Error(byte[] about)
    {
        var packet = new byte[28 + about.Length];
        // As it looks outside: what a router there would quote.
        var nat = new AddressTranslator(new NatSettings(), new SipKey(1, 2)) { Outside = Outside };
        nat.TranslateOut(about, Instant.SimulationEpoch, out _, out _);
        about.CopyTo(packet, 28);
        IcmpWriter.Seal(packet.AsSpan(20), IcmpType.TimeExceeded, 0, 0);
        return Seal(packet, "198.51.100.1", "203.0.113.7", IpProtocol.Icmp);
    }
}
