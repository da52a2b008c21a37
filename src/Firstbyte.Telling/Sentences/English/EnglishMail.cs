using Firstbyte.Mail;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishMail : IMailSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Composed(MailComposed message)
    {
        var text = Say($"a message of {_amounts.Bytes(message.Bytes)} to {string.Join(", ", message.To)}");
        if (message.Cc.Length > 0) { text += Say($" · copy to {string.Join(", ", message.Cc)}"); }
        if (message.Bcc.Length > 0) { text += Say($" · blind copy to {string.Join(", ", message.Bcc)}"); }
        return text + (message.Sender.Length > 0 ? Say($" · from {message.Sender}") : " · from nobody yet (--mail-from ADDRESS)");
    }

    public Phrase FieldIgnored(MailFieldIgnored field) => field.Reason switch
    {
        IgnoredFieldReason.Unsafe => $"! the field {field.Name} of the URL is not heeded: a link may not speak in your name, or send your files",
        IgnoredFieldReason.Unknown => $"the field {field.Name} of the URL is not heeded: subject, body, to, cc, bcc and in-reply-to are",
    };

    public Phrase Exchangers(MailExchangersFound found) => found.IsImplicit
        ? Say($"mail for {found.Domain:name} goes to the domain's own address: it has no MX record")
        : $"mail for {found.Domain:name} goes to {string.Join(", then ", found.Exchangers.Select(static one => $"{one.Host} ({one.Preference})"))}";

    public Phrase Command(string verb, string argument) => verb.Length == 0 ? Say($"{argument}") : argument.Length == 0 ? $"{verb}" : $"{verb} {argument}";

    public Phrase Reply(int code, string text) => $"{code} {text}";

    public Phrase ContentSent(MailContentSent sent) => sent.IsEightBit
        ? Say($"the message, {_amounts.Bytes(sent.Bytes)} with the dot that ends it; its text as it is (8BITMIME)")
        : $"the message, {_amounts.Bytes(sent.Bytes)} with the dot that ends it";

    public Phrase Recipient(MailRecipientAnswered answered) => answered.IsSent
        ? Say($"✓ {answered.Address}: {answered.Host} has taken the message")
        : answered.Code > 0
            ? $"✗ {answered.Address}: {answered.Host} says {answered.Code} {answered.Text}"
            : $"✗ {answered.Address}: not sent ({answered.Host})";

    public Phrase Stored(MailStored stored) =>
        $"{stored.Host:name} has a message for {string.Join(", ", stored.Recipients)}: {(stored.Subject.Length > 0 ? Say($"\"{stored.Subject}\"") : "no subject")}, {_amounts.Bytes(stored.Bytes)}, {(stored.IsSecured ? "over TLS" : "in the clear"):words} (number {stored.Number} there)";

    public Phrase UrlFault(MailtoFault fault, string part) => fault switch
    {
        MailtoFault.None => "it names a message",
        MailtoFault.NoRecipient => "it names nobody to whom it goes",
        MailtoFault.NotAMailbox => Say($"'{part}' is no mailbox, such as name@example.com"),
        MailtoFault.TooManyRecipients => $"it names more than {MailLimits.Recipients} recipients",
        MailtoFault.ControlCharacter => $"'{part}' holds a line end or another control character, and what follows would be read as a field or a command of its own",
        MailtoFault.NotUtf8 => $"'{part}' is no UTF-8 when it is percent-decoded",
        MailtoFault.TooLong => "it is longer than such a URL may be",
        MailtoFault.NoSender => "nobody is named who sends it",
    };

    public Phrase ReplyFault(SmtpReplyFault fault) => fault switch
    {
        SmtpReplyFault.None => "it is a reply",
        SmtpReplyFault.NotAReply => "what came is no SMTP reply: it begins with no code of SMTP",
        SmtpReplyFault.OtherCode => "the lines of one reply have different codes",
        SmtpReplyFault.LineTooLong => "a line of the reply is too long",
        SmtpReplyFault.TooLong => "the reply has too many lines",
        SmtpReplyFault.EndedInReply => "the connection ended within a reply",
        SmtpReplyFault.EndedBeforeReply => "the connection ended where a reply was awaited",
        SmtpReplyFault.OutOfPlace => "more came before TLS than was asked for: somebody in between may have said it",
    };

    public Phrase Refusal(SmtpFault fault) => fault switch
    {
        SmtpFault.None => "took the message",
        SmtpFault.NotReady => "is not ready for mail",
        SmtpFault.ServerCloses => "closes the connection",
        SmtpFault.HelloRefused => "answers neither EHLO nor HELO",
        SmtpFault.SecurityRefused => "offers no TLS, and nothing goes on in the clear",
        SmtpFault.MechanismUnknown => "offers no way to log in that is known here (SCRAM-SHA-256, PLAIN, LOGIN; XOAUTH2 with a token)",
        SmtpFault.WouldBeRead => "would have the password sent without TLS, where everybody can read it",
        SmtpFault.LoginDenied => "does not let this user in",
        SmtpFault.LoginUnreadable => "says something in the login that cannot be answered",
        SmtpFault.ServerUnproven => "cannot show that it knows the password: it may be another server",
        SmtpFault.TooLarge => "takes no message of this length",
        SmtpFault.Utf8Unknown => "does not know addresses beyond ASCII (SMTPUTF8)",
        SmtpFault.SenderRefused => "does not take the sender",
        SmtpFault.SomeRecipientsRefused => "has taken the message, but not for every recipient",
        SmtpFault.RecipientsRefused => "takes mail for none of the recipients",
        SmtpFault.ContentRefused => "does not take the message",
        SmtpFault.CommandUnwritable => "cannot be told so: a command would hold a line end, or be too long",
        SmtpFault.ReplyUnknown => "answers something that does not fit the command",
    };
}
