using Firstbyte.Tracing;

namespace Firstbyte.Mail;

/// <summary>A message was written; nothing was sent.</summary>
/// <param name="Sender">Who sends it; empty where nobody has said.</param>
/// <param name="To">To whom.</param>
/// <param name="Cc">To whom else.</param>
/// <param name="Bcc">To whom else, of whom the others do not know: they are in no field.</param>
/// <param name="Subject">About what; empty where nobody says it.</param>
/// <param name="Bytes">Its bytes.</param>
public sealed record MailComposed(string Sender, string[] To, string[] Cc, string[] Bcc, string Subject, long Bytes) : TraceEvent;

/// <summary>A field of the URL goes into no message.</summary>
public sealed record MailFieldIgnored(string Name, IgnoredFieldReason Reason) : TraceEvent;

/// <summary>Who takes mail for a domain (RFC 5321 5.1).</summary>
/// <param name="Domain">The domain.</param>
/// <param name="Exchangers">The hosts in the order in which they are tried.</param>
/// <param name="IsImplicit">The domain has no MX record, and is its own host.</param>
public sealed record MailExchangersFound(string Domain, MailExchanger[] Exchangers, bool IsImplicit) : TraceEvent;

/// <summary>A host that takes mail for a domain.</summary>
/// <param name="Preference">Lower is tried first.</param>
/// <param name="Host">Its name.</param>
public sealed record MailExchanger(int Preference, string Host);

/// <summary>A command went out on an SMTP connection.</summary>
/// <param name="Verb">The command; empty for an answer within one.</param>
/// <param name="Argument">What follows it; covered where it is a secret.</param>
public sealed record SmtpCommandSent(string Verb, string Argument) : TraceEvent;

/// <summary>A whole reply came on an SMTP connection.</summary>
/// <param name="Code">The three digits.</param>
/// <param name="Lines">The text of its lines.</param>
/// <param name="ElapsedNanoseconds">Since what it answers went out.</param>
public sealed record SmtpReplyReceived(int Code, string[] Lines, long ElapsedNanoseconds) : TraceEvent;

/// <summary>The message went out on an SMTP connection.</summary>
/// <param name="Bytes">Its bytes, with the dots that were doubled and the one that ends it.</param>
/// <param name="IsEightBit">In its form with bytes beyond ASCII.</param>
public sealed record MailContentSent(long Bytes, bool IsEightBit) : TraceEvent;

/// <summary>What became of the message for a recipient.</summary>
/// <param name="Address">Whom.</param>
/// <param name="Host">The server that has said it.</param>
/// <param name="IsSent">The server has taken the message for it.</param>
/// <param name="Code">The code by which it says so; 0 where no reply does.</param>
/// <param name="Text">The text of that reply.</param>
public sealed record MailRecipientAnswered(string Address, string Host, bool IsSent, int Code, string Text) : TraceEvent;
