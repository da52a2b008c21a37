using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Cli.Io;

/// <summary>Something that cannot be done was asked for; the message says what and what to do.</summary>
internal sealed class UsageException(Phrase complaint, int exitCode = ExitCodes.Usage) : Exception(complaint.ToString())
{
    /// <summary>What is said of it.</summary>
    public Phrase Complaint { get; } = complaint;

    public int ExitCode { get; } = exitCode;
}
