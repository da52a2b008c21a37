using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Wire;
using Firstbyte.Packets;
using Firstbyte.Simulation.Elements;

namespace Firstbyte.Labs.Attackers;

/// <summary>Listens on a hub: its card keeps what is not for it, and a question of the victim for the name is answered before the real server can.</summary>
/// <remarks>
/// It sees the question, so it knows the id, the port and the case of every letter: nothing of what protects against guessing is of any
/// use (RFC 5452 section 2).
/// </remarks>
internal sealed class Eavesdropper(Forgery forgery, Internet internet, Plug plug, IFramePort card) : IFramePort
{
    public static void Listen(Forgery forgery, Internet internet, SimulatedHost host)
    {
        foreach (var plug in host.Plugs)
        {
            if (plug.Wire.A.Port is { } card) { plug.Wire.A.Port = new Eavesdropper(forgery, internet, plug, card); }
        }
    }

    public void Receive(Frame frame)
    {
        if (TryHear(frame.Span, out var asked))
        {
            plug.Wire.A.Send(
                ForgedAnswer.Make(
                    internet.Frames, asked.Asker, plug.Interface.Hardware, asked.Server, asked.Resolver, asked.Id, asked.Question,
                    forgery.Answer));
        }
        card.Receive(frame);
    }

    public void OnCarrier(bool hasCarrier) => card.OnCarrier(hasCarrier);

    private bool TryHear(ReadOnlySpan<byte> frame, out Asked asked)
    {
        asked = default;
        if (!EthernetView.TryParse(frame, out var ethernet, out _) || ethernet.Source == plug.Interface.Hardware
            || !Ipv4View.TryParse(ethernet.Payload, out var packet, out _) || packet.Source != forgery.Resolver || packet.Protocol != IpProtocol.Udp
            || !UdpView.TryParse(packet.Payload, out var datagram, out _) || datagram.DestinationPort != Forgery.DnsPort
            || !MessageView.TryRead(datagram.Payload, out var message, out _) || message.Header.IsResponse
                || !message.TryGetQuestion(out var question)) { return false; }
        var wanted = question.ToQuestion();
        if (wanted.Name != forgery.Name || wanted.Type != RecordType.A) { return false; }
        asked = new Asked(
            ethernet.Source, new Endpoint(packet.Destination, datagram.DestinationPort), new Endpoint(packet.Source, datagram.SourcePort),
            message.Header.Id, wanted);
        return true;
    }

    private readonly record struct Asked(MacAddress Asker, Endpoint Server, Endpoint Resolver, ushort Id, Question Question);
}
