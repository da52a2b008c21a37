namespace Firstbyte.News;

/// <summary>One thing to ask of a news server.</summary>
/// <param name="Url">What is asked for; the group to post to, where an article goes out.</param>
public sealed record NntpTask(NewsUrl Url)
{
    /// <summary>An article is posted.</summary>
    public bool IsPost { get; init; }

    /// <summary>The first and the last number that are wanted of a group; null for the newest.</summary>
    public (long First, long Last)? Numbers { get; init; }

    /// <summary>How many of the newest are wanted.</summary>
    public int Newest { get; init; } = NewsLimits.Newest;

    /// <summary>TLS is there already (port 563, RFC 8143 2).</summary>
    public bool IsImplicit { get; init; }

    /// <summary>Who asks; null for a server that wants not to know.</summary>
    public (string User, string Password)? Credentials { get; init; }
}

/// <summary>Why a news server did not do what it was asked for.</summary>
public enum NntpFault : byte
{
    /// <summary>It did.</summary>
    None,

    /// <summary>The server greets with something else than 200 or 201.</summary>
    NotReady,

    /// <summary>400 or 205: the server closes the connection.</summary>
    ServerCloses,

    /// <summary>The password would be read by everybody: the server offers no TLS (RFC 4643 5).</summary>
    WouldBeRead,

    /// <summary>480: the server wants to know who asks.</summary>
    LoginWanted,

    /// <summary>User or password are refused.</summary>
    LoginDenied,

    /// <summary>The server has no such group.</summary>
    NoGroup,

    /// <summary>The server has no such article.</summary>
    NoArticle,

    /// <summary>What the server says of a group is no group's numbers (RFC 3977 6.1.1).</summary>
    GroupUnreadable,

    /// <summary>The server does not let this client post.</summary>
    PostingForbidden,

    /// <summary>The article itself is refused.</summary>
    ArticleRefused,

    /// <summary>The server does not know the command.</summary>
    CommandUnknown,

    /// <summary>A command would hold a line end, or be longer than one may be.</summary>
    CommandUnwritable,

    /// <summary>A reply that does not answer the command.</summary>
    ReplyUnknown,
}

/// <summary>What happened, told to an <see cref="NntpConversation"/>.</summary>
public abstract record NntpInput;

/// <summary>A status line came.</summary>
public sealed record NntpReplied(NntpReply Reply) : NntpInput;

/// <summary>A block came to its end.</summary>
/// <param name="Lines">Its lines, where they were asked for; else empty.</param>
public sealed record NntpBlockRead(string[] Lines) : NntpInput;

/// <summary>TLS stands.</summary>
public sealed record NntpSecured : NntpInput;

/// <summary>What is to be done next, said by an <see cref="NntpConversation"/>: always exactly one thing.</summary>
public abstract record NntpStep;

/// <summary>Send a command, then read a status line.</summary>
/// <param name="Verb">The command.</param>
/// <param name="Argument">What follows it; empty for none.</param>
/// <param name="IsSecret">The argument is not for anybody's eyes.</param>
public sealed record NntpSend(string Verb, string Argument = "", bool IsSecret = false) : NntpStep
{
    /// <summary>The bytes of its line; null when the argument would end it and begin another, or is longer than a line may be.</summary>
    public byte[]? ToBytes()
    {
        if (Argument.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0) { return null; }
        var line = System.Text.Encoding.UTF8.GetBytes(Argument.Length == 0 ? $"{Verb}\r\n" : $"{Verb} {Argument}\r\n");
        return line.Length <= NewsLimits.Command + 2 ? line : null;
    }
}

/// <summary>Read a status line.</summary>
public sealed record NntpAwait : NntpStep;

/// <summary>Begin TLS.</summary>
public sealed record NntpSecure : NntpStep;

/// <summary>Read a block.</summary>
/// <param name="Content">What it is.</param>
public sealed record NntpReadBlock(NntpBlock Content) : NntpStep;

/// <summary>What a block is.</summary>
public enum NntpBlock : byte
{
    /// <summary>What the server can, for the conversation.</summary>
    Capabilities,

    /// <summary>A list of groups, for the user.</summary>
    Groups,

    /// <summary>The overview of a group, for the user.</summary>
    Overview,

    /// <summary>An article, for the user.</summary>
    Article,
}

/// <summary>Send the article, its dots doubled, and the dot that ends it; then read a status line.</summary>
public sealed record NntpSendArticle : NntpStep;

/// <summary>It is done, or cannot be.</summary>
/// <param name="Fault">Why it cannot.</param>
/// <param name="Command">The command that was answered last.</param>
/// <param name="Reply">The answer; null when no reply decided it.</param>
public sealed record NntpFinish(NntpFault Fault, string Command, NntpReply? Reply) : NntpStep;
