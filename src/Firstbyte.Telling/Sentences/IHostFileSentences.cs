using Firstbyte.Errors;
using Firstbyte.Files;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Telling.Sentences;

/// <summary>Files of the host where the journey is made (file:).</summary>
public interface IHostFileSentences
{
    Phrase Found(FileFound found);

    Phrase Read(long from, long bytes);

    Phrase Listed(long count);

    Phrase Stored(FileStored stored);

    /// <summary>Why a URL names no file of this host.</summary>
    Phrase PathFault(FilePathFault fault);

    /// <summary>Why a file was not read or stored.</summary>
    Phrase Refusal(FileFault fault, Errno error);
}
