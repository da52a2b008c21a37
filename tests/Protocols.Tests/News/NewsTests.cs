using System.Text;
using CsCheck;
using Firstbyte.News;
using Firstbyte.Urls;

namespace Firstbyte.Tests.News;

/// <summary>news: and nntp: URLs (RFC 5538), and the dialogue of NNTP (RFC 3977, 4642, 4643).</summary>
public sealed class NewsTests
{
    private static (NewsUrlFault Fault, NewsUrl? Url) Read(string text)
    {
        var url = Url.Parse(text);
        return (NewsUrl.TryRead(url.Scheme, url.Hostname, url.Pathname, out var wish), wish);
    }

    [Theory]
    // RFC 5538 2.2 and 3, and the chapter's.
    [InlineData("news:comp.protocols.tcp-ip", NewsWish.Overview, "comp.protocols.tcp-ip", "", 0)]
    [InlineData("news:*", NewsWish.Groups, "*", "", 0)]
    [InlineData("news:example.*", NewsWish.Groups, "example.*", "", 0)]
    [InlineData("news://news.server.example/", NewsWish.Groups, "*", "", 0)]
    [InlineData("news://news.server.example/example.group.this", NewsWish.Overview, "example.group.this", "", 0)]
    [InlineData("news:foobar@example.com", NewsWish.Article, "", "<foobar@example.com>", 0)]
    [InlineData("news:<foobar@example.com>", NewsWish.Article, "", "<foobar@example.com>", 0)]
    [InlineData("news:do_not_reply%2B2@example.com", NewsWish.Article, "", "<do_not_reply+2@example.com>", 0)]
    [InlineData("nntp://news.server.example/example.group.this", NewsWish.Overview, "example.group.this", "", 0)]
    [InlineData("nntp://news.server.example/example.group.this/12345", NewsWish.Numbered, "example.group.this", "", 12345)]
    [InlineData("nntps://news.server.example/", NewsWish.Groups, "*", "", 0)]
    public void A_url_asks_for_something(string text, NewsWish wish, string group, string identifier, long number)
    {
        var (fault, url) = Read(text);
        Assert.Equal(NewsUrlFault.None, fault);
        Assert.Equal(new NewsUrl(wish, group, identifier, number), url);
    }

    [Theory]
    [InlineData("news:", NewsUrlFault.Nothing)]
    [InlineData("nntp:comp.misc", NewsUrlFault.NoServerInUrl)]
    [InlineData("news:comp..misc", NewsUrlFault.NotAGroup)]
    [InlineData("news:comp.misc%0D%0AQUIT", NewsUrlFault.NotAGroup)]
    [InlineData("news:comp misc", NewsUrlFault.NotAGroup)]
    [InlineData("news:%ff", NewsUrlFault.NotAGroup)]
    [InlineData("news:a@b%0D%0APOST", NewsUrlFault.NotAnIdentifier)]
    [InlineData("news:@example.com", NewsUrlFault.NotAnIdentifier)]
    [InlineData("news:a%3E@example.com", NewsUrlFault.NotAnIdentifier)]
    [InlineData("nntp://h/comp.misc/0", NewsUrlFault.NotANumber)]
    [InlineData("nntp://h/comp.misc/12x", NewsUrlFault.NotANumber)]
    [InlineData("nntp://h/comp.misc/99999999999", NewsUrlFault.NotANumber)]
    [InlineData("nntp://h/comp.*/1", NewsUrlFault.NotAGroup)]
    public void What_no_server_could_be_asked_for_is_refused(string text, NewsUrlFault fault) => Assert.Equal(fault, Read(text).Fault);

    /// <summary>Whatever stands in a URL: every command that is made of it is one line of so many words.</summary>
    [Fact]
    public void No_url_makes_a_second_command() => Gen.String[Gen.Char["ab.@*%0DA2<>/ \r\n1"], 0, 40].Sample(text =>
    {
        if (!Url.TryParse("news://h/" + text, null, out var url) || NewsUrl.TryRead("news", url.Hostname, url.Pathname, out var wish) != NewsUrlFault.None) { return true; }
        var argument = wish!.Wish == NewsWish.Article ? wish.Identifier : wish.Group;
        return argument.AsSpan().IndexOfAny(" \t\r\n") < 0 && new NntpSend("GROUP", argument).ToBytes() is not null;
    });

    // Plays a server's replies; a block is the lines behind '|'. Gives what went out.
    private static (string Sent, NntpFinish End) Play(NntpTask task, params string[] replies)
    {
        var talk = new NntpConversation();
        var sent = new StringBuilder();
        var step = talk.Begin(task);
        var at = 0;
        var block = Array.Empty<string>();
        for (var steps = 0; step is not NntpFinish; steps++)
        {
            Assert.True(steps < 100, sent.ToString());
            switch (step)
            {
                case NntpSend send: sent.Append($"{send.Verb} {send.Argument}".Trim()).Append('\n'); break;
                case NntpSecure: sent.Append("(TLS)\n"); step = talk.Handle(new NntpSecured()); continue;
                case NntpReadBlock: step = talk.Handle(new NntpBlockRead(block)); continue;
                case NntpSendArticle: sent.Append("(article)\n"); break;
                default: break;
            }
            var lines = replies[at++].Split('|');
            block = lines[1..];
            step = talk.Handle(new NntpReplied(new NntpReply(int.Parse(lines[0][..3]), lines[0].Length > 4 ? lines[0][4..] : "")));
        }
        Assert.Equal(replies.Length, at);
        return (sent.ToString(), (NntpFinish)step);
    }

    private static NntpTask Task(string url) => new(Read(url).Url!);

    [Fact]
    public void A_reader_of_the_standard_is_spoken_to_in_its_words()
    {
        var (sent, end) = Play(Task("news:a.b"), "200 hi", "101 yes|VERSION 2|READER|OVER", "211 30 1 30 a.b", "224 here");
        Assert.Equal("CAPABILITIES\nGROUP a.b\nOVER 11-30\n", sent);
        Assert.Equal(NntpFault.None, end.Fault);
        Assert.Contains("OVER 3-7\n", Play(Task("news:a.b") with { Numbers = (3, 7) }, "200 hi", "101 yes|READER|OVER", "211 30 1 30 a.b", "224 here").Sent, StringComparison.Ordinal);
        Assert.Equal("CAPABILITIES\nLIST ACTIVE\n", Play(Task("news:*"), "201 hi", "101 yes|READER", "215 here").Sent);
        Assert.Equal("CAPABILITIES\nLIST ACTIVE a.*\n", Play(Task("news:a.*"), "201 hi", "101 yes|READER", "215 here").Sent);
        Assert.Equal("CAPABILITIES\nARTICLE <a@b>\n", Play(Task("news:a@b"), "201 hi", "101 yes|READER", "220 0 <a@b>").Sent);
        Assert.Equal("CAPABILITIES\nGROUP a.b\nARTICLE 7\n", Play(Task("nntp://h/a.b/7"), "200 hi", "101 yes|READER", "211 9 1 9 a.b", "220 7 <a@b>").Sent);
    }

    [Fact]
    public void An_older_server_is_asked_in_older_words()
    {
        var (sent, end) = Play(Task("news:a.b"), "200 hi", "500 what", "200 reader", "500 what", "211 2 1 2 a.b", "500 what", "224 here");
        Assert.Equal("CAPABILITIES\nMODE READER\nCAPABILITIES\nGROUP a.b\nOVER 1-2\nXOVER 1-2\n", sent);
        Assert.Equal(NntpFault.None, end.Fault);
        Assert.Contains("XOVER 1-2", Play(Task("news:a.b"), "200 hi", "101 yes|READER", "211 2 1 2 a.b", "224 here").Sent, StringComparison.Ordinal);
    }

    [Fact]
    public void TLS_is_begun_where_it_is_offered_and_a_password_goes_nowhere_else()
    {
        var task = Task("news:a.b") with { Credentials = ("user", "pass") };
        var (sent, _) = Play(
            task, "200 hi", "101 yes|READER|STARTTLS", "382 go", "101 yes|READER|OVER|AUTHINFO USER", "381 password", "281 in", "211 1 1 1 a.b", "224 here");
        Assert.Equal("CAPABILITIES\nSTARTTLS\n(TLS)\nCAPABILITIES\nAUTHINFO USER user\nAUTHINFO PASS pass\nGROUP a.b\nOVER 1-1\n", sent);
        Assert.Equal(NntpFault.WouldBeRead, Play(task, "200 hi", "101 yes|READER|AUTHINFO USER").End.Fault);
        Assert.Equal(NntpFault.WouldBeRead, Play(task, "200 hi", "101 yes|READER|STARTTLS", "580 no").End.Fault);
        Assert.Equal(NntpFault.LoginDenied, Play(task with { IsImplicit = true }, "200 hi", "101 yes|READER", "381 password", "481 no").End.Fault);
    }

    [Theory]
    [InlineData(NntpFault.NotReady, "502 no service")]
    [InlineData(NntpFault.ServerCloses, "200 hi", "400 bye")]
    [InlineData(NntpFault.NoGroup, "200 hi", "101 yes|READER", "411 no")]
    [InlineData(NntpFault.LoginWanted, "200 hi", "101 yes|READER", "480 who")]
    [InlineData(NntpFault.WouldBeRead, "200 hi", "101 yes|READER", "483 TLS")]
    [InlineData(NntpFault.GroupUnreadable, "200 hi", "101 yes|READER", "211 many")]
    [InlineData(NntpFault.CommandUnknown, "200 hi", "101 yes|READER", "500 what")]
    [InlineData(NntpFault.None, "200 hi", "101 yes|READER", "211 0 5 4 a.b")]
    [InlineData(NntpFault.None, "200 hi", "101 yes|READER|OVER", "211 2 1 2 a.b", "423 none")]
    public void What_becomes_of_a_group_is_named(NntpFault fault, params string[] replies) => Assert.Equal(fault, Play(Task("news:a.b"), replies).End.Fault);

    [Theory]
    [InlineData(NntpFault.None, "340 go", "240 thanks")]
    [InlineData(NntpFault.ArticleRefused, "340 go", "441 no")]
    [InlineData(NntpFault.PostingForbidden, "440 no")]
    [InlineData(NntpFault.CommandUnknown, "500 what")]
    public void What_becomes_of_a_posting_is_named(NntpFault fault, params string[] replies) =>
        Assert.Equal(fault, Play(Task("news:a.b") with { IsPost = true }, ["200 hi", "101 yes|READER", .. replies]).End.Fault);

    [Fact]
    public void An_article_that_is_not_there_is_named() => Assert.Equal(NntpFault.NoArticle, Play(Task("news:a@b"), "200 hi", "101 yes|READER", "430 no").End.Fault);

    [Fact]
    public void A_block_ends_at_a_dot_and_its_dots_are_halved_in_any_pieces()
    {
        var bytes = Encoding.UTF8.GetBytes("220 0 <a@b>\r\none\r\n..two\r\n\r\n.\r\n205 bye\r\n");
        for (var size = 1; size <= bytes.Length; size++)
        {
            var reader = new NntpReader();
            var (held, read) = (new List<byte>(), new List<string>());
            foreach (var piece in bytes.Chunk(size))
            {
                held.AddRange(piece);
                while (true)
                {
                    var now = held.ToArray();
                    var status = reader.Read(now, ended: false, out var consumed, out var line);
                    held.RemoveRange(0, consumed);
                    if (status == NntpReadStatus.NeedMore) { break; }
                    read.Add(status switch { NntpReadStatus.Reply => $"{reader.Reply!.Code}", NntpReadStatus.Line => Encoding.UTF8.GetString(now[line]), _ => $"{status}" });
                    if (status == NntpReadStatus.Reply && reader.Reply!.Code == 220) { reader.BeginBlock(10); }
                }
            }
            Assert.Equal(["220", "one", ".two", "", "BlockEnd", "205"], read);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n", NntpReplyFault.NotAReply)]
    [InlineData("20\r\n", NntpReplyFault.NotAReply)]
    [InlineData("200", NntpReplyFault.EndedInReply)]
    [InlineData("", NntpReplyFault.EndedBeforeReply)]
    public void What_is_no_reply_is_named(string bytes, NntpReplyFault fault)
    {
        var reader = new NntpReader();
        Assert.Equal(NntpReadStatus.Fault, reader.Read(Encoding.UTF8.GetBytes(bytes), ended: true, out _, out _));
        Assert.Equal(fault, reader.Fault);
    }

    [Fact]
    public void Lines_and_blocks_have_limits()
    {
        var reader = new NntpReader();
        Assert.Equal(NntpReadStatus.Fault, reader.Read(new byte[NewsLimits.StatusLine + 2], false, out _, out _));
        Assert.Equal(NntpReplyFault.LineTooLong, reader.Fault);
        reader = new NntpReader();
        reader.BeginBlock(1);
        Assert.Equal(NntpReadStatus.Line, reader.Read("a\r\nb\r\n"u8, false, out var consumed, out _));
        Assert.Equal(NntpReadStatus.Fault, reader.Read("a\r\nb\r\n"u8[consumed..], false, out _, out _));
        Assert.Equal(NntpReplyFault.TooLong, reader.Fault);
    }

    [Theory]
    [InlineData("Subject: x\n\ntext", null, NewsUrlFault.FieldMissing)]
    [InlineData("From: a@b.c\n\ntext", "a@b.c", NewsUrlFault.FieldMissing)]
    [InlineData("no header", "a@b.c", NewsUrlFault.NotAnArticle)]
    [InlineData("Subject x\n\ntext", "a@b.c", NewsUrlFault.NotAnArticle)]
    [InlineData("Subject: x\n\ntext\0", "a@b.c", NewsUrlFault.NotAnArticle)]
    [InlineData("Subject: x\n folded\n\ntext", "a@b.c", NewsUrlFault.None)]
    public void What_is_no_article_is_not_posted(string text, string? sender, NewsUrlFault fault)
    {
        Assert.Equal(fault, NewsArticle.TryPrepare(Encoding.UTF8.GetBytes(text), "a.b", sender, out var article));
        if (fault == NewsUrlFault.None)
        {
            Assert.Equal("From: a@b.c\r\nNewsgroups: a.b\r\nSubject: x\r\n folded\r\n\r\ntext", Encoding.UTF8.GetString(article));
        }
    }

    [Fact]
    public void Lists_are_shown_line_by_line()
    {
        Assert.Equal("     30 a.b  (read only)\n", NewsListing.Group("a.b 30 1 n"));
        Assert.Equal("      0 a.b\n", NewsListing.Group("a.b 4 5 y"));
        Assert.Null(NewsListing.Group("a.b"));
        Assert.Equal("      7 Subject\n        me, today, <a@b>\n", NewsListing.Article("7\tSubject\tme\ttoday\t<a@b>\t\t10\t1", static text => text));
        // What an encoded word hides is shown as one line as well.
        Assert.Equal("      7 a b\n        a b, today, <a@b>\n", NewsListing.Article("7\tx\ty\ttoday\t<a@b>", static _ => "a\nb"));
        Assert.Null(NewsListing.Article("x\ty", static text => text));
    }
}
