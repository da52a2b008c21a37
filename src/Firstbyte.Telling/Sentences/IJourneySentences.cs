using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;
using Firstbyte.Transfers;

namespace Firstbyte.Telling.Sentences;

/// <summary>The journey as a whole: where it runs, what is sent, where its time went.</summary>
public interface IJourneySentences
{
    /// <summary>That something is tried again: why, when, and from where on.</summary>
    Phrase RetryPlanned(RetryPlanned retry);

    /// <summary>That what came is not the rest of what had come before.</summary>
    Phrase ResumeRefused(long position);

    /// <summary>http: becomes https:.</summary>
    Phrase HstsHeeded(string by, string href);

    /// <summary>A host wants to be asked over TLS alone.</summary>
    Phrase HstsNoted(HstsNoted wish);

    /// <summary>What becomes of content of which a part is here already.</summary>
    Phrase Continuation(ContinuationAnswered answer);

    /// <summary>Whether content comes in pieces, over several connections.</summary>
    Phrase Pieces(PiecesJudged judged);

    /// <summary>That the rest is not asked for, since nothing would show that it is of the same.</summary>
    Phrase ResumeImpossible(long position);

    /// <summary>Where the content of a request comes from, and how long it is.</summary>
    Phrase BodyChosen(BodyChosen body);

    /// <summary>A part of a form.</summary>
    Phrase FormPart(FormPartChosen part);

    /// <summary>That something is not tried again, because the user's time is over before.</summary>
    Phrase RetryTooLate(RetryTooLate late);

    /// <summary>That something is not tried again, because its content can be had only once.</summary>
    Phrase RetryImpossible(BodyOrigin from);

    /// <summary>That what is stored is shorter than it was when it was begun, or longer (null).</summary>
    Phrase BodyLengthChanged(long said, long? read);

    /// <summary>A response that names another place, to which nobody goes by itself.</summary>
    Phrase RedirectFollowed(string href, string method, string[] leftOut);

    Phrase RedirectNotFollowed(string location);

    Phrase World(string place, ulong seed);

    Phrase SchemeAssumed(string input, string scheme);

    Phrase HostIsAddress(Addressing.IpAddress address);

    /// <summary>The addresses that a host has at a port by whoever asks.</summary>
    Phrase AddressesGiven(string host, int port, Addressing.IpAddress[] addresses);

    Phrase LinkIsUp(string link);

    Phrase LinkIsDown(string link);

    /// <summary>The way of a connection through the lab.</summary>
    Phrase Path(IEnumerable<string> elements);

    /// <summary>The clause of a specification that made it so.</summary>
    Phrase Because(Tracing.Clause clause);

    /// <summary>The parts of the last line, in which a time stands behind each.</summary>
    string NamePart { get; }

    string ConnectPart { get; }

    string TlsPart { get; }

    string WaitPart { get; }

    string ReadPart { get; }

    /// <summary>Content that no terminal shows.</summary>
    Phrase NotText(long bytes);

    /// <summary>Content that is no text was to be printed on a terminal.</summary>
    Phrase BinaryOnTerminal { get; }

    /// <summary>The charset that Content-Type names is none that can be decoded.</summary>
    Phrase CharsetUnknown(string label);

    /// <summary>Nothing says what the text is encoded in, and it is not UTF-8.</summary>
    Phrase CharsetGuessed(string encoding);

    /// <summary>How far a body is: what has come, of how much, bytes a second, how long it has taken.</summary>
    Phrase Progress(long bytes, long? total, long bytesPerSecond, TimeSpan elapsed);

    Phrase BodySaved(string path, long bytes);

    /// <summary>The run was broken off: the file, if there was one, is as it was, and a part of the new one lies beside it.</summary>
    Phrase PartSaved(string path, string part, long bytes, bool hasOld);

    /// <summary>The file is as it was.</summary>
    Phrase NothingReplaced(string path);

    Phrase NothingSaved(string path);

    /// <summary>How much of a body had come.</summary>
    Phrase BodyCame(long bytes);

    /// <summary>A signal ended the run; what it leaves behind.</summary>
    Phrase Interrupted(Phrase left);

    /// <summary>-f: the status of an error, of which no content was taken.</summary>
    Phrase ErrorAnswered(int status);

    /// <summary>It is no text.</summary>
    Phrase BodyNotShown { get; }

    Phrase BodyNotSaved { get; }

    Phrase BodyGoesOn(long bytes, bool canBeSaved);

    Phrase MoreBytes(long count);
}
