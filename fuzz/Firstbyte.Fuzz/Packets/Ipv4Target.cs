using Firstbyte.Fuzz.Running;
using Firstbyte.Packets;

namespace Firstbyte.Fuzz.Packets;

/// <summary>IPv4 packets.</summary>
internal sealed class Ipv4Target : FuzzTarget
{
    public override string Name => "ipv4";

    public override string Holds => "no exception; every refusal has its flaw; header, options and payload lie in the packet; forwarding keeps a right checksum right";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() =>
    [
        Sample.V4(IpProtocol.Udp, Sample.Udp(Sample.PeerV4, Sample.OwnV4, 1, 2, 3)), Sample.V4(IpProtocol.Icmp, new byte[8], static h => h with { MoreFragments = true, TimeToLive = 1 }),
        [0x47, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 2, 192, 0, 2, 1, 7, 7, 4, 192, 0, 2, 1, 0],
    ];

    public override void Check(byte[] input)
    {
        if (Ipv4View.TryParseQuote(input, out var quote)) { Require(quote.HeaderLength + quote.Payload.Length <= input.Length, "a quotation longer than what was quoted"); }
        if (!Ipv4View.TryParse(input, out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        Require(view.TotalLength <= input.Length && view.HeaderLength + view.Payload.Length == view.TotalLength, "the parts do not make the packet");
        Require(view.FragmentOffset + view.Payload.Length <= ushort.MaxValue + 8 * 0x1FFF, "beyond every packet");
        Require(view.IsFragment == (view.MoreFragments || view.FragmentOffset > 0), "a fragment that is none");
        _ = (view.Source, view.Destination, view.PseudoHeaderSum, view.TypeOfService);
        var options = new OptionReader(view.Options);
        var read = 0;
        while (options.Read()) { read += options.Data.Length + 1; }
        Require(read <= view.Options.Length, "options longer than their room");
        if (view.TimeToLive == 0 || !view.IsChecksumValid) { return; }
        var forwarded = view.Packet.ToArray();
        Ipv4Writer.DecrementTimeToLive(forwarded);
        Require(Ipv4View.TryParse(forwarded, out var next, out _) && next.IsChecksumValid && next.TimeToLive == view.TimeToLive - 1, "forwarding spoils the header");
    }
}
