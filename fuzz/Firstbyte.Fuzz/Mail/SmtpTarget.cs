using Firstbyte.Fuzz.Running;
using Firstbyte.Mail;

namespace Firstbyte.Fuzz.Mail;

/// <summary>SMTP: the input is everything that a server says.</summary>
internal sealed class SmtpTarget : FuzzTarget
{
    private static readonly MailAddress s_ada = new("ada", "example.com", "example.com");
    private static readonly MailAddress s_tone = new("tone", "glasscom.com", "glasscom.com");
    private static readonly MailAddress s_other = new("other", "glasscom.com", "glasscom.com");

    public override string Name => "smtp";

    public override string Holds =>
        "the same is said to the same replies in any pieces, every command is one line, a password goes over TLS alone, "
        + "and a message is sent only to whom it was accepted for";

    public override IReadOnlyList<byte[]> Tokens => Utf8(
        "220 hi\r\n", "250 ok\r\n", "250-PIPELINING\r\n", "250-SIZE 1000\r\n", "250-STARTTLS\r\n", "250-AUTH PLAIN LOGIN SCRAM-SHA-256\r\n", "250-8BITMIME\r\n",
        "250-SMTPUTF8\r\n", "354 go\r\n", "550 no\r\n", "421 bye\r\n", "235 in\r\n", "334 \r\n",
        "334 cj1ub25jZXgscz1XMjJaYUowU05ZN3NvRXNVRWpiNmdRPT0saT00MDk2\r\n");

    public override IEnumerable<byte[]> Seeds() => Utf8(
        "220 hi\r\n250 mail\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 kept\r\n",
        "220 hi\r\n250-mail\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250 8BITMIME\r\n250 ok\r\n250 ok\r\n550 no\r\n354 go\r\n250 kept\r\n",
        "220 hi\r\n250-mail\r\n250 STARTTLS\r\n220 go\r\n250-mail\r\n250 AUTH PLAIN\r\n235 in\r\n250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 kept\r\n",
        "220 hi\r\n250-mail\r\n250 AUTH SCRAM-SHA-256\r\n334 cj1ub25jZXgscz1XMjJaYUowU05ZN3NvRXNVRWpiNmdRPT0saT00MDk2\r\n334 dj1BQUFB\r\n",
        "220 hi\r\n500 what\r\n250 mail\r\n530 no\r\n", "220 hi\r\n250-mail\r\n250 PIPELINING\r\n250 ok\r\n550 no\r\n450 later\r\n354 go\r\n554 nobody\r\n",
        "421 busy\r\n").Select(static bytes => FuzzChoices.Before(bytes));

    public override void Check(byte[] input)
    {
        var choices = FuzzChoices.Take(input, out var taken);
        var rest = taken.ToArray();
        var size = 1 + choices.Below(7);
        foreach (var security in Enum.GetValues<SmtpSecurity>())
        {
            foreach (var who in (SmtpCredentials?[])[null, new("user", "password"), new("user", null, "token")])
            {
                var task = new SmtpTask("[10.0.0.1]", s_ada, [s_tone, s_other], 300)
                {
                    Security = security,
                    Credentials = who,
                    Nonce = "nonce",
                    HasEightBit = true,
                };
                Require(Talk(task, rest, int.MaxValue) == Talk(task, rest, size), "the same bytes in other pieces mean something else");
            }
        }
    }

    private static string Talk(SmtpTask task, byte[] bytes, int size)
    {
        var (talk, reader) = (new SmtpConversation(), new SmtpReplyReader());
        var (at, shown, isSecured, said) = (0, 0, task.Security == SmtpSecurity.Implicit, new System.Text.StringBuilder());
        var step = talk.Begin(task);
        while (step is not SmtpFinish)
        {
            switch (step)
            {
                case SmtpSend send:
                    foreach (var command in send.Commands)
                    {
                        var line = command.ToBytes();
                        Require(line is not null && line.AsSpan().IndexOfAny((byte)'\r', (byte)'\n') == line.Length - 2, "a command is not one line");
                        var text = System.Text.Encoding.UTF8.GetString(line!);
                        Require(isSecured || task.Security != SmtpSecurity.Required || command.Verb is "EHLO" or "HELO" or "STARTTLS",
                            "something goes on without TLS");
                        Require(isSecured || !(text.Contains("PLAIN", StringComparison.Ordinal) || text.Contains("LOGIN", StringComparison.Ordinal)
                            || text.Contains("XOAUTH2", StringComparison.Ordinal)), "a password goes without TLS");
                        said.Append(text);
                    }
                    break;
                case SmtpSecure:
                    (isSecured, step) = (true, talk.Handle(new SmtpSecured()));
                    said.Append("(TLS)");
                    continue;
                case SmtpSendContent content:

                    Require(content.IsEmpty || talk.Results.Any(static one => one.IsAccepted), "content goes to nobody");
                    Require(talk.Results.Count == task.Recipients.Length, "content goes before every recipient was answered");
                    said.Append(content.IsEmpty ? "(none)" : "(content)");
                    break;
                default: break;
            }
            var status = SmtpReadStatus.NeedMore;
            while (status == SmtpReadStatus.NeedMore)
            {
                status = reader.Read(bytes.AsSpan(at, shown - at), shown == bytes.Length, out var consumed);
                at += consumed;
                if (status == SmtpReadStatus.NeedMore) { shown = Math.Min(bytes.Length, shown + Math.Min(size, bytes.Length - shown)); }
            }
            if (status == SmtpReadStatus.Fault) { return said.Append(reader.Fault).ToString(); }
            step = talk.Handle(new SmtpReplied(reader.Reply!));
        }
        var end = (SmtpFinish)step;
        Require(talk.IsSent == (end.Fault is SmtpFault.None or SmtpFault.SomeRecipientsRefused),
            "a message counts as sent that was not, or not as one that was");
        Require(!talk.IsSent || said.ToString().EndsWith("(content)", StringComparison.Ordinal), "a message counts as sent that never went out");
        return said.Append(end.Fault).Append(at).ToString();
    }
}
