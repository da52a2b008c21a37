using Firstbyte.Dns.Wire;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Dns;

/// <summary>DNS messages in a stream, however its bytes are cut.</summary>
internal sealed class StreamTarget : FuzzTarget
{
    public override string Name => "dns-stream";

    public override string Holds => "the same messages and the same end come out however the stream is cut, and every byte is consumed once";

    public override IReadOnlyList<byte[]> Tokens => [[0, 0], [0, 1], [0xFF, 0xFF], [0, 12]];

    public override IEnumerable<byte[]> Seeds() => [FuzzChoices.Before([0, 3, 1, 2, 3, 0, 1, 9]), FuzzChoices.Before([0, 0, 0, 5, 1, 2, 3, 4, 5]), FuzzChoices.Before([0, 200, 1])];

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var wire);
        var whole = Read(wire, null);
        var cut = Read(wire, choices);
        Require(whole == cut, $"whole: {whole}, cut: {cut}");
        Require(whole.Bytes == wire.Length || whole.End == DnsStreamEventKind.Cut, "bytes are left behind after an orderly end");
    }

    private static Outcome Read(ReadOnlySpan<byte> wire, FuzzChoices? choices)
    {
        var (start, available, messages, hash) = (0, choices is null ? wire.Length : 0, 0, 17L);
        while (true)
        {
            var next = DnsStreamReader.Read(wire[start..available], available == wire.Length, out var consumed);
            Require(consumed >= 0 && consumed <= available - start, "more is consumed than was given");
            switch (next.Kind)
            {
                case DnsStreamEventKind.Message:
                    Require(next.Start + next.Length <= consumed, "a message outside of what was consumed");
                    foreach (var value in wire.Slice(start + next.Start, next.Length)) { hash = hash * 31 + value; }
                    messages++;
                    break;
                case DnsStreamEventKind.NeedMore:
                    Require(available < wire.Length, "needs more after the end");
                    Require(next.Length > available - start, "needs no more than it has");
                    available = Math.Min(wire.Length, available + 1 + choices!.Below(choices.Below(4) == 0 ? 300 : 3));
                    break;
                default: return new Outcome(next.Kind, messages, hash, start);
            }
            start += consumed;
        }
    }

    private readonly record struct Outcome(DnsStreamEventKind End, int Messages, long Hash, int Bytes);
}
