namespace Firstbyte.Ftp;

// From the greeting to a session in which files can be asked for.
public sealed partial class FtpConversation
{
    private FtpStep AnswerLogin(FtpReply reply) => _stage switch
    {
        Stage.Greeting => reply.Class != 2 ? Finish(FtpFault.NotReady, reply, mayReuse: false)
            : _task.Security == FtpSecurity.Explicit ? Send(Stage.Auth, "AUTH", "TLS")
            // 230: this server has no users.
            : reply.Code == 230 ? LoggedIn()
            : Send(Stage.User, "USER", _task.User),
        Stage.Auth => reply.Code is 234 or 334 ? Secure() : Finish(FtpFault.SecurityRefused, reply, mayReuse: false),
        Stage.User or Stage.Password or Stage.Account => AnswerCredential(reply),
        Stage.BufferSize => Send(Stage.Protection, "PROT", "P"),
        Stage.Protection => reply.Class == 2 ? AskEntryPath() : Finish(FtpFault.SecurityRefused, reply, mayReuse: false),
        Stage.EntryPath => KeepEntryPath(reply),
        Stage.Features => KeepFeatures(reply),
        _ => EnterDirectories(),
    };

    private FtpSecureControl Secure()
    {
        _stage = Stage.Securing;
        return new FtpSecureControl();
    }

    private FtpStep AnswerCredential(FtpReply reply) => (reply.Class, reply.Code) switch
    {
        (2, _) => LoggedIn(),
        (3, 332) when _stage != Stage.Account => _task.Account is { } account
            ? Send(Stage.Account, "ACCT", account, isSecret: true)
            : Finish(FtpFault.LoginDenied, reply, mayReuse: false),
        (3, _) when _stage == Stage.User => Send(Stage.Password, "PASS", _task.Password, isSecret: true),
        (4 or 5, _) => Finish(FtpFault.LoginDenied, reply, mayReuse: false),
        _ => Finish(FtpFault.LoginReplyUnknown, reply, mayReuse: false),
    };

    private FtpSendCommand LoggedIn()
    {
        _loggedIn = true;
        // RFC 4217 9: PBSZ comes before PROT, and for TLS its size is 0.
        return _task.Security != FtpSecurity.None ? Send(Stage.BufferSize, "PBSZ", "0") : AskEntryPath();
    }

    private FtpSendCommand AskEntryPath() => Send(Stage.EntryPath, "PWD");

    // 257 "path" …, with a quotation mark in the path doubled (RFC 959 5.4, appendix II). Who does not say it cannot be come back to.
    private FtpSendCommand KeepEntryPath(FtpReply reply)
    {
        var text = reply.Text;
        var open = text.IndexOf('"', StringComparison.Ordinal);
        if (reply.Code == 257 && open >= 0)
        {
            var path = new System.Text.StringBuilder();
            for (var i = open + 1; i < text.Length; i++)
            {
                if (text[i] != '"') { path.Append(text[i]); }
                else if (i + 1 < text.Length && text[i + 1] == '"') { path.Append(text[i++]); }
                else
                {
                    _entry = path.Length > 0 && path.ToString().AsSpan().IndexOfAny('\r', '\0') < 0 ? path.ToString() : null;
                    break;
                }
            }
        }
        return Send(Stage.Features, "FEAT");
    }

    private FtpStep KeepFeatures(FtpReply reply)
    {
        if (reply.Class == 2) { Features = FtpFeatures.Of(reply); }
        // RFC 2640 wants no command; some servers speak another charset until they are asked.
        return Features.Utf8 ? Send(Stage.Utf8, "OPTS", "UTF8 ON") : EnterDirectories();
    }
}
