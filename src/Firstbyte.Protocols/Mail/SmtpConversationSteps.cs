using System.Text;

namespace Firstbyte.Mail;

/// <summary>What happened, told to an <see cref="SmtpConversation"/>.</summary>
public abstract record SmtpInput;

/// <summary>A whole reply came.</summary>
public sealed record SmtpReplied(SmtpReply Reply) : SmtpInput;

/// <summary>TLS stands.</summary>
public sealed record SmtpSecured : SmtpInput;

/// <summary>What is to be done next, said by an <see cref="SmtpConversation"/>: always exactly one thing.</summary>
public abstract record SmtpStep;

/// <summary>A command.</summary>
/// <param name="Verb">The command; empty for an answer within one.</param>
/// <param name="Argument">What follows it; empty for none.</param>
/// <param name="IsSecret">The argument is not for anybody's eyes.</param>
public sealed record SmtpCommand(string Verb, string Argument = "", bool IsSecret = false)
{
    /// <summary>The bytes of its line; null when the argument would end it and begin another, or is longer than a line may be.</summary>
    public byte[]? ToBytes()
    {
        if (Argument.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) { return null; }
        var line = Encoding.UTF8.GetBytes(Verb.Length == 0 ? $"{Argument}\r\n" : Argument.Length == 0 ? $"{Verb}\r\n" : $"{Verb} {Argument}\r\n");
        return line.Length <= MailLimits.Command ? line : null;
    }
}

/// <summary>Send commands in one piece, then read a reply.</summary>
public sealed record SmtpSend(SmtpCommand[] Commands) : SmtpStep;

/// <summary>Read a reply.</summary>
public sealed record SmtpAwait : SmtpStep;

/// <summary>Begin TLS.</summary>
public sealed record SmtpSecure : SmtpStep;

/// <summary>Send the message, its dots doubled, and the dot that ends it; then read a reply.</summary>
/// <param name="IsEightBit">In its form with bytes beyond ASCII.</param>
/// <param name="IsEmpty">Nothing of it: the server waits for content that nobody would get.</param>
public sealed record SmtpSendContent(bool IsEightBit, bool IsEmpty) : SmtpStep;

/// <summary>The message is handed over, or cannot be.</summary>
/// <param name="Fault">Why it cannot.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Reply">The answer; null when no reply decided it.</param>
public sealed record SmtpFinish(SmtpFault Fault, string Command, SmtpReply? Reply) : SmtpStep;
