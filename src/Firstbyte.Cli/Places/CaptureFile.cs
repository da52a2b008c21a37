using Firstbyte.Cli.Io;
using Firstbyte.Sockets;
using Firstbyte.Transfers;

namespace Firstbyte.Cli.Places;

/// <summary>The file of <c>--pcap</c>, and what is written into it: both are closed together.</summary>
internal sealed class CaptureFile : IDisposable
{
    private readonly CaptureStream _file;
    private readonly IDisposable _capture;

    private CaptureFile(CaptureStream file, IDisposable capture)
    {
        _file = file;
        _capture = capture;
    }

    /// <summary>Makes the file and begins the capture; null when none was asked for.</summary>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static CaptureFile? Open(CommandIo io, PlaceSettings settings, Func<Stream, IDisposable> begin)
    {
        if (settings.Pcap is not { } path) { return null; }
        // The reader of a pipe that was named comes or does not come in the time of this machine, wherever the journey goes.
        var patience = new Patience(io.Signals);
        patience.Begin(settings.MaximumTime);
        var file = new CaptureStream(path, io.OpenGrowing(path, patience));
        return new CaptureFile(file, begin(file));
    }

    /// <exception cref="FileException">Some of the capture could not be written.</exception>
    public void Dispose()
    {
        _capture.Dispose();
        _file.Dispose();
        if (_file.Failure is { } failure) { throw failure; }
    }

    /// <summary>
    /// A stream that takes what it is given and keeps the first failure for later: a frame is captured in the middle of a network's work,
    /// which a full disk must not break.
    /// </summary>
    private sealed class CaptureStream(string name, Stream target) : WriteOnlyStream
    {
        public FileException? Failure { get; private set; }

        public override void Write(ReadOnlySpan<byte> bytes)
        {
            if (Failure is not null) { return; }
            try { target.Write(bytes); }
            catch (Exception e) when (IoErrors.IsOne(e)) { Failure = new FileException(name, isWriting: true, e); }
        }

        protected override void Dispose(bool disposing)
        {
            target.Dispose();
            base.Dispose(disposing);
        }
    }
}
