using System.Text;
using CsCheck;
using Firstbyte.Lines;
using Firstbyte.Sockets;

namespace Firstbyte.Tests.Sockets;

public class ReceiveBufferTests
{
    // The pool gives 16, 32, 64 … bytes for these.
    private static readonly ReceiveRoom Small = new(First: 16, Bulk: 64, Most: 128);

    [Fact]
    public void Whatever_is_received_is_consumed_once_and_in_order() =>
        Gen.Select(Gen.Byte.Array[0, 400], Gen.Select(Gen.Int[1, 40], Gen.Int[0, 40]).Array[1, 20]).Sample((wire, steps) =>
        {
            using var buffer = new ReceiveBuffer(Small);
            var consumed = new List<byte>();
            var sent = 0;
            for (var turn = 0; !buffer.HasEnded; turn++)
            {
                var (most, takes) = steps[turn % steps.Length];
                // A reader that takes nothing meets the limit; one with a limit of its own does not come to it.
                if (buffer.Length > 64) { takes = buffer.Length; }
                var room = buffer.Room();
                var count = Math.Min(Math.Min(most, room.Length), wire.Length - sent);
                wire.AsSpan(sent, count).CopyTo(room.Span);
                buffer.Add(count);
                sent += count;
                if (buffer.HasEnded) { takes = buffer.Length; }
                takes = Math.Min(takes, buffer.Length);
                consumed.AddRange(buffer.Span[..takes]);
                buffer.Consume(takes);
            }
            return consumed.SequenceEqual(wire) && buffer.Length == 0;
        });

    [Fact]
    public void Nothing_is_copied_while_everything_is_consumed()
    {
        using var buffer = new ReceiveBuffer(Small);
        buffer.Room().Span[..5].Fill(1);
        buffer.Add(5);
        buffer.Consume(5);
        Assert.Equal(16, buffer.Room().Length);
    }

    [Fact]
    public void A_stream_that_fills_the_room_is_read_in_longer_pieces()
    {
        using var buffer = new ReceiveBuffer(Small);
        buffer.Add(buffer.Room().Length);
        buffer.Consume(buffer.Length);
        Assert.Equal(64, buffer.Room().Length);
    }

    [Fact]
    public void What_is_left_of_a_line_moves_to_the_front_before_the_buffer_grows()
    {
        using var buffer = new ReceiveBuffer(Small);
        Receive(buffer, "first\r\nsecond li");
        Assert.Equal("first", Line(buffer, out _));
        // Nine bytes are left of sixteen.
        Assert.Equal(7, buffer.Room().Length);
        buffer.Add(0);
    }

    [Fact]
    public void It_grows_to_its_limit_and_no_further()
    {
        using var buffer = new ReceiveBuffer(Small);
        for (var length = 16; length <= 128; length *= 2)
        {
            buffer.Add(buffer.Room().Length);
            Assert.Equal(length, buffer.Length);
        }
        Assert.Throws<InvalidOperationException>(() => buffer.Room());
    }

    [Fact]
    public void Lines_are_read_as_they_come()
    {
        using var buffer = new ReceiveBuffer(Small);
        Receive(buffer, "220 rea");
        Assert.Null(Line(buffer, out _));
        Receive(buffer, "dy\r\n250");
        Assert.Equal("220 ready", Line(buffer, out var isBare));
        Assert.False(isBare);
        Assert.Null(Line(buffer, out _));
        Receive(buffer, " ok\n");
        Assert.Equal("250 ok", Line(buffer, out isBare));
        Assert.True(isBare);
        Assert.Equal(0, buffer.Length);
    }

    [Fact]
    public void A_line_that_is_too_long_stays()
    {
        using var buffer = new ReceiveBuffer(Small);
        Receive(buffer, "0123456789\r\n");
        Assert.Equal(LineStatus.TooLong, buffer.ReadLine(9, out var line, out _));
        Assert.Equal(0, line.Length);
        Assert.Equal(12, buffer.Length);
    }

    [Fact]
    public void More_cannot_be_consumed_than_there_is()
    {
        using var buffer = new ReceiveBuffer(Small);
        Receive(buffer, "abc");
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Consume(4));
        Assert.Throws<ArgumentOutOfRangeException>(() => buffer.Consume(-1));
    }

    [Fact]
    public void After_its_end_it_lends_no_room()
    {
        var buffer = new ReceiveBuffer(Small);
        buffer.Dispose();
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Room());
    }

    private static void Receive(ReceiveBuffer buffer, string text)
    {
        var bytes = Encoding.Latin1.GetBytes(text).AsSpan();
        while (bytes.Length > 0)
        {
            var room = buffer.Room().Span;
            var count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            buffer.Add(count);
            bytes = bytes[count..];
        }
    }

    private static string? Line(ReceiveBuffer buffer, out bool isBare) =>
        buffer.ReadLine(80, out var line, out isBare) == LineStatus.Line ? Encoding.Latin1.GetString(line) : null;
}
