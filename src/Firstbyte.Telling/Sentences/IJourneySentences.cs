using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>The journey as a whole: where it runs, what is sent, where its time went.</summary>
public interface IJourneySentences
{
    /// <summary>A response that names another place, to which nobody goes by itself.</summary>
    Phrase RedirectNotFollowed(string location);

    Phrase World(string place, ulong seed);

    Phrase SchemeAssumed(string input, string scheme);

    Phrase Proxy(string variable, string value);

    Phrase HostIsAddress(Addressing.IpAddress address);

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

    Phrase BodySaved(string path, long bytes);

    Phrase BodyNotSaved { get; }

    Phrase BodyGoesOn(long bytes);

    Phrase MoreBytes(long count);
}
