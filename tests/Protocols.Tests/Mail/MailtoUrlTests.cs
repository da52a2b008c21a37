using CsCheck;
using Firstbyte.Mail;
using Firstbyte.Urls;

namespace Firstbyte.Tests.Mail;

/// <summary>mailto: URLs (RFC 6068): its own examples, and what may not be heeded.</summary>
public sealed class MailtoUrlTests
{
    private static MailtoUrl Read(string text)
    {
        var url = Url.Parse(text);
        Assert.Equal(MailtoFault.None, MailtoUrl.TryRead(url.Pathname, url.Search, out var mail, out _));
        return mail!;
    }

    private static MailtoFault FaultOf(string text)
    {
        var url = Url.Parse(text);
        return MailtoUrl.TryRead(url.Pathname, url.Search, out _, out _);
    }

    // RFC 6068 6.1 and 6.2.
    [Fact]
    public void The_examples_of_the_specification_are_read()
    {
        Assert.Equal("chris@example.com", Assert.Single(Read("mailto:chris@example.com").To).ToString());
        Assert.Equal("current-issue", Read("mailto:infobot@example.com?subject=current-issue").Subject);
        Assert.Equal("send current-issue", Read("mailto:infobot@example.com?body=send%20current-issue").Body);
        Assert.Equal("send current-issue\nsend index", Read("mailto:infobot@example.com?body=send%20current-issue%0D%0Asend%20index").Body);
        Assert.Equal("<3469A91.D10AF4C@example.com>", Read("mailto:list@example.org?In-Reply-To=%3C3469A91.D10AF4C@example.com%3E").InReplyTo);
        Assert.Equal(["joe@example.com", "bob@example.com"], Read("mailto:joe@example.com?cc=bob@example.com&body=hello").Recipients.Select(static one => one.ToString()));
        Assert.Equal("gorby%kremvax", Assert.Single(Read("mailto:gorby%25kremvax@example.com").To).LocalPart);
        Assert.Equal("unlikely?address", Assert.Single(Read("mailto:unlikely%3Faddress@example.com?blat=foop").To).LocalPart);
        Assert.Equal("\"not@me\"", Assert.Single(Read("mailto:%22not%40me%22@example.org").To).LocalPart);
        Assert.Equal("\"oh\\\\no\"", Assert.Single(Read("mailto:%22oh%5C%5Cno%22@example.org").To).LocalPart);
        Assert.Equal("caf\u00e9", Read("mailto:user@example.org?subject=caf%C3%A9").Subject);
        var domain = Assert.Single(Read("mailto:user@%E7%B4%8D%E8%B1%86.example.org?subject=Test&body=NATTO").To);
        Assert.Equal("xn--99zt52a.example.org", domain.Domain);
        Assert.False(domain.NeedsUtf8);
    }

    [Fact]
    public void A_plus_is_a_plus_and_a_comma_that_belongs_to_a_name_is_encoded()
    {
        Assert.Equal("bill+ietf@example.org", Assert.Single(Read("mailto:bill+ietf@example.org?subject=a+b").To).ToString());
        Assert.Equal("a+b", Read("mailto:bill+ietf@example.org?subject=a+b").Subject);
        Assert.Equal(2, Read("mailto:addr1@an.example,addr2@an.example").To.Length);
        Assert.Equal("\"a,b\"", Assert.Single(Read("mailto:%22a%2Cb%22@example.org").To).LocalPart);
        Assert.Equal(2, Read("mailto:addr1@an.example?to=addr2@an.example").To.Length);
        Assert.Single(Read("mailto:?to=addr1@an.example&bcc=addr1@an.example").Recipients);
    }

    [Fact]
    public void Fields_that_would_speak_for_the_user_are_left_out_and_named()
    {
        var mail = Read("mailto:a@example.org?From=boss@example.org&attach=/etc/passwd&Subject=x&x-other=1");
        Assert.Equal("x", mail.Subject);
        Assert.Equal(
            [new("From", IgnoredFieldReason.Unsafe), new("attach", IgnoredFieldReason.Unsafe), new("x-other", IgnoredFieldReason.Unknown)], mail.Ignored);
    }

    [Theory]
    [InlineData("mailto:", MailtoFault.NoRecipient)]
    [InlineData("mailto:?subject=x", MailtoFault.NoRecipient)]
    [InlineData("mailto:tone", MailtoFault.NotAMailbox)]
    [InlineData("mailto:a@b@", MailtoFault.NotAMailbox)]
    [InlineData("mailto:a b@example.org", MailtoFault.NotAMailbox)]
    [InlineData("mailto:a@exa%20mple.org", MailtoFault.NotAMailbox)]
    [InlineData("mailto:<a@example.org>", MailtoFault.NotAMailbox)]
    [InlineData("mailto:a@example.org%3E%0D%0ARCPT%20TO:%3Cb@example.org", MailtoFault.ControlCharacter)]
    [InlineData("mailto:a%0D%0ADATA@example.org", MailtoFault.ControlCharacter)]
    [InlineData("mailto:a@example.org?subject=x%0D%0ABcc:%20b@example.org", MailtoFault.ControlCharacter)]
    [InlineData("mailto:a@example.org?in-reply-to=x%0ABcc:b", MailtoFault.ControlCharacter)]
    [InlineData("mailto:a@example.org?body=x%00y", MailtoFault.ControlCharacter)]
    [InlineData("mailto:a@example.org?x%0Ay=1", MailtoFault.ControlCharacter)]
    [InlineData("mailto:a@example.org?subject=%ff", MailtoFault.NotUtf8)]
    [InlineData("mailto:%ff@example.org", MailtoFault.NotUtf8)]
    public void What_no_message_can_be_made_of_is_refused(string url, MailtoFault fault) => Assert.Equal(fault, FaultOf(url));

    [Fact]
    public void Recipients_have_a_limit() => Assert.Equal(
        MailtoFault.TooManyRecipients, FaultOf("mailto:" + string.Join(',', Enumerable.Range(0, MailLimits.Recipients + 1).Select(static i => $"a{i}@example.org"))));

    [Theory]
    [InlineData("tone@glasscom.com", true)]
    [InlineData("tone@Glasscom.COM", true)]
    [InlineData("a.b!#$%&'*+-/=?^_`{|}~c@x.test", true)]
    [InlineData("\"a b\"@x.test", true)]
    [InlineData("用户@例子.测试", true)]
    [InlineData("a@[192.0.2.1]", true)]
    [InlineData("a@[IPv6:2001:db8::1]", true)]
    [InlineData("a@[2001:db8::1]", false)]
    [InlineData(".a@x.test", false)]
    [InlineData("a..b@x.test", false)]
    [InlineData("\"a\"b\"@x.test", false)]
    [InlineData("\"a\\\"@x.test", false)]
    [InlineData("a@x..test", false)]
    [InlineData("a@1.2.3.4", false)]
    [InlineData("a@", false)]
    [InlineData("@x.test", false)]
    [InlineData("a@x.test/y", false)]
    [InlineData("a@b:25", false)]
    public void Mailboxes_are_told_from_others(string text, bool isOne) => Assert.Equal(isOne, MailAddress.TryParse(text, out _));

    /// <summary>Whatever stands in a URL: no command that is made of it is more than one line, or one recipient.</summary>
    [Fact]
    public void No_url_makes_a_second_command() => Gen.String[Gen.Char["ab@.,%0DAad<>\" :?&=\r\n\\[]"], 0, 60].Sample(text =>
    {
        if (!Url.TryParse("mailto:" + text, null, out var url) || MailtoUrl.TryRead(url.Pathname, url.Search, out var mail, out _) != MailtoFault.None) { return true; }
        return mail!.Recipients.All(static one =>
        {
            var line = System.Text.Encoding.UTF8.GetString(new SmtpCommand("RCPT", $"TO:<{one}>").ToBytes()!);
            // What stands in quotes may hold anything but a line end.
            var bare = one.LocalPart[0] == '"' ? line.Replace(one.LocalPart, "q", StringComparison.Ordinal) : line;
            return line.IndexOfAny(['\r', '\n']) == line.Length - 2 && bare.Count(static c => c == '>') == 1 && !one.Domain.Contains(' ');
        });
    });
}
