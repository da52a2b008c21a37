using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>The page where it is served by <c>firstbyte-host</c>: journeys over the real network, and recorded ones from a file.</summary>
public interface ILiveSentences
{
    /// <summary>The name of the choice between the lab and the real network.</summary>
    string Modes { get; }

    string LabMode { get; }

    string LiveMode { get; }

    string Tagline { get; }

    /// <summary>Who else can reach the server: then it goes to public addresses alone.</summary>
    Phrase PublicOnly { get; }

    Phrase Limits(string seconds, string bytes);

    string Cancel { get; }

    string MethodLabel { get; }

    string RedirectsLabel { get; }

    string Waterfall { get; }

    string Sockets { get; }

    string Response { get; }

    string Files { get; }

    string NothingYet { get; }

    string NoRelay { get; }

    string NoSockets { get; }

    string NoResponse { get; }

    /// <summary>The names of a waterfall's parts.</summary>
    string Part(ExchangePart part);

    IReadOnlyList<string> SocketHeads { get; }

    string ExchangeLabel { get; }

    /// <summary>How long something took, for whoever cannot see its bar.</summary>
    string PartTook(ExchangePart part, string time);

    /// <summary>A socket of datagrams, or of a connection.</summary>
    string SocketKind(bool isStream);

    string SocketOpen { get; }

    /// <summary>The stream of events ended before its end was told.</summary>
    string SocketUntold { get; }

    string SocketClosed(bool isReset);

    string SocketFailed(string errno);

    /// <summary>The head of the request, above that of the response.</summary>
    string RequestHead { get; }

    string ResponseHead { get; }

    /// <summary>Only the last exchange's content is kept.</summary>
    string NoContentHere { get; }

    /// <summary>How much content an exchange brought.</summary>
    Phrase Size(string bytes);

    string BodyHead { get; }

    Phrase BodyCut(string shown, string whole);

    /// <summary>The content is no text.</summary>
    Phrase BodyIsNoText(string length);

    string DownloadHar { get; }

    string DownloadEvents { get; }

    string OpenHar { get; }

    Phrase HarOpened(string file, int exchanges);

    Phrase HarRefused(string file);

    /// <summary>An archive in which nothing is.</summary>
    Phrase HarEmpty(string file);

    Phrase HarTooLarge(string file, string most);

    Phrase HarCut(int shown, int all);

    /// <summary>An archive does not say what this panel shows.</summary>
    string NotInHar { get; }

    Phrase Running { get; }

    Phrase Cancelled { get; }

    /// <summary>The stream of events broke off.</summary>
    Phrase BrokenOff { get; }

    Phrase Refused(HostRefusal reason);
}
