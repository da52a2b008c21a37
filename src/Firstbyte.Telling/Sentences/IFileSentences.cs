using Firstbyte.Errors;
using Firstbyte.Exports;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Files that could not be written or read to their end.</summary>
public interface IFileSentences
{
    /// <summary>What the call that wrote a file or pipe returned.</summary>
    Phrase NotWritten(Errno error);

    /// <summary>Why a file of events could not be told to its end.</summary>
    Phrase EventFile(EventFileReader reader);
}
