using System.Globalization;

namespace Firstbyte.Mail;

/// <summary>
/// The client's side of an SMTP connection (RFC 5321, with 1870, 2920, 3207, 4954, 6152 and 6531): told what happened, it says the one thing to do next.
/// </summary>
/// <remarks>
/// Theory of operation. No socket, no clock, no randomness: a driver does each <see cref="SmtpStep"/> and tells what came of it. One instance hands over one
/// message.
/// <code>
///  220 ─► EHLO ─► (refused: HELO) ─► [STARTTLS ─► TLS ─► EHLO] ─► [AUTH …] ─► MAIL ─► RCPT … ─► DATA ─► content ─► 250 ─► finish
///                                                                             ╰── in one piece with PIPELINING ──╯
/// </code>
/// What was heard before TLS is forgotten behind it (RFC 3207 4.2). A password goes over TLS alone; SCRAM shows none, and may go without. With PIPELINING
/// the replies come for commands that are out already: what MAIL's refusal ends, the others' replies are still read for. A server that says 354 though no
/// recipient is left gets the dot alone.
/// </remarks>
public sealed partial class SmtpConversation
{
    private readonly List<SmtpRecipientResult> _results = [];
    private SmtpTask _task = null!;
    private Stage _stage;
    private string _command = "";
    private bool _isSecured;
    private bool _isPipelined;
    private SmtpFinish? _refusal;

    private enum Stage : byte
    {
        Greeting,
        Hello,
        OldHello,
        StartTls,
        Securing,
        Login,
        Mail,
        Recipient,
        Data,
        Content,
        Finished,
    }

    /// <summary>What the server can.</summary>
    public SmtpFeatures Features { get; private set; } = SmtpFeatures.None;

    /// <summary>What the server said of each recipient, in their order.</summary>
    public IReadOnlyList<SmtpRecipientResult> Results => _results;

    /// <summary>Whether the server has taken the message, for those recipients that it has accepted.</summary>
    public bool IsSent { get; private set; }

    /// <summary>Begins, when the connection stands (and TLS, where it is implicit).</summary>
    public SmtpStep Begin(SmtpTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        _task = task;
        _isSecured = task.Security == SmtpSecurity.Implicit;
        return new SmtpAwait();
    }

    /// <summary>Takes what happened; says what to do next.</summary>
    public SmtpStep Handle(SmtpInput input) => input switch
    {
        SmtpReplied { Reply: var reply } => Answer(reply),
        SmtpSecured when _stage == Stage.Securing => GreetAgain(),
        _ => throw new InvalidOperationException($"{input} does not happen in {_stage}"),
    };

    private SmtpStep Answer(SmtpReply reply)
    {
        if (reply.Code == 421) { return Finish(SmtpFault.ServerCloses, reply); }
        return _stage switch
        {
            Stage.Greeting => reply.Code == 220 ? Send(Stage.Hello, "EHLO", _task.ClientName) : Finish(SmtpFault.NotReady, reply),
            Stage.Hello => AnswerHello(reply),
            Stage.OldHello => reply.Class == 2 ? LogIn() : Finish(SmtpFault.HelloRefused, reply),
            Stage.StartTls when reply.Code == 220 => Secure(),
            Stage.StartTls => _task.Security == SmtpSecurity.Required ? Finish(SmtpFault.SecurityRefused, reply) : LogIn(),
            Stage.Login => AnswerLogin(reply),
            Stage.Mail => AnswerMail(reply),
            Stage.Recipient => AnswerRecipient(reply),
            Stage.Data => AnswerData(reply),
            Stage.Content => AnswerContent(reply),
            _ => Finish(SmtpFault.ReplyUnknown, reply),
        };
    }

    private SmtpStep AnswerHello(SmtpReply reply)
    {
        var wantsTls = !_isSecured;
        if (reply.Class != 2)
        {
            // RFC 5321 3.2: who does not know EHLO knows HELO, and no extension.
            if (wantsTls && _task.Security == SmtpSecurity.Required) { return Finish(SmtpFault.SecurityRefused, reply); }
            return Send(Stage.OldHello, "HELO", _task.ClientName);
        }
        Features = SmtpFeatures.Of(reply);
        if (wantsTls && Features.StartTls) { return Send(Stage.StartTls, "STARTTLS"); }
        return wantsTls && _task.Security == SmtpSecurity.Required ? Finish(SmtpFault.SecurityRefused, null) : LogIn();
    }

    private SmtpSecure Secure()
    {
        _stage = Stage.Securing;
        return new SmtpSecure();
    }

    private SmtpSend GreetAgain()
    {
        _isSecured = true;
        Features = SmtpFeatures.None;
        return Send(Stage.Hello, "EHLO", _task.ClientName);
    }

    private SmtpStep BeginMail()
    {
        if (_task.NeedsUtf8 && !Features.SmtpUtf8) { return Finish(SmtpFault.Utf8Unknown, null); }
        if (Features.MaximumSize is { } most && _task.Bytes > most) { return Finish(SmtpFault.TooLarge, null); }
        var sender = $"FROM:<{_task.Sender}>";
        if (Features.Size) { sender += string.Create(CultureInfo.InvariantCulture, $" SIZE={_task.Bytes}"); }
        if (SendsEightBit) { sender += " BODY=8BITMIME"; }
        if (_task.NeedsUtf8) { sender += " SMTPUTF8"; }
        if (!Features.Pipelining) { return Send(Stage.Mail, "MAIL", sender); }
        _isPipelined = true;
        (_stage, _command) = (Stage.Mail, "MAIL");
        return new SmtpSend([new("MAIL", sender), .. _task.Recipients.Select(static one => new SmtpCommand("RCPT", $"TO:<{one}>")), new("DATA")]);
    }

    private bool SendsEightBit => _task.HasEightBit && Features.EightBitMime;

    private SmtpStep AnswerMail(SmtpReply reply)
    {
        if (reply.Class != 2)
        {
            var refusal = new SmtpFinish(reply.Code == 552 ? SmtpFault.TooLarge : SmtpFault.SenderRefused, "MAIL", reply);
            if (!_isPipelined) { return Finish(refusal.Fault, reply); }
            _refusal = refusal;
        }
        return AwaitOr(Stage.Recipient, "RCPT", () => new SmtpCommand("RCPT", $"TO:<{_task.Recipients[0]}>"));
    }

    private SmtpStep AnswerRecipient(SmtpReply reply)
    {
        _results.Add(new SmtpRecipientResult(_task.Recipients[_results.Count], reply.Code, reply.Text));
        if (_results.Count < _task.Recipients.Length)
        {
            return AwaitOr(Stage.Recipient, "RCPT", () => new SmtpCommand("RCPT", $"TO:<{_task.Recipients[_results.Count]}>"));
        }
        if (!_results.Exists(static one => one.IsAccepted))
        {
            _refusal ??= new SmtpFinish(SmtpFault.RecipientsRefused, "RCPT", reply);
            if (!_isPipelined) { return Finish(SmtpFault.RecipientsRefused, reply); }
        }
        return AwaitOr(Stage.Data, "DATA", static () => new SmtpCommand("DATA"));
    }

    private SmtpStep AnswerData(SmtpReply reply)
    {
        if (reply.Code == 354)
        {
            (_stage, _command) = (Stage.Content, "DATA");
            return new SmtpSendContent(SendsEightBit, IsEmpty: _refusal is not null);
        }
        return _refusal is { } refusal ? Finish(refusal.Fault, refusal.Reply, refusal.Command) : Finish(SmtpFault.ContentRefused, reply);
    }

    private SmtpFinish AnswerContent(SmtpReply reply)
    {
        if (_refusal is { } refusal) { return Finish(refusal.Fault, refusal.Reply, refusal.Command); }
        if (reply.Class != 2) { return Finish(reply.Code == 552 ? SmtpFault.TooLarge : SmtpFault.ContentRefused, reply); }
        IsSent = true;
        return Finish(_results.Exists(static one => !one.IsAccepted) ? SmtpFault.SomeRecipientsRefused : SmtpFault.None, reply);
    }

    // What is out already is only waited for.
    private SmtpStep AwaitOr(Stage stage, string verb, Func<SmtpCommand> command)
    {
        (_stage, _command) = (stage, verb);
        return _isPipelined ? new SmtpAwait() : new SmtpSend([command()]);
    }

    private SmtpSend Send(Stage stage, string verb, string argument = "", bool isSecret = false)
    {
        _stage = stage;
        if (verb.Length > 0) { _command = verb; }
        return new SmtpSend([new SmtpCommand(verb, argument, isSecret)]);
    }

    private SmtpFinish Finish(SmtpFault fault, SmtpReply? reply, string? command = null)
    {
        _stage = Stage.Finished;
        return new SmtpFinish(fault, command ?? _command, reply);
    }
}
