using CsCheck;
using Firstbyte.Addressing;
using Firstbyte.Dns.Records;
using Firstbyte.Dns.Serving;
using Firstbyte.Dns.Wire;
using Firstbyte.Dns.Zones;
using Firstbyte.Tests.Dns.Zones;

namespace Firstbyte.Tests.Dns.Wire;

/// <summary>Messages that lie: each is refused with its flaw and place, in bounded time, without an exception.</summary>
public class MutatedMessageTests
{
    private static readonly byte[] Header = [0, 1, 0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0];

    [Fact]
    public void A_message_without_its_header_is_no_message()
    {
        for (var length = 0; length < 12; length++) { Expect(MessageFault.HeaderCut, length, new byte[length]); }
    }

    [Fact]
    public void A_pointer_must_point_backwards()
    {
        Expect(MessageFault.NamePointerForward, 12, Question(0xC0, 12));
        Expect(MessageFault.NamePointerForward, 12, Question(0xC0, 14));
        Expect(MessageFault.NamePointerForward, 14, Question(1, (byte)'a', 0xC0, 12));
        // Into the header.
        Expect(MessageFault.NamePointerForward, 12, Question(0xC0, 0));
        Expect(MessageFault.NamePointerForward, 12, Question(0xFF, 0xFF));
    }

    [Fact]
    public void Two_pointers_that_point_at_each_other_end()
    {
        // The first record's data, at 28, holds two pointers at each other; the second record's owner points into it.
        byte[] message =
        [
            .. Header, 0, 0, 1, 0, 1,
            0, 0, 255, 0, 1, 0, 0, 0, 0, 0, 4, 0xC0, 30, 0xC0, 28,
            0xC0, 30, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0,
        ];
        message[7] = 2;
        Expect(MessageFault.NamePointerForward, 28, message);
    }

    [Fact]
    public void A_chain_of_pointers_ends_at_its_limit()
    {
        var message = new List<byte>(Header) { 0, 0, 1, 0, 1 };
        // One record whose data is a ladder of pointers, each to the one before it; the last owner stands on its top.
        message.AddRange([0, 255, 0, 0, 1, 0, 0, 0, 0]);
        var start = message.Count + 2;
        var ladder = new List<byte> { 0 };
        const int Rungs = CompressedName.MaxPointers;
        for (var i = 0; i < Rungs; i++)
        {
            var target = i == 0 ? start : start + 1 + 2 * (i - 1);
            ladder.AddRange([(byte)(0xC0 | target >> 8), (byte)target]);
        }
        message.AddRange([(byte)(ladder.Count >> 8), (byte)ladder.Count, .. ladder]);
        var top = start + 1 + 2 * (Rungs - 1);
        message[7] = 2;
        byte[] tail = [0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
        Assert.True(MessageView.TryRead([.. message, (byte)(0xC0 | (top - 2) >> 8), (byte)(top - 2), .. tail], out _, out _));
        Expect(MessageFault.NamePointerChain, start + 1, [.. message, (byte)(0xC0 | top >> 8), (byte)top, .. tail]);
    }

    /// <summary>Two bytes are enough to name a name of 126 labels: a long message would be walked for as long as it takes to answer ten thousand others.</summary>
    [Fact]
    public void Names_behind_pointers_are_walked_to_a_limit()
    {
        byte[] name = [.. Enumerable.Repeat((byte[])[1, 97], 126).SelectMany(static label => label), 0];
        byte[] record = [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0];
        Assert.True(MessageView.TryRead(Message(MessageView.MaxLabels / 126), out _, out _));
        Assert.False(MessageView.TryRead(Message(MessageView.MaxLabels / 126 + 1), out _, out var error));
        Assert.Equal(MessageFault.TooManyLabels, error.Fault);
        // Of a server the limit is nearer, and it answers all the same.
        Assert.Equal(ResponseCode.Refused, CodeOf(Message(MessageView.MaxRequestLabels / 126)));
        Assert.Equal(ResponseCode.FormatError, CodeOf(Message(MessageView.MaxRequestLabels / 126 + 1)));

        static ResponseCode CodeOf(byte[] query)
        {
            var zone = ZoneTests.Load("zone.test.", "@ SOA ns h 7 2 3 4 5\n@ NS ns\nns A 192.0.2.1");
            var response = new byte[MessageView.MaxLength];
            var client = new QuerySource(new Endpoint(IpAddress.Parse("192.0.2.9"), 5353), DnsTransport.Tcp);
            var length = new AuthoritativeServer(new ZoneSet(zone)).Answer(query, client, response);
            Assert.True(DnsMessage.TryParse(response.AsSpan(0, length), out var answer, out _));
            return answer.ResponseCode;
        }

        byte[] Message(int records) =>
            [0, 7, 1, 0, 0, 1, (byte)(records >> 8), (byte)records, 0, 0, 0, 0, .. name, 0, 1, 0, 1, .. Enumerable.Repeat(record, records).SelectMany(static one => one)];
    }

    [Fact]
    public void A_name_of_256_bytes_is_too_long_however_it_is_put_together()
    {
        var label = new byte[64];
        label[0] = 63;
        byte[] four = [.. label, .. label, .. label, .. label, 0];
        Assert.False(MessageView.TryRead(Question(four), out _, out var error));
        Assert.Equal(MessageFault.NameTooLong, error.Fault);
        byte[] fits = [.. label, .. label, .. label, 61, .. new byte[61], 0];
        Assert.True(MessageView.TryRead(Question(fits), out _, out _));

        // The same by a pointer: one more label before a name of 255 bytes.
        var message = Question(fits).ToList();
        message[7] = 1;
        message.AddRange([1, (byte)'a', 0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0]);
        Assert.False(MessageView.TryRead([.. message], out _, out error));
        Assert.Equal(MessageFault.NameTooLong, error.Fault);
    }

    [Theory]
    [InlineData(0x40)]
    [InlineData(0x80)]
    public void A_label_of_an_unknown_kind_is_refused(byte kind) => Expect(MessageFault.NameLabelType, 12, Question(kind, 0));

    [Fact]
    public void Every_cut_of_a_message_is_noticed()
    {
        var bytes = MessageTests.Rich.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.False(MessageView.TryRead(bytes.AsSpan(0, length), out _, out var error));
            Assert.NotEqual(MessageFault.None, error.Fault);
            Assert.InRange(error.Offset, 0, length);
        }
    }

    [Fact]
    public void Counts_that_lie_are_noticed()
    {
        foreach (var at in new[] { 4, 6, 8, 10 })
        {
            var bytes = MessageTests.Rich.ToArray();
            bytes[at] = 0xFF;
            Assert.False(MessageView.TryRead(bytes, out _, out _));
        }
    }

    [Fact]
    public void Rdlength_beyond_the_message_is_noticed_at_its_place()
    {
        byte[] message = [.. Header, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 5, 1, 2, 3, 4];
        message[7] = 1;
        Expect(MessageFault.RecordDataCut, 26, message);
    }

    [Fact]
    public void A_record_with_malformed_data_does_not_hide_the_others()
    {
        var good = MessageTests.Record("a.example", new AddressData(IpAddress.Parse("192.0.2.1")));
        var bytes = new DnsMessage { Answers = [good, good] }.ToArray();
        // The first record's type becomes AAAA, for which 4 bytes are too few.
        bytes[12 + 11 + 1] = 28;
        Assert.True(MessageView.TryRead(bytes, out var view, out _));
        var read = new List<DnsRecord>();
        foreach (var record in view.Answers)
        {
            if (record.TryGetRecord(out var value)) { read.Add(value); }
        }
        Assert.Equal([good], read);
        Assert.False(DnsMessage.TryParse(bytes, out _, out var error));
        Assert.Equal(MessageFault.RecordDataMalformed, error.Fault);
    }

    [Fact]
    public void A_name_in_rdata_must_end_where_the_rdata_ends()
    {
        byte[] Message(params byte[] data) => [0, 1, 0x80, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 5, 0, 1, 0, 0, 0, 0, 0, (byte)data.Length, .. data];
        Assert.True(DnsMessage.TryParse(Message(1, (byte)'a', 0), out _, out _));
        Assert.False(DnsMessage.TryParse(Message(1, (byte)'a'), out _, out _));
        Assert.False(DnsMessage.TryParse(Message(1, (byte)'a', 0, 0), out _, out _));
        Assert.False(DnsMessage.TryParse(Message(), out _, out _));
        Assert.True(MessageView.TryRead(Message(1, (byte)'a', 0, 0), out var view, out _));
        foreach (var record in view.Answers) { Assert.False(record.TryGetTarget(out _)); }
    }

    [Fact]
    public void Opt_stands_once_at_the_root_in_the_additional_section_with_whole_options()
    {
        byte[] opt = [0, 0, 41, 4, 208, 0, 0, 0, 0, 0, 0];
        byte[] Message(byte answers, byte additionals, params byte[] records) => [0, 1, 0, 0, 0, 0, 0, answers, 0, 0, 0, additionals, .. records];
        Assert.True(MessageView.TryRead(Message(0, 1, opt), out var view, out _));
        Assert.Equal(1232, view.Edns.PayloadSize);
        Expect(MessageFault.OptMisplaced, 12, Message(1, 0, opt));
        Expect(MessageFault.OptMisplaced, 23, Message(0, 2, [.. opt, .. opt]));
        Expect(MessageFault.OptMisplaced, 12, Message(0, 1, [1, (byte)'a', .. opt]));
        Expect(MessageFault.OptOptions, 12, Message(0, 1, [.. opt[..10], 3, 0, 1, 0]));
        Expect(MessageFault.OptOptions, 12, Message(0, 1, [.. opt[..10], 5, 0, 1, 0, 2, 9]));

        byte[] many = new byte[4 * (EdnsView.MaxOptions + 1)];
        Expect(MessageFault.OptOptions, 12, Message(0, 1, [.. opt[..9], (byte)(many.Length >> 8), (byte)many.Length, .. many]));
        many = new byte[4 * EdnsView.MaxOptions];
        Assert.True(MessageView.TryRead(Message(0, 1, [.. opt[..9], (byte)(many.Length >> 8), (byte)many.Length, .. many]), out _, out _));
    }

    [Fact]
    public void No_bytes_make_a_reader_throw() =>
        Gen.Select(Gen.Int[0, 5], Gen.Select(Gen.Int[0, 600], Gen.Byte).Array[0, 12], Gen.Byte.Array[0, 300]).Sample((choice, changes, noise) =>
        {
            var bytes = choice == 0 ? noise : MessageTests.Rich.ToArray();
            foreach (var (at, value) in changes)
            {
                if (at < bytes.Length) { bytes[at] = value; }
            }
            DnsMessageExercise.Read(bytes);
        }, iter: Depth.Of(3000));

    private static byte[] Question(params byte[] name) => [.. Header, .. name, 0, 1, 0, 1];

    private static void Expect(MessageFault flaw, int offset, byte[] message)
    {
        Assert.False(MessageView.TryRead(message, out _, out var error));
        Assert.Equal(new MessageError(flaw, offset), error);
    }
}

/// <summary>Reads everything that can be read of a message and checks what must hold for any bytes.</summary>
internal static class DnsMessageExercise
{
    public static void Read(ReadOnlySpan<byte> bytes)
    {
        if (!MessageView.TryRead(bytes, out var view, out var error))
        {
            if (error.Fault == MessageFault.None || error.Offset > bytes.Length) { throw new InvalidOperationException($"a refusal without reason: {error}"); }
            return;
        }
        foreach (var question in view.Questions) { question.ToQuestion(); }
        Span<byte> room = new byte[MessageView.MaxLength + 1024];
        foreach (var section in (ReadOnlySpan<MessageSection>)[MessageSection.Answer, MessageSection.Authority, MessageSection.Additional])
        {
            foreach (var record in view.Records(section))
            {
                record.TryGetAddress(out _);
                record.TryGetNegativeTtl(out _);
                if (record.TryGetTarget(out var target)) { target.ToName(); }
                var expanded = record.TryExpandData(room, out var length);
                if (record.TryGetRecord(out var value) && (!expanded || !value.RawData.SequenceEqual(room[..length]))) { throw new InvalidOperationException("two readings differ"); }
            }
        }
        if (!DnsMessage.TryParse(bytes, out var message, out _)) { return; }
        // What was read can be written, and reads the same.
        var written = message.ToArray();
        if (!DnsMessage.TryParse(written, out var again, out error) || !again.IsTruncated && !again.Answers.SequenceEqual(message.Answers))
        {
            throw new InvalidOperationException($"what was written reads differently: {error}");
        }
    }
}
