using System.Globalization;
using System.Text;
using System.Text.Unicode;
using Firstbyte.Urls;

namespace Firstbyte.News;

/// <summary>What a news: or nntp: URL asks for.</summary>
public enum NewsWish : byte
{
    /// <summary>The groups of the server, all or those that a pattern fits.</summary>
    Groups,

    /// <summary>What there is in a group.</summary>
    Overview,

    /// <summary>An article by its identifier.</summary>
    Article,

    /// <summary>An article by its number in a group.</summary>
    Numbered,
}

/// <summary>Why a URL asks for nothing that a news server could be asked for.</summary>
public enum NewsUrlFault : byte
{
    /// <summary>It asks for something.</summary>
    None,

    /// <summary>It names neither a group nor an article.</summary>
    Nothing,

    /// <summary>What it names is no group, and no pattern of groups (RFC 5536 3.1.4, RFC 3977 4.1).</summary>
    NotAGroup,

    /// <summary>What it names is no message identifier (RFC 3977 3.6).</summary>
    NotAnIdentifier,

    /// <summary>What it names is no article number (RFC 3977 6: 1 to 2,147,483,647).</summary>
    NotANumber,

    /// <summary>nntp: has a server in its URL (RFC 5538 4), and here is none.</summary>
    NoServerInUrl,

    /// <summary>Nobody has said which server is to be asked.</summary>
    NoServer,

    /// <summary>Something is to be posted, and the URL names no group for it.</summary>
    NoGroupToPost,

    /// <summary>What is to be posted is no article: a header, an empty line, a text.</summary>
    NotAnArticle,

    /// <summary>What is to be posted is longer than <see cref="NewsLimits.Article"/>.</summary>
    ArticleTooLong,

    /// <summary>What is to be posted has no subject, or nobody who sends it.</summary>
    FieldMissing,

    /// <summary>What is to be posted names other groups than the URL's in its Newsgroups field.</summary>
    OtherGroups,
}

/// <summary>A news: or nntp: URL (RFC 5538), without its server.</summary>
/// <param name="Wish">What it asks for.</param>
/// <param name="Group">The group, or the pattern of groups; empty for an article by its identifier.</param>
/// <param name="Identifier">The identifier with its angle brackets; empty for none.</param>
/// <param name="Number">The number of the article; 0 for none.</param>
public sealed record NewsUrl(NewsWish Wish, string Group, string Identifier = "", long Number = 0)
{
    // RFC 3977 3.6: 250 octets with the angle brackets.
    private const int LongestIdentifier = 250;

    // Longer than any group that there is; RFC 5536 3.1.4 asks for names that fit a line.
    private const int LongestGroup = 256;

    private const long HighestNumber = int.MaxValue;

    /// <summary>Reads the scheme, the host and the path of a URL, the path still percent-encoded.</summary>
    /// <remarks>
    /// <code>
    /// newsURL = "news:" [ "//" authority "/" ] ( group-name / "*" / wildmat / article-id )
    /// nntpURL = "nntp:" "//" authority "/" group-name [ "/" article-number ]
    /// </code>
    /// What holds an "@" is an article's identifier.
    /// </remarks>
    public static NewsUrlFault TryRead(string scheme, string host, string path, out NewsUrl? url)
    {
        ArgumentNullException.ThrowIfNull(scheme);
        ArgumentNullException.ThrowIfNull(host);
        ArgumentNullException.ThrowIfNull(path);
        url = null;
        if (scheme != "news" && host.Length == 0) { return NewsUrlFault.NoServerInUrl; }
        var bytes = PercentDecoding.Decode(path.StartsWith('/') ? path[1..] : path);
        if (!Utf8.IsValid(bytes)) { return NewsUrlFault.NotAGroup; }
        var text = Encoding.UTF8.GetString(bytes);
        if (text.Length == 0)
        {
            // nntp://server/ is the server.
            if (host.Length == 0) { return NewsUrlFault.Nothing; }
            url = new NewsUrl(NewsWish.Groups, "*");
            return NewsUrlFault.None;
        }
        if (text.Contains('@', StringComparison.Ordinal) && scheme == "news")
        {
            var identifier = text is ['<', .., '>'] ? text : $"<{text}>";
            if (!IsIdentifier(identifier)) { return NewsUrlFault.NotAnIdentifier; }
            url = new NewsUrl(NewsWish.Article, "", identifier);
            return NewsUrlFault.None;
        }
        var slash = scheme == "news" ? -1 : text.IndexOf('/', StringComparison.Ordinal);
        var group = slash < 0 ? text : text[..slash];
        if (!IsGroup(group, out var isPattern)) { return NewsUrlFault.NotAGroup; }
        if (slash >= 0 && slash < text.Length - 1)
        {
            if (isPattern) { return NewsUrlFault.NotAGroup; }
            if (!long.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > HighestNumber)
            {
                return NewsUrlFault.NotANumber;
            }
            url = new NewsUrl(NewsWish.Numbered, group, Number: number);
            return NewsUrlFault.None;
        }
        url = new NewsUrl(isPattern ? NewsWish.Groups : NewsWish.Overview, group);
        return NewsUrlFault.None;
    }

    /// <summary>Whether a text is a message identifier with its angle brackets (RFC 3977 9.8).</summary>
    public static bool IsIdentifier(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Length is >= 5 and <= LongestIdentifier && text[0] == '<' && text[^1] == '>'
            && text.AsSpan(1, text.Length - 2).IndexOf('@') > 0 && text[1..^1].All(static one => one is > ' ' and < '\x7f' and not ('<' or '>'));
    }

    // newsgroup-name = component *( "." component ), and of a wildmat "*", "?", "!", ",".
    private static bool IsGroup(string text, out bool isPattern)
    {
        isPattern = text.AsSpan().IndexOfAny("*?!,") >= 0;
        if (text.Length is 0 or > LongestGroup) { return false; }
        foreach (var character in text)
        {
            if (!char.IsAsciiLetterOrDigit(character) && !"+-_.*?!,".Contains(character, StringComparison.Ordinal) && character <= '\x9f')
            {
                return false;
            }
        }
        return isPattern || Array.TrueForAll(text.Split('.'), static part => part.Length > 0);
    }
}

/// <summary>How much is taken from a news server, and given to one.</summary>
public static class NewsLimits
{
    /// <summary>Bytes of a status line, its end not counted (RFC 3977 3.1: 510; others write more).</summary>
    public const int StatusLine = 4096;

    /// <summary>Bytes of a line of a block, its end not counted (RFC 5536 2.2 asks for 998; overviews hold whole References).</summary>
    public const int BlockLine = 256 * 1024;

    /// <summary>Lines of a list of groups or of an overview (the largest servers have some 100,000 groups).</summary>
    public const int ListLines = 1_000_000;

    /// <summary>Capabilities of a server.</summary>
    public const int Capabilities = 200;

    /// <summary>Bytes of a command line without its end (RFC 3977 3.1: 512 with it).</summary>
    public const int Command = 510;

    /// <summary>Bytes of an article that is posted (INN's default: maxartsize 1,000,000).</summary>
    public const int Article = 1_000_000;

    /// <summary>Articles of a group that are shown when nobody says which: the newest.</summary>
    public const int Newest = 20;
}
