using Firstbyte.Journeys;
using Firstbyte.Telling.Rows;

namespace Firstbyte.Host.Settings;

/// <summary>The program cannot start as it was told: what is said, and the exit code.</summary>
internal sealed class HostException(Phrase complaint, int exitCode = ExitCodes.Usage) : Exception(complaint.ToString())
{
    /// <summary>What is said.</summary>
    public Phrase Complaint { get; } = complaint;

    /// <summary>The exit code.</summary>
    public int ExitCode { get; } = exitCode;
}
