using Firstbyte.Captures;
using Firstbyte.Fuzz.Running;

namespace Firstbyte.Fuzz.Captures;

/// <summary>Capture files.</summary>
internal sealed class CaptureTarget : FuzzTarget
{
    public override string Name => "pcapng";

    public override string Holds => "no exception; blocks move forward; every interface that a packet names exists";

    public override int MaximumLength => 8192;

    public override IReadOnlyList<byte[]> Tokens => [[0x0A, 0x0D, 0x0D, 0x0A], [0x4D, 0x3C, 0x2B, 0x1A], [0x1A, 0x2B, 0x3C, 0x4D], [1, 0, 0, 0], [6, 0, 0, 0], [28, 0, 0, 0], [32, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF]];

    public override IEnumerable<byte[]> Seeds() =>
    [
        [0x0A, 0x0D, 0x0D, 0x0A, 28, 0, 0, 0, 0x4D, 0x3C, 0x2B, 0x1A, 1, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255, 28, 0, 0, 0,
         1, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 4, 0, 20, 0, 0, 0,
         6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 9, 9, 0, 0, 36, 0, 0, 0],
    ];

    public override void Check(byte[] input)
    {
        var reader = new PcapngReader(input);
        for (var blocks = 0; reader.Read(); blocks++)
        {
            Require(blocks <= input.Length / 12, "more blocks than fit");
            Require(reader.Interfaces.Count <= PcapngReader.MaxInterfaces, "interfaces without a limit");
            Require(reader.Data.Length <= input.Length, "data from elsewhere");
            _ = (reader.Comment, reader.Direction, reader.Dropped);
        }
    }
}
