using System.Buffers.Binary;
using Firstbyte.Sockets;
using Firstbyte.Sockets.Os;

namespace Firstbyte.Tests.Sockets;

/// <summary>struct tcp_info, laid out by hand as linux/tcp.h has it, from kernels of all ages.</summary>
public class TransportFiguresTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Each_figure_stands_where_the_kernel_writes_it(bool isLittleEndian)
    {
        var figures = LinuxTransportFigures.Of(Structure(isLittleEndian), isLittleEndian);
        Assert.Equal(new TransportFigures(1_500_000, 250_000, 900_000, 7, 120, 98, 10, 1448, 5_000_000_000, true), figures);
    }

    [Fact]
    public void What_an_older_kernel_does_not_know_is_nothing()
    {
        var figures = LinuxTransportFigures.Of(Structure(true).AsSpan(0, 104), true);
        Assert.Equal(new TransportFigures(1_500_000, 250_000, 0, 7, 0, 0, 10, 1448, 0, true), figures);
    }

    [Fact]
    public void A_structure_of_any_length_is_read_as_far_as_it_goes()
    {
        for (var length = 0; length <= 232; length++)
        {
            var figures = LinuxTransportFigures.Of(Structure(true).AsSpan(0, length), true);
            Assert.Equal(length >= 104, figures is not null);
        }
    }

    [Fact]
    public void Before_the_first_measurement_the_least_round_trip_is_none()
    {
        var info = Structure(true);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(148), uint.MaxValue);
        Assert.Equal(0, LinuxTransportFigures.Of(info, true)!.LeastRoundTripNanoseconds);
    }

    private static byte[] Structure(bool isLittleEndian)
    {
        var info = new byte[232];
        info[7] = (byte)(isLittleEndian ? 1 : 0x80);
        foreach (var (at, value) in ((int, uint)[])[(16, 1448), (68, 1500), (72, 250), (80, 10), (100, 7), (136, 120), (140, 98), (148, 900)])
        {
            if (isLittleEndian) { BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(at), value); }
            else { BinaryPrimitives.WriteUInt32BigEndian(info.AsSpan(at), value); }
        }
        if (isLittleEndian) { BinaryPrimitives.WriteUInt64LittleEndian(info.AsSpan(160), 5_000_000_000); }
        else { BinaryPrimitives.WriteUInt64BigEndian(info.AsSpan(160), 5_000_000_000); }
        return info;
    }
}
