using Firstbyte.Fuzz.Running;
using Firstbyte.Packets;

namespace Firstbyte.Fuzz.Packets;

/// <summary>IPv6 packets with extension headers.</summary>
internal sealed class Ipv6Target : FuzzTarget
{
    public override string Name => "ipv6";

    public override string Holds => "no exception; every refusal has its flaw; extension headers and payload lie in the packet, in their order";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() => Sample.Frames().Where(static frame => frame[12] == 0x86).Select(static frame => frame[14..]);

    public override void Check(byte[] input)
    {
        if (Ipv6View.TryParseQuote(input, out var quote)) { Require(quote.PayloadOffset <= input.Length, "a quotation longer than what was quoted"); }
        if (!Ipv6View.TryParse(input, out var view, out var why))
        {
            Require(why != PacketFlaw.None, "a refusal without its flaw");
            return;
        }
        Require(view.Packet.Length <= input.Length && view.PayloadOffset is >= Ipv6View.HeaderLength && view.PayloadOffset <= view.Packet.Length, "the payload is elsewhere");
        Require(view.ProtocolPointer < view.PayloadOffset, "the number of the protocol stands behind it");
        Require(view.FragmentHeaderOffset == 0 || view.FragmentHeaderOffset + Ipv6Writer.FragmentHeaderLength <= view.PayloadOffset, "a fragment header outside the headers");
        Require(view.RoutingHeaderOffset < view.PayloadOffset && view.UnrecognizedOptionOffset < view.PayloadOffset, "a header outside the headers");
        Require(view.IsFragment == (view.FragmentHeaderOffset != 0 && (view.MoreFragments || view.FragmentOffset > 0)), "a fragment that is none");
        _ = (view.Source, view.Destination, view.Identification, view.UnrecognizedOptionAction, view.PseudoHeaderSum(view.Protocol, view.Payload.Length), view.TrafficClass, view.FlowLabel);
    }
}
