using System.Text;
using Firstbyte.Ftp;

namespace Firstbyte.Tests.Ftp;

public sealed class FtpReplyReaderTests
{
    [Theory]
    [InlineData("220 ready\r\n", 220, "ready")]
    [InlineData("226\r\n", 226, "")]
    [InlineData("226 \r\n", 226, "")]
    [InlineData("220 bare line feed\n", 220, "bare line feed")]
    [InlineData("123-First line\r\nSecond line\r\n  234 A line beginning with numbers\r\n123 The last line\r\n", 123, "First line|Second line|  234 A line beginning with numbers|The last line")]
    [InlineData("220-a\r\n220-b\r\n220 c\r\n", 220, "a|b|c")]
    [InlineData("220-a\r\n221 not the end\r\n220\r\n", 220, "a|221 not the end|")]
    [InlineData("211-Features:\r\n SIZE\r\n MLST type*;\r\n211 End\r\n", 211, "Features:| SIZE| MLST type*;|End")]
    [InlineData("250 caf\u00e9\r\n", 250, "caf\u00e9")]
    public void Replies_are_read_whole_and_byte_by_byte(string wire, int code, string lines)
    {
        foreach (var step in (int[])[1, 3, int.MaxValue])
        {
            var reader = new FtpReplyReader();
            Assert.Equal(FtpReadStatus.Reply, Feed(reader, Encoding.UTF8.GetBytes(wire), step, ended: false, out var left));
            Assert.Equal(0, left);
            Assert.Equal(code, reader.Reply!.Code);
            Assert.Equal(lines, string.Join('|', reader.Reply.Lines));
        }
    }

    [Fact]
    public void Two_replies_in_one_piece_are_two()
    {
        var reader = new FtpReplyReader();
        var wire = "150 begins\r\n226 done\r\n"u8;
        Assert.Equal(FtpReadStatus.Reply, reader.Read(wire, false, out var consumed));
        Assert.Equal(12, consumed);
        Assert.Equal(150, reader.Reply!.Code);
        Assert.Equal(FtpReadStatus.Reply, reader.Read(wire[consumed..], false, out _));
        Assert.Equal(226, reader.Reply.Code);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_are_kept_one_by_one()
    {
        var reader = new FtpReplyReader();
        Assert.Equal(FtpReadStatus.Reply, reader.Read([.. "257 \""u8, 0xe4, 0xff, .. "\"\r\n"u8], false, out _));
        Assert.Equal("\"\u00e4\u00ff\"", reader.Reply!.Text);
    }

    [Theory]
    [InlineData("", FtpReplyFault.EndedBeforeReply)]
    [InlineData("22", FtpReplyFault.EndedInReply)]
    [InlineData("220-a\r\n", FtpReplyFault.EndedInReply)]
    [InlineData("220-a\r\n220", FtpReplyFault.EndedInReply)]
    [InlineData("\r\n", FtpReplyFault.NotAReply)]
    [InlineData("SSH-2.0-OpenSSH_9\r\n", FtpReplyFault.NotAReply)]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", FtpReplyFault.NotAReply)]
    [InlineData("2200 x\r\n", FtpReplyFault.NotAReply)]
    [InlineData("22\r\n", FtpReplyFault.NotAReply)]
    [InlineData(" 220 x\r\n", FtpReplyFault.NotAReply)]
    [InlineData("220\tx\r\n", FtpReplyFault.NotAReply)]
    [InlineData("099 x\r\n", FtpReplyFault.CodeUnknown)]
    [InlineData("600 x\r\n", FtpReplyFault.CodeUnknown)]
    public void What_is_no_reply_is_a_fault_and_stays_one(string wire, FtpReplyFault fault)
    {
        foreach (var step in (int[])[1, int.MaxValue])
        {
            var reader = new FtpReplyReader();
            Assert.Equal(FtpReadStatus.Fault, Feed(reader, Encoding.UTF8.GetBytes(wire), step, ended: true, out _));
            Assert.Equal(fault, reader.Fault);
            Assert.Equal(FtpReadStatus.Fault, reader.Read("220 now\r\n"u8, false, out var consumed));
            Assert.Equal(0, consumed);
        }
    }

    [Fact]
    public void Limits_hold_at_their_last_byte()
    {
        var longest = Encoding.ASCII.GetBytes("220 " + new string('x', FtpLimits.ReplyLine - 4) + "\r\n");
        Assert.Equal(FtpReadStatus.Reply, new FtpReplyReader().Read(longest, false, out _));
        Assert.Equal(FtpReplyFault.LineTooLong, FaultOf("220 " + new string('x', FtpLimits.ReplyLine - 3) + "\r\n"));
        Assert.Equal(FtpReplyFault.LineTooLong, FaultOf(new string('2', FtpLimits.ReplyLine + 2)));
        var most = "220-\r\n" + string.Concat(Enumerable.Repeat("a\r\n", FtpLimits.ReplyLines - 2)) + "220 z\r\n";
        Assert.Equal(FtpReadStatus.Reply, new FtpReplyReader().Read(Encoding.ASCII.GetBytes(most), false, out _));
        Assert.Equal(FtpReplyFault.TooLong, FaultOf("220-\r\n" + string.Concat(Enumerable.Repeat("a\r\n", FtpLimits.ReplyLines))));
        Assert.Equal(FtpReplyFault.TooLong, FaultOf("220-\r\n" + string.Concat(Enumerable.Repeat(new string('y', 8000) + "\r\n", 9))));
    }

    private static FtpReplyFault FaultOf(string wire)
    {
        var reader = new FtpReplyReader();
        Assert.Equal(FtpReadStatus.Fault, reader.Read(Encoding.ASCII.GetBytes(wire), false, out _));
        return reader.Fault;
    }

    private static FtpReadStatus Feed(FtpReplyReader reader, byte[] wire, int step, bool ended, out int left)
    {
        var (start, end) = (0, 0);
        while (true)
        {
            end = (int)Math.Min(wire.Length, (long)end + step);
            var status = reader.Read(wire.AsSpan(start, end - start), ended && end == wire.Length, out var consumed);
            start += consumed;
            left = wire.Length - start;
            if (status != FtpReadStatus.NeedMore || end == wire.Length) { return status; }
        }
    }
}
