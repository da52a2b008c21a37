using Firstbyte.Codings;
using Firstbyte.Http;
using Firstbyte.Http.Authentication;
using Firstbyte.Http.Cookies;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>What HTTP messages say and get wrong.</summary>
public interface IHttpSentences
{
    /// <summary>A request as it will be sent; its content may be of a length that nobody knows.</summary>
    Phrase Request(string method, string target, string version, int fields, long headBytes, long? bodyBytes);

    Phrase Retried(string method);

    /// <summary>A request that does not go out again, though its connection died unanswered.</summary>
    Phrase NotRetried(string method);

    Phrase ExpectationRefused(int status);

    /// <summary>What has become of content that came from a source.</summary>
    Phrase ContentSent(long bytes, ContentEnd how);

    /// <summary>That a request says who asks, and who sees it.</summary>
    Phrase CredentialsSent(CredentialsSent sent);

    /// <summary>That a server wants to know who asks, and what becomes of it.</summary>
    Phrase Challenged(ChallengeReceived challenge);

    /// <summary>That a server has shown that it knows the password too, or has not.</summary>
    Phrase Proven(bool isRight);

    /// <summary>A cookie that goes along, and why.</summary>
    Phrase CookieSent(CookieName cookie);

    /// <summary>A cookie of the host that does not go along, and why.</summary>
    Phrase CookieLeftOut(CookieName cookie, CookieWithheld why);

    Phrase CookieKept(CookieName cookie, bool isRemoved, DateTimeOffset? expires);

    /// <summary>A cookie that Netscape's file cannot hold.</summary>
    Phrase CookieUnwritable(string name, string domain);

    /// <summary>Lines of a cookie file hold neither a cookie nor a comment.</summary>
    /// <summary>Lines of a file of hosts (HSTS) that say nothing.</summary>
    /// <summary>A file that should hold hosts for HSTS, and holds something else.</summary>
    Phrase NoHstsFile(string file);

    Phrase HstsLinesUnreadable(string file, IReadOnlyList<int> lines);

    Phrase CookieLinesUnreadable(string file, IReadOnlyList<int> lines);

    Phrase NoCookieFile(string file);

    /// <summary>A quoted string of a netrc file has no end on its line; what it holds may be a password.</summary>
    Phrase NetrcQuoteIsOpen(string file, int line);

    /// <summary>Words of a netrc file that mean nothing, by their lines: the words themselves may be passwords.</summary>
    Phrase NetrcWordsUnreadable(string file, IReadOnlyList<int> lines);

    Phrase CookieRefused(string name, CookieRefusal why);

    /// <summary>The codings of a body that were taken off.</summary>
    Phrase Decoded(string[] codings, long coded, long decoded);

    /// <summary>What is wrong with a body's codings.</summary>
    Phrase CodingFault(CodingFault fault, string coding);

    Phrase Interim(int status, string reason);

    Phrase Response(int status, string reason, string version, string? type, BodyFraming framing, long? length);

    Phrase Framing(BodyFraming framing, long? length);

    Phrase Body(long content, long wire);

    Phrase Keep(KeepReason reason, bool isKept);

    Phrase FlawFound(MessageFlaw flaw, long position, FlawAction action);

    /// <summary>What a message did that ended the exchange.</summary>
    Phrase Fault(MessageFault fault, MessageFlaw? flaw = null);

    /// <summary>What was taken although it is refused as a rule.</summary>
    Phrase Repaired(MessageFault fault, long position);
}
