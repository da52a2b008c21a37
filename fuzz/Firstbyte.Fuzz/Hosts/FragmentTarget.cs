using Firstbyte.Fuzz.Packets;
using Firstbyte.Fuzz.Running;
using Firstbyte.Packets;

namespace Firstbyte.Fuzz.Hosts;

/// <summary>Fragments of one datagram, in any order: three bytes of the input say where each begins, how long it is, and what is wrong with it.</summary>
internal sealed class FragmentTarget : FuzzTarget
{
    private const int Units = 32;

    private static readonly byte[] s_datagram = Sample.Udp(Sample.PeerV4, Sample.OwnV4, [.. Enumerable.Range(0, 8 * Units - UdpView.HeaderLength).Select(static i => (byte)(i * 7 + i / 5))]);

    public override string Name => "fragments";

    public override string Holds => "what is delivered is what was sent, once; fragments that cover it without an overlap deliver it; frames and time are given back";

    public override int MaximumLength => 600;

    public override IReadOnlyList<byte[]> Tokens => [[0, Units, 0], [0, Units / 2, 0, Units / 2, Units / 2, 0], [Units - 1, 1, 0], [0, 1, 1], [0, 1, 2]];

    public override IEnumerable<byte[]> Seeds() =>
    [
        [0, Units, 0], [0, 16, 0, 16, 16, 0], [24, 8, 0, 0, 8, 0, 8, 8, 0, 16, 8, 0], [0, 16, 0, 8, 16, 0, 24, 8, 0], [0, 16, 0, 0, 16, 0, 16, 16, 0], [0, 16, 1, 16, 16, 0, 16, 16, 2],
        [.. Enumerable.Range(0, Units).SelectMany(static i => new byte[] { (byte)(Units - 1 - i), 1, 0 })],
    ];

    public override void Check(byte[] input)
    {
        var host = new FuzzedHost(isRouter: false);
        var ranges = new List<(int Start, int End)>();
        var isHonest = true;
        var isForged = false;
        for (var at = 0; at + 3 <= input.Length; at += 3)
        {
            var start = input[at] % Units;
            var end = Math.Min(Units, start + 1 + (input[at + 1] + Units - 1) % Units);
            var flaw = input[at + 2] & 7;
            var payload = s_datagram.AsSpan(8 * start, 8 * (end - start)).ToArray();
            // 1: other bytes. 2: a last fragment that is marked as not the last, or the other way round. 4: one byte short.
            if (flaw == 1) { payload[0] ^= 1; }
            isForged |= flaw == 1;
            if (flaw == 4) { payload = payload[..^1]; }
            var more = end < Units ^ flaw == 2;
            isHonest &= flaw is not (1 or 2 or 4) && !ranges.Exists(range => range != (start, end) && range.Start < end && start < range.End);
            if (!ranges.Contains((start, end))) { ranges.Add((start, end)); }
            host.Receive(Sample.Ethernet(EtherType.Ipv4, Sample.V4(IpProtocol.Udp, payload, header => header with { Identification = 5, FragmentOffset = 8 * start, MoreFragments = more })));
        }
        var covered = ranges.Sum(static range => range.End - range.Start) == Units;
        var delivered = 0;
        var buffer = new byte[2048];
        while (host.Mailbox.IsReadable)
        {
            host.Mailbox.Receive(buffer, out var length, out _);
            // Two forgeries may cancel each other in the checksum: then what is delivered is what they made.
            Require(isForged || buffer.AsSpan(0, length).SequenceEqual(s_datagram.AsSpan(UdpView.HeaderLength)), "another datagram is delivered than was sent");
            delivered++;
        }
        Require(!isHonest || !covered || delivered > 0, "all fragments have come, and nothing is delivered");
        host.Drain();
        host.Pass(TimeSpan.FromSeconds(100));
        host.Drain();
        Require(host.Frames.Outstanding == 0, $"{host.Frames.Outstanding} frames are held after the time for reassembly is over");
    }
}
