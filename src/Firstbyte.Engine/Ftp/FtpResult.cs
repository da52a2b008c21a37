using Firstbyte.Errors;

namespace Firstbyte.Ftp;

/// <summary>What came of a task.</summary>
/// <param name="Fault">Why it is not done.</param>
/// <param name="ReplyFault">Why what the server said is no reply.</param>
/// <param name="Error">What broke the control connection.</param>
/// <param name="SinkError">Why the content could not be kept.</param>
/// <param name="SourceError">Why the content could not be read from its source.</param>
/// <param name="IsInsecure">TLS was wanted and does not stand.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Reply">The last reply.</param>
/// <param name="Bytes">Bytes of content that went over the data connection.</param>
internal sealed record FtpResult(
    FtpFault Fault, FtpReplyFault ReplyFault, Errno Error, Errno SinkError, Errno SourceError, bool IsInsecure, string Command, FtpReply? Reply, long Bytes)
{
    public bool Succeeded =>
        Fault == FtpFault.None && ReplyFault == FtpReplyFault.None && !IsInsecure
        && Error == Errno.None && SinkError == Errno.None && SourceError == Errno.None;
}
