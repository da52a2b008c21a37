using System.Globalization;
using Firstbyte.Addressing;
using Firstbyte.Ftp;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishFtp : IFtpSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase Command(string verb, string argument) => argument.Length == 0 ? $"{verb}" : $"{verb} {argument}";

    public Phrase Reply(int code, string text) => $"{code} {text}";

    public Phrase AddressIgnored(IpAddress told, IpAddress used) => $"the reply names {told}; the connection goes to {used}, where the server is";

    public Phrase DataConnected(int descriptor, Endpoint remote, bool isActive) => isActive
        ? $"data connection {descriptor}: the server has connected from {remote}"
        : $"data connection {descriptor} to {remote}";

    public Phrase Transferred(bool isUpload, FtpDataEnd how, long bytes) => how switch
    {
        FtpDataEnd.Whole => isUpload ? $"{_amounts.Bytes(bytes)} sent over the data connection" : $"{_amounts.Bytes(bytes)} came over the data connection",
        FtpDataEnd.Sufficient => $"{_amounts.Bytes(bytes)} came over the data connection; no more is wanted, and it is closed",
        FtpDataEnd.Broken => $"the data connection broke after {_amounts.Bytes(bytes)}",
        FtpDataEnd.Abandoned => $"given up after {_amounts.Bytes(bytes)}",
    };

    public Phrase Found(FtpFileFound found)
    {
        Phrase size = found.Length is { } length ? _amounts.Bytes(length) : "a file of a length that the server does not tell";
        return found.Modified is { } time
            ? $"{size}, last changed {time.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} UTC" : size;
    }

    public Phrase PathFault(FtpPathFault fault) => fault switch
    {
        FtpPathFault.None => "it is a path",
        FtpPathFault.ControlCharacter => "it holds a line break or NUL, and what follows would be read as another command",
        FtpPathFault.TooManySegments => "it has too many directories",
        FtpPathFault.TooLong => "a part of it is longer than a command may be",
        FtpPathFault.NoFile => "it names a directory, and something is to be stored: a file name has to stand at its end",
    };

    public Phrase ReplyFault(FtpReplyFault fault) => fault switch
    {
        FtpReplyFault.None => "it is a reply",
        FtpReplyFault.NotAReply => "what came is no FTP reply: it begins with no three digits",
        FtpReplyFault.CodeUnknown => "the reply's code is none of FTP's",
        FtpReplyFault.LineTooLong => "a line of the reply is too long",
        FtpReplyFault.TooLong => "the reply is too long",
        FtpReplyFault.EndedInReply => "the connection ended within a reply",
        FtpReplyFault.EndedBeforeReply => "the connection ended where a reply was awaited",
        FtpReplyFault.OutOfPlace => "a reply came where none may come",
    };

    public Phrase Refusal(FtpFault fault) => fault switch
    {
        FtpFault.None => "did what it was asked for",
        FtpFault.NotReady => "is not ready",
        FtpFault.ServerCloses => "closes the connection",
        FtpFault.SecurityRefused => "refuses TLS, and nothing goes on in the clear",
        FtpFault.LoginDenied => "does not let this user in",
        FtpFault.LoginReplyUnknown => "answers the password with neither yes nor no",
        FtpFault.DirectoryRefused => "does not let this user into the directory",
        FtpFault.TypeRefused => "does not know this type of transfer",
        FtpFault.PassiveRefused => "takes neither EPSV nor PASV",
        FtpFault.PassiveUnreadable => "names no place for the data connection that can be read",
        FtpFault.PortRefused => "takes neither EPRT nor PORT",
        FtpFault.DataUnconnected => "cannot be reached for the data connection",
        FtpFault.RestartRefused => "cannot go on in the middle of a file",
        FtpFault.OffsetBeyondEnd => "has less of the file than is here already",
        FtpFault.LengthUnknown => "does not tell the length of the file",
        FtpFault.RangeBeyondEnd => "has less of the file than the range that is asked for begins with",
        FtpFault.FileUnavailable => "has no such file, or not for this user",
        FtpFault.RetrieveRefused => "does not send the file",
        FtpFault.StoreRefused => "does not take the file",
        FtpFault.NoRoom => "has no room for the file",
        FtpFault.CutShort => "ended the data before their end",
        FtpFault.ReplyUnknown => "answers something that does not fit the command",
        FtpFault.Abandoned => "was told that the transfer is given up",
    };
}
