using System.Buffers;
using System.Security.Cryptography;
using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Captures;
using Firstbyte.Tracing;

namespace Firstbyte.Tests.Captures;

public class PcapngTests
{
    private static byte[] Sample()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output, "firstbyte", "lab two-subnets, seed 42");
        var alice = writer.AddInterface("alice-lan", description: "alice's end of the hub", bitsPerSecond: 100_000_000);
        var tun = writer.AddInterface("tun0", CaptureLinkType.RawIp);
        writer.AddName(IpAddress.Parse("192.0.2.226"), "www.lab.glasscom.com", "www");
        writer.AddName(IpAddress.Parse("2001:db8::1"), "gate");
        writer.AddTlsSecrets("CLIENT_RANDOM 00 11\n"u8);
        writer.WritePacket(alice, Instant.SimulationEpoch.PlusNanoseconds(1), [1, 2, 3, 4, 5], CaptureDirection.Outbound, "RFC 826: who has it?");
        writer.WritePacket(tun, Instant.SimulationEpoch.PlusNanoseconds(2), [0x45]);
        writer.WriteDropped(alice, Instant.SimulationEpoch.PlusNanoseconds(3), [9], "the queue was full");
        writer.WriteDropped(alice, Instant.SimulationEpoch.PlusNanoseconds(4), [8], "the link was down", CaptureDirection.Inbound);
        writer.Complete(Instant.SimulationEpoch.PlusNanoseconds(5));
        return output.WrittenSpan.ToArray();
    }

    [Fact]
    public void What_is_written_is_read()
    {
        var reader = new PcapngReader(Sample());
        Assert.True(reader.Read());
        Assert.Equal((PcapngBlockType.SectionHeader, "lab two-subnets, seed 42"), (reader.Type, reader.Comment));
        var seen = new List<string>();
        while (reader.Read())
        {
            seen.Add(reader.Type switch
            {
                PcapngBlockType.EnhancedPacket => $"{reader.Interfaces[reader.InterfaceNumber].Name} +{reader.At.Nanoseconds - Instant.SimulationEpoch.Nanoseconds} {Convert.ToHexString(reader.Data)} {reader.Direction} {reader.Comment}",
                PcapngBlockType.Statistics => $"statistics of {reader.Interfaces[reader.InterfaceNumber].Name}: {reader.Dropped} dropped",
                PcapngBlockType.DecryptionSecrets => System.Text.Encoding.ASCII.GetString(reader.Data).Trim(),
                PcapngBlockType.Interface => $"interface {reader.Interfaces[^1].Name} {reader.Interfaces[^1].LinkType}",
                _ => reader.Type.ToString(),
            });
        }
        Assert.False(reader.IsBroken);
        Assert.Equal("""
            interface alice-lan Ethernet
            interface tun0 RawIp
            NameResolution
            NameResolution
            CLIENT_RANDOM 00 11
            alice-lan +1 0102030405 Outbound RFC 826: who has it?
            tun0 +2 45 Unknown 
            interface alice-lan:dropped Ethernet
            alice-lan:dropped +3 09 Unknown the queue was full
            alice-lan:dropped +4 08 Inbound the link was down
            statistics of alice-lan: 2 dropped
            statistics of tun0: 0 dropped
            """, string.Join('\n', seen));
    }

    [Fact]
    public void The_same_calls_give_the_same_bytes() => Assert.Equal(SHA256.HashData(Sample()), SHA256.HashData(Sample()));

    [Fact]
    public void A_capture_cut_off_behind_any_block_is_a_good_capture_and_inside_a_block_a_broken_one()
    {
        var whole = Sample();
        var borders = new HashSet<int>();
        for (var at = 0; at < whole.Length; at += BitConverter.ToInt32(whole, at + 4)) { borders.Add(at); }
        for (var cut = 1; cut < whole.Length; cut++)
        {
            var reader = new PcapngReader(whole.AsSpan(0, cut));
            while (reader.Read()) { }
            Assert.Equal(!borders.Contains(cut), reader.IsBroken);
        }
    }

    [Fact]
    public void A_changed_capture_never_makes_the_reader_throw()
    {
        var whole = Sample();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length - 1], Gen.Byte).Sample((first, a, second, b) =>
        {
            var changed = (byte[])whole.Clone();
            changed[first] = a;
            changed[second] = b;
            var reader = new PcapngReader(changed);
            var blocks = 0;
            while (reader.Read())
            {
                _ = (reader.Comment, reader.Direction, reader.Dropped, reader.At);
                blocks++;
            }
            return blocks <= 13;
        }, iter: Depth.Of(5_000));
    }

    [Fact]
    public void A_comment_too_long_for_an_option_is_cut_at_a_character()
    {
        var output = new ArrayBufferWriter<byte>();
        var writer = new PcapngWriter(output, "firstbyte", "x" + new string('é', 40_000));
        writer.AddInterface("a");
        var reader = new PcapngReader(output.WrittenSpan);
        Assert.True(reader.Read());
        Assert.Equal("x" + new string('é', 32_767), reader.Comment);
        Assert.True(reader.Read());
        Assert.False(reader.Read());
        Assert.False(reader.IsBroken);
    }
}
