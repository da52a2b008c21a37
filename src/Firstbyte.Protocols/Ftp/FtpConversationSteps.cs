using Firstbyte.Addressing;

namespace Firstbyte.Ftp;

/// <summary>What happened, told to an <see cref="FtpConversation"/>.</summary>
public abstract record FtpInput;

/// <summary>A whole reply came.</summary>
public sealed record FtpReplied(FtpReply Reply) : FtpInput;

/// <summary>TLS stands on the control connection.</summary>
public sealed record FtpControlSecured : FtpInput;

/// <summary>The data connection to the server stands.</summary>
public sealed record FtpDataConnectionMade : FtpInput;

/// <summary>The data connection could not be made.</summary>
public sealed record FtpDataConnectionFailed : FtpInput;

/// <summary>The client listens for the server's connection.</summary>
/// <param name="Local">Where, as the server is to be told.</param>
public sealed record FtpDataListens(Endpoint Local) : FtpInput;

/// <summary>How a data connection ended.</summary>
public enum FtpDataEnd : byte
{
    /// <summary>In order: by the sender's close.</summary>
    Whole,

    /// <summary>By a fault of the network or the server's reset.</summary>
    Broken,

    /// <summary>From this side: all that was wanted has come.</summary>
    Sufficient,

    /// <summary>From this side: nobody takes the content any more, or there is none.</summary>
    Abandoned,
}

/// <summary>The data connection has ended and is closed.</summary>
/// <param name="How">How.</param>
/// <param name="Bytes">Bytes that went over it.</param>
public sealed record FtpDataEnded(FtpDataEnd How, long Bytes) : FtpInput;

/// <summary>What is to be done next, said by an <see cref="FtpConversation"/>: always exactly one thing.</summary>
public abstract record FtpStep;

/// <summary>Send a command, then read a reply.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Argument">What follows it; empty for none.</param>
/// <param name="IsSecret">The argument is not for anybody's eyes.</param>
public sealed record FtpSendCommand(string Verb, string Argument = "", bool IsSecret = false) : FtpStep
{
    /// <summary>The bytes of its line; null when the argument would end it and begin another, or is longer than a line may be.</summary>
    public byte[]? ToBytes()
    {
        if (Argument.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) { return null; }
        var line = FtpText.Encode(Argument.Length == 0 ? $"{Verb}\r\n" : $"{Verb} {Argument}\r\n");
        return line.Length <= FtpLimits.Command + 2 ? line : null;
    }
}

/// <summary>Read a reply.</summary>
public sealed record FtpAwaitReply : FtpStep;

/// <summary>Begin TLS on the control connection.</summary>
public sealed record FtpSecureControl : FtpStep;

/// <summary>Connect to the server's data port: always at the address of the control connection, whatever the reply says.</summary>
/// <param name="Port">The port.</param>
/// <param name="Told">The address that the reply names (227); null where it names none.</param>
public sealed record FtpConnectData(ushort Port, IpAddress? Told) : FtpStep;

/// <summary>Listen for the server's connection at the address of the control connection.</summary>
public sealed record FtpListenForData : FtpStep;

/// <summary>Move the content over the data connection, then close it.</summary>
/// <param name="Expected">Bytes that the server promised; null where it did not, and for an upload.</param>
/// <param name="Offset">Where in the file it begins.</param>
/// <param name="Most">How many bytes are wanted; null for all that come.</param>
public sealed record FtpMoveData(long? Expected, long Offset, long? Most = null) : FtpStep;

/// <summary>The task is done, or cannot be.</summary>
/// <param name="Fault">Why it cannot.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Reply">The answer; null when no reply decided it.</param>
/// <param name="MayReuse">Whether the control connection can take another task.</param>
public sealed record FtpFinish(FtpFault Fault, string Command, FtpReply? Reply, bool MayReuse) : FtpStep;
