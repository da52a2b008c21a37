using Firstbyte.Mail;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Mail: the message that a URL asks for, and its way over SMTP.</summary>
public interface IMailSentences
{
    Phrase Composed(MailComposed message);

    Phrase FieldIgnored(MailFieldIgnored field);

    Phrase Exchangers(MailExchangersFound found);

    Phrase Command(string verb, string argument);

    Phrase Reply(int code, string text);

    Phrase ContentSent(MailContentSent sent);

    Phrase Recipient(MailRecipientAnswered answered);

    Phrase Stored(MailStored stored);

    /// <summary>Why no message can be made or sent of a URL.</summary>
    Phrase UrlFault(MailtoFault fault, string part);

    /// <summary>Why what came is no reply.</summary>
    Phrase ReplyFault(SmtpReplyFault fault);

    /// <summary>What the server did not do.</summary>
    Phrase Refusal(SmtpFault fault);
}
