using Firstbyte.News;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences.English;

internal class EnglishNews : INewsSentences
{
    private readonly EnglishAmounts _amounts = new();

    public Phrase ServerChosen(NewsServerChosen chosen) => $"the URL names no server; {chosen.Host:name} is asked, port {chosen.Port} ({chosen.From})";

    public Phrase Command(string verb, string argument) => argument.Length == 0 ? Say($"{verb}") : $"{verb} {argument}";

    public Phrase Reply(int code, string text) => $"{code} {text}";

    public Phrase Block(NntpBlockReceived block) => block.Content switch
    {
        NntpBlock.Capabilities => Say($"what the server can, {_amounts.Lines(block.Lines)}"),
        NntpBlock.Groups => $"the list of groups, {_amounts.Lines(block.Lines)}",
        NntpBlock.Overview => $"the overview of the group, {_amounts.Lines(block.Lines)}",
        NntpBlock.Article => $"the article, {_amounts.Bytes(block.Bytes)} in {_amounts.Lines(block.Lines)}",
    };

    public Phrase ArticleSent(long bytes) => $"the article, {_amounts.Bytes(bytes)} with the dot that ends it";

    public Phrase UrlFault(NewsUrlFault fault) => fault switch
    {
        NewsUrlFault.None => "it asks for something",
        NewsUrlFault.Nothing => "it names neither a group nor an article",
        NewsUrlFault.NotAGroup => "what it names is no group, such as comp.protocols.tcp-ip, and no pattern of groups",
        NewsUrlFault.NotAnIdentifier => "what it names is no message identifier, such as news:part@example.com",
        NewsUrlFault.NotANumber => "what stands behind the group is no number of an article",
        NewsUrlFault.NoServerInUrl => "nntp: and nntps: want a server, such as nntp://news.example.com/GROUP",
        NewsUrlFault.NoServer => "nobody has said which news server is to be asked",
        NewsUrlFault.NoGroupToPost => "something is to be posted, and it names no group for it",
        NewsUrlFault.NotAnArticle => "what is to be posted is no article: header fields, an empty line, a text",
        NewsUrlFault.ArticleTooLong => Say($"what is to be posted is longer than {_amounts.Bytes(NewsLimits.Article)}"),
        NewsUrlFault.OtherGroups => "the Newsgroups field of what is to be posted does not name its group",
        NewsUrlFault.FieldMissing => "what is to be posted has no Subject, or no From and nobody was named who sends it",
    };

    public Phrase ReplyFault(NntpReplyFault fault) => fault switch
    {
        NntpReplyFault.None => "it is a reply",
        NntpReplyFault.NotAReply => "what came is no NNTP reply: it begins with no three digits",
        NntpReplyFault.LineTooLong => "a line of the reply is too long",
        NntpReplyFault.TooLong => "the reply has too many lines",
        NntpReplyFault.EndedInReply => "the connection ended within a reply",
        NntpReplyFault.EndedBeforeReply => "the connection ended where a reply was awaited",
        NntpReplyFault.OutOfPlace => "more came before TLS than was asked for: somebody in between may have said it",
    };

    public Phrase Refusal(NntpFault fault) => fault switch
    {
        NntpFault.None => "did what it was asked for",
        NntpFault.NotReady => "is not ready for readers",
        NntpFault.ServerCloses => "closes the connection",
        NntpFault.WouldBeRead => "would have the password sent without TLS, where everybody can read it",
        NntpFault.LoginWanted => "wants to know who asks",
        NntpFault.LoginDenied => "does not let this user in",
        NntpFault.NoGroup => "has no such group",
        NntpFault.NoArticle => "has no such article",
        NntpFault.GroupUnreadable => "says nothing of the group that can be read",
        NntpFault.PostingForbidden => "does not let this client post",
        NntpFault.ArticleRefused => "does not take the article",
        NntpFault.CommandUnknown => "does not know the command",
        NntpFault.CommandUnwritable => "cannot be told so: a command would hold a line end, or be too long",
        NntpFault.ReplyUnknown => "answers something that does not fit the command",
    };
}
