using Firstbyte.Journeys;

namespace Firstbyte.Cli.Commands;

/// <summary>The file of <c>--pcap</c>, and what is written into it: both are closed together.</summary>
internal sealed class CaptureFile : IDisposable
{
    private readonly FileStream _file;
    private readonly IDisposable _capture;

    private CaptureFile(FileStream file, IDisposable capture)
    {
        _file = file;
        _capture = capture;
    }

    /// <summary>Makes the file and begins the capture; null when none was asked for.</summary>
    /// <exception cref="UsageException">The file cannot be written.</exception>
    public static CaptureFile? Open(string? path, Func<Stream, IDisposable> begin)
    {
        if (path is null) { return null; }
        FileStream file;
        // No buffer of its own: a block is one write, so that what a broken run leaves behind is whole.
        try { file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0); }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw new UsageException($"--pcap '{path}': {e.Message}", ExitCodes.WriteFailed); }
        return new CaptureFile(file, begin(file));
    }

    public void Dispose()
    {
        _capture.Dispose();
        _file.Dispose();
    }
}
