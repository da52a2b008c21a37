namespace Firstbyte.Mail;

/// <summary>Where TLS begins.</summary>
public enum SmtpSecurity : byte
{
    /// <summary>After STARTTLS where the server offers it, and nowhere where it does not: between servers, of which any may be asked (RFC 7435).</summary>
    Opportunistic,

    /// <summary>After STARTTLS (RFC 3207), and nothing goes on without it.</summary>
    Required,

    /// <summary>Before the first byte: submissions, port 465 (RFC 8314 3.3).</summary>
    Implicit,
}

/// <summary>Who sends, for a server that wants to know (RFC 4954).</summary>
/// <param name="User">The user.</param>
/// <param name="Password">The password; null where there is a token.</param>
/// <param name="Token">A token that lets whoever has it in (XOAUTH2); null where there is a password.</param>
public sealed record SmtpCredentials(string User, string? Password, string? Token = null);

/// <summary>One message to hand over on a connection.</summary>
/// <param name="ClientName">What EHLO says: a name, or an address in brackets (RFC 5321 4.1.3).</param>
/// <param name="Sender">The reverse path.</param>
/// <param name="Recipients">The forward paths.</param>
/// <param name="Bytes">Bytes of the message, its dots not doubled.</param>
public sealed record SmtpTask(string ClientName, MailAddress Sender, MailAddress[] Recipients, long Bytes)
{
    /// <summary>Where TLS begins.</summary>
    public SmtpSecurity Security { get; init; }

    /// <summary>Who sends; null for a server that wants not to know.</summary>
    public SmtpCredentials? Credentials { get; init; }

    /// <summary>What makes an answer to SCRAM new, from the network's randomness: printable ASCII without commas.</summary>
    public string Nonce { get; init; } = "";

    /// <summary>Whether an address or a field of the message can be said in UTF-8 alone.</summary>
    public bool NeedsUtf8 => Sender.NeedsUtf8 || Array.Exists(Recipients, static one => one.NeedsUtf8);

    /// <summary>Whether the message has a form with bytes beyond ASCII, which goes to servers that take it.</summary>
    public bool HasEightBit { get; init; }
}

/// <summary>What a server said of a recipient.</summary>
/// <param name="Address">Whom.</param>
/// <param name="Code">The reply's code.</param>
/// <param name="Text">Its text.</param>
public sealed record SmtpRecipientResult(MailAddress Address, int Code, string Text)
{
    /// <summary>The server takes mail for it.</summary>
    public bool IsAccepted => Code / 100 == 2;
}

/// <summary>Why a message was not handed over.</summary>
public enum SmtpFault : byte
{
    /// <summary>It was, for everybody.</summary>
    None,

    /// <summary>The server greets with something else than 220.</summary>
    NotReady,

    /// <summary>421: the server closes the connection.</summary>
    ServerCloses,

    /// <summary>Neither EHLO nor HELO is taken.</summary>
    HelloRefused,

    /// <summary>TLS is wanted and not offered, or refused; nothing goes on in the clear.</summary>
    SecurityRefused,

    /// <summary>No way of saying who sends is offered that is known here.</summary>
    MechanismUnknown,

    /// <summary>The password or token would be read by everybody: there is no TLS.</summary>
    WouldBeRead,

    /// <summary>User, password or token are refused.</summary>
    LoginDenied,

    /// <summary>What the server says in SCRAM is none, or asks for more than <see cref="MailLimits.ScramIterations"/>.</summary>
    LoginUnreadable,

    /// <summary>The server does not know the password either: it may be somebody else (RFC 5802 3).</summary>
    ServerUnproven,

    /// <summary>The message is longer than the server takes.</summary>
    TooLarge,

    /// <summary>An address can be said in UTF-8 alone, and the server does not know SMTPUTF8.</summary>
    Utf8Unknown,

    /// <summary>The sender is refused.</summary>
    SenderRefused,

    /// <summary>Some recipients are refused; for the others the message was taken.</summary>
    SomeRecipientsRefused,

    /// <summary>All recipients are refused.</summary>
    RecipientsRefused,

    /// <summary>The message itself is refused.</summary>
    ContentRefused,

    /// <summary>A command would hold a line end, or be longer than one may be.</summary>
    CommandUnwritable,

    /// <summary>A reply that does not answer the command.</summary>
    ReplyUnknown,
}
