using Firstbyte.Errors;
using Firstbyte.Journeys;

namespace Firstbyte.Cli.Io;

/// <summary>Exit codes of the command beside those of a journey (<see cref="ExitCodes"/>).</summary>
internal static class Exit
{
    /// <summary>A simulation, or the command itself, failed in itself (sysexits: EX_SOFTWARE).</summary>
    public const int SimulationFailed = 70, InternalFault = 70;

    /// <summary>CURLE_INTERFACE_FAILED: a network device cannot be used.</summary>
    public const int DeviceFailed = 45;

    /// <summary>The reader of standard output went away: what a shell says of a program that SIGPIPE ended, 128 + 13.</summary>
    public const int ReaderGone = 141;

    /// <summary>All with which the command ends, in order.</summary>
    public static IReadOnlyList<int> All
    {
        get;
    } = [.. ExitCodes.All.Concat([SimulationFailed, DeviceFailed, Signals.HungUp, Signals.Interrupted, ReaderGone, Signals.Terminated]).Distinct()
        .Order()];

    /// <summary>curl's code for a file that cannot be used, or not in time.</summary>
    public static int Of(FileException e) => e.Error == Errno.ETIMEDOUT ? ExitCodes.TimedOut : e.IsWriting ? ExitCodes.WriteFailed : ExitCodes.ReadFailed;
}
