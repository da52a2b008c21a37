using System.Globalization;

namespace Firstbyte.News;

/// <summary>The client's side of an NNTP connection (RFC 3977, 4642, 4643): told what happened, it says the one thing to do next.</summary>
/// <remarks>
/// Theory of operation. No socket, no clock: a driver does each <see cref="NntpStep"/> and tells what came of it. One instance does one thing.
/// <code>
///  200, 201 ─► CAPABILITIES ─► [MODE READER ─► CAPABILITIES] ─► [STARTTLS ─► TLS ─► CAPABILITIES] ─► [AUTHINFO USER ─► PASS]
///                                                                                                          │
///        LIST ACTIVE ◄─ groups ─┬─ overview ─► GROUP ─► OVER (or XOVER)  ─► block ─► finish ◄──────────────┤
///      ARTICLE &lt;id&gt; ◄─ article ─┴─ numbered ─► GROUP ─► ARTICLE n         post ─► POST ─► 340 ─► article ─► 240
/// </code>
/// TLS is begun where it is offered; a password goes over TLS alone. What was heard before TLS is forgotten behind it (RFC 4642 2.2.2).
/// </remarks>
public sealed class NntpConversation
{
    private NntpTask _task = null!;
    private Stage _stage;
    private string _command = "";
    private bool _isSecured;
    private bool _hasAskedMode;
    private HashSet<string> _capabilities = new(StringComparer.OrdinalIgnoreCase);
    private NntpReply? _last;

    private enum Stage : byte
    {
        Greeting,
        Capabilities,
        Mode,
        StartTls,
        Securing,
        User,
        Password,
        Group,
        Content,
        Post,
        Posted,
        Finished,
    }

    /// <summary>How many articles the group has, the first and the last number, once the server has said so.</summary>
    public (long Count, long First, long Last)? Group { get; private set; }

    /// <summary>Whether the server lets this client post, by its greeting; null before.</summary>
    public bool? MayPost { get; private set; }

    /// <summary>Begins, when the connection stands (and TLS, where it is implicit).</summary>
    public NntpStep Begin(NntpTask task)
    {
        ArgumentNullException.ThrowIfNull(task);
        (_task, _isSecured) = (task, task.IsImplicit);
        return new NntpAwait();
    }

    /// <summary>Takes what happened; says what to do next.</summary>
    public NntpStep Handle(NntpInput input) => input switch
    {
        NntpReplied { Reply: var reply } => Answer(reply),
        NntpBlockRead { Lines: var lines } when _stage == Stage.Capabilities => Learn(lines),
        NntpBlockRead when _stage == Stage.Content => Finish(NntpFault.None, _last),
        NntpSecured when _stage == Stage.Securing => AskAgain(),
        _ => throw new InvalidOperationException($"{input} does not happen in {_stage}"),
    };

    private NntpStep Answer(NntpReply reply)
    {
        _last = reply;
        if (reply.Code == 400 || (reply.Code == 205 && _stage != Stage.Greeting)) { return Finish(NntpFault.ServerCloses, reply); }
        if (reply.Code is 480 or 483 && _stage > Stage.Greeting)
        {
            return Finish(reply.Code == 480 ? NntpFault.LoginWanted : NntpFault.WouldBeRead, reply);
        }
        switch (_stage)
        {
            case Stage.Greeting:
                if (reply.Code is not (200 or 201)) { return Finish(NntpFault.NotReady, reply); }
                MayPost = reply.Code == 200;
                return Send(Stage.Capabilities, "CAPABILITIES");
            // RFC 3977 5.2: who does not know it is older than the standard.
            case Stage.Capabilities: return reply.Code == 101 ? new NntpReadBlock(NntpBlock.Capabilities) : Learn([]);
            case Stage.Mode:
                if (reply.Code is 200 or 201) { MayPost = reply.Code == 200; }
                return reply.Code is 200 or 201 ? Send(Stage.Capabilities, "CAPABILITIES")
                    : reply.Code == 502 ? Finish(NntpFault.NotReady, reply) : Secure();
            case Stage.StartTls when reply.Code == 382:
                _stage = Stage.Securing;
                return new NntpSecure();
            case Stage.StartTls: return LogIn();
            case Stage.User:
                return reply.Code switch
                {
                    281 => BeginTask(),
                    381 => Send(Stage.Password, "AUTHINFO", $"PASS {_task.Credentials!.Value.Password}", isSecret: true),
                    _ => Finish(NntpFault.LoginDenied, reply),
                };
            case Stage.Password: return reply.Code == 281 ? BeginTask() : Finish(NntpFault.LoginDenied, reply);
            case Stage.Group: return AnswerGroup(reply);
            case Stage.Content: return AnswerContent(reply);
            case Stage.Post:
                if (reply.Code != 340) { return Finish(reply.Class == 5 ? NntpFault.CommandUnknown : NntpFault.PostingForbidden, reply); }
                _stage = Stage.Posted;
                return new NntpSendArticle();
            case Stage.Posted: return Finish(reply.Code == 240 ? NntpFault.None : NntpFault.ArticleRefused, reply);
            default: return Finish(NntpFault.ReplyUnknown, reply);
        }
    }

    private NntpStep Learn(string[] lines)
    {
        _capabilities = new HashSet<string>(lines.Select(static line => line.Split(' ')[0]), StringComparer.OrdinalIgnoreCase);
        // RFC 3977 5.3: a server with two faces, or one that does not say.
        if (!_hasAskedMode && !_capabilities.Contains("READER"))
        {
            _hasAskedMode = true;
            return Send(Stage.Mode, "MODE", "READER");
        }
        return Secure();
    }

    private NntpStep Secure() => !_isSecured && _capabilities.Contains("STARTTLS") ? Send(Stage.StartTls, "STARTTLS") : LogIn();

    private NntpSend AskAgain()
    {
        _isSecured = true;
        return Send(Stage.Capabilities, "CAPABILITIES");
    }

    private NntpStep LogIn()
    {
        if (_task.Credentials is not { } who) { return BeginTask(); }
        return _isSecured ? Send(Stage.User, "AUTHINFO", $"USER {who.User}") : Finish(NntpFault.WouldBeRead, null);
    }

    private NntpSend BeginTask() => _task switch
    {
        { IsPost: true } => Send(Stage.Post, "POST"),
        { Url.Wish: NewsWish.Groups, Url.Group: "*" } => Send(Stage.Content, "LIST", "ACTIVE"),
        { Url.Wish: NewsWish.Groups } => Send(Stage.Content, "LIST", $"ACTIVE {_task.Url.Group}"),
        { Url.Wish: NewsWish.Article } => Send(Stage.Content, "ARTICLE", _task.Url.Identifier),
        _ => Send(Stage.Group, "GROUP", _task.Url.Group),
    };

    // 211 number low high group
    private NntpStep AnswerGroup(NntpReply reply)
    {
        if (reply.Code != 211) { return Finish(reply.Code == 411 ? NntpFault.NoGroup : Unknown(reply), reply); }
        var words = reply.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 3 || !IsNumber(words[0], out var count) || !IsNumber(words[1], out var first) || !IsNumber(words[2], out var last))
        {
            return Finish(NntpFault.GroupUnreadable, reply);
        }
        Group = (count, first, last);
        if (_task.Url.Wish == NewsWish.Numbered) { return Send(Stage.Content, "ARTICLE", Text(_task.Url.Number)); }
        // An empty group has a last number below its first (RFC 3977 6.1.1.2).
        if (count == 0 || last < first) { return Finish(NntpFault.None, reply); }
        var (from, to) = _task.Numbers ?? (Math.Max(first, last - _task.Newest + 1), last);
        return Send(Stage.Content, _capabilities.Count == 0 || _capabilities.Contains("OVER") ? "OVER" : "XOVER", $"{Text(from)}-{Text(to)}");
    }

    private NntpStep AnswerContent(NntpReply reply)
    {
        switch (_command, reply.Code)
        {
            case ("LIST", 215): return new NntpReadBlock(NntpBlock.Groups);
            case ("OVER" or "XOVER", 224): return new NntpReadBlock(NntpBlock.Overview);
            case ("ARTICLE", 220): return new NntpReadBlock(NntpBlock.Article);
            // No article in that range.
            case ("OVER" or "XOVER", 420 or 423): return Finish(NntpFault.None, reply);
            case ("OVER", 500 or 503): return Send(Stage.Content, "XOVER", $"{Text(Shown.First)}-{Text(Shown.Last)}");
            case ("ARTICLE", 420 or 423 or 430): return Finish(NntpFault.NoArticle, reply);
            default: return Finish(Unknown(reply), reply);
        }
    }

    private (long First, long Last) Shown => _task.Numbers ?? (Math.Max(Group!.Value.First, Group.Value.Last - _task.Newest + 1), Group.Value.Last);

    private static NntpFault Unknown(NntpReply reply) => reply.Class == 5 ? NntpFault.CommandUnknown : NntpFault.ReplyUnknown;

    private static bool IsNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private NntpSend Send(Stage stage, string verb, string argument = "", bool isSecret = false)
    {
        (_stage, _command) = (stage, verb);
        return new NntpSend(verb, argument, isSecret);
    }

    private NntpFinish Finish(NntpFault fault, NntpReply? reply)
    {
        _stage = Stage.Finished;
        return new NntpFinish(fault, _command, reply);
    }
}
