using System.Globalization;
using Firstbyte.Cli.Io;
using Firstbyte.Cli.Places;

namespace Firstbyte.Cli.Curl;

/// <summary>Makes all transfers of a command line, as curl's tool does: which URL goes to which file, what is tried again, what is said.</summary>
internal sealed partial class CurlRun(CommandIo io, CurlLine line, PlaceHost host, Action<string> say, bool isRecorded, CancellationToken stop) : ICurlFiles,
    ICurlWriteOut, IDisposable
{
    /// <summary>Transfers of one command line (own choice): a pattern can stand for more than anybody lives to see.</summary>
    private const long MaxTransfers = 10_000_000;

    // curl: RETRY_SLEEP_DEFAULT, RETRY_SLEEP_MAX.
    private static readonly TimeSpan s_firstWait = TimeSpan.FromSeconds(1), s_longestWait = TimeSpan.FromMinutes(10);

    private readonly PlainFiles _files = new(io, isRecorded);
    private readonly CurlCookies _cookies = new();
    private readonly HashSet<(CurlTask, string)> _read = [];
    private readonly HashSet<string> _headFiles = new(StringComparer.Ordinal);
    private readonly HashSet<CurlTask> _bodyOpened = [];
    private CurlNetwork _network = null!;
    private Stream? _traceFile;
    private int _number;
    private bool _isFirstOfRate = true;
    private CurlMeter? _meterOfAll;

    /// <summary>Where progress is drawn; null for nowhere.</summary>
    public Action<string>? Draw { get; init; }

    private CurlLineSettings Settings => line.Settings;

    /// <summary>Makes the transfers.</summary>
    /// <returns>The exit code of the last.</returns>
    public async Task<int> RunAsync()
    {
        var network = _network = new CurlNetwork(host, _cookies);
        var code = 0;
        try
        {
            foreach (var task in line.Tasks)
            {
                try { code = await RunTaskAsync(task); }
                catch (CurlStop e)
                {
                    Say(e);
                    code = e.Code;
                    if (e.NotDone is not null) { throw; }
                    break;
                }
                if (code != 0 && Settings.FailsEarly) { break; }
            }
        }
        finally
        {
            foreach (var wire in network.Idle)
            {
                if (wire.Ftp is not null && wire.IsAlive) { await CurlFtp.QuitAsync(wire, stop); }
            }
            WriteJars();
            WriteHsts();
        }
        return code;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _network?.Dispose();
        if (_traceFile is not null && _traceFile != io.Output) { _traceFile.Dispose(); }
    }

    private void Say(CurlStop e)
    {
        if (e.Message.Length == 0 || (Settings.IsSilent && !Settings.ShowsErrors)) { return; }
        say(e.Message.StartsWith("curl: ", StringComparison.Ordinal) ? e.Message + "\n"
            : string.Create(CultureInfo.InvariantCulture, $"curl: ({e.Code}) {e.Message}\n"));
    }

    private void Warn(string text)
    {
        if (!Settings.IsSilent) { say($"Warning: {text}\n"); }
    }
}
