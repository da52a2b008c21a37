using Firstbyte.Telling.Rows;
using Firstbyte.Urls;

namespace Firstbyte.Telling.Sentences;

/// <summary>URLs: their parts, what was changed on the way, what is wrong with a text.</summary>
public interface IUrlSentences
{
    Phrase Client(string scheme);

    Phrase SchemeChooses(string scheme);

    Phrase User(string name, bool hasPassword);

    Phrase Host(string host);

    Phrase Port(int port, bool isDefault);

    Phrase Path(string path, bool isDefaultFile);

    Phrase Query(string query);

    Phrase Fragment(string fragment);

    /// <summary>What is wrong, as a clause without its subject's place.</summary>
    Phrase Violation(UrlValidationError error);

    /// <summary>What is wrong, with its place counted from 1.</summary>
    Phrase ViolationAt(UrlValidationError error, int character);

    Phrase Change(UrlChangeKind change);

    /// <summary>The labels of an explained URL.</summary>
    string ReadsLabel { get; }

    string OriginLabel { get; }

    string ClientLabel { get; }

    string InputLabel { get; }

    string ChangedLabel { get; }

    string WarningLabel { get; }

    string ErrorLabel { get; }

    string FetchedLabel { get; }

    /// <summary>What a fetch takes a text for that the standard reads otherwise.</summary>
    Phrase FetchedAs(string url);

    /// <summary>The same, where what was typed is no URL with that scheme before it either.</summary>
    /// <param name="reason">Why not.</param>
    /// <param name="position">The character of what was typed, from 1.</param>
    Phrase FetchFails(Phrase reason, int position);

    Phrase NoUrl { get; }

    Phrase OpaqueOrigin { get; }

    /// <summary>The client that a scheme chooses, with its port.</summary>
    Phrase ClientAtPort(string scheme, int port, bool isDefault);

    /// <summary>What was changed, with the place of the first change counted from 1.</summary>
    Phrase ChangeAt(UrlChangeKind change, string shown, int position, int more);

    /// <summary>What is wrong, with its place counted from 1 and the character there; null at the end.</summary>
    Phrase ViolationWith(UrlValidationError error, int position, string? character);

    string Part(UrlPart part);

    Phrase Empty { get; }

    Phrase PartSource(UrlPartSource source);
}
