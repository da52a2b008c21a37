using Firstbyte.Addressing;
using Firstbyte.Ftp;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>FTP: what is said on the control connection, and what goes over the data connection.</summary>
public interface IFtpSentences
{
    Phrase Command(string verb, string argument);

    Phrase Reply(int code, string text);

    Phrase AddressIgnored(IpAddress told, IpAddress used);

    Phrase DataConnected(int descriptor, Endpoint remote, bool isActive);

    Phrase Transferred(bool isUpload, FtpDataEnd how, long bytes);

    /// <summary>What the server knows of a file.</summary>
    Phrase Found(FtpFileFound found);

    /// <summary>Why the path of a URL cannot be asked for.</summary>
    Phrase PathFault(FtpPathFault fault);

    /// <summary>Why what came is no reply.</summary>
    Phrase ReplyFault(FtpReplyFault fault);

    /// <summary>What the server did not do.</summary>
    Phrase Refusal(FtpFault fault);
}
