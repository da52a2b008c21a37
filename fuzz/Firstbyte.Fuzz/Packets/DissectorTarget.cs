using Firstbyte.Fuzz.Running;
using Firstbyte.Packets;
using Firstbyte.Telling.Dissection;
using Firstbyte.Telling.Rows;
using Firstbyte.Telling.Story;

namespace Firstbyte.Fuzz.Packets;

/// <summary>Frames that somebody opens: the layers and their fields, bit by bit.</summary>
internal sealed class DissectorTarget : FuzzTarget
{
    public override string Name => "dissector";

    public override string Holds =>
        "no exception; layers lie in the frame, each behind the one before; fields cover each bit of their layer once; lines are few and can be printed; every text is the same again";

    public override IReadOnlyList<byte[]> Tokens => Sample.Tokens;

    public override IEnumerable<byte[]> Seeds() => Sample.Frames();

    public override void Check(byte[] input)
    {
        var layers = PacketDissector.Dissect(input);
        Require(layers.Count > 0 || input.Length == 0, "bytes without a layer");
        for (var i = 0; i < layers.Count; i++)
        {
            var layer = layers[i];
            Require(layer.Start == (i == 0 ? 0 : layers[i - 1].Start + layers[i - 1].Length), "a layer that does not begin where the one before ends");
            Require(layer.Length > 0 && layer.Start + layer.Length <= input.Length, "a layer outside the frame");
            var next = 0;
            foreach (var field in layer.Fields)
            {
                Require(field.Bit == next && field.Bits > 0, "a field that does not begin where the one before ends");
                next += field.Bits;
                Require(Printable.Text(field.Value.ToString()) == field.Value.ToString(), "a value that cannot be printed");
            }
            Require(next == layer.Length * 8, "fields that do not make their layer");
            Require(layer.Lines.Count <= PacketDissector.MaxLines, "more lines than are shown");
            Require(layer.Lines.All(static line => Printable.Text(line) == line), "a line that cannot be printed");
        }
        // Whose protocol a layer is, the readers of the hosts decide: what they refuse is data.
        if (EthernetView.TryParse(input, out var ethernet, out _) && ethernet.Type == EtherType.Ipv4)
        {
            Require(Ipv4View.TryParse(ethernet.Payload, out _, out _) == layers.Any(static layer => layer.Kind == LayerKind.Ipv4), "another packet than the hosts read");
        }
        Require(PacketDissector.Dissect(input).SelectMany(static layer => layer.Fields).Select(static field => field.Value.ToString())
            .SequenceEqual(layers.SelectMany(static layer => layer.Fields).Select(static field => field.Value.ToString())), "another text the second time");
    }
}
