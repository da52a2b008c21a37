using System.Text;
using CsCheck;
using Firstbyte.Mail;

namespace Firstbyte.Tests.Mail;

/// <summary>The dialogue of SMTP (RFC 5321): replies, the order of commands, logins, content.</summary>
public sealed class SmtpTests
{
    private static readonly MailAddress s_ada = Address("ada@example.com");
    private static readonly MailAddress s_tone = Address("tone@glasscom.com");
    private static readonly MailAddress s_other = Address("other@glasscom.com");

    private static MailAddress Address(string text) => MailAddress.TryParse(text, out var address) ? address! : throw new ArgumentException(text);

    private static SmtpTask Task(params MailAddress[] recipients) => new("[10.0.0.1]", s_ada, recipients.Length > 0 ? recipients : [s_tone], 300);

    [Theory]
    [InlineData("220 mail ready\r\n", 220, "mail ready")]
    [InlineData("250-mail\r\n250-SIZE 10\r\n250 HELP\r\n", 250, "mail|SIZE 10|HELP")]
    [InlineData("354\r\n", 354, "")]
    [InlineData("250\n", 250, "")]
    public void Replies_are_read_in_any_pieces(string bytes, int code, string lines)
    {
        for (var size = 1; size <= bytes.Length; size++)
        {
            var reader = new SmtpReplyReader();
            var (status, held) = (SmtpReadStatus.NeedMore, new List<byte>());
            foreach (var piece in Encoding.UTF8.GetBytes(bytes).Chunk(size))
            {
                held.AddRange(piece);
                status = reader.Read(held.ToArray(), ended: false, out var consumed);
                held.RemoveRange(0, consumed);
            }
            Assert.Equal(SmtpReadStatus.Reply, status);
            Assert.Equal((code, lines), (reader.Reply!.Code, string.Join('|', reader.Reply.Lines)));
            Assert.Empty(held);
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", SmtpReplyFault.NotAReply)]
    [InlineData("150 no\r\n", SmtpReplyFault.NotAReply)]
    [InlineData("25\r\n", SmtpReplyFault.NotAReply)]
    [InlineData("250x\r\n", SmtpReplyFault.NotAReply)]
    [InlineData("250-a\r\n251 b\r\n", SmtpReplyFault.OtherCode)]
    [InlineData("250-a\r\n", SmtpReplyFault.EndedInReply)]
    [InlineData("25", SmtpReplyFault.EndedInReply)]
    [InlineData("", SmtpReplyFault.EndedBeforeReply)]
    public void What_is_no_reply_is_named(string bytes, SmtpReplyFault fault)
    {
        var reader = new SmtpReplyReader();
        Assert.Equal(SmtpReadStatus.Fault, reader.Read(Encoding.UTF8.GetBytes(bytes), ended: true, out _));
        Assert.Equal(fault, reader.Fault);
    }

    [Fact]
    public void Replies_have_limits()
    {
        var reader = new SmtpReplyReader();
        Assert.Equal(SmtpReadStatus.Fault, reader.Read(Encoding.ASCII.GetBytes("250 " + new string('a', MailLimits.ReplyLine)), false, out _));
        Assert.Equal(SmtpReplyFault.LineTooLong, reader.Fault);
        reader = new SmtpReplyReader();
        Assert.Equal(SmtpReadStatus.Fault, reader.Read(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("250-a\r\n", MailLimits.ReplyLines + 1))), false, out _));
        Assert.Equal(SmtpReplyFault.TooLong, reader.Fault);
    }

    // Plays a server's replies; gives what went out, one line a step.
    private static (string Sent, SmtpFinish End, SmtpConversation Talk) Play(SmtpTask task, params string[] replies)
    {
        var talk = new SmtpConversation();
        var sent = new StringBuilder();
        var step = talk.Begin(task);
        var at = 0;
        for (var steps = 0; step is not SmtpFinish; steps++)
        {
            Assert.True(steps < 100, sent.ToString());
            switch (step)
            {
                case SmtpSend send: sent.AppendJoin('+', send.Commands.Select(static one => $"{one.Verb} {one.Argument}".Trim())).Append('\n'); break;
                case SmtpSecure: sent.Append("(TLS)\n"); step = talk.Handle(new SmtpSecured()); continue;
                case SmtpSendContent content: sent.Append(content.IsEmpty ? "(nothing)\n" : content.IsEightBit ? "(8)\n" : "(7)\n"); break;
                default: break;
            }
            var lines = replies[at++].Split('|');
            step = talk.Handle(new SmtpReplied(new SmtpReply(int.Parse(lines[0][..3]), [.. lines.Select(static line => line.Length > 4 ? line[4..] : "")])));
        }
        Assert.Equal(replies.Length, at);
        return (sent.ToString(), (SmtpFinish)step, talk);
    }

    [Fact]
    public void A_plain_server_is_told_one_thing_after_the_other()
    {
        var (sent, end, talk) = Play(Task(s_tone, s_other), "220 hi", "250 mail", "250 ok", "250 ok", "250 ok", "354 go", "250 kept");
        Assert.Equal(
            "EHLO [10.0.0.1]\nMAIL FROM:<ada@example.com>\nRCPT TO:<tone@glasscom.com>\nRCPT TO:<other@glasscom.com>\nDATA\n(7)\n", sent);
        Assert.Equal(SmtpFault.None, end.Fault);
        Assert.True(talk.IsSent);
    }

    [Fact]
    public void What_a_server_can_is_used()
    {
        var (sent, end, _) = Play(
            Task(s_tone, s_other) with { HasEightBit = true }, "220 hi", "250 mail|250 PIPELINING|250 SIZE 1000|250 8BITMIME|250 STARTTLS", "220 go",
            "250 mail|250 PIPELINING|250 SIZE|250 8BITMIME", "250 ok", "250 ok", "550 no such user", "354 go", "250 kept");
        Assert.Equal(
            "EHLO [10.0.0.1]\nSTARTTLS\n(TLS)\nEHLO [10.0.0.1]\nMAIL FROM:<ada@example.com> SIZE=300 BODY=8BITMIME+RCPT TO:<tone@glasscom.com>+RCPT TO:<other@glasscom.com>+DATA\n(8)\n", sent);
        Assert.Equal(SmtpFault.SomeRecipientsRefused, end.Fault);
    }

    /// <summary>RFC 2920 3.1: what went out in one piece is answered in as many.</summary>
    [Fact]
    public void A_pipelined_server_that_refuses_everybody_gets_the_dot_alone()
    {
        var (sent, end, talk) = Play(Task(), "220 hi", "250 mail|250 PIPELINING", "250 ok", "550 no", "354 go", "554 nobody");
        Assert.EndsWith("(nothing)\n", sent, StringComparison.Ordinal);
        Assert.Equal((SmtpFault.RecipientsRefused, 550), (end.Fault, end.Reply!.Code));
        Assert.False(talk.IsSent);
        (_, end, _) = Play(Task(), "220 hi", "250 mail|250 PIPELINING", "530 who are you", "503 no", "503 no");
        Assert.Equal((SmtpFault.SenderRefused, "MAIL", 530), (end.Fault, end.Command, end.Reply!.Code));
    }

    [Fact]
    public void An_old_server_is_greeted_in_the_old_way()
    {
        var (sent, end, _) = Play(Task(), "220 hi", "500 what", "250 mail", "250 ok", "250 ok", "354 go", "250 kept");
        Assert.Contains("HELO [10.0.0.1]\n", sent, StringComparison.Ordinal);
        Assert.Equal(SmtpFault.None, end.Fault);
    }

    [Theory]
    [InlineData(SmtpFault.NotReady, "554 no service")]
    [InlineData(SmtpFault.ServerCloses, "220 hi", "421 too many")]
    [InlineData(SmtpFault.HelloRefused, "220 hi", "550 no", "550 no")]
    [InlineData(SmtpFault.TooLarge, "220 hi", "250 mail|250 SIZE 299")]
    [InlineData(SmtpFault.TooLarge, "220 hi", "250 mail", "552 too long")]
    [InlineData(SmtpFault.SenderRefused, "220 hi", "250 mail", "550 no")]
    [InlineData(SmtpFault.RecipientsRefused, "220 hi", "250 mail", "250 ok", "450 later")]
    [InlineData(SmtpFault.ContentRefused, "220 hi", "250 mail", "250 ok", "250 ok", "451 no")]
    [InlineData(SmtpFault.ContentRefused, "220 hi", "250 mail", "250 ok", "250 ok", "354 go", "554 spam")]
    public void What_is_refused_is_named(SmtpFault fault, params string[] replies) => Assert.Equal(fault, Play(Task(), replies).End.Fault);

    [Fact]
    public void Without_TLS_nothing_goes_on_where_it_is_required()
    {
        Assert.Equal(SmtpFault.SecurityRefused, Play(Task() with { Security = SmtpSecurity.Required }, "220 hi", "250 mail").End.Fault);
        Assert.Equal(SmtpFault.SecurityRefused, Play(Task() with { Security = SmtpSecurity.Required }, "220 hi", "250 mail|250 STARTTLS", "454 not now").End.Fault);
        Assert.Equal(SmtpFault.None, Play(Task(), "220 hi", "250 mail|250 STARTTLS", "454 not now", "250 ok", "250 ok", "354 go", "250 kept").End.Fault);
    }

    [Fact]
    public void An_address_beyond_ASCII_needs_a_server_that_knows_it()
    {
        var task = Task(Address("用户@glasscom.com"));
        Assert.Equal(SmtpFault.Utf8Unknown, Play(task, "220 hi", "250 mail").End.Fault);
        var (sent, _, _) = Play(task, "220 hi", "250 mail|250 SMTPUTF8", "250 ok", "250 ok", "354 go", "250 kept");
        Assert.Contains("MAIL FROM:<ada@example.com> SMTPUTF8\nRCPT TO:<用户@glasscom.com>", sent, StringComparison.Ordinal);
    }

    [Fact]
    public void A_password_goes_over_TLS_alone()
    {
        var task = Task() with { Credentials = new SmtpCredentials("user", "pass") };
        Assert.Equal(SmtpFault.WouldBeRead, Play(task, "220 hi", "250 mail|250 AUTH PLAIN LOGIN").End.Fault);
        Assert.Equal(SmtpFault.MechanismUnknown, Play(task, "220 hi", "250 mail|250 AUTH GSSAPI").End.Fault);
        Assert.Equal(SmtpFault.MechanismUnknown, Play(task, "220 hi", "250 mail").End.Fault);
    }

    [Theory]
    [InlineData("PLAIN", "AUTH PLAIN AHVzZXIAcGFzcw==\n", "235 in")]
    [InlineData("LOGIN", "AUTH LOGIN\ndXNlcg==\ncGFzcw==\n", "334 VXNlcm5hbWU6", "334 UGFzc3dvcmQ6", "235 in")]
    [InlineData("PLAIN", "AUTH PLAIN AHVzZXIAcGFzcw==\n", "535 no")]
    public void Each_way_of_logging_in_says_what_it_says(string mechanism, string expected, params string[] replies)
    {
        var task = Task() with { Credentials = new SmtpCredentials("user", "pass"), Security = SmtpSecurity.Implicit };
        var isIn = replies[^1] == "235 in";
        var (sent, end, _) = Play(task, ["220 hi", $"250 mail|250 AUTH {mechanism}", .. replies, .. isIn ? ["250 ok", "250 ok", "354 go", "250 kept"] : (string[])[]]);
        Assert.Contains(expected, sent, StringComparison.Ordinal);
        Assert.Equal(isIn ? SmtpFault.None : SmtpFault.LoginDenied, end.Fault);
    }

    [Fact]
    public void A_token_is_shown_and_its_refusal_asked_for()
    {
        var task = Task() with { Credentials = new SmtpCredentials("user@x.test", null, "ya29"), Security = SmtpSecurity.Implicit };
        var (sent, end, _) = Play(task, "220 hi", "250 mail|250 AUTH PLAIN XOAUTH2", "334 eyJzdGF0dXMiOiI0MDEifQ==", "535 no");
        Assert.Contains("AUTH XOAUTH2 " + Convert.ToBase64String("user=user@x.test\u0001auth=Bearer ya29\u0001\u0001"u8), sent, StringComparison.Ordinal);
        Assert.Equal(SmtpFault.LoginDenied, end.Fault);
    }

    // RFC 7677 3.
    private const string Nonce = "rOprNGfwEbeRWgbNEkqO";
    private const string Challenge = "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
    private const string Signature = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

    [Fact]
    public void The_example_of_SCRAM_comes_out()
    {
        var scram = new ScramClient("user", "pencil", Nonce);
        Assert.Equal("n,,n=user,r=rOprNGfwEbeRWgbNEkqO", scram.First);
        Assert.Equal("c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=", scram.Answer(Challenge));
        Assert.False(scram.IsProven);
        Assert.False(scram.Prove("v=AAAA"));
        Assert.True(scram.Prove(Signature));
        Assert.Equal("n,,n=a=3Db=2Cc,r=x", new ScramClient("a=b,c", "", "x").First);
    }

    [Theory]
    [InlineData("r=other,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqO,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=,i=4096")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1")]
    [InlineData("r=rOprNGfwEbeRWgbNEkqOx,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=999999999")]
    [InlineData("e=other-error")]
    public void A_challenge_that_may_not_be_answered_is_not(string challenge) => Assert.Null(new ScramClient("user", "pencil", Nonce).Answer(challenge));

    [Fact]
    public void A_server_that_does_not_know_the_password_is_not_believed()
    {
        var task = Task() with { Credentials = new SmtpCredentials("user", "pencil"), Nonce = Nonce };
        static string Coded(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
        string[] first = ["220 hi", "250 mail|250 AUTH LOGIN SCRAM-SHA-256 PLAIN", "334 " + Coded(Challenge)];
        Assert.Equal(SmtpFault.None, Play(task, [.. first, "334 " + Coded(Signature), "235 in", "250 ok", "250 ok", "354 go", "250 kept"]).End.Fault);
        Assert.Equal(SmtpFault.ServerUnproven, Play(task, [.. first, "334 " + Coded("v=AAAA")]).End.Fault);
        Assert.Equal(SmtpFault.ServerUnproven, Play(task, [.. first, "235 in"]).End.Fault);
        Assert.Equal(SmtpFault.LoginDenied, Play(task, [.. first, "535 no"]).End.Fault);
        Assert.Equal(SmtpFault.LoginUnreadable, Play(task, [.. first[..2], "334 !!"]).End.Fault);
    }

    [Theory]
    [InlineData("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n")]
    [InlineData(".a", "..a\r\n.\r\n")]
    [InlineData("", ".\r\n")]
    [InlineData("a\n.\nb", "a\r\n..\r\nb\r\n.\r\n")]
    [InlineData("a\r.\rb", "a\r\n..\r\nb\r\n.\r\n")]
    public void Dots_are_doubled_and_every_line_ends_as_one(string message, string wire) =>
        Assert.Equal(wire, Encoding.ASCII.GetString(MailContent.Stuffed(Encoding.ASCII.GetBytes(message))));

    /// <summary>Whatever a message holds, its first line of one dot is its last line, and what is read there is what was sent.</summary>
    [Fact]
    public void A_message_ends_where_it_ends() => Gen.String[Gen.Char[".\r\nab"], 0, 40].Sample(text =>
    {
        var wire = Encoding.ASCII.GetString(MailContent.Stuffed(Encoding.ASCII.GetBytes(text)));
        var lines = wire.Split("\r\n");
        var read = lines[..^2].Select(static line => Encoding.ASCII.GetString(MailContent.Unstuffed(Encoding.ASCII.GetBytes(line))!.Value.Span));
        return wire.EndsWith(".\r\n", StringComparison.Ordinal) && Array.IndexOf(lines, ".") == lines.Length - 2
            && !wire.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n')
            && string.Join('\n', read) == text.ReplaceLineEndings("\n").TrimEnd('\n') + new string('\n', Math.Max(0, EndingLines(text) - 1));
    });

    private static int EndingLines(string text)
    {
        var normal = text.ReplaceLineEndings("\n");
        return normal.Length - normal.TrimEnd('\n').Length;
    }

    [Fact]
    public void A_command_is_one_line_or_none()
    {
        Assert.Equal("RCPT TO:<a@b>\r\n", Encoding.ASCII.GetString(new SmtpCommand("RCPT", "TO:<a@b>").ToBytes()!));
        Assert.Null(new SmtpCommand("RCPT", "TO:<a@b>\r\nDATA").ToBytes());
        Assert.Null(new SmtpCommand("RCPT", new string('a', MailLimits.Command)).ToBytes());
    }
}
