using Firstbyte.Mail;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.Chinese;

internal sealed class ChineseMail : IMailSentences
{
    private readonly ChineseAmounts _amounts = new();

    public Phrase Composed(MailComposed message)
    {
        var text = Say($"写给 {string.Join("、", message.To)} 的邮件，{_amounts.Bytes(message.Bytes)}");
        if (message.Cc.Length > 0) { text += Say($" · 抄送 {string.Join("、", message.Cc)}"); }
        if (message.Bcc.Length > 0) { text += Say($" · 密送 {string.Join("、", message.Bcc)}"); }
        return text + (message.Sender.Length > 0 ? Say($" · 发件人 {message.Sender}") : " · 还没有发件人（--mail-from 地址）");
    }

    public Phrase FieldIgnored(MailFieldIgnored field) => field.Reason switch
    {
        IgnoredFieldReason.Unsafe => $"! URL 里的字段 {field.Name} 不予理会：链接不能以你的名义说话，也不能寄出你的文件",
        IgnoredFieldReason.Unknown => $"URL 里的字段 {field.Name} 不予理会：只认 subject、body、to、cc、bcc 和 in-reply-to",
    };

    public Phrase Exchangers(MailExchangersFound found) => found.IsImplicit
        ? Say($"{found.Domain:name} 的邮件送到该域自己的地址：它没有 MX 记录")
        : $"{found.Domain:name} 的邮件送到 {string.Join("，其次 ", found.Exchangers.Select(static one => $"{one.Host}（{one.Preference}）"))}";

    public Phrase Command(string verb, string argument) => verb.Length == 0 ? Say($"{argument}") : argument.Length == 0 ? $"{verb}" : $"{verb} {argument}";

    public Phrase Reply(int code, string text) => $"{code} {text}";

    public Phrase ContentSent(MailContentSent sent) => sent.IsEightBit
        ? Say($"邮件，连同结尾的点共 {_amounts.Bytes(sent.Bytes)}；正文保持原样（8BITMIME）")
        : $"邮件，连同结尾的点共 {_amounts.Bytes(sent.Bytes)}";

    public Phrase Recipient(MailRecipientAnswered answered) => answered.IsSent
        ? Say($"✓ {answered.Address}：{answered.Host} 收下了邮件")
        : answered.Code > 0
            ? $"✗ {answered.Address}：{answered.Host} 回答 {answered.Code} {answered.Text}"
            : $"✗ {answered.Address}：没有寄出（{answered.Host}）";

    public Phrase Stored(MailStored stored) =>
        $"{stored.Host:name} 收到给 {string.Join("、", stored.Recipients)} 的邮件：{(stored.Subject.Length > 0 ? Say($"“{stored.Subject}”") : "没有主题")}，{_amounts.Bytes(stored.Bytes)}，{(stored.IsSecured ? "经 TLS 送来" : "明文送来"):words}（那里的第 {stored.Number} 封）";

    public Phrase UrlFault(MailtoFault fault, string part) => fault switch
    {
        MailtoFault.None => "它指明了一封邮件",
        MailtoFault.NoRecipient => "没有指明收件人",
        MailtoFault.NotAMailbox => Say($"'{part}' 不是邮箱地址（例如 name@example.com）"),
        MailtoFault.TooManyRecipients => $"收件人超过 {MailLimits.Recipients} 个",
        MailtoFault.ControlCharacter => $"'{part}' 含有换行或其他控制字符，后面的内容会被当作另一个字段或命令",
        MailtoFault.NotUtf8 => $"'{part}' 做百分号解码后不是 UTF-8",
        MailtoFault.TooLong => "它超过这种 URL 允许的长度",
        MailtoFault.NoSender => "没有指明发件人",
    };

    public Phrase ReplyFault(SmtpReplyFault fault) => fault switch
    {
        SmtpReplyFault.None => "应答没有问题",
        SmtpReplyFault.NotAReply => "收到的不是 SMTP 应答：开头不是 SMTP 的代码",
        SmtpReplyFault.OtherCode => "同一个应答的各行代码不同",
        SmtpReplyFault.LineTooLong => "应答中有一行太长",
        SmtpReplyFault.TooLong => "应答的行数太多",
        SmtpReplyFault.EndedInReply => "连接在应答中间结束",
        SmtpReplyFault.EndedBeforeReply => "等待应答时连接结束",
        SmtpReplyFault.OutOfPlace => "在 TLS 之前收到了没有请求的内容：可能是中间有人发的",
    };

    public Phrase Refusal(SmtpFault fault) => fault switch
    {
        SmtpFault.None => "收下了邮件",
        SmtpFault.NotReady => "还不能收邮件",
        SmtpFault.ServerCloses => "关闭连接",
        SmtpFault.HelloRefused => "既不接受 EHLO 也不接受 HELO",
        SmtpFault.SecurityRefused => "不提供 TLS，而这里不以明文继续",
        SmtpFault.MechanismUnknown => "没有提供这里认识的登录方式（SCRAM-SHA-256、PLAIN、LOGIN；有令牌时 XOAUTH2）",
        SmtpFault.WouldBeRead => "要求不经 TLS 发送密码，谁都能读到",
        SmtpFault.LoginDenied => "不让这个用户登录",
        SmtpFault.LoginUnreadable => "登录时说了无法回答的内容",
        SmtpFault.ServerUnproven => "不能证明它知道密码：可能是别的服务器",
        SmtpFault.TooLarge => "不收这么长的邮件",
        SmtpFault.Utf8Unknown => "不认识 ASCII 以外的地址（SMTPUTF8）",
        SmtpFault.SenderRefused => "不接受发件人",
        SmtpFault.SomeRecipientsRefused => "收下了邮件，但不是给所有收件人的",
        SmtpFault.RecipientsRefused => "不收给任何一个收件人的邮件",
        SmtpFault.ContentRefused => "不收这封邮件",
        SmtpFault.CommandUnwritable => "没有被告知：命令里会有换行，或者太长",
        SmtpFault.ReplyUnknown => "应答与命令不符",
    };
}
