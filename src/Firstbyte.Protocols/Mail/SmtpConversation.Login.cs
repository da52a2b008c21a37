using System.Text;

namespace Firstbyte.Mail;

// Who sends (RFC 4954).
public sealed partial class SmtpConversation
{
    private string _mechanism = "";
    private int _round;
    private ScramClient? _scram;

    private SmtpStep LogIn()
    {
        if (_task.Credentials is not { } who) { return BeginMail(); }
        string[] known = who.Token is not null ? ["XOAUTH2"] : ["SCRAM-SHA-256", "PLAIN", "LOGIN"];
        var offered = known.Where(one => Features.Mechanisms.Contains(one)).ToArray();
        if (offered.Length == 0) { return Finish(SmtpFault.MechanismUnknown, null, "EHLO"); }
        _mechanism = offered[0];
        if (!_isSecured && _mechanism != "SCRAM-SHA-256") { return Finish(SmtpFault.WouldBeRead, null, "EHLO"); }
        _round = 0;
        switch (_mechanism)
        {
            case "SCRAM-SHA-256":
                _scram = new ScramClient(who.User, who.Password!, _task.Nonce);
                return SendLogin(_scram.First);
            // RFC 4616: [authzid] NUL authcid NUL passwd
            case "PLAIN": return SendLogin($"\0{who.User}\0{who.Password}");
            case "XOAUTH2": return SendLogin($"user={who.User}\u0001auth=Bearer {who.Token}\u0001\u0001");
            default: return Send(Stage.Login, "AUTH", "LOGIN");
        }
    }

    private SmtpSend SendLogin(string first) => Send(Stage.Login, "AUTH", $"{_mechanism} {Base64(first)}", isSecret: true);

    private SmtpStep AnswerLogin(SmtpReply reply)
    {
        if (reply.Code == 235) { return _scram is { IsProven: false } ? Finish(SmtpFault.ServerUnproven, reply) : BeginMail(); }
        if (reply.Code != 334) { return Finish(SmtpFault.LoginDenied, reply); }
        _round++;
        switch (_mechanism)
        {
            case "LOGIN" when _round == 1: return Send(Stage.Login, "", Base64(_task.Credentials!.User), isSecret: true);
            case "LOGIN" when _round == 2: return Send(Stage.Login, "", Base64(_task.Credentials!.Password!), isSecret: true);
            // What is wrong with the token is said here; an empty answer brings the refusal itself.
            case "XOAUTH2" when _round == 1: return Send(Stage.Login, "", "");
            case "SCRAM-SHA-256":
                var challenge = new byte[reply.Text.Length];
                if (!Convert.TryFromBase64String(reply.Text, challenge, out var length)) { return Finish(SmtpFault.LoginUnreadable, reply); }
                var said = Encoding.UTF8.GetString(challenge, 0, length);
                if (_round == 1 && _scram!.Answer(said) is { } answer) { return Send(Stage.Login, "", Base64(answer), isSecret: true); }
                if (_round == 2) { return _scram!.Prove(said) ? Send(Stage.Login, "", "") : Finish(SmtpFault.ServerUnproven, reply); }
                return Finish(SmtpFault.LoginUnreadable, reply);
            default: return Finish(SmtpFault.LoginUnreadable, reply);
        }
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
