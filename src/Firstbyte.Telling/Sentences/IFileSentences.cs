using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;
using Firstbyte.Transfers;

namespace Firstbyte.Telling.Sentences;

/// <summary>Files, pipes and devices that could not be opened, read or written to their end.</summary>
public interface IFileSentences
{
    /// <summary>What the call that wrote a file or pipe returned.</summary>
    Phrase NotWritten(Errno error);

    /// <summary>What the call that read a file returned.</summary>
    Phrase NotRead(Errno error);

    /// <summary>A file that a command was told to use and cannot.</summary>
    Phrase Unusable(string path, bool isWriting, Errno error);

    /// <summary>What content comes from.</summary>
    Phrase Source(BodyOrigin from);

    /// <summary>Standard output takes no more.</summary>
    Phrase OutputLost(Errno error);

    /// <summary>Why a file of events could not be told to its end.</summary>
    /// <summary>A saved run of which the story had nothing to tell.</summary>
    Phrase NothingTold(long events, bool isTellable);

    Phrase EventFile(EventFileReader reader);
}
