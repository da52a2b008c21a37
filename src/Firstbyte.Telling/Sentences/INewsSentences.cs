using Firstbyte.News;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>News: groups and articles, over NNTP.</summary>
public interface INewsSentences
{
    Phrase ServerChosen(NewsServerChosen chosen);

    Phrase Command(string verb, string argument);

    Phrase Reply(int code, string text);

    Phrase Block(NntpBlockReceived block);

    Phrase ArticleSent(long bytes);

    /// <summary>Why a URL asks for nothing that a news server could be asked for.</summary>
    Phrase UrlFault(NewsUrlFault fault);

    /// <summary>Why what came is no reply.</summary>
    Phrase ReplyFault(NntpReplyFault fault);

    /// <summary>What the server did not do.</summary>
    Phrase Refusal(NntpFault fault);
}
