using Firstbyte.Http;

namespace Firstbyte.Tests.Http;

public class ResponseReaderTests
{
    [Fact]
    public void A_response_with_content_length_is_read_to_its_last_byte_and_the_connection_is_kept()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello", ends: false);
        Assert.Equal(["head 1.1 200 OK [Content-Type: text/plain] [Content-Length: 5] ContentLength 64", "complete PersistentByDefault"], log.Events);
        Assert.Equal("hello", log.Text);
        Assert.True(log.Reader.Flaws.IsEmpty);
        Assert.True(log.Reader.MayReuse);
    }

    [Fact]
    public void A_chunked_response_is_joined_and_its_trailers_are_kept_apart()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7;name=\"v\"\r\nMozilla\r\n00B ; x\r\nDeveloper N\r\n0\r\nX-Sum: 1\r\n\r\n", ends: false);
        Assert.Equal("MozillaDeveloper N", log.Text);
        Assert.Equal("trailers [X-Sum: 1]", log.Events[1]);
        Assert.Equal("complete PersistentByDefault", log.Last);
        Assert.Equal("[]", log.Reader.Head.Fields.Find("X-Sum"u8) is null ? "[]" : "in head");
    }

    [Fact]
    public void Without_length_the_body_ends_with_the_connection()
    {
        var log = ReadMessages.Response("HTTP/1.0 200 OK\r\n\r\nall of it");
        Assert.Equal("all of it", log.Text);
        Assert.Equal("complete DelimitedByClose", log.Last);
        Assert.Equal("need more", ReadMessages.Response("HTTP/1.0 200 OK\r\n\r\nall of it", ends: false).Last);
    }

    [Theory]
    [InlineData(RequestKind.Head, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")]
    [InlineData(RequestKind.Head, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData(RequestKind.Other, "HTTP/1.1 204 No Content\r\n\r\n")]
    [InlineData(RequestKind.Other, "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")]
    public void Responses_to_head_204_and_304_have_no_body(RequestKind kind, string wire)
    {
        var log = ReadMessages.Response(wire, kind, ends: false);
        Assert.Contains(" None ", log.Events[0]);
        Assert.Equal("complete PersistentByDefault", log.Last);
        Assert.True(log.Reader.Flaws.IsEmpty);
        var more = ReadMessages.Response(wire + "hello", kind);
        Assert.Equal("", more.Text);
        Assert.Equal("complete BytesAfterMessage", more.Last);
        Assert.Equal(5, more.Rest);
    }

    [Fact]
    public void A_204_with_framing_fields_is_flagged_and_has_no_body()
    {
        var log = ReadMessages.Response("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", ends: false);
        Assert.Equal("complete PersistentByDefault", log.Last);
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.FramingWithoutBody));
    }

    [Fact]
    public void A_successful_connect_is_a_tunnel_whatever_its_framing_fields_say()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 Connection established\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n\x16\x03", RequestKind.Connect, ends: false);
        Assert.Equal("complete Tunnel", log.Last);
        Assert.Equal(2, log.Rest);
        Assert.False(log.Reader.MayReuse);
        Assert.Equal("complete PersistentByDefault", ReadMessages.Response("HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n", RequestKind.Connect, ends: false).Last);
    }

    [Fact]
    public void Interim_responses_come_before_the_final_one()
    {
        var log = ReadMessages.Response("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", ends: false);
        Assert.Equal(["informational 100 Continue", "informational 103 Early Hints [Link: </a.css>]", "head 1.1 200 OK [Content-Length: 0] ContentLength 38", "complete PersistentByDefault"], log.Events);
    }

    [Fact]
    public void Interim_responses_without_end_are_refused()
    {
        var wire = string.Concat(Enumerable.Repeat("HTTP/1.1 100 Continue\r\n\r\n", HttpLimits.InformationalResponses + 1));
        Assert.StartsWith("failed TooManyInformational", ReadMessages.Response(wire).Last);
    }

    [Fact]
    public void Switching_protocols_is_only_taken_when_it_was_asked_for()
    {
        const string Wire = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\nxyz";
        Assert.StartsWith("failed SwitchingNotAsked", ReadMessages.Response(Wire).Last);
        Assert.Equal("complete Tunnel", ReadMessages.Response(Wire, RequestKind.Upgrade).Last);
    }

    [Theory]
    [InlineData("HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n", "head 1.1 200  [Content-Length: 0] ContentLength 35")]
    [InlineData("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "head 1.1 200  [Content-Length: 0] ContentLength 36")]
    [InlineData("HTTP/1.1 404 Not here \xE9\r\nContent-Length: 0\r\n\r\n", "head 1.1 404 Not here \xE9 [Content-Length: 0] ContentLength 46")]
    [InlineData("HTTP/1.7 299 Later\r\nContent-Length: 0\r\n\r\n", "head 1.7 299 Later [Content-Length: 0] ContentLength 41")]
    [InlineData("HTTP/1.1 799 Odd\r\nContent-Length: 0\r\n\r\n", "head 1.1 799 Odd [Content-Length: 0] ContentLength 39")]
    public void Status_lines_that_are_taken(string wire, string head) => Assert.Equal(head, ReadMessages.Response(wire, ends: false).Events[0]);

    [Theory]
    [InlineData("SSH-2.0-OpenSSH_9.9", "failed NotHttp at 0 by Peer")]
    [InlineData("ICY 200 OK\r\n\r\n", "failed NotHttp at 0 by Peer")]
    [InlineData("<html>hello", "failed NotHttp at 0 by Peer")]
    [InlineData("\r\nHTTP/1.1 200 OK\r\n\r\n", "failed NotHttp at 0 by Peer")]
    [InlineData("HTTX", "failed NotHttp at 3 by Peer")]
    [InlineData("HTTP/2.0 200 OK\r\n\r\n", "failed VersionUnsupported at 5 by Peer")]
    [InlineData("HTTP/11 200 OK\r\n\r\n", "failed StatusLineMalformed at 5 by Peer")]
    [InlineData("HTTP/1.1  200 OK\r\n\r\n", "failed StatusLineMalformed at 9 by Peer")]
    [InlineData("HTTP/1.1 20 OK\r\n\r\n", "failed StatusLineMalformed at 11 by Peer")]
    [InlineData("HTTP/1.1 2000 OK\r\n\r\n", "failed StatusLineMalformed at 12 by Peer")]
    [InlineData("HTTP/1.1 +20 OK\r\n\r\n", "failed StatusLineMalformed at 9 by Peer")]
    [InlineData("HTTP/1.1 099 OK\r\n\r\n", "failed StatusOutOfRange at 9 by Peer")]
    [InlineData("HTTP/1.1\r\n\r\n", "failed StatusLineMalformed at 8 by Peer")]
    [InlineData("HTTP/1.1 200 O\0K\r\n\r\n", "failed ControlInStartLine at 14 by Peer")]
    [InlineData("HTTP/1.1 200 O\rK\r\n\r\n", "failed BareCarriageReturn at 14 by Peer")]
    public void Status_lines_that_are_refused_with_their_place(string wire, string failure) => Assert.Equal(failure, ReadMessages.Response(wire).Last);

    [Theory]
    [InlineData("", "failed EndedBeforeFirstByte at 0 by Connection")]
    [InlineData("HTTP/1.1 200 OK", "failed EndedInHead at 15 by Connection")]
    [InlineData("HTTP/1.1 200 OK\r\nServer: x\r\n", "failed EndedInHead at 28 by Connection")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel", "failed EndedInBody at 41 by Connection")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel", "failed EndedInBody at 53 by Connection")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel", "failed EndedInBody at 53 by Connection")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n", "failed EndedInBody at 55 by Connection")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n0\r\n", "failed EndedInBody at 58 by Connection")]
    public void A_message_that_is_cut_off_says_where(string wire, string failure) => Assert.Equal(failure, ReadMessages.Response(wire).Last);

    [Fact]
    public void What_came_before_a_cut_is_delivered()
    {
        Assert.Equal("hel", ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel").Text);
        Assert.Equal("hel", ReadMessages.Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel").Text);
    }

    // RFC 9112 6.3: Transfer-Encoding wins, and the connection is not used again.
    [Fact]
    public void Transfer_encoding_beats_content_length_and_costs_the_connection()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.TransferEncodingWithContentLength));
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Theory]
    [InlineData("Content-Length: 5, 5\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 5\r\n")]
    [InlineData("Content-Length: 5\r\ncontent-length: 05\r\n")]
    public void Equal_content_lengths_are_one(string fields)
    {
        var log = ReadMessages.Response($"HTTP/1.1 200 OK\r\n{fields}\r\nhello", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.ContentLengthRepeated));
        Assert.Equal("complete PersistentByDefault", log.Last);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n", "ContentLengthsDiffer")]
    [InlineData("Content-Length: 5, 6\r\n", "ContentLengthsDiffer")]
    [InlineData("Content-Length: +5\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: -5\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: 0x5\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: 5 5\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: 5,\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: 5.0\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length:\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: 9223372036854775808\r\n", "ContentLengthInvalid")]
    [InlineData("Content-Length: 99999999999999999999999\r\n", "ContentLengthInvalid")]
    public void Content_lengths_that_cannot_be_believed_are_fatal(string fields, string fault) =>
        Assert.StartsWith($"failed {fault} ", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{fields}\r\nhello").Last);

    [Fact]
    public void The_longest_content_length_is_taken()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nhello", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.Equal(long.MaxValue - 5, log.Reader.BodyBytesDue);
    }

    [Theory]
    [InlineData("Transfer-Encoding: identity\r\n", MessageFlaw.ChunkedNotFinal)]
    [InlineData("Transfer-Encoding:\r\n", MessageFlaw.ChunkedNotFinal)]
    public void Without_a_final_chunked_the_body_ends_with_the_connection(string fields, MessageFlaw flaw)
    {
        var log = ReadMessages.Response($"HTTP/1.1 200 OK\r\n{fields}\r\n5\r\nhello\r\n0\r\n\r\n");
        Assert.Equal("5\r\nhello\r\n0\r\n\r\n", log.Text);
        Assert.True(log.Reader.Flaws.Has(flaw));
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("gzip, chunked")]
    [InlineData("chunked, gzip")]
    [InlineData("chunked, identity")]
    [InlineData("chunked;q=1")]
    [InlineData("xchunked")]
    public void Unknown_transfer_codings_are_fatal(string coding) =>
        Assert.StartsWith("failed TransferCodingUnknown ", ReadMessages.Response($"HTTP/1.1 200 OK\r\nTransfer-Encoding: {coding}\r\n\r\n0\r\n\r\n").Last);

    [Fact]
    public void Chunked_in_http_1_0_is_read_and_the_connection_closed()
    {
        var log = ReadMessages.Response("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: CHUNKED\r\n\r\n5\r\nhello\r\n0\r\n\r\n", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.TransferEncodingInHttp10));
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Fact]
    public void Bare_line_feeds_are_taken_in_the_head_and_cost_the_connection()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\nContent-Length: 5\n\nhello", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.Equal(new FlawFound(MessageFlaw.BareLineFeed, 15, FlawAction.AcceptedThenClose), log.Reader.Flaws.Found[0]);
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Theory]
    [InlineData("5\nhello\r\n0\r\n\r\n", "ChunkLineEndInvalid")]
    [InlineData("5\r\nhello\n0\r\n\r\n", "ChunkDataEndMissing")]
    [InlineData("5\r\nhello\r\n0\n\r\n", "ChunkLineEndInvalid")]
    [InlineData("5\r\nhello\r\n0\r\n\n", "ChunkLineEndInvalid")]
    [InlineData("5\r\nhello\r\n0\r\nX: y\n\r\n", "ChunkLineEndInvalid")]
    [InlineData("5\r\nhelloX\r\n0\r\n\r\n", "ChunkDataEndMissing")]
    [InlineData("5\r\nhello\rX0\r\n\r\n", "ChunkDataEndMissing")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n", "ChunkSizeInvalid")]
    [InlineData("+5\r\nhello\r\n0\r\n\r\n", "ChunkSizeInvalid")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n", "ChunkSizeInvalid")]
    [InlineData("\r\nhello\r\n0\r\n\r\n", "ChunkSizeInvalid")]
    [InlineData(";a\r\nhello\r\n0\r\n\r\n", "ChunkSizeInvalid")]
    [InlineData("5 5\r\nhello\r\n0\r\n\r\n", "ChunkSizeInvalid")]
    [InlineData("5;a=\0\r\nhello\r\n0\r\n\r\n", "ControlInChunkLine")]
    [InlineData("5;a\rb\r\nhello\r\n0\r\n\r\n", "ChunkLineEndInvalid")]
    [InlineData("ffffffffffffffff\r\nhello", "ChunkSizeTooLarge")]
    [InlineData("8000000000000000\r\nhello", "ChunkSizeTooLarge")]
    [InlineData("00000000000000005\r\nhello", "ChunkSizeTooLong")]
    [InlineData("00000000000000000000000000000000000000005\r\nhello", "ChunkSizeTooLong")]
    [InlineData("5;a=\"b\r\nhello\r\n0\r\n\r\n", "ChunkQuoteOpen")]
    [InlineData("5;a=\"b\\\"\r\nhello\r\n0\r\n\r\n", "ChunkQuoteOpen")]
    [InlineData("5;a=b;\"\r\nhello\r\n0\r\n\r\n", "ChunkQuoteOpen")]
    [InlineData("5\r\nhello\r\n0\r\n X: y\r\n\r\n", "FoldBeforeFirstField")]
    [InlineData("5\r\nhello\r\n0\r\nX: y\r\n z\r\n\r\n", "FoldRefused")]
    public void Chunked_framing_is_taken_to_the_letter(string body, string fault) =>
        Assert.StartsWith($"failed {fault} ", ReadMessages.Response($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{body}").Last);

    [Fact]
    public void Whitespace_after_a_chunk_size_is_flagged()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5  \r\nhello\r\n0\r\n\r\n", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.Equal(new FlawFound(MessageFlaw.WhitespaceAfterChunkSize, 48, FlawAction.AcceptedThenClose), log.Reader.Flaws.Found[0]);
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Theory]
    [InlineData("2;")]
    [InlineData("2;;a")]
    [InlineData("2;a=")]
    [InlineData("2;a=b ")]
    [InlineData("2;a=\"b\"c")]
    [InlineData("2 ; =b")]
    public void A_malformed_chunk_extension_is_passed_over_and_costs_the_connection(string line)
    {
        var log = ReadMessages.Response($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{line}\r\nhi\r\n0\r\n\r\n", ends: false);
        Assert.Equal("hi", log.Text);
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.ChunkExtensionMalformed));
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Theory]
    [InlineData("2;a")]
    [InlineData("2 ; a = b")]
    [InlineData("2;a=\"b;\\\"c\";d=e")]
    [InlineData("0000000000000002")]
    public void A_well_formed_chunk_line_costs_nothing(string line)
    {
        var log = ReadMessages.Response($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{line}\r\nhi\r\n0\r\n\r\n", ends: false);
        Assert.Equal("hi", log.Text);
        Assert.Equal("complete PersistentByDefault", log.Last);
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked, chunked", "ChunkedRepeated")]
    [InlineData("Transfer-Encoding: chunked\r\nTransfer-Encoding: Chunked", "ChunkedRepeated")]
    [InlineData("Content-Length : 5", "FramingFieldMalformed")]
    [InlineData("content-length\t: 5", "FramingFieldMalformed")]
    [InlineData("Transfer-Encoding : chunked", "FramingFieldMalformed")]
    [InlineData("Content-Length 5", "FramingFieldMalformed")]
    [InlineData("Content-Length", "FramingFieldMalformed")]
    [InlineData("Transfer-Encoding chunked", "FramingFieldMalformed")]
    [InlineData("Content-Length= 5", "FramingFieldMalformed")]
    public void Framing_that_would_have_to_be_guessed_is_refused(string line, string fault) =>
        Assert.StartsWith($"failed {fault} ", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{line}\r\n\r\n5\r\nhello\r\n0\r\n\r\n").Last);

    /// <summary>A part whose length is not what it says of itself is not put to others, and not taken for the rest of anything.</summary>
    [Theory]
    [InlineData("2-6/9", "Content-Length: 5\r\n\r\nhello", true)]
    [InlineData("2-6/9", "Content-Length: 4\r\n\r\nhell", false)]
    [InlineData("2-6/*", "Content-Length: 6\r\n\r\nhello!", false)]
    [InlineData("2-6/9", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n", true)]
    [InlineData("2-6/9", "Transfer-Encoding: chunked\r\n\r\n4\r\nhell\r\n0\r\n\r\n", false)]
    [InlineData("2-6/9", "\r\nhello", true)]
    [InlineData("2-6/9", "\r\nhello!", false)]
    // What says nothing that can be compared is as long as it is.
    [InlineData("x", "Content-Length: 4\r\n\r\nhell", true)]
    public void A_part_is_as_long_as_it_says(string range, string rest, bool isWhole) => Assert.StartsWith(
        isWhole ? "complete" : "failed PartLengthDiffers ",
        ReadMessages.Response($"HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {range}\r\n{rest}").Last);

    [Fact]
    public void Every_verdict_has_its_rule()
    {
        Assert.All(Enum.GetValues<MessageFlaw>(), flaw => Assert.StartsWith("RFC ", MessageRules.Of(flaw).ToString()));
        var withoutClause = Enum.GetValues<MessageFault>().Where(fault => MessageRules.Of(fault) is null).Select(fault => fault.ToString());
        // Limits of our own, and what says no more than that something else was wrong.
        Assert.Equal(
            ["None", "RequestLineTooLong", "HeadTooLong", "LineTooLong", "TooManyFields", "ChunkLineTooLong", "ChunkExtensionsTooLong", "TooManyInformational", "EndedBeforeFirstByte", "FlawRefused", "ChunkSizeTooLong"],
            withoutClause);
    }

    [Fact]
    public void A_folded_value_is_joined_by_one_space_and_flagged()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nX-A: one\r\n \t two\r\n\tthree  \r\nX-B:\r\n b\r\nContent-Length: 0\r\n\r\n", ends: false);
        Assert.Equal("one two three", log.Reader.Head.Fields.Find("x-a"u8));
        Assert.Equal("b", log.Reader.Head.Fields.Find("X-B"u8));
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.ObsoleteFold));
    }

    [Fact]
    public void A_folded_content_length_frames_with_its_whole_value()
    {
        Assert.StartsWith("failed ContentLengthInvalid", ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n 0\r\n\r\n0123456789").Last);
        Assert.Equal("0123456789", ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length:\r\n 10\r\n\r\n0123456789").Text);
    }

    [Theory]
    [InlineData(" X: y\r\n", "FoldBeforeFirstField")]
    [InlineData("X: a\0b\r\n", "ControlInField")]
    [InlineData("X: a\x7F\r\n", "ControlInField")]
    [InlineData("X: a\rY: b\r\n", "BareCarriageReturn")]
    [InlineData("X: a\r\r\n", "BareCarriageReturn")]
    public void Field_lines_that_are_fatal(string line, string fault) =>
        Assert.StartsWith($"failed {fault} ", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{line}Content-Length: 0\r\n\r\n").Last);

    [Theory]
    [InlineData("X-A : y\r\n", MessageFlaw.WhitespaceBeforeColon)]
    [InlineData("X A: y\r\n", MessageFlaw.FieldNameInvalid)]
    [InlineData(": y\r\n", MessageFlaw.FieldNameInvalid)]
    [InlineData("X\xE9: y\r\n", MessageFlaw.FieldNameInvalid)]
    [InlineData("garbage\r\n", MessageFlaw.FieldWithoutColon)]
    [InlineData("garbage\r\n folded\r\n", MessageFlaw.FieldWithoutColon)]
    public void Field_lines_that_are_dropped_and_cost_the_connection(string line, MessageFlaw flaw)
    {
        var log = ReadMessages.Response($"HTTP/1.1 200 OK\r\n{line}Content-Length: 5\r\n\r\nhello", ends: false);
        Assert.Equal("hello", log.Text);
        Assert.Equal(1, log.Reader.Head.Fields.Count);
        Assert.True(log.Reader.Flaws.Has(flaw));
        Assert.Equal("complete FramingInDoubt", log.Last);
    }

    [Fact]
    public void Bytes_beyond_ascii_in_values_are_kept()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nX: \xC3\xA9\xFF\tz \r\nContent-Length: 0\r\n\r\n", ends: false);
        Assert.Equal("\xC3\xA9\xFF\tz", log.Reader.Head.Fields.Find("X"u8));
        Assert.True(log.Reader.Flaws.IsEmpty);
    }

    [Theory]
    [InlineData("Content-Length: 3")]
    [InlineData("transfer-encoding: chunked")]
    [InlineData("Host: evil")]
    [InlineData("Set-Cookie: a=b")]
    [InlineData("Authorization: x")]
    [InlineData("Trailer: y")]
    public void Trailers_that_frame_route_or_authenticate_are_left_out(string line)
    {
        var log = ReadMessages.Response($"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n{line}\r\nX: y\r\n\r\n", ends: false);
        Assert.Equal("trailers [X: y]", log.Events[1]);
        Assert.True(log.Reader.Flaws.Has(MessageFlaw.TrailerNotAllowed));
    }

    [Fact]
    public void Bytes_beyond_the_body_cost_the_connection()
    {
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n");
        Assert.Equal("ok", log.Text);
        Assert.Equal("complete BytesAfterMessage", log.Last);
        Assert.Equal(new FlawFound(MessageFlaw.BytesAfterMessage, 40, FlawAction.AcceptedThenClose), log.Reader.Flaws.Found[0]);
    }

    [Theory]
    [InlineData("1.1", "", false, KeepReason.PersistentByDefault)]
    [InlineData("1.1", "Connection: close\r\n", false, KeepReason.PeerCloses)]
    [InlineData("1.1", "Connection: foo, CLOSE\r\n", false, KeepReason.PeerCloses)]
    [InlineData("1.1", "Connection: foo\r\nConnection: close\r\n", false, KeepReason.PeerCloses)]
    [InlineData("1.1", "Connection: closed\r\n", false, KeepReason.PersistentByDefault)]
    [InlineData("1.1", "", true, KeepReason.OwnClose)]
    [InlineData("1.0", "", false, KeepReason.Http10)]
    [InlineData("1.0", "Connection: Keep-Alive\r\n", false, KeepReason.KeepAliveAsked)]
    [InlineData("1.0", "Connection: keep-alive, close\r\n", false, KeepReason.PeerCloses)]
    public void Who_keeps_the_connection_follows_rfc_9112_9_3(string version, string fields, bool ownClose, KeepReason reason)
    {
        var log = ReadMessages.Response(ReadMessages.Bytes($"HTTP/{version} 200 OK\r\n{fields}Content-Length: 0\r\n\r\n"), ends: false, ownClose: ownClose);
        Assert.Equal($"complete {reason}", log.Last);
    }

    [Fact]
    public void A_strict_reader_refuses_what_a_lenient_one_takes()
    {
        Assert.Equal("failed FlawRefused at 15 by Peer", ReadMessages.Response("HTTP/1.1 200 OK\nContent-Length: 0\r\n\r\n", strict: true).Last);
        Assert.StartsWith("failed FlawRefused", ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", strict: true).Last);
        Assert.Equal("complete PersistentByDefault", ReadMessages.Response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", strict: true).Last);
    }

    [Fact]
    public void A_head_without_end_is_refused_at_its_limit()
    {
        var line = "X: " + new string('a', 1000) + "\r\n";
        var log = ReadMessages.Response("HTTP/1.1 200 OK\r\n" + string.Concat(Enumerable.Repeat(line, 400)));
        Assert.Equal($"failed HeadTooLong at {HttpLimits.ResponseHead} by Peer", log.Last);
    }

    [Fact]
    public void A_line_without_end_is_refused_at_its_limit()
    {
        Assert.Equal($"failed LineTooLong at {17 + HttpLimits.ResponseLine} by Peer", ReadMessages.Response("HTTP/1.1 200 OK\r\nX: " + new string('a', 200_000)).Last);
        Assert.Equal($"failed LineTooLong at {HttpLimits.ResponseLine} by Peer", ReadMessages.Response("HTTP/1.1 200 " + new string('a', 200_000)).Last);
        var exact = "X: " + new string('a', HttpLimits.ResponseLine - 3);
        Assert.Equal("complete PersistentByDefault", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{exact}\r\nContent-Length: 0\r\n\r\n", ends: false).Last);
        Assert.StartsWith("failed LineTooLong", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{exact}a\r\nContent-Length: 0\r\n\r\n", ends: false).Last);
    }

    [Fact]
    public void Too_many_fields_are_refused()
    {
        var fields = string.Concat(Enumerable.Repeat("a:b\r\n", HttpLimits.FieldCount));
        Assert.Equal("complete DelimitedByClose", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{fields}\r\n").Last);
        Assert.StartsWith("failed TooManyFields", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{fields}a:b\r\n\r\n").Last);
        Assert.StartsWith("failed TooManyFields", ReadMessages.Response($"HTTP/1.1 200 OK\r\n{string.Concat(Enumerable.Repeat("nocolon\r\n", HttpLimits.FieldCount + 1))}\r\n").Last);
    }

    [Fact]
    public void Chunk_lines_and_extensions_without_end_are_refused()
    {
        const string Head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        Assert.StartsWith("failed ChunkLineTooLong", ReadMessages.Response(Head + "5;" + new string('a', HttpLimits.ChunkLine)).Last);
        Assert.StartsWith("failed ChunkExtensionsTooLong", ReadMessages.Response(Head + string.Concat(Enumerable.Repeat("1;" + new string('a', 1000) + "\r\nx\r\n", 20))).Last);
        Assert.StartsWith("failed HeadTooLong", ReadMessages.Response(Head + "0\r\n" + string.Concat(Enumerable.Repeat("X: " + new string('a', 1000) + "\r\n", 400))).Last);
    }

    [Fact]
    public void One_reader_serves_many_messages_and_allocates_nothing_more()
    {
        var wire = ReadMessages.Bytes("HTTP/1.1 200 OK\r\nServer: nginx\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\nContent-Type: text/html\r\nContent-Length: 5\r\nConnection: keep-alive\r\n\r\nhello");
        var (reader, head) = (new ResponseReader(), new ResponseHead());
        Assert.Equal(0, Allocations.Of(() =>
        {
            reader.Begin(head);
            var rest = wire.AsSpan();
            MessageEvent next;
            do
            {
                next = reader.Read(rest, ended: false, out var consumed);
                rest = rest[consumed..];
            }
            while (next.Kind is not (MessageEventKind.Complete or MessageEventKind.Failed or MessageEventKind.NeedMore));
            if (next.Kind != MessageEventKind.Complete) { Assert.Fail("not complete"); }
        }));
    }
}
